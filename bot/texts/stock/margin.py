"""The words of the report on what is earned."""

from collections.abc import Iterator, Sequence

from bot.texts.common import counted_in_full
from bot.texts.figures import days_words, exact, money, share
from core.chat.reply import Cell, Chart, Column, Field, Reply, Row, Series, Table
from core.chat.text import Text, lines, text
from core.stock.figures import Margin, Margins

MOST_CHARTS, MOST_BARS = 2, 20
"""Charts that come with one answer, and bars that can be told apart."""
_NO_PRODUCT = "no product"


def margin(found: Margins, zone: str) -> Reply:
    """Show what was earned, in every currency for itself."""
    days = days_words(found.range)
    title = f"Margin, {days}"
    if not found.totals:
        return Reply(title=title, text=text(f"No sales {days}."), is_empty=True)
    is_one = len(found.totals) == 1
    said = [sentence for total in found.totals for sentence in _sentences(total, days)]
    return Reply(
        title=title,
        text=lines(*said, f"Sales are without tax. Days are those of {zone}."),
        fields=tuple(field for total in found.totals for field in _fields(total, is_one=is_one)),
        tables=(_table(title, found, is_one=is_one),),
        charts=tuple(
            _chart(title if is_one else f"{title}, {total.currency}", found.of(total.currency), total, days)
            for total in found.totals[:MOST_CHARTS]
        ),
    )


def _sentences(total: Margin, days: str) -> Iterator[str]:
    """Say what was earned in one currency, so that it can stand alone, and what that is reckoned from."""
    currency = total.currency
    part = share(total.earned, total.amount)
    percent = f" ({part:g} %)" if part is not None else ""
    yield (
        f"Earned {days}: {money(total.earned, currency)}{percent} of {money(total.amount, currency)} in sales, whose "
        f"goods had cost {money(total.cost, currency)}."
    )
    if total.by_now:
        yield (
            f"Of {money(total.by_now, currency)} in sales it was not kept what the goods had cost: what they cost now "
            "counts."
        )
    if total.unknown:
        yield f"Left out: {money(total.unknown, currency)} in sales of goods whose cost is not known."


def _fields(total: Margin, *, is_one: bool) -> Iterator[Field]:
    suffix, currency = "" if is_one else f"_{total.currency.lower()}", total.currency
    for key, label, amount in (
        ("margin", "Margin", total.earned),
        ("sales", "Sales", total.amount),
        ("cost", "Cost", total.cost),
        ("by_now", "Sales whose cost is that of now", total.by_now),
        ("unknown", "Sales whose cost is not known", total.unknown),
    ):
        yield Field(f"{key}{suffix}", f"{label} ({currency})", exact(amount, currency), "money")
    yield Field(f"percent{suffix}", "Margin in %", share(total.earned, total.amount), "number")


def _table(title: str, found: Margins, *, is_one: bool) -> Table:
    unit = f" ({found.totals[0].currency})" if is_one else ""
    columns = (
        Column("product", "Product"),
        Column("name", "Name"),
        *(() if is_one else (Column("currency", "Currency"),)),
        Column("margin", f"Margin{unit}", "money"),
        Column("percent", "%", "number"),
        Column("sales", f"Sales{unit}", "money"),
        Column("cost", f"Cost{unit}", "money"),
        Column("by_now", "By the cost of now", "money"),
        Column("unknown", "Cost not known", "money"),
    )
    rows = tuple(Row(_cells(one, is_one=is_one)) for one in found.products)
    return Table(title, columns, rows, note=_left_out(found))


def _cells(one: Margin, *, is_one: bool) -> tuple[Cell, ...]:
    currency = () if is_one else (one.currency,)
    amounts = (exact(amount, one.currency) for amount in (one.amount, one.cost))
    parts = (exact(amount, one.currency) if amount else None for amount in (one.by_now, one.unknown))
    earned = exact(one.earned, one.currency)
    percent = share(one.earned, one.amount)
    return (one.product or _NO_PRODUCT, one.name or None, *currency, earned, percent, *amounts, *parts)


def _left_out(found: Margins) -> Text:
    """Say how many there are where only those are shown with which most was earned."""
    shown = max(len(found.of(total.currency)) for total in found.totals)
    if shown >= found.groups:
        return ()
    each = " in each currency" if len(found.totals) > 1 else ""
    return text(f"The first {shown:,}{each} of {counted_in_full(found.groups, 'product')}.")


def _chart(title: str, products: Sequence[Margin], total: Margin, days: str) -> Chart:
    shown = products[:MOST_BARS]
    return Chart(
        title,
        "bar",
        tuple(" ".join(filter(None, (one.product, one.name))) or _NO_PRODUCT for one in shown),
        (Series("Margin", tuple(float(one.earned) for one in shown)),),
        next(_sentences(total, days)),
        unit=total.currency,
        label_axis="Product",
        value_axis="Margin",
        caption=f"{days}, sales without tax",
    )
