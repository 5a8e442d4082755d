"""Orders, their lines and payments, terms and codes as rows and back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from adapters.storage.schema.text_forms import sort_key, storable
from core.orders.model import CUSTOMER_LIMIT, DiscountCode, Order, OrderLine, OrderStatus, PaymentState, Taking, Terms
from core.payments.model import Method, Payment, PaymentKey, Status
from core.payments.money import Money
from core.shared.currencies import smallest

_FILED = ("number", "author_id", "created_at", "version", "removed_at")
_ORDER = (
    *_FILED,
    *("placed_in", "currency", "percent", "code", "tax_rate", "tax_included", "subtotal", "discount", "tax"),
    *("shipping", "total", "refunded", "reason", "until", "placed_at", "paid_at", "receipt"),
)
_SAID = ("customer", "customer_name", "email", "address", "billing")
_ON_RECEIPTS = ("seller", "tax_id")
_LINE = ("product", "sku", "name", "quantity", "price", "percent", "amount", "discount", "tax", "gone", "cost")
_TERMS = (
    *_FILED,
    *("tax_rate", "tax_included", "shipping", "cash_hours", "transfer_days", "seller", "tax_id"),
)
_CODE = (*_FILED, "code", "percent")
_FLAGS = ("tax_included",)


def order_row(order: Order) -> dict[str, Any]:
    """Return the columns of an order."""
    return {
        **_fields(order, _ORDER),
        **{name: storable(getattr(order, name)) for name in (*_SAID, *_ON_RECEIPTS)},
        "customer_sort": sort_key(storable(order.customer_name), CUSTOMER_LIMIT),
        "status": order.status.value,
        "payment": order.payment.value,
        "method": order.method.value if order.method else None,
    }


def order_of(row: Row[Any]) -> Order:
    """Return the order of a row."""
    return Order(
        **_read(row, (*_ORDER, *_SAID)),
        seller=row.seller or "",
        tax_id=row.tax_id or "",
        status=OrderStatus(row.status),
        payment=PaymentState(row.payment),
        method=Method(row.method) if row.method else None,
    )


def line_rows(number: int, lines: Sequence[OrderLine]) -> list[dict[str, Any]]:
    """Return the columns of the lines of an order."""
    return [{"number": number, "position": place, **_fields(line, _LINE)} for place, line in enumerate(lines)]


def line_of(row: Row[Any]) -> OrderLine:
    """Return the line of a row."""
    return OrderLine(**_read(row, _LINE))


def payment_row(payment: Payment) -> dict[str, Any]:
    """Return the columns of an attempt at paying an order."""
    return {
        "number": payment.key.order,
        "attempt": payment.key.attempt,
        "method": payment.method.value,
        "currency": payment.amount.currency,
        "units": payment.amount.units,
        "refunded": payment.refunded,
        "status": payment.status.value,
    }


def payment_of(row: Row[Any]) -> Payment:
    """Return the attempt of a row."""
    key, amount = PaymentKey(row.number, row.attempt), Money(row.currency, int(row.units))
    return Payment(key, Method(row.method), amount, Status(row.status), int(row.refunded))


def taking_row(payment: Payment, units: int, at: datetime) -> dict[str, Any]:
    """Return the columns of money that came, or (below 0) went, by an attempt."""
    row = payment_row(payment)
    return {name: row[name] for name in ("number", "attempt", "method", "currency")} | {"units": units, "at": at}


def taking_of(row: Row[Any]) -> Taking:
    """Return what came and went of a row of sums."""
    one = smallest(row.currency)
    amounts = {"taken": int(row.came) * one, "given": -int(row.went) * one}
    return Taking(row.currency, Method(row.method), int(row.came_count), int(row.went_count), **amounts)


def terms_row(terms: Terms) -> dict[str, Any]:
    """Return the columns of terms."""
    return _fields(terms, _TERMS)


def terms_of(row: Row[Any]) -> Terms:
    """Return the terms of a row."""
    return Terms(**_read(row, _TERMS))


def code_row(code: DiscountCode) -> dict[str, Any]:
    """Return the columns of a discount code."""
    return _fields(code, _CODE)


def code_of(row: Row[Any]) -> DiscountCode:
    """Return the discount code of a row."""
    return DiscountCode(**_read(row, _CODE))


def _fields(record: object, names: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in names}
    return {name: storable(value) if isinstance(value, str) else value for name, value in values.items()}


def _read(row: Row[Any], names: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: bool(value) if name in _FLAGS else value for name, value in values.items()}
