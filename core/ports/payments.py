"""Payments by card, which somebody else takes: people pay on a page of theirs, and we ask what became of it.

Everything that changes something is asked for by a key that the caller has stored before: asked again, by whoever and
however often, it is done once. An `OutcomeUnknownError` says that it may have been done: ask again by the same key.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol

from core.payments.model import PaymentKey, Status
from core.payments.money import Money
from core.shared.errors import QuartermasterError
from core.shared.value_objects import value_object

LINK_LIFE = timedelta(minutes=35)
"""How long somebody has to pay: less than thirty minutes by the other side's clock is refused."""


class CardPaymentError(QuartermasterError):
    """A payment by card can't be asked for as it was; nothing has changed unless the class says otherwise."""

    code: ClassVar[str] = "card_payment"


class OutcomeUnknownError(CardPaymentError):
    """No answer came, or none that says anything: it may have been done. Ask again by the same key."""

    code = "payment_outcome_unknown"


class PaymentsBusyError(CardPaymentError):
    """The other side takes no more requests just now; later it does."""

    code = "payments_busy"


class PaymentsMisconfiguredError(CardPaymentError):
    """The key is not accepted, or lacks a permission: who runs the product has to look at it."""

    code = "payments_misconfigured"


class ChargeRefusedError(CardPaymentError):
    """Cards can't be charged with that amount; `reason` says why, `least` is the smallest that they can, if known."""

    code = "charge_refused"

    def __init__(self, reason: "ChargeReason", least: Money | None = None) -> None:
        """Keep why, and the least."""
        super().__init__(reason.value)
        self.reason = reason
        self.least = least


class ChargeReason(StrEnum):
    """Why cards can't be charged with an amount."""

    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    CURRENCY = "currency"
    LAST_DIGIT = "last_digit"
    """The amount was not made `chargeable` before."""


class LinkTooLateError(CardPaymentError):
    """The link would end too soon to be made: nothing was made by this key, and nothing will be. Take the next one."""

    code = "payment_link_too_late"


class KeyReusedError(CardPaymentError):
    """By this key something else was asked for before."""

    code = "payment_key_reused"


class NoSuchPaymentError(CardPaymentError):
    """There is none by that id, in the account that the key belongs to."""

    code = "no_such_payment"


class RefundRefusedError(CardPaymentError):
    """It can't be given back: it was already, or is more than is left."""

    code = "refund_refused"


class RequestRefusedError(CardPaymentError):
    """It was refused for a reason that says nothing to people; the log has its code."""

    code = "payment_request_refused"


@value_object
class CheckoutRequest:
    """What somebody is to pay. All of it is stored before the call, so that it can be asked for again unchanged.

    `scope` makes the key one that nobody else has who uses the same account: another workspace, another database.
    `title` stands beside the sum; people come back to `return_url`. `email` is that of who pays, if known.
    """

    scope: str
    key: PaymentKey
    amount: Money
    title: str
    expires_at: datetime
    return_url: str
    email: str = ""


@value_object
class Checkout:
    """How a payment is on the other side: its id there, and the page to pay on while it is open.

    `status` is one of pending, requires_action, declined, paid, expired, partly_refunded and refunded. `decline` is
    the code of why the last card was declined. `payment_id` is what a refund is asked for by, once it was paid.
    """

    id: str
    key: PaymentKey | None
    scope: str
    amount: Money
    status: Status
    expires_at: datetime
    url: str = ""
    payment_id: str = ""
    decline: str = ""
    refunded: int = 0


@value_object
class RefundRequest:
    """What is to be given back, stored before the call; `number` counts the refunds of the payment."""

    scope: str
    key: PaymentKey
    number: int
    payment_id: str
    amount: Money


class RefundStatus(StrEnum):
    """How far a refund is."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


@value_object
class Refund:
    """What is given back."""

    id: str
    amount: Money
    status: RefundStatus


class CardPayments(Protocol):
    """Takes payments by card. All of it raises `CardPaymentError`s."""

    def chargeable(self, amount: Money) -> Money:
        """Return what a card is charged for that amount: the same, but where no card has the currency's last digit.

        Raises `ChargeRefusedError` for less than the least. It asks nobody.
        """
        ...

    async def open(self, request: CheckoutRequest) -> Checkout:
        """Make a page to pay on, once for a key; `amount` has to be chargeable to the last unit."""
        ...

    async def look(self, checkout_id: str) -> Checkout:
        """Return how a payment is."""
        ...

    async def expire(self, checkout_id: str) -> Checkout:
        """Let nobody pay any more, and return how it is then: paid, if somebody was faster."""
        ...

    async def refund(self, request: RefundRequest) -> Refund:
        """Give money back, once for a key and number."""
        ...

    async def close(self) -> None:
        """Close what was opened."""
        ...


@value_object
class Heard:
    """That there is news of a payment, by the id of the event that says so; `checkout_id` where it tells that too."""

    event_id: str
    scope: str
    key: PaymentKey
    checkout_id: str = ""


@value_object
class Till:
    """Who takes cards here: how soon a payment under way is looked at again, and where people come back to."""

    payments: CardPayments
    every: timedelta
    return_url: str
