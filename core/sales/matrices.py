"""Sales as a matrix: what the database added up by product and by day, laid out to be shaped."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from core.dates.ranges import Calendar, Range
from core.ports.analyses import Analyses, Matrix, MatrixCell
from core.sales.figures import NOTHING, By, Cell, DayFigure, Figure, Figures
from core.shared.value_objects import value_object

MOST_COLUMNS = 14
"""Spans of days that have room side by side, unless others are asked for."""


@value_object
class SalesMatrix:
    """The largest products by spans of days, in one currency.

    `products` are in the order of the rows. `others` is what all other products, and what has none, came to in each
    span, None where there are none; `by_column` and `total` are of all.
    """

    currency: str
    products: Sequence[Figure]
    matrix: Matrix
    by_column: tuple[Decimal, ...]
    total: Decimal
    others: tuple[Decimal, ...] | None


@value_object
class SalesMatrices:
    """The matrices of a range, one for each currency, that with most sales first.

    Where there are none, `latest` is the last day that has sales, if any has.
    """

    range: Range
    by: By
    matrices: Sequence[SalesMatrix]
    latest: dt.date | None = None


@value_object
class Laid:
    """What was sold in a range: the largest products, what each came to on each day, and what all did."""

    largest: Figures
    days: Sequence[DayFigure]
    cells: Sequence[Cell]


async def shaped(laid: Laid, by: By, calendar: Calendar, analyses: Analyses, *, top: int) -> Sequence[SalesMatrix]:
    """Shape sales to a matrix in each currency, whose `top` largest rows are named."""
    return [
        await _Laying(laid, total.currency, by, calendar).shaped(analyses, top=top) for total in laid.largest.totals
    ]


def _without_rows(columns: Sequence[str]) -> Matrix:
    return Matrix(tuple(columns), (), tuple(NOTHING for _ in columns), NOTHING, ())


class _Laying:
    """Sales in one currency, put to their places."""

    def __init__(self, laid: Laid, currency: str, by: By, calendar: Calendar) -> None:
        self._laid = laid
        self._currency = currency
        self._by = by
        self._calendar = calendar
        self._sums: dict[dt.date, Decimal] = defaultdict(lambda: NOTHING)
        for day in laid.days:
            if day.currency == currency:
                self._sums[self._beginning(day.day)] += day.amount

    async def shaped(self, analyses: Analyses, *, top: int) -> SalesMatrix:
        products = [figure for figure in self._laid.largest.of(self._currency) if figure.key]
        rows = {figure.key: place for place, figure in enumerate(products)}
        columns = {first: place for place, first in enumerate(sorted(self._sums))}
        cells = [
            MatrixCell(rows[cell.product], columns[self._beginning(cell.day)], cell.amount)
            for cell in self._laid.cells
            if cell.currency == self._currency and cell.product in rows
        ]
        names = [first.isoformat() for first in columns]
        # Where no line names a product there is nothing to shape: all of them are others.
        matrix = await analyses.matrix(list(rows), names, cells, top=top) if rows else _without_rows(names)
        by_column = tuple(self._sums[first] for first in columns)
        others = tuple(whole - part for whole, part in zip(by_column, matrix.by_column, strict=True))
        return SalesMatrix(
            currency=self._currency,
            products=products,
            matrix=matrix,
            by_column=by_column,
            total=sum(by_column, start=NOTHING),
            others=others if self._has_others(len(products)) else None,
        )

    def _has_others(self, shown: int) -> bool:
        of_all = self._laid.largest
        total = next(total for total in of_all.totals if total.currency == self._currency)
        return total.groups > shown or any(not figure.key for figure in of_all.of(self._currency))

    def _beginning(self, day: dt.date) -> dt.date:
        return self._calendar.beginning(self._by.value, day)
