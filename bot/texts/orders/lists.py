"""What people read when they look at orders: lists, an order with all there is to it, its receipt."""

from collections.abc import Sequence

from bot.texts.dates import moment_cell
from bot.texts.orders.choosing import choosing_actions
from bot.texts.orders.words import (
    METHOD,
    NOT_PAID,
    PAYMENT,
    SELLERS,
    STATUS,
    actions,
    line_table,
    state_fields,
    sum_fields,
)
from bot.texts.prices import currency_of, exact, money
from bot.texts.records import Listed, Listing, member_field, moment_field, page_of, record, renewing
from bot.texts.view import View
from core.chat.reply import Action, Column, Field, Reply, Row, Table
from core.chat.text import Code, Text, lines, text
from core.dates.words import day_words
from core.orders.kind import ORDER_NAMES
from core.orders.model import Order
from core.orders.service import OrderCard
from core.payments.model import Payment
from core.payments.money import Money
from core.shared.paging import Page
from core.stock.model import Shop

_NOTHING = text("No orders here. To begin one: ", Code("/order add apples 2"))

_NONE_SUCH = text("No order fits that. All there are: ", Code("/order list"))


def order_list(page: Page[Order], listing: Listing, view: View) -> Reply:
    """Show a page of orders, the newest first."""
    nothing = _NOTHING if listing.first_page == "/order list" else _NONE_SUCH
    return page_of("Orders", page, Listed(ORDER_NAMES, lambda some: _table(some, listing, view), nothing), listing)


def _table(orders: Sequence[Order], listing: Listing, view: View) -> Table:
    has_customers = any(order.customer_name for order in orders)
    columns = [Column("number", "No.", "number")]
    columns += [Column("customer", "Customer")] if has_customers else []
    columns += [
        Column("status", "Status"),
        Column("payment", "Payment"),
        Column("total", f"Total ({currency_of(view)})", "money"),
        Column("at", "When", "moment"),
    ]
    rows = tuple(_row(order, listing, view, has_customers=has_customers) for order in orders)
    return Table("Orders", tuple(columns), rows)


def _row(order: Order, listing: Listing, view: View, *, has_customers: bool) -> Row:
    at = moment_cell(order.placed_at or order.created_at, view.actor.zone)
    cells = (STATUS[order.status], PAYMENT[order.payment], exact(order.total, order.currency), at)
    who = (order.customer_name,) if has_customers else ()
    return Row((order.number, *who, *cells), renewing(actions(order, view)[:1], listing.command))


def card(shown: OrderCard, view: View) -> Reply:
    """Show everything about an order."""
    order, filled = shown.filled.order, shown.filled
    tries = list(map(_attempt, shown.payments))
    fields: list[Field | None] = [
        *state_fields(order, view),
        Field("customer", "Customer", order.customer_name) if order.customer_name else None,
        Field("email", "E-mail", order.email) if order.email else None,
        Field("address", "Address", order.address) if order.address else None,
        Field("billing", "Billing address", order.billing) if order.billing else None,
        Field("code", "Code", order.code) if order.code else None,
        *sum_fields(order),
        Field("payments", "Payments", "; ".join(tries)) if tries else None,
        moment_field("placed", "Placed", order.placed_at, view),
        moment_field("paid", "Paid", order.paid_at, view),
        member_field("author", "By", order.author_id, view),
    ]
    history = Action("History", f"/order history #{order.number}")
    changing = renewing(actions(order, view), f"/order show #{order.number}")
    more = (*choosing_actions(filled), history) if view.actor.role >= SELLERS else ()
    buttons = (*changing, *more)
    found = record(f"Order #{order.number}", (), fields, buttons)
    return Reply(
        title=found.title,
        fields=found.fields,
        tables=(line_table(filled),) if filled.lines else (),
        actions=found.actions,
    )


def _attempt(payment: Payment) -> str:
    """Return how much was paid how, and what was given back of it."""
    said = f"{METHOD[payment.method]}: {money(payment.amount.amount, payment.amount.currency)}"
    if how := NOT_PAID.get(payment.status):
        return f"{said} ({how})"
    if not payment.refunded:
        return said
    if not payment.left:
        return f"{said} (given back)"
    given = Money(payment.amount.currency, payment.refunded)
    return f"{said} ({money(given.amount, given.currency)} given back)"


def receipt(shown: OrderCard, shop: Shop) -> Reply:
    """Show what a customer is given: seller, tax id, lines, how the amounts come about, and what was paid."""
    order = shown.filled.order
    day = day_words(shop.day_of(order.paid_at)) if order.paid_at else ""
    fields: list[Field | None] = [
        Field("receipt", "Receipt", order.receipt, "number"),
        Field("order", "Order", order.number, "number"),
        Field("date", "Date", day) if day else None,
        Field("tax_id", "Tax id", order.tax_id) if order.tax_id else None,
        Field("customer", "Customer", order.customer_name) if order.customer_name else None,
        Field("billing", "Billing address", order.billing_address) if order.billing_address else None,
        *sum_fields(order),
        Field("method", "Paid by", METHOD[order.method]) if order.method else None,
    ]
    found = record(f"Receipt {order.receipt}", _seller(order), fields)
    payments = [payment for payment in shown.payments if payment.status.was_paid]
    paid = (_payments(payments, order.currency),) if payments else ()
    return Reply(title=found.title, text=found.text, fields=found.fields, tables=(line_table(shown.filled), *paid))


def _payments(payments: Sequence[Payment], currency: str) -> Table:
    """Return what was paid how, and what of it was given back."""
    columns = (
        Column("method", "Paid by"),
        Column("paid", f"Paid ({currency})", "money"),
        Column("given", f"Given back ({currency})", "money"),
    )
    rows = []
    for payment in payments:
        given = Money(currency, payment.refunded).amount if payment.refunded else None
        back = exact(-given, currency) if given else None
        rows.append(Row((METHOD[payment.method], exact(payment.amount.amount, currency), back)))
    return Table("Payments", columns, tuple(rows))


def pdf_action(number: int) -> Action:
    """Return the button that makes a PDF of a receipt."""
    return Action("PDF", f"/order receipt #{number} pdf")


def _seller(order: Order) -> Text:
    return lines(*order.seller.splitlines(), "Every line is rounded by itself, half to even.")
