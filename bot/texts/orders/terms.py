"""What people read about the terms on which they sell, and about discount codes."""

from collections.abc import Sequence

from bot.texts.answers import untouched
from bot.texts.common import counted_in_full, undo_action
from bot.texts.prices import exact
from bot.texts.undo import undid
from bot.texts.view import View
from core.chat.reply import Column, Field, Reply, Row, Table
from core.chat.text import Bold, Code, lines, text
from core.orders.model import DiscountCode, Terms
from core.orders.terms import CodeChange, TermsChange


def shown(terms: Terms, currency: str) -> Reply:
    """Show the terms."""
    return Reply(title="Terms of orders", fields=_fields(terms, currency))


def changed(change: TermsChange, currency: str) -> Reply:
    """Say what the terms are now."""
    if not change.undo_id:
        return untouched([text("The terms are that way already")])
    said = text("The terms of orders are changed: they hold for what is checked out from now on.")
    return Reply(text=said, fields=_fields(change.terms, currency), actions=(undo_action(change.undo_id),))


def restored(terms: Terms, command: str, currency: str, view: View) -> Reply:
    """Say that terms are as before."""
    return Reply(
        text=lines(undid(command, view), "The terms of orders are as before."), fields=_fields(terms, currency)
    )


def codes(found: Sequence[DiscountCode]) -> Reply:
    """Show the discount codes that there are."""
    if not found:
        return Reply(title="Discount codes", text=text("No codes. To make one: ", Code("/order code SUMMER10 10")))
    rows = tuple(Row((code.code, float(code.percent))) for code in found)
    columns = (Column("code", "Code"), Column("percent", "Percent", "number"))
    return Reply(title="Discount codes", tables=(Table("Discount codes", columns, rows),))


def code_put(change: CodeChange) -> Reply:
    """Say what a code gives now."""
    code = change.code
    if not change.undo_id:
        return untouched([text("Code ", Bold(code.code), " is that way already" if change.before else " is not there")])
    now = " is gone" if code.removed_at else f" gives {code.percent.normalize():f} % off"
    return Reply(text=text("Code ", Bold(code.code), f"{now}."), actions=(undo_action(change.undo_id),))


def code_restored(code: DiscountCode, command: str, view: View) -> Reply:
    """Say what became of a code by an undo."""
    now = "is taken away again" if code.removed_at else f"gives {code.percent.normalize():f} % off"
    return Reply(text=lines(undid(command, view), text("Code ", Bold(code.code), f" {now}.")))


def _fields(terms: Terms, currency: str) -> tuple[Field, ...]:
    tax = f"{terms.tax_rate.normalize():f} %, {'in the prices' if terms.tax_included else 'added to the prices'}"
    fields = (
        Field("tax", "Tax", tax),
        Field("shipping", f"Shipping ({currency})", exact(terms.shipping, currency), "money"),
        Field("cash", "Unpaid orders are set aside for", counted_in_full(terms.cash_hours, "hour")),
        Field("transfer", "By bank transfer for", counted_in_full(terms.transfer_days, "day")),
        Field("seller", "Seller", terms.seller) if terms.seller else None,
        Field("tax_id", "Tax id", terms.tax_id) if terms.tax_id else None,
    )
    return tuple(field for field in fields if field)
