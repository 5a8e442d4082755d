"""The words of the report on what customers spent, of a file that somebody hands in."""

from bot.texts.common import counted_in_full
from bot.texts.figures import exact, grouped
from core.chat.reply import Chart, Column, Field, Reply, Row, Series, Table
from core.chat.text import lines, text
from core.ports.analyses import Spender, Spending

_TITLE = "Top customers of the file"
_NOBODY = "no customer"


def of_file(found: Spending, top: int) -> Reply:
    """Show who spent most, and what of the file was left out or missing."""
    named = [spender for spender in found.spenders if spender.customer]
    said = (
        f"{grouped(found.total)} in all from {counted_in_full(found.lines, 'line')}, "
        f"{counted_in_full(found.customers, 'customer')}."
    )
    first = f" The largest: {_called(named[0])} ({grouped(named[0].amount)})." if named else ""
    kept = (
        f"{counted_in_full(found.repeated, 'line')} equal to one before counted once." if found.repeated else None,
        f"{counted_in_full(found.missing, 'amount')} missing, counted as 0." if found.missing else None,
        *(f"{grouped(one.amount)} has no customer." for one in found.spenders if not one.customer),
    )
    columns = (
        Column("customer", "Customer"),
        Column("name", "Name"),
        Column("amount", "Amount", "money"),
        Column("lines", "Lines", "number"),
    )
    rows = tuple(
        Row((one.customer or _NOBODY, one.name or None, exact(one.amount), one.lines)) for one in found.spenders
    )
    note = (
        text(f"The {top:,} largest of {counted_in_full(found.customers, 'customer')}.")
        if len(named) < found.customers
        else ()
    )
    series = (Series("Amount", tuple(float(one.amount) for one in named)),)
    chart = Chart(
        _TITLE, "bar", tuple(map(_called, named)), series, f"{said}{first}", label_axis="Customer", value_axis="Amount"
    )
    return Reply(
        title=_TITLE,
        text=lines(f"{said}{first}", *kept),
        fields=(
            Field("total", "Total", exact(found.total), "money"),
            Field("lines", "Lines", found.lines, "number"),
            Field("repeated", "Repeated lines", found.repeated, "number"),
            Field("missing", "Missing amounts", found.missing, "number"),
        ),
        tables=(Table(_TITLE, columns, rows, note),),
        charts=(chart,) if named else (),
    )


def _called(spender: Spender) -> str:
    return " ".join(filter(None, (spender.customer, spender.name)))
