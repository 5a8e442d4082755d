"""What was sold, added up by day, or by product, customer or country: sums of ten-thousandths, exact to the end."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, bindparam, literal_column

from adapters.storage.repositories.customers.naming import NAMED
from adapters.storage.repositories.customers.table import customers
from adapters.storage.repositories.sales.table import sale_lines
from adapters.storage.work import scope
from adapters.storage.work.chunks import chunks
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from adapters.storage.work.versions import version_of
from core.dates.ranges import Range
from core.sales.figures import By, Cell, DayFigure, Figure, Figures, Measure, Question, Total

_s = sale_lines.c

_NOTHING: ColumnElement[int] = literal_column("0", sa.Integer())
_ONE: ColumnElement[int] = literal_column("1", sa.Integer())
_UNNAMED: ColumnElement[str] = literal_column("''")

_KEYS: Mapping[By, tuple[ColumnElement[str], ColumnElement[str] | None]] = {
    By.PRODUCT: (_s.product, _s.product_name),
    By.CUSTOMER: (_s.customer, _s.customer_name),
    By.COUNTRY: (_s.country, None),
}
"""The column of the codes, and that of the names, if there is one."""


def _date(name: str) -> ColumnElement[date]:
    return bindparam(name, type_=sa.Date())


_WITHIN = _s.business_date.between(_date("the_first"), _date("the_last"))
_AMOUNT, _QUANTITY = sa.func.sum(_s.amount).label("amount"), sa.func.sum(_s.quantity).label("quantity")
_LAST_DAY = scope.select(sale_lines, sa.func.max(_s.business_date))
_DAYS = (
    scope.select(sale_lines, _s.business_date, _s.currency, _AMOUNT, _QUANTITY, sa.func.count().label("lines"))
    .where(_WITHIN)
    .group_by(_s.business_date, _s.currency)
    .order_by(_s.business_date, _s.currency)
)
_OF_SOURCE = (
    scope.select(sale_lines, _s.currency, _AMOUNT, _QUANTITY, sa.func.count().label("lines"))
    .where(_WITHIN, _s.source == bindparam("the_source"))
    .group_by(_s.currency)
    .order_by(sa.func.count().desc(), _s.currency)
)
_CELLS = (
    scope.select(sale_lines, _s.product, _s.business_date, _s.currency, _AMOUNT)
    .where(_WITHIN, _s.product.in_(bindparam("products", expanding=True)))
    .group_by(_s.product, _s.business_date, _s.currency)
)


class SaleFigures:
    """The repository of what was sold, in figures."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def version(self) -> str:
        """Return what the sales, and whom they name, go by as they are: whatever changes either gives another one."""
        return await self._transaction.run(lambda db: f"{version_of(db, sale_lines)}{version_of(db, customers)}")

    async def days(self, within: Range) -> Sequence[DayFigure]:
        """Add up what was sold on each day that has sales, in the order of days."""
        return await self._transaction.run(lambda db: _days(db, within))

    async def groups(self, question: Question) -> Figures:
        """Add up what was sold of each product, to each customer or into each country, the largest first."""
        return await self._transaction.run(lambda db: _groups(db, question))

    async def of_source(self, source: str, within: Range) -> Sequence[Total]:
        """Add up what an area sold on some days, by currency, most lines first."""
        asked = {"the_source": source, "the_first": within.first, "the_last": within.last}
        rows = await self._transaction.run(lambda db: db.all(_OF_SOURCE, **asked))
        return [Total(row.currency, row.amount, row.quantity, int(row.lines), None, int(row.lines)) for row in rows]

    async def cells(self, within: Range, products: Sequence[str]) -> Sequence[Cell]:
        """Add up what was sold of some products on each day that has sales of them."""
        return await self._transaction.run(lambda db: _cells(db, within, products))

    async def last_day(self) -> date | None:
        """Return the last day that has sales, if any has."""
        return await self._transaction.run(_last_day)


def _last_day(db: Scoped) -> date | None:
    found: date | None = db.scalar(_LAST_DAY)
    return found


def _days(db: Scoped, within: Range) -> Sequence[DayFigure]:
    rows = db.all(_DAYS, the_first=within.first, the_last=within.last)
    return tuple(DayFigure(row.business_date, row.currency, row.amount, row.quantity, row.lines) for row in rows)


def _cells(db: Scoped, within: Range, products: Sequence[str]) -> Sequence[Cell]:
    asked = {"the_first": within.first, "the_last": within.last}
    rows = (row for some in chunks(products) for row in db.all(_CELLS, products=some, **asked))
    return tuple(Cell(row.product, row.business_date, row.currency, row.amount) for row in rows)


