"""The words of the report on products by days."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from bot.texts.common import counted_in_full, listed, sentence_case
from bot.texts.figures import days_words, exact, money, number, plain_number, span_words, without_year
from bot.texts.reports.sales import MOST_CHARTS, nothing
from core.chat.reply import Cell, Chart, Column, ColumnKind, Field, Reply, Row, Series, Table
from core.chat.text import lines
from core.ports.analyses import Matrix, MatrixRow
from core.sales.matrices import SalesMatrices, SalesMatrix
from core.shared.currencies import places_of

_DIGITS = 4
SCALED = "scaled "
"""How the keys begin of columns that have each row as numbers from 0 to 1."""

_OTHERS, _ALL = "all others", "All"


def of_sales(found: SalesMatrices, zone: str, *, is_scaled: bool) -> Reply:
    """Show products by spans of days, in every currency for itself."""
    title = f"Products by {found.by.value}, {days_words(found.range)}"
    if not found.matrices:
        return nothing(title, found.range, found.latest)
    titles = [title if len(found.matrices) == 1 else f"{title}, {one.currency}" for one in found.matrices]
    named = list(zip(titles, found.matrices, strict=True))
    days = days_words(found.range)
    when = "in all" if found.range.is_all else days
    said = [f"Sales {when}: {money(one.total, one.currency)}. {_of_sales(one)}" for one in found.matrices]
    is_one = len(found.matrices) == 1
    return Reply(
        title=title,
        text=lines(*said, f"{_averaged(found)} Days are those of {zone}."),
        fields=tuple(
            Field(
                f"total{'' if is_one else f'_{one.currency.lower()}'}",
                f"Total ({one.currency})",
                exact(one.total, one.currency),
                "money",
            )
            for one in found.matrices
        ),
        tables=tuple(table for name, one in named for table in _tables_of_sales(name, one, found, is_scaled=is_scaled)),
        charts=tuple(
            _heat(name, one.matrix, _columns(one.matrix, found), summary, one.currency, f"{days}, days of {zone}")
            for (name, one), summary in list(zip(named, said, strict=True))[:MOST_CHARTS]
        ),
    )


def of_file(found: Matrix, *, is_scaled: bool) -> Reply:
    """Show the rows of a file."""
    title = "The file by rows and columns"
    missing = ""
    if found.missing:
        how = "is missing and counts" if found.missing == 1 else "are missing and count"
        missing = f"{counted_in_full(found.missing, 'value')} {how} as 0."
    said = f"{plain_number(found.total)} in all. {_largest(found, [row.name for row in found.rows], plain_number)}"
    columns = [Column(key, label, "number") for key, label in zip(_keys_of(found.columns), found.columns, strict=True)]
    head = (Column("row", "Row"), *columns, Column("total", "Total", "number"), Column("average", "Average", "number"))
    rows = [Row((row.name, *map(number, (*row.values, row.total, row.average)))) for row in found.rows]
    average = round(found.total / len(found.columns), _DIGITS)
    rows.append(Row((_ALL, *map(number, (*found.by_column, found.total, average)))))
    return Reply(
        title=title,
        text=lines(said, missing or None),
        fields=(
            Field("total", "Total", number(found.total), "number"),
            Field("missing", "Missing values", found.missing, "number"),
        ),
        tables=(Table(title, head, tuple(rows)), *_scaled_of_file(found, head[0], columns, is_scaled=is_scaled)),
        charts=(_heat(title, found, found.columns, said),),
    )


def _keys_of(headings: Sequence[str]) -> Iterator[str]:
    """Give scripts a file's own headings, and the place where one would not tell which column it is."""
    for place, heading in enumerate(headings, 1):
        is_taken = heading in ("", "row", "total", "average") or headings.count(heading) > 1
        yield f"c{place}" if is_taken else heading


def _scaled_of_file(found: Matrix, name: Column, columns: Sequence[Column], *, is_scaled: bool) -> Iterator[Table]:
    if is_scaled:
        yield _scaled(found, [name], columns, lambda row: (row.name,))


def _averaged(found: SalesMatrices) -> str:
    """Say over how many days the averages are."""
    counts = sorted({len(one.matrix.columns) for one in found.matrices})
    said = " or ".join(f"{count:,}" for count in counts)
    return f"Averages are over the {said} {found.by.value}{'' if counts == [1] else 's'} with sales."


def _of_sales(one: SalesMatrix) -> str:
    """Say which products were the largest."""
    names = [" ".join(filter(None, (product.key, product.name))) for product in one.products]
    return _largest(one.matrix, names, lambda amount: money(amount, one.currency))


def _largest(found: Matrix, names: Sequence[str], told: Callable[[Decimal], str]) -> str:
    best = [f"{names[place]} ({told(found.rows[place].total)})" for place in found.largest]
    return f"The largest: {listed(best)}." if best else ""


def _tables_of_sales(title: str, one: SalesMatrix, found: SalesMatrices, *, is_scaled: bool) -> Iterator[Table]:
    naming = [Column("product", "Product"), Column("name", "Name")]
    columns = [
        Column(key, label, "money") for key, label in zip(one.matrix.columns, _columns(one.matrix, found), strict=True)
    ]
    names = {product.key: product.name or None for product in one.products}
    unit = f" ({one.currency})"
    sums = (Column("total", f"Total{unit}", "money"), Column("average", f"Average{unit}", "money"))
    rows = [Row((row.name, names[row.name], *_with_sums(row.values, one.currency))) for row in one.matrix.rows]
    if one.others is not None:
        rows.append(Row((_OTHERS, None, *_with_sums(one.others, one.currency))))
    rows.append(Row((_ALL, None, *_with_sums(one.by_column, one.currency))))
    yield Table(title, (*naming, *columns, *sums), tuple(rows))
    if is_scaled:
        yield _scaled(one.matrix, naming, columns, lambda row: (row.name, names[row.name]), title)


def _with_sums(values: Sequence[Decimal], currency: str) -> tuple[Cell, ...]:
    total = sum(values, start=Decimal(0))
    average = round(total / len(values), places_of(currency))
    return tuple(exact(one, currency) for one in (*values, total, average))


def _scaled(
    found: Matrix,
    naming: Sequence[Column],
    columns: Sequence[Column],
    named: Callable[[MatrixRow], tuple[Cell, ...]],
    title: str = "",
) -> Table:
    """Return each row between its least and its most."""
    kind: ColumnKind = "number"
    head = (*naming, *(Column(f"{SCALED}{column.key}", column.label, kind) for column in columns))
    rows = [Row((*named(row), *(round(value, _DIGITS) for value in row.scaled))) for row in found.rows]
    said = "Each row from its least (0) to its most (1)"
    return Table(f"{said}: {title}" if title else said, head, tuple(rows))


def _columns(matrix: Matrix, found: SalesMatrices) -> Sequence[str]:
    """Return what the columns are called."""
    firsts = map(dt.date.fromisoformat, matrix.columns)
    return [without_year(span_words(found.by, first), found.range) for first in firsts]


def _heat(title: str, found: Matrix, columns: Sequence[str], summary: str, unit: str = "", about: str = "") -> Chart:
    series = tuple(Series(row.name, tuple(map(float, row.values))) for row in found.rows)
    colours = "colours run from the least to the most of each row"
    caption = sentence_case(f"{about}; {colours}" if about else colours)
    return Chart(title, "heat", tuple(columns), series, summary, unit=unit, caption=caption, by_row=True)
