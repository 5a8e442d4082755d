"""Payments of orders by card: what is stored of them before anybody else is asked, and what is told of them."""

from dataclasses import field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from core.orders.model import Order
from core.payments.model import PaymentKey
from core.payments.money import Money
from core.ports.payments import CheckoutRequest, RefundRequest, RefundStatus
from core.shared.ids import MemberId
from core.shared.value_objects import value_object

SCOPE_LIMIT, TITLE_LIMIT, ID_LIMIT, DECLINE_LIMIT, DELIVERY_LIMIT = 64, 100, 255, 64, 64


CARD_HEARD = "order.card_heard"
"""What happens when the other side says that there is news of a payment."""


@value_object
class CardAttempt:
    """One attempt at paying an order by card: all that is asked for, and what is known of it.

    How far it is its payment tells. `checkout_id` and `url` are empty until the other side has answered. `look_at` is
    when it is to be gone on with, None when there is nothing to be done.
    """

    key: PaymentKey
    amount: Money
    scope: str
    title: str
    expires_at: datetime
    return_url: str
    author_id: MemberId
    channel_id: int
    checkout_id: str = ""
    url: str = field(default="", repr=False)
    payment_id: str = ""
    decline: str = ""
    look_at: datetime | None = None

    @property
    def request(self) -> CheckoutRequest:
        """Return what is asked for, always the same."""
        return CheckoutRequest(self.scope, self.key, self.amount, self.title, self.expires_at, self.return_url)


@value_object
class CardRefund:
    """Money that goes back to a card: stored before it is asked for.

    `given` is by how much the order's own sums go down: not at all for money that came too late. `delivery` is what
    asked for it. It is done, or failed, once `state` is no longer pending.
    """

    key: PaymentKey
    number: int
    amount: Money
    given: Decimal
    author_id: MemberId
    asked_at: datetime
    delivery: str = ""
    state: RefundStatus = RefundStatus.PENDING
    look_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Tell whether it gives back what came after the goods were let go."""
        return not self.given

    def request(self, attempt: CardAttempt) -> RefundRequest:
        """Return what is asked for, always the same."""
        return RefundRequest(attempt.scope, self.key, self.number, attempt.payment_id, self.amount)


class CardOutcome(StrEnum):
    """What became of a payment by card."""

    LINKED = "linked"
    """There is a page to pay on."""
    AWAITED = "awaited"
    """No answer came yet: it is gone on with by itself."""
    WAITING = "waiting"
    """It is tried once more."""
    REQUIRES_ACTION = "requires_action"
    DECLINED = "declined"
    PAID = "paid"
    ENDED = "ended"
    """Nothing was paid, and the goods are free again."""
    DIFFERS = "differs"
    """The other side says something else was asked for; nothing is done."""
    RETURNED = "returned"
    """Money that came too late was given back."""
    REFUNDED = "refunded"
    REFUND_AWAITED = "refund_awaited"
    """No answer came yet to a refund: it is gone on with by itself."""
    NOT_REFUNDED = "not_refunded"


@value_object
class CardNews:
    """What became of a payment of an order by card; `reason` is why, `amount` what was given back or was to be."""

    outcome: CardOutcome
    order: Order
    attempt: CardAttempt
    reason: str = ""
    amount: Money | None = None
