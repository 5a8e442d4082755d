"""Orders in words, as rows of tables, and with their buttons."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.texts.common import counted_in_full, moment
from bot.texts.dates import moment_cell
from bot.texts.history import Told
from bot.texts.prices import exact, money
from bot.texts.view import View
from core.chat.reply import Action, Column, Field, Row, Style, Table
from core.chat.text import Bold, Text, text
from core.orders.kind import ORDER_KIND
from core.orders.model import Filled, Order, OrderLine, OrderStatus, PaymentState
from core.payments.model import Method, Status
from core.people.model import Role

SELLERS, KEEPERS = Role.CLERK, Role.MANAGER
"""From which role on people make and cancel orders, and from which they give discounts and money back."""

STATUS: Mapping[OrderStatus, str] = {
    OrderStatus.CART: "Cart",
    OrderStatus.FAILED: "Could not be checked out",
    OrderStatus.PENDING: "Waiting for payment",
    OrderStatus.PAYMENT_FAILED: "Not paid",
    OrderStatus.COMPLETED: "Completed",
    OrderStatus.CANCELLED: "Cancelled",
}
PAYMENT: Mapping[PaymentState, str] = {
    PaymentState.UNPAID: "Unpaid",
    PaymentState.PAID: "Paid",
    PaymentState.PARTLY_REFUNDED: "Partly refunded",
    PaymentState.REFUNDED: "Refunded",
}
METHOD: Mapping[Method, str] = {
    Method.CASH: "Cash",
    Method.TRANSFER: "Bank transfer",
    Method.PAYPAL: "PayPal",
    Method.CARD: "Card",
}
NOT_PAID: Mapping[Status, str] = {
    Status.UNPAID: "not paid yet",
    Status.PENDING: "not paid yet",
    Status.REQUIRES_ACTION: "to be confirmed with the bank",
    Status.DECLINED: "declined, another card may be tried",
    Status.EXPIRED: "not paid",
    Status.FAILED: "not paid",
}
"""How an attempt at paying is that brought no money."""
REASON: Mapping[str, str] = {
    "too_few": "insufficient stock",
    "product_unpriced": "a product without a price",
    "product_discontinued": "a discontinued product",
    "product_gone": "a product that is in the catalogue no more",
    "total_changed": "prices or terms had changed",
    "unpaid": "nobody paid in time",
    "card_expired": "nobody paid by card in time",
    "card_declined": "no card was accepted",
    "payment_link_too_late": "the link to pay was not made in time",
    "payments_misconfigured": "cards could not be taken",
    "charge_refused": "no card can be charged with that",
    "payment_outcome_unknown": "cards could not be taken",
    "payments_busy": "cards could not be taken",
    "payment_request_refused": "cards could not be taken",
    "payment_key_reused": "cards could not be taken",
}
"""Why an order is not further."""


def paid_by(method: Method) -> str:
    """Return how something is paid, within a sentence."""
    return METHOD[method] if method is Method.PAYPAL else METHOD[method].lower()


def _amount(value: Decimal, view: View) -> str:
    return money(value, view.directory.workspace.currency)


TOLD = Told(
    ORDER_KIND,
    "order",
    {
        "status": "Status",
        "payment": "Payment",
        "method": "Paid by",
        "customer_name": "Customer",
        "email": "E-mail",
        "address": "Address",
        "billing": "Billing address",
        "percent": "Discount",
        "code": "Code",
        "total": "Total",
        "refunded": "Refunded",
        "reason": "Why",
        "receipt": "Receipt",
    },
    {
        "status": lambda status, _view: STATUS[status],
        "payment": lambda payment, _view: PAYMENT[payment],
        "method": lambda method, _view: METHOD[method],
        "percent": lambda percent, _view: f"{percent.normalize():f} %" if percent else "",
        "total": _amount,
        "refunded": _amount,
        "reason": lambda reason, _view: reason_words(reason),
        "receipt": lambda receipt, _view: str(receipt or ""),
    },
    # Who buys is nobody's business but the shop's.
    is_titled=False,
)
"""How the history of an order is told."""


def reason_words(reason: str) -> str:
    """Return why an order is not further."""
    return REASON.get(reason, reason.replace("_", " "))


def name_of(order: Order) -> Text:
    """Return `order #12`, the number standing out."""
    return text("order ", Bold(f"#{order.number}"))


def beginning_with(order: Order) -> Text:
    """Return `Order #12` for the beginning of a sentence."""
    return text("Order ", Bold(f"#{order.number}"))


def pieces(lines: Sequence[OrderLine]) -> str:
    """Return how much there is in an order."""
    return (
        f"{counted_in_full(sum(line.quantity for line in lines), 'piece')} of {counted_in_full(len(lines), 'product')}"
    )


def line_table(filled: Filled, *, is_cart: bool = False) -> Table:
    """Return what is in an order, as a table, of a cart with a button to take a line out."""
    currency = filled.order.currency
    has_gone, has_discount = (any(getattr(line, name) for line in filled.lines) for name in ("gone", "discount"))
    columns = [
        Column("product", "Product"),
        Column("sku", "SKU"),
        Column("quantity", "Quantity", "number"),
        Column("price", f"Price ({currency})", "money"),
        *((Column("discount", f"Discount ({currency})", "money"),) if has_discount else ()),
        Column("amount", f"Amount ({currency})", "money"),
    ]
    columns += [Column("gone", "Cancelled or returned", "number")] if has_gone else []
    rows = []
    for line in filled.lines:
        discount = (exact(-line.discount, currency) if line.discount else None,) if has_discount else ()
        amounts = (exact(line.price, currency), *discount, exact(line.amount - line.discount, currency))
        gone = (line.gone or None,) if has_gone else ()
        take = (Action("Take out", f"/order take #{line.product}", then="/order cart"),) if is_cart else ()
        rows.append(Row((line.name, line.sku, line.quantity, *amounts, *gone), take))
    title = "Cart" if is_cart else f"Order #{filled.order.number}"
    return Table(title, tuple(columns), tuple(rows))


def sum_fields(order: Order) -> tuple[Field, ...]:
    """Return what an order comes to, part by part."""
    currency = order.currency
    tax = f"Tax, {order.tax_rate.normalize():f} %" + (" (included)" if order.tax_included else "")
    parts = (
        ("subtotal", "Subtotal", order.subtotal, bool(order.discount or order.shipping or order.tax)),
        ("discount", "Discount", -order.discount, bool(order.discount)),
        ("tax", tax, order.tax, bool(order.tax)),
        ("shipping", "Shipping", order.shipping, bool(order.shipping)),
        ("total", "Total", order.total, True),
        ("refunded", "Refunded", -order.refunded, bool(order.refunded)),
    )
    return tuple(
        Field(key, f"{label} ({currency})", exact(amount, currency), "money")
        for key, label, amount, is_shown in parts
        if is_shown
    )


def state_fields(order: Order, view: View) -> tuple[Field | None, ...]:
    """Return how far an order is."""
    reason = f" ({reason_words(order.reason)})" if order.reason else ""
    return (
        Field("number", "No.", order.number, "number"),
        Field("status", "Status", f"{STATUS[order.status]}{reason}"),
        Field("payment", "Payment", PAYMENT[order.payment]) if not order.status.is_cart else None,
        Field("method", "Paid by" if order.paid_at else "To be paid by", METHOD[order.method])
        if order.method
        else None,
        Field("until", "Set aside until", moment_cell(order.until, view.actor.zone), "moment") if order.until else None,
        Field("receipt", "Receipt", order.receipt, "number") if order.receipt else None,
    )


def until_words(order: Order, view: View) -> Text:
    """Return until when goods are set aside, if they are."""
    return text("They are set aside until ", moment(order.until, view.actor.zone), ".") if order.until else ()


def order_fields(order: Order) -> tuple[Field, ...]:
    """Return what scripts need to know of an order."""
    return (
        Field("number", "No.", order.number, "number"),
        Field("status", "Status", order.status.value, implied=True),
        Field("total", f"Total ({order.currency})", exact(order.total, order.currency), "money"),
    )


def actions(order: Order, view: View) -> tuple[Action, ...]:
    """Return what may be done next with an order by whoever reads it."""
    role = view.actor.role
    if role < SELLERS:
        return ()
    at = f"#{order.number}"
    cancel = Action("Cancel", f"/order cancel {at}", Style.DANGER, once=True, confirm="Cancel this order?")
    if order.status is OrderStatus.PENDING:
        return (pay_action(order), cancel)
    if order.status is OrderStatus.PAYMENT_FAILED:
        return (Action("Check out again", f"/order checkout order:{at}", Style.PRIMARY, once=True), cancel)
    refund = (Action("Refund", f"/order refund {at}"),) if role >= KEEPERS and order.left > 0 else ()
    if order.status is OrderStatus.COMPLETED:
        return (Action("Receipt", f"/order receipt {at}"), *refund)
    return refund


def pay_action(order: Order) -> Action:
    """Return the button that takes down that an order was paid as was said."""
    method = order.method or Method.CASH
    if method is Method.CARD:
        return Action("Pay by card", f"/order pay #{order.number} card", Style.PRIMARY)
    return Action(f"Paid: {METHOD[method]}", f"/order pay #{order.number} {method.value}", Style.PRIMARY, once=True)


def cart_actions(filled: Filled) -> tuple[Action, ...]:
    """Return what may be done next with a cart."""
    add = Action("Add goods", "/order add")
    if not filled.lines:
        return (add,)
    return (Action("Check out", "/order checkout", Style.PRIMARY, once=True), add)
