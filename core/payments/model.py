"""A payment: which attempt at which order it is, how it is paid, and what may become of it."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, Self

from core.payments.money import Money
from core.shared.errors import QuartermasterError
from core.shared.value_objects import value_object

_KEY = re.compile(r"([1-9][0-9]{0,17}):([1-9][0-9]{0,8})", re.ASCII)


class Method(StrEnum):
    """How something is paid; only cards are charged by somebody else, the others are recorded."""

    CASH = "cash"
    TRANSFER = "transfer"
    PAYPAL = "paypal"
    CARD = "card"


class Status(StrEnum):
    """How far a payment is."""

    UNPAID = "unpaid"
    PENDING = "pending"
    """It was asked for: a link was made, or a transfer is waited for."""
    REQUIRES_ACTION = "requires_action"
    """Whoever pays has something to confirm with their bank."""
    DECLINED = "declined"
    """The card was declined; another one may be tried while the link is good."""
    PAID = "paid"
    EXPIRED = "expired"
    FAILED = "failed"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is waited for any more."""
        return self not in _UNDER_WAY

    @property
    def is_money_here(self) -> bool:
        """Tell whether money was taken of which some is still here."""
        return self in (Status.PAID, Status.PARTLY_REFUNDED)

    @property
    def was_paid(self) -> bool:
        """Tell whether money was taken, be any of it still here or not."""
        return self.is_money_here or self is Status.REFUNDED


_UNDER_WAY = frozenset({Status.UNPAID, Status.PENDING, Status.REQUIRES_ACTION, Status.DECLINED})
_ENDS = {Status.PAID, Status.EXPIRED, Status.FAILED}

_CHANGES: dict[Status, frozenset[Status]] = {
    Status.UNPAID: frozenset({Status.PENDING, *_ENDS}),
    Status.PENDING: frozenset({Status.REQUIRES_ACTION, Status.DECLINED, *_ENDS}),
    Status.REQUIRES_ACTION: frozenset({Status.PENDING, Status.DECLINED, *_ENDS}),
    Status.DECLINED: frozenset({Status.PENDING, Status.REQUIRES_ACTION, *_ENDS}),
    # Money that comes after all was taken: it is written down, and then given back.
    Status.EXPIRED: frozenset({Status.PAID}),
    Status.FAILED: frozenset({Status.PAID}),
    Status.PAID: frozenset({Status.PARTLY_REFUNDED, Status.REFUNDED}),
    Status.PARTLY_REFUNDED: frozenset({Status.REFUNDED}),
    Status.REFUNDED: frozenset(),
}


class PaymentChangeError(QuartermasterError):
    """A payment can't become that, as it is."""

    code: ClassVar[str] = "payment_change"

    def __init__(self, status: Status, wanted: Status) -> None:
        """Keep what it is and what it was to become."""
        super().__init__(f"{status} can't become {wanted}")
        self.status = status
        self.wanted = wanted


class OverRefundError(QuartermasterError):
    """More was to be given back than is left of what was paid; `left` in the currency's smallest units."""

    code: ClassVar[str] = "over_refund"

    def __init__(self, left: int) -> None:
        """Keep what is left."""
        super().__init__(f"{left} left")
        self.left = left


@dataclass(frozen=True, slots=True, order=True)
class PaymentKey:
    """Which attempt at paying which order; written `order:attempt`, such as `12:1`."""

    order: int
    attempt: int = 1

    def __str__(self) -> str:
        """Return it as it is written."""
        return f"{self.order}:{self.attempt}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the key that is written so, or None."""
        match = _KEY.fullmatch(text)
        return cls(int(match[1]), int(match[2])) if match else None

    @property
    def next(self) -> "PaymentKey":
        """Return the key of the attempt after this one."""
        return replace(self, attempt=self.attempt + 1)


@value_object
class Payment:
    """One attempt at paying an order; `refunded` in the currency's smallest units."""

    key: PaymentKey
    method: Method
    amount: Money
    status: Status = Status.UNPAID
    refunded: int = 0

    @property
    def left(self) -> int:
        """Return how much of what was paid is here, in smallest units."""
        return self.amount.units - self.refunded if self.status.is_money_here else 0

    def may_become(self, status: Status) -> bool:
        """Tell whether that may come of it; what it is already counts as such."""
        return status is self.status or status in _CHANGES[self.status]

    def becoming(self, status: Status) -> "Payment":
        """Return it in that status. Raises `PaymentChangeError`."""
        if not self.may_become(status):
            raise PaymentChangeError(self.status, status)
        return replace(self, status=status)

    def giving_back(self, units: int) -> "Payment":
        """Return it with so much given back. Raises `PaymentChangeError` and `OverRefundError`."""
        if not self.status.is_money_here:
            raise PaymentChangeError(self.status, Status.REFUNDED)
        if not 0 < units <= self.left:
            raise OverRefundError(self.left)
        refunded = self.refunded + units
        is_all = refunded == self.amount.units
        return replace(self, status=Status.REFUNDED if is_all else Status.PARTLY_REFUNDED, refunded=refunded)
