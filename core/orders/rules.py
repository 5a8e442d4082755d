"""What holds of every order however it is filled: discounts that can be, readable addresses."""

import re
from datetime import timedelta
from decimal import Decimal

from core.orders.model import (
    ADDRESS_LIMIT,
    CODE_LIMIT,
    CUSTOMER_LIMIT,
    SELLER_LIMIT,
    TAX_ID_LIMIT,
    Order,
    Terms,
)
from core.payments.model import Method
from core.shared.currencies import fits, places_of
from core.shared.emails import NotAnEmailError, email_of
from core.shared.errors import InvalidArgumentError, RefusedError
from core.shared.money import LARGEST
from core.shared.readable import one_line, several_lines, within
from core.stock.model import PRICE_LIMIT

MOST = Decimal(100)
"""Percent that a discount or a tax is of at most."""
PLACES = 2
"""Decimal places of a percentage."""
LONGEST_HOURS, LONGEST_DAYS = 24 * 14, 90
"""For how long goods are set aside at most."""

_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]*")


def checked_percent(percent: Decimal, argument: str = "percent") -> Decimal:
    """Return a percentage from 0 to 100; raises `InvalidArgumentError` (`percent_bad`)."""
    if not 0 <= percent <= MOST or percent != round(percent, PLACES):
        raise InvalidArgumentError(argument, "percent_bad", value=percent, places=PLACES)
    return percent


def checked_amount(value: Decimal, currency: str, argument: str) -> Decimal:
    """Return an amount of 0 or more that the currency has; raises `InvalidArgumentError` (`amount_bad`)."""
    if not 0 <= value < PRICE_LIMIT or not fits(value, currency):
        places = places_of(currency)
        raise InvalidArgumentError(argument, "amount_bad", value=value, currency=currency, places=places)
    return value


def check_size(order: Order) -> None:
    """Refuse an order of more than can be kept, whatever is taken off it; raises `RefusedError` (`order_too_large`)."""
    if order.subtotal + order.tax + order.shipping >= LARGEST:
        raise RefusedError("order_too_large", limit=LARGEST)


def clean_code(raw: str) -> str:
    """Return the word of a discount in capital letters; raises `InvalidArgumentError` (`code_bad`)."""
    code = one_line(raw).upper()
    if len(code) > CODE_LIMIT or not _CODE.fullmatch(code):
        raise InvalidArgumentError("code", "code_bad", value=raw, limit=CODE_LIMIT, example="SUMMER10")
    return code


def clean_customer(raw: str) -> str:
    """Return a customer's name as one readable line."""
    return within("customer", one_line(raw), CUSTOMER_LIMIT)


def clean_address(raw: str, argument: str = "address") -> str:
    """Return an address as readable lines."""
    return within(argument, several_lines(raw), ADDRESS_LIMIT)


def clean_email(raw: str) -> str:
    """Return an e-mail address, or an empty text; raises `InvalidArgumentError` (`email_bad`)."""
    typed = one_line(raw)
    try:
        return email_of(typed) if typed else ""
    except NotAnEmailError as error:
        raise InvalidArgumentError("email", "email_bad", value=typed, example="ann@example.com") from error


def clean_seller(raw: str) -> str:
    """Return what stands on receipts for the seller."""
    return within("seller", several_lines(raw), SELLER_LIMIT)


def clean_tax_id(raw: str) -> str:
    """Return a tax id as one readable line."""
    return within("tax-id", one_line(raw), TAX_ID_LIMIT)


def checked_time(value: int, argument: str, most: int) -> int:
    """Return for how long goods are set aside; raises `InvalidArgumentError` (`set_aside_bad`)."""
    if not 1 <= value <= most:
        raise InvalidArgumentError(argument, "set_aside_bad", value=value, most=most)
    return value


def set_aside_for(method: Method | None, terms: Terms) -> timedelta:
    """Return for how long the goods of an unpaid order are set aside."""
    if method in (Method.TRANSFER, Method.PAYPAL):
        return timedelta(days=terms.transfer_days)
    return timedelta(hours=terms.cash_hours)
