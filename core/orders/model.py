"""The words of orders: an order and its lines, how far it is, and on what terms a shop sells."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from core.payments.model import Method
from core.shared.ids import MemberId
from core.shared.value_objects import value_object

CUSTOMER_LIMIT, ADDRESS_LIMIT, REASON_LIMIT = 200, 500, 64
SELLER_LIMIT, TAX_ID_LIMIT, CODE_LIMIT = 500, 64, 32

LINES_LIMIT = 100
"""Lines of one order, at most."""

_NOTHING = Decimal(0)
TERMS_NUMBER = 1
"""The number of the terms, of which a workspace has one."""


class OrderStatus(StrEnum):
    """How far an order is."""

    CART = "cart"
    """Goods are put in and taken out."""
    FAILED = "failed"
    """It could not be checked out; it is a cart still, which says what was wrong."""
    PENDING = "pending"
    """It was checked out: the goods are set aside until it is paid."""
    PAYMENT_FAILED = "payment_failed"
    """It was not paid, and the goods are free again; it may be checked out once more."""
    COMPLETED = "completed"
    """It was paid, and the goods are the customer's."""
    CANCELLED = "cancelled"

    @property
    def is_cart(self) -> bool:
        """Tell whether goods may be put in and taken out."""
        return self in (OrderStatus.CART, OrderStatus.FAILED)

    def may_become(self, status: "OrderStatus") -> bool:
        """Tell whether that may come of it."""
        return status in _CHANGES[self]


_OPEN = frozenset({OrderStatus.PENDING, OrderStatus.FAILED, OrderStatus.CANCELLED})
_CHANGES: Mapping[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.CART: _OPEN,
    OrderStatus.FAILED: _OPEN | {OrderStatus.CART},
    OrderStatus.PENDING: frozenset({OrderStatus.COMPLETED, OrderStatus.PAYMENT_FAILED, OrderStatus.CANCELLED}),
    OrderStatus.PAYMENT_FAILED: _OPEN,
    OrderStatus.COMPLETED: frozenset({OrderStatus.CANCELLED}),
    OrderStatus.CANCELLED: frozenset(),
}


class PaymentState(StrEnum):
    """How far the payment of an order is."""

    UNPAID = "unpaid"
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"


@value_object
class Order:
    """An order; `version` grows with every change.

    `placed_in` is the channel in which it was begun: as long as it is a cart, it is its author's there. `customer` is
    what sales name somebody by who is registered; their name and addresses are as they were said for it. Amounts are in
    `currency`; `percent` is the discount on all of it, `code` what gave it. Terms are those of the moment: `tax_rate`
    in percent, and whether prices have the tax in them. `until` is when goods that are set aside are free again.
    `receipt` is the number of its receipt, 0 until it is paid; `seller` and `tax_id` are what stands on that.
    """

    number: int
    author_id: MemberId
    created_at: datetime
    placed_in: int
    currency: str
    status: OrderStatus = OrderStatus.CART
    payment: PaymentState = PaymentState.UNPAID
    method: Method | None = None
    customer: str = ""
    customer_name: str = ""
    email: str = ""
    address: str = ""
    billing: str = ""
    percent: Decimal = _NOTHING
    code: str = ""
    tax_rate: Decimal = _NOTHING
    tax_included: bool = False
    subtotal: Decimal = _NOTHING
    discount: Decimal = _NOTHING
    tax: Decimal = _NOTHING
    shipping: Decimal = _NOTHING
    total: Decimal = _NOTHING
    refunded: Decimal = _NOTHING
    reason: str = ""
    until: datetime | None = None
    placed_at: datetime | None = None
    paid_at: datetime | None = None
    receipt: int = 0
    seller: str = ""
    tax_id: str = ""
    version: int = 1
    removed_at: datetime | None = None

    @property
    def billing_address(self) -> str:
        """Return where the bill goes: to where the goods go, unless something else was said."""
        return self.billing or self.address

    @property
    def left(self) -> Decimal:
        """Return what of the money is still here."""
        return self.total - self.refunded if self.payment is not PaymentState.UNPAID else _NOTHING


@value_object
class OrderLine:
    """So many pieces of a product in an order, called as it was then.

    `percent` is a discount on this line alone. `amount` is price × quantity, from which `discount` goes, and `tax` is
    the tax in it, or upon it, as the order says. Of the pieces `gone` many were cancelled or came back. `cost` is what
    one had cost when it was set aside, where that is known; only managers are shown it.
    """

    product: int
    sku: str
    name: str
    quantity: int
    price: Decimal
    percent: Decimal | None = None
    amount: Decimal = _NOTHING
    discount: Decimal = _NOTHING
    tax: Decimal = _NOTHING
    gone: int = 0
    cost: Decimal | None = None

    @property
    def kept(self) -> int:
        """Return how many pieces are neither cancelled nor returned."""
        return self.quantity - self.gone


@value_object
class Terms:
    """On what terms a workspace sells: what holds of the orders that are checked out from now on.

    `tax_rate` is in percent, after discount and without shipping; `shipping` in the workspace's currency. Goods of
    unpaid orders are set aside for so many hours, or days where a bank transfer is waited for. Receipts name the
    seller and its tax id.
    """

    author_id: MemberId
    created_at: datetime
    number: int = TERMS_NUMBER
    tax_rate: Decimal = _NOTHING
    tax_included: bool = False
    shipping: Decimal = _NOTHING
    cash_hours: int = 24
    transfer_days: int = 14
    seller: str = ""
    tax_id: str = ""
    version: int = 1
    removed_at: datetime | None = None


@value_object
class DiscountCode:
    """A word that gives a discount, in percent, on all of an order."""

    number: int
    author_id: MemberId
    created_at: datetime
    code: str
    percent: Decimal
    version: int = 1
    removed_at: datetime | None = None


@value_object
class OrderFilter:
    """Which orders are wanted: those that are so far, or of a customer (a part of the name); carts only if asked."""

    status: OrderStatus | None = None
    customer: str = ""


@value_object
class Taking:
    """What was taken by one method in one currency, and what was given back, which counts on its own day."""

    currency: str
    method: Method
    payments: int
    refunds: int
    taken: Decimal
    given: Decimal

    @property
    def total(self) -> Decimal:
        """Return what is left of it, below 0 where more went than came."""
        return self.taken - self.given


@value_object
class Filled:
    """An order with its lines, in the order in which they were put in."""

    order: Order
    lines: Sequence[OrderLine] = ()