def _groups(db: Scoped, question: Question) -> Figures:
    before = question.before
    statement = _largest(question.by, question.largest, is_compared=before is not None, is_limited=question.top > 0)
    given: dict[str, Any] = {"the_first": (before or question.range).first, "the_last": question.range.last}
    given |= {"the_begin": question.range.first} if before else {}
    given |= {"the_top": question.top} if question.top else {}
    rows = db.all(statement, **given)
    totals = {row.currency: _total(row) for row in rows}
    largest_first = sorted(totals.values(), key=lambda total: (-total.lines, total.currency))
    return Figures(question, tuple(map(_figure, rows)), tuple(largest_first))


def _figure(row: Any) -> Figure:
    before, name = getattr(row, "before", None), getattr(row, "name", None)
    return Figure(row.code, row.currency, row.amount, row.quantity, int(row.lines), before, name or "", row.place)


def _total(row: Any) -> Total:
    # Some databases add whole numbers up to one of another type.
    lines, named = int(row.lines_in_all), int(row.named_in_all)
    before = getattr(row, "before_in_all", None)
    return Total(row.currency, row.amount_in_all, row.quantity_in_all, lines, before, named)


@cache
def _largest(by: By, largest: Measure, *, is_compared: bool, is_limited: bool) -> Select[Any]:
    """Select the figures of each thing, its place among those of its currency, and the sums over all of them."""
    grouped = _grouped(by, is_compared=is_compared)
    group = (_put_together(grouped) if by is By.CUSTOMER else grouped).subquery().c
    is_unnamed, is_gone = group.code == _UNNAMED, group.lines == _NOTHING
    last = [sa.case((condition, _ONE), else_=_NOTHING) for condition in (is_gone, is_unnamed)]
    is_named = sa.case((sa.or_(is_unnamed, is_gone), _NOTHING), else_=_ONE).label("named")
    summed = [group.amount, group.quantity, group.lines, is_named, *([group.before] if is_compared else [])]
    placed = scope.over(
        sa.select(
            *group,
            sa.func.row_number()
            .over(partition_by=group.currency, order_by=(*last, group[largest.value].desc(), group.code))
            .label("place"),
            *(sa.func.sum(one).over(partition_by=group.currency).label(f"{one.name}_in_all") for one in summed),
        )
    ).subquery()
    is_meant = [sa.or_(placed.c.place <= bindparam("the_top"), placed.c.code == _UNNAMED)] if is_limited else []
    chosen = scope.over(sa.select(placed).where(placed.c.lines > _NOTHING, *is_meant))
    return chosen.order_by(placed.c.currency, placed.c.place)


def _put_together(grouped: Select[Any]) -> Select[Any]:
    """Select the sums of each customer, by whatever sales name them; who is registered goes by their code and name."""
    group, named = grouped.subquery(), NAMED.c
    sums = [column for column in group.c if column.name not in ("code", "currency", "name")]
    whose = scope.over(
        sa.select(
            sa.func.coalesce(named.code, group.c.code).label("code"),
            sa.func.coalesce(named.username, group.c.name).label("name"),
            group.c.currency,
            *sums,
        ).select_from(group.outerjoin(NAMED, group.c.code == named.said))
    )
    one = whose.subquery().c
    summed = (sa.func.sum(one[column.name]).label(column.name) for column in sums)
    name = sa.func.min(one.name).label("name")
    return scope.over(sa.select(one.code, one.currency, name, *summed).group_by(one.code, one.currency))


def _grouped(by: By, *, is_compared: bool) -> Select[Any]:
    """Select the sums of each thing, those of the range before beside them."""
    code, name = _KEYS[by]
    columns = [code.label("code"), _s.currency]
    if name is not None:
        columns.append(sa.func.min(sa.case((name != _UNNAMED, name))).label("name"))
    if not is_compared:
        columns += [_AMOUNT, _QUANTITY, sa.func.count().label("lines")]
        return scope.select(sale_lines, *columns).where(_WITHIN).group_by(code, _s.currency)
    is_now = _s.business_date >= _date("the_begin")
    now = {"amount": _s.amount, "quantity": _s.quantity, "lines": _ONE}
    columns += [sa.func.sum(sa.case((is_now, one), else_=_NOTHING)).label(label) for label, one in now.items()]
    columns.append(sa.func.sum(sa.case((~is_now, _s.amount), else_=_NOTHING)).label("before"))
    return scope.select(sale_lines, *columns).where(_WITHIN).group_by(code, _s.currency)
