"""The words of the report on what was taken."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.texts.common import counted_in_full
from bot.texts.figures import days_words, exact, money
from bot.texts.orders.words import METHOD
from core.chat.reply import Cell, Chart, Column, Field, Reply, Row, Series, Table
from core.chat.text import lines
from core.orders.model import Taking
from core.orders.takings import Takings
from core.sales.repository import Total

MOST_CHARTS = 2
"""Charts that come with one answer."""


def takings(found: Takings, zone: str) -> Reply:
    """Show what was taken by each method, in every currency for itself."""
    days = days_words(found.range)
    title = f"Takings, {days}"
    besides = [_unnoted(total) for total in found.unnoted]
    if not found.by_method:
        said = lines(f"Nothing was taken or given back {days}.", *besides)
        return Reply(title=title, text=said, is_empty=not besides)
    wholes = {currency: found.of(currency) for currency in found.currencies}
    return Reply(
        title=title,
        text=lines(*(_sentence(some, days) for some in wholes.values()), *besides, f"Days are those of {zone}."),
        fields=tuple(field for some in wholes.values() for field in _fields(some, is_one=len(wholes) == 1)),
        tables=(_table(title, found, is_one=len(wholes) == 1),),
        charts=tuple(
            _chart(title if len(wholes) == 1 else f"{title}, {currency}", some, f"{days}, days of {zone}")
            for currency, some in list(wholes.items())[:MOST_CHARTS]
        ),
    )


def _total(some: Sequence[Taking]) -> Decimal:
    return sum((one.total for one in some), start=Decimal(0))


def _sentence(some: Sequence[Taking], days: str) -> str:
    """Say what was taken in one currency, so that it can stand alone."""
    currency, payments, refunds = some[0].currency, sum(one.payments for one in some), sum(one.refunds for one in some)
    taken, given = (sum((getattr(one, name) for one in some), start=Decimal(0)) for name in ("taken", "given"))
    said = f"Taken {days}: {money(taken, currency)} in {counted_in_full(payments, 'payment')}"
    if not refunds:
        return f"{said}."
    left = money(taken - given, currency)
    return f"{said}; {money(given, currency)} given back in {counted_in_full(refunds, 'refund')}, which leaves {left}."


def _unnoted(total: Total) -> str:
    """Say what was sold of which nobody noted how it was paid."""
    amount, many = money(total.amount, total.currency), counted_in_full(total.lines, "line")
    return f"Besides, {amount} from {many} was sold without an order, so nobody noted how that was paid."


def _fields(some: Sequence[Taking], *, is_one: bool) -> Iterator[Field]:
    currency = some[0].currency
    suffix = "" if is_one else f"_{currency.lower()}"
    yield Field(f"total{suffix}", f"Total ({currency})", exact(_total(some), currency), "money")
    for one in some:
        label = f"{METHOD[one.method]} ({currency})"
        yield Field(f"{one.method.value}{suffix}", label, exact(one.total, currency), "money")


def _table(title: str, found: Takings, *, is_one: bool) -> Table:
    unit = f" ({found.currencies[0]})" if is_one else ""
    columns = (
        Column("method", "Method"),
        *(() if is_one else (Column("currency", "Currency"),)),
        Column("payments", "Payments", "number"),
        Column("taken", f"Taken{unit}", "money"),
        Column("refunds", "Refunds", "number"),
        Column("given", f"Given back{unit}", "money"),
        Column("total", f"Total{unit}", "money"),
    )
    rows = [Row(_cells(one, is_one=is_one)) for currency in found.currencies for one in found.of(currency)]
    return Table(title, columns, tuple(rows))


def _cells(one: Taking, *, is_one: bool) -> tuple[Cell, ...]:
    taken, given, total = (exact(amount, one.currency) for amount in (one.taken, -one.given, one.total))
    currency = () if is_one else (one.currency,)
    return (METHOD[one.method], *currency, one.payments, taken, one.refunds, given, total)


def _chart(title: str, some: Sequence[Taking], caption: str) -> Chart:
    currency = some[0].currency
    said = "; ".join(f"{METHOD[one.method]}: {money(one.total, currency)}" for one in some)
    return Chart(
        title,
        "bar",
        tuple(METHOD[one.method] for one in some),
        (Series("Total", tuple(float(one.total) for one in some)),),
        f"{said}.",
        unit=currency,
        label_axis="Method",
        value_axis="Total",
        caption=caption,
    )
