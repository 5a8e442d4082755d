"""Amounts in the currency of a workspace, in words and for scripts, and how many there are of what is sold."""

from decimal import Decimal

from bot.texts.view import View
from core.shared.currencies import places_of, smallest


def currency_of(view: View) -> str:
    """Return the currency of prices."""
    return view.directory.workspace.currency


def exact(amount: Decimal, currency: str) -> str:
    """Return an amount as scripts read it, with as many decimals as its currency has."""
    return f"{amount.quantize(smallest(currency)):f}"


def money(amount: Decimal, currency: str) -> str:
    """Return an amount as people read it, such as `1,234.50 EUR`."""
    return f"{amount:,.{places_of(currency)}f} {currency}"


def money_cell(amount: Decimal | None, currency: str) -> str | None:
    """Return the cell of an amount, if there is one."""
    return None if amount is None else exact(amount, currency)


def left(available: int, reserved: int) -> str:
    """Return `47 left`, and what besides is set aside."""
    if not reserved:
        return f"{available:,} left" if available else "none left"
    return f"{available:,} left, and {reserved:,} reserved"
