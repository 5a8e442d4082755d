"""The words of the report on what is in stock."""

from bot.texts.common import counted_in_full
from bot.texts.figures import days_words
from bot.texts.prices import currency_of, exact, money
from bot.texts.view import View
from core.chat.reply import Chart, Column, Field, Reply, Row, Series, Table
from core.chat.text import Text, lines, text
from core.stock.figures import Attention, StockReport

MOST_BARS = 20
_TITLE, _NO_CATEGORY = "Stock", "no category"


def stock(found: StockReport, view: View) -> Reply:
    """Show what the stock is worth, and what of it is to be looked at."""
    currency, sums, value = currency_of(view), found.sums, found.value
    if not value.products and not sums.products:
        return Reply(title=_TITLE, text=text("There is nothing in stock, and nothing is low."), is_empty=True)
    fields = (
        Field("value", f"Value ({currency})", exact(value.value, currency), "money"),
        Field("low", "Low", sums.low, "number"),
        Field("to_order", "Pieces to order", sums.to_order, "number"),
        Field("dead", "Not sold", sums.dead, "number"),
        Field("dead_value", f"Value of what is not sold ({currency})", exact(sums.dead_value, currency), "money"),
    )
    zone = f"Days are those of {view.directory.workspace.zone}."
    return Reply(
        title=_TITLE,
        text=lines(_worth(found, currency), _low(found), _dead(found, currency), zone),
        fields=fields,
        tables=(_table(found, currency),) if found.attention else (),
        charts=(_chart(found, currency),) if value.value else (),
    )


def _worth(found: StockReport, currency: str) -> str:
    value = found.value
    pieces = f"{counted_in_full(value.pieces, 'piece')} of {counted_in_full(value.products, 'product')}"
    said = f"The stock is worth {money(value.value, currency)} ({pieces})."
    if not value.unpriced:
        return said
    return f"{said} Without a price, and so without a value here: {counted_in_full(value.unpriced, 'product')}."


def _low(found: StockReport) -> str:
    sums = found.sums
    if not sums.low:
        return "Nothing is low."
    order = f", {counted_in_full(sums.to_order, 'piece')} to order" if sums.to_order else ""
    return f"{counted_in_full(sums.low, 'product')} {'is' if sums.low == 1 else 'are'} low{order}."


def _dead(found: StockReport, currency: str) -> str:
    sums, days = found.sums, days_words(found.range)
    if not sums.dead:
        return f"Of whatever lay there {days}, something was sold."
    goods = f"{counted_in_full(sums.dead, 'product')} lay there {days} and sold nothing"
    return f"{goods}: {counted_in_full(sums.dead_pieces, 'piece')}, worth {money(sums.dead_value, currency)}."


def _table(found: StockReport, currency: str) -> Table:
    columns = (
        Column("product", "Product"),
        Column("sku", "SKU"),
        Column("category", "Category"),
        Column("state", "State"),
        Column("on_hand", "On hand", "number"),
        Column("available", "Available", "number"),
        Column("to_order", "To order", "number"),
        Column("value", f"Value ({currency})", "money"),
        Column("sold", "Last sold", "date"),
    )
    title = "Low, or not sold"
    return Table(title, columns, tuple(_row(one, currency) for one in found.attention), note=_left_out(found))


def _row(one: Attention, currency: str) -> Row:
    product = one.product
    state = ", ".join(word for word, is_so in (("low", one.is_low), ("not sold", one.is_dead)) if is_so)
    price, sold = product.price, one.sold_on
    return Row(
        (
            product.name,
            product.sku,
            product.category or None,
            state,
            product.on_hand,
            product.available,
            product.to_order() if one.is_low else None,
            None if price is None else exact(price * product.on_hand, currency),
            sold.isoformat() if sold else None,
        )
    )


def _left_out(found: StockReport) -> Text:
    """Say how many there are where only the worst are shown."""
    shown, there = len(found.attention), found.sums.products
    return text(f"The first {shown:,} of {counted_in_full(there, 'product')}.") if shown < there else ()


def _chart(found: StockReport, currency: str) -> Chart:
    shown = found.categories[:MOST_BARS]
    names = [name or _NO_CATEGORY for name, _ in shown]
    name, amount = names[0], shown[0][1]
    return Chart(
        "What the stock is worth by category",
        "bar",
        tuple(names),
        (Series("Value", tuple(float(amount) for _, amount in shown)),),
        f"The largest: {name}, {money(amount, currency)}.",
        unit=currency,
        label_axis="Category",
        value_axis="Value",
    )
