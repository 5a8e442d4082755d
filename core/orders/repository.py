"""What orders need of storage."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.orders.cards import CardAttempt, CardRefund
from core.orders.model import DiscountCode, Order, OrderFilter, OrderLine, Taking, Terms
from core.payments.model import Payment, PaymentKey
from core.ports.kept import Kept
from core.ports.numbered import NumberedRepository
from core.shared.paging import Page
from core.workspaces.model import Audience


class OrderRepository(NumberedRepository[Order], Protocol):
    """The orders of one workspace, carts among them; their lines and payments lie beside them."""

    async def page(self, wanted: OrderFilter, audience: Audience, *, cursor: str = "", limit: int = 10) -> Page[Order]:
        """Return a page, the newest first; raises `InvalidArgumentError` (`cursor`) for a cursor that is none."""
        ...

    async def cart_of(self, member_id: int, channel_id: int) -> Order | None:
        """Return the cart that a member has in a channel."""
        ...

    async def overdue(self, now: datetime, limit: int) -> Sequence[Order]:
        """Return orders whose goods were set aside until now or earlier, those first that waited longest."""
        ...

    async def next_receipt(self) -> int:
        """Take the next number of a receipt; without a commit it is the next one still."""
        ...

    async def lines(self, numbers: Sequence[int]) -> Mapping[int, Sequence[OrderLine]]:
        """Return the lines of orders (any count) in their order; those of none are left out."""
        ...

    async def put_lines(self, number: int, lines: Sequence[OrderLine]) -> None:
        """Let an order have these lines and no others."""
        ...

    async def payments(self, number: int) -> Sequence[Payment]:
        """Return the attempts at paying an order, the first one first."""
        ...

    async def put_payment(self, payment: Payment, at: datetime, member_id: int) -> None:
        """Store an attempt as it is now, when and by whom it came to that, and what money came or went by it."""
        ...

    async def takings(self, since: datetime, until: datetime) -> Sequence[Taking]:
        """Add up the money that came and went from one instant to the next, by currency and method."""
        ...

    async def erase(self, numbers: Sequence[int]) -> None:
        """Delete orders (any count) as if there had never been any, with what they sold: an example's, no others'."""
        ...


class CardRepository(Protocol):
    """The attempts at paying orders of one workspace by card, and what of them goes back."""

    async def find(self, key: PaymentKey) -> CardAttempt | None:
        """Return the attempt of a key."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[CardAttempt]:
        """Return attempts that are to be gone on with by now, those first that waited longest."""
        ...

    async def put(self, attempt: CardAttempt) -> None:
        """Store an attempt as it is now."""
        ...

    async def refunds(self, order: int) -> Sequence[CardRefund]:
        """Return what goes back, or went, of an order, in the order in which it was asked for."""
        ...

    async def due_refunds(self, now: datetime, limit: int) -> Sequence[CardRefund]:
        """Return refunds that are to be gone on with by now, those first that waited longest."""
        ...

    async def put_refund(self, refund: CardRefund) -> None:
        """Store a refund as it is now."""
        ...


class TermsRepository(NumberedRepository[Terms], Protocol):
    """The terms of one workspace, which has one of them or none."""


class CodeRepository(NumberedRepository[DiscountCode], Protocol):
    """The discount codes of one workspace."""

    async def called(self, code: str, audience: Audience) -> DiscountCode | None:
        """Return the code of that word, which is in capital letters."""
        ...

    async def all(self, audience: Audience) -> Sequence[DiscountCode]:
        """Return all codes by their words."""
        ...


ORDERS: Kept[OrderRepository] = Kept("orders")
ORDER_CARDS: Kept[CardRepository] = Kept("order_cards")
ORDER_TERMS: Kept[TermsRepository] = Kept("order_terms")
DISCOUNT_CODES: Kept[CodeRepository] = Kept("discount_codes")
