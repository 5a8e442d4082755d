"""The words of the reports on sales."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from bot.texts.common import counted_in_full, sentence_case
from bot.texts.figures import days_words, exact, money, number, percent, share, short_day, span_labels, span_words
from core.chat.reply import Action, Cell, Chart, Column, Field, Reply, Row, Series, Table
from core.chat.text import Code, Text, lines, text
from core.dates.ranges import Range
from core.sales.figures import NOTHING, By, Figure, Figures, Measure, Question, Total
from core.shared.value_objects import value_object

MOST_CHARTS, MOST_BARS = 2, 20
"""Charts that come with one answer, and bars that can be told apart."""

_MONTH_LENGTH = len("2010-12")
_WHOLE = 100
"""Percent that can be told of a part; where there are returns, one can be more than all."""

LAST_SALES = "last_sales"
"""The field of a report that has nothing to tell which says when something was last sold."""

_UNNAMED = {By.PRODUCT: "no product", By.CUSTOMER: "no customer", By.COUNTRY: "no country"}
_MANY = {By.PRODUCT: "products", By.CUSTOMER: "customers", By.COUNTRY: "countries"}
_COLUMNS: dict[By, Column] = {
    By.DAY: Column("day", "Day", "date"),
    By.WEEK: Column("week", "Week of", "date"),
    By.MONTH: Column("month", "Month"),
    By.PRODUCT: Column("product", "Product"),
    By.CUSTOMER: Column("customer", "Customer"),
    By.COUNTRY: Column("country", "Country"),
}


@value_object
class Shown:
    """How a report on sales is told: what it is called, the zone of its days, and whether rows have their shares."""

    name: str
    zone: str
    shares: bool = False


def sales(found: Figures, shown: Shown) -> Reply:
    """Show what was sold, in every currency for itself."""
    question = found.question
    title = f"{shown.name}, {days_words(question.range)}"
    if not found.totals:
        return nothing(title, question.range, found.latest)
    said = [_sentence(total, found) for total in found.totals]
    zone = f"Days are those of {shown.zone}."
    return Reply(
        title=title,
        text=lines(*said, zone),
        fields=tuple(field for total in found.totals for field in _fields(total, is_one=len(found.totals) == 1)),
        tables=(_table(title, found, shown),),
        charts=tuple(_chart(title, found, total, shown) for total in found.totals[:MOST_CHARTS]),
    )


def nothing(title: str, days: Range, latest: dt.date | None) -> Reply:
    """Say that nothing was sold, and when something last was; where there never was anything, how it comes in."""
    said = text(f"No sales {days_words(days)}.")
    if latest is None:
        said = text("No sales yet. ", Code("/report import"), " brings them in from a file.")
        return Reply(title=title, text=said, is_empty=True)
    said = text(*said, f" The last were on {short_day(latest)}; try ", Code(f"range:{latest:%Y-%m}"), ".")
    field = Field(LAST_SALES, "Last sales", latest.isoformat(), "date")
    return Reply(title=title, text=said, fields=(field,), is_empty=True)


def of_month(reply: Reply, command: str) -> Reply:
    """Return a report that has nothing to tell with a button for the month of the last sales, if there were any.

    The command behind it has the range where `{}` stands.
    """
    last = next((str(field.value) for field in reply.fields if field.key == LAST_SALES), "") if reply.is_empty else ""
    if not last:
        return reply
    month = last[:_MONTH_LENGTH]
    label = f"Show {span_words(By.MONTH, dt.date.fromisoformat(last))}"
    return replace(reply, actions=(*reply.actions, Action(label, command.format(month))))


def _sentence(total: Total, found: Figures) -> str:
    """Say what was sold in one currency, so that it can stand alone."""
    question, of_it = found.question, found.of(total.currency)
    rest = sum((one.amount for one in of_it if not one.key), start=NOTHING)
    named = [one for one in of_it if one.key]
    when = "in all" if question.range.is_all else days_words(question.range)
    many = f", {_many(question.by, total.groups)}" if total.groups else ""
    parts = [
        f"Sales {when}: {money(total.amount, total.currency)} from {counted_in_full(total.lines, 'line')}{many}"
        f"{_compared(total, question.before)}.",
        _first(named, total, question) if total.groups > 1 else "",
        f"{money(rest, total.currency)} has {_UNNAMED[question.by]}." if len(named) < len(of_it) else "",
    ]
    return " ".join(filter(None, parts))


def _many(by: By, count: int) -> str:
    return counted_in_full(count, by.value, _MANY.get(by, ""))


def _first(named: Sequence[Figure], total: Total, question: Question) -> str:
    """Say which is the largest."""
    best = max(named, key=lambda one: getattr(one, question.largest.value))
    label = _spoken(question.by, best)
    if question.largest is Measure.QUANTITY:
        return f"Most pieces: {label}, {number(best.quantity):,}."
    part = share(best.amount, total.amount)
    said = f" ({part:g} %)" if part and part <= _WHOLE else ""
    return f"The largest: {label}, {money(best.amount, total.currency)}{said}."


def _spoken(by: By, figure: Figure) -> str:
    """Return what a row is about as people say it."""
    if not by.is_time:
        return " ".join(filter(None, (figure.key, figure.name))) or _UNNAMED[by]
    return span_words(by, dt.date.fromisoformat(figure.key))


def _fields(total: Total, *, is_one: bool) -> Iterator[Field]:
    suffix = "" if is_one else f"_{total.currency.lower()}"
    yield Field(f"total{suffix}", f"Total ({total.currency})", exact(total.amount, total.currency), "money")
    if total.before is not None:
        yield Field(f"before{suffix}", f"Before ({total.currency})", exact(total.before, total.currency), "money")
        change = exact(total.amount - total.before, total.currency)
        yield Field(f"change{suffix}", f"Change ({total.currency})", change, "money")
        yield Field(f"percent{suffix}", "Change in %", percent(total.amount, total.before), "number")
    yield Field(f"lines{suffix}", "Lines", total.lines, "number")


Value = Callable[[Figure], Cell]


def _table(title: str, found: Figures, shown: Shown) -> Table:
    columns = [*_naming(found), *_measuring(found, shown)]
    rows = (Row(tuple(value(figure) for _, value in columns)) for figure in _in_order(found))
    return Table(title, tuple(column for column, _ in columns), tuple(rows), note=_left_out(found))


def _in_order(found: Figures) -> Iterable[Figure]:
    """Return the figures, those of the currency with most lines first."""
    return (figure for total in found.totals for figure in found.of(total.currency))


def _naming(found: Figures) -> Iterator[tuple[Column, Value]]:
    by = found.question.by
    if by.is_time:
        yield _COLUMNS[by], lambda one: one.key[: _MONTH_LENGTH if by is By.MONTH else None]
    else:
        yield _COLUMNS[by], lambda one: one.key or _UNNAMED[by]
    if any(one.name for one in found.figures):
        yield Column("name", "Name"), lambda one: one.name or None
    if len(found.totals) > 1:
        yield Column("currency", "Currency"), lambda one: one.currency


def _measuring(found: Figures, shown: Shown) -> Iterator[tuple[Column, Value]]:
    wholes = {total.currency: total.amount for total in found.totals}
    unit = f" ({found.totals[0].currency})" if len(wholes) == 1 else ""
    yield Column("amount", f"Amount{unit}", "money"), lambda one: exact(one.amount, one.currency)
    if shown.shares:
        yield Column("share", "%", "number"), lambda one: share(one.amount, wholes[one.currency])
    elif any(one.before is not None for one in found.figures):
        yield Column("change", "Change", "money"), _change
        yield Column("percent", "%", "number"), lambda one: percent(one.amount, one.before)
    yield Column("quantity", "Quantity", "number"), lambda one: number(one.quantity)
    yield Column("lines", "Lines", "number"), lambda one: one.lines


def _change(figure: Figure) -> Cell:
    return None if figure.before is None else exact(figure.amount - figure.before, figure.currency)


def _left_out(found: Figures) -> Text:
    """Say how many there are where only the largest are shown."""
    question = found.question
    if not question.top or all(total.groups <= question.top for total in found.totals):
        return ()
    most = max(total.groups for total in found.totals)
    each = " in each currency" if len(found.totals) > 1 else ""
    return text(f"The {question.top:,} largest{each} of {_many(question.by, most)}.")


def _chart(title: str, found: Figures, total: Total, shown: Shown) -> Chart:
    question = found.question
    points = found.of(total.currency)
    if not question.by.is_time:
        # What has no name is told in words and in the table; beside it, what has one would be low.
        points = ([one for one in points if one.key] or points)[:MOST_BARS]
    is_pieces = question.largest is Measure.QUANTITY
    what = "Quantity" if is_pieces else "Amount"
    values = tuple(float(getattr(one, question.largest)) for one in points)
    return Chart(
        title if len(found.totals) == 1 else f"{title}, {total.currency}",
        "line" if len(points) > MOST_BARS else "bar",
        _labels(points, question),
        (Series(what, values),),
        _sentence(total, found),
        unit="" if is_pieces else total.currency,
        label_axis=_COLUMNS[question.by].label,
        value_axis=what,
        caption=sentence_case(
            f"{days_words(question.range)}, days of {shown.zone}{_of_how_many(total, points, question)}"
        ),
    )


def _of_how_many(total: Total, points: Sequence[Figure], question: Question) -> str:
    """Return that only the largest are drawn, if there are more."""
    if question.by.is_time or len(points) >= total.groups:
        return ""
    return f"; the {len(points):,} largest of {_many(question.by, total.groups)}"


def _labels(points: Sequence[Figure], question: Question) -> tuple[str, ...]:
    if question.by.is_time:
        return span_labels(question.by, (dt.date.fromisoformat(one.key) for one in points), question.range)
    return tuple(_spoken(question.by, one) for one in points)


def _compared(total: Total, before: Range | None) -> str:
    """Return `, 12.3 % more than 26–30 Nov 2010 (161,000.00 GBP)`, or nothing where there is nothing to compare."""
    if before is None or total.before is None:
        return ""
    if not total.before:
        return f", after none in the time before ({days_words(before)})"
    then = f"{days_words(before)} ({money(total.before, total.currency)})"
    change = total.amount - total.before
    if not change:
        return f", as much as {then}"
    by = percent(total.amount, total.before)
    how_much = f"{abs(by):,.1f} %" if by is not None else money(abs(change), total.currency)
    return f", {how_much} {'more' if change > 0 else 'less'} than {then}"
