"""The stock-takes of one workspace, and what was counted in them."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, Select, bindparam, literal_column

from adapters.storage.repositories.kinds import Kind
from adapters.storage.repositories.numbered import NumberedItems
from adapters.storage.repositories.serials import Serials
from adapters.storage.repositories.stock.tables import OPEN, products, stock_count_lines, stock_counts, stock_levels
from adapters.storage.schema.text_forms import sort_key, storable
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.shared.paging import Page
from core.stock.model import CATEGORY_LIMIT, CountProgress, CountState, StockCount, Tally
from core.workspaces.model import Audience

_l, _p, _s = stock_count_lines.c, products.c, stock_levels.c
_DIFFERS = _l.counted != _l.expected


def _by(name: str) -> Any:
    return bindparam(name, type_=sa.Integer())


_OF_COUNT = scope.select(stock_count_lines).where(_l.number == _by("the_number"))
_TALLY = _OF_COUNT.where(_l.product == _by("the_product"))
_DROP = scope.delete(stock_count_lines).where(_l.number == _by("the_number"), _l.product == _by("the_product"))
_PAGES = Serials(scope.select(stock_count_lines, _l.product).where(_l.number == _by("the_number"), _DIFFERS))
_NAMED = _OF_COUNT.where(_l.product.in_(bindparam("products", expanding=True))).order_by(_l.product.desc())
_THERE = sa.exists().where(_p.workspace_id == _l.workspace_id, _p.number == _l.product, _p.removed_at.is_(None))
_DIFFERING = _OF_COUNT.where(_DIFFERS, _THERE).order_by(_l.product)
_SUMS = scope.select(
    stock_count_lines,
    sa.func.count().label("products"),
    sa.func.sum(_l.counted).label("pieces"),
    sa.func.sum(sa.case((_DIFFERS, literal_column("1")), else_=literal_column("0"))).label("differing"),
).where(_l.number == _by("the_number"))


def _missing(here: sa.ColumnElement[int], *, of_category: bool, elsewhere: bool) -> Select[Any]:
    """Select what is to be at a location, of a category or all, and was not counted."""
    counted = sa.exists().where(
        _l.workspace_id == _p.workspace_id, _l.number == _by("the_number"), _l.product == _p.number
    )
    found = scope.select(products, _p.number, here.label("here")).where(
        _p.removed_at.is_(None), here > literal_column("0"), ~counted
    )
    if elsewhere:
        found = found.where(
            _s.workspace_id == _p.workspace_id,
            _s.number == _p.number,
            _s.location == bindparam("the_place", type_=_s.location.type),
        )
    if of_category:
        found = found.where(_p.category_sort == bindparam("the_category", type_=_p.category_sort.type))
    return found


_MISSING = {
    (is_elsewhere, is_narrowed): _missing(here, of_category=is_narrowed, elsewhere=is_elsewhere)
    for is_elsewhere, here in ((False, _p.on_hand - _p.elsewhere), (True, _s.amount))
    for is_narrowed in (False, True)
}
_HOW_MANY_MISSING = {which: statement.with_only_columns(sa.func.count()) for which, statement in _MISSING.items()}


def _row(count: StockCount) -> dict[str, Any]:
    return {
        "number": count.number,
        "author_id": count.author_id,
        "created_at": count.created_at,
        "version": count.version,
        "removed_at": count.removed_at,
        "category": storable(count.category),
        "location": storable(count.location),
        "since": count.since,
        "state": count.state.value,
    }


def _count(row: Row[Any]) -> StockCount:
    return StockCount(
        number=row.number,
        author_id=row.author_id,
        created_at=row.created_at,
        category=row.category,
        location=row.location,
        since=int(row.since),
        state=CountState(row.state),
        version=row.version,
        removed_at=row.removed_at,
    )


def _tally(row: Row[Any]) -> Tally:
    return Tally(row.product, row.counted, row.expected, row.moved)


class StockCounts(NumberedItems[StockCount]):
    """The repository of stock-takes."""

    kind: Kind[StockCount] = Kind(
        table=stock_counts,
        row_of=_row,
        item_of=_count,
        words=stock_counts.c.category,
        conditions={"open": literal_column(OPEN)},
    )

    async def open(self, audience: Audience) -> Sequence[StockCount]:
        """Return those that go on, the oldest first."""
        return await self._all({"open": None}, audience)

    async def tally(self, number: int, product: int) -> Tally | None:
        """Return how many of a product were counted in a stock-take, if it was."""
        row = await self._transaction.run(lambda db: db.first(_TALLY, the_number=number, the_product=product))
        return _tally(row) if row else None

    async def put(self, number: int, tally: Tally) -> None:
        """Have so many of a product counted in a stock-take, whatever was before."""
        values = {"counted": tally.counted, "expected": tally.expected, "moved": tally.moved}
        row: dict[str, Any] = {"number": number, "product": tally.product, **values}
        await self._transaction.run(lambda db: db.put(stock_count_lines, row))

    async def drop(self, number: int, product: int) -> None:
        """Have a product not counted in a stock-take."""
        await self._transaction.run(lambda db: db.change(_DROP, the_number=number, the_product=product))

    async def progress(self, count: StockCount) -> CountProgress:
        """Return how far a stock-take is."""
        which, asked = _scope_of(count)

        def read(db: Scoped) -> CountProgress:
            row = db.first(_SUMS, the_number=count.number)
            counted, pieces, differing = (row.products, row.pieces, row.differing) if row else (0, 0, 0)
            missing = db.scalar(_HOW_MANY_MISSING[which], **asked)
            return CountProgress(counted, int(pieces or 0), int(differing or 0), int(missing))

        return await self._transaction.run(read)

    async def page(self, number: int, *, cursor: str = "", limit: int = 10) -> Page[Tally]:
        """Return a page of what differs in a stock-take, the newest product first.

        Raises `InvalidArgumentError` (`cursor`) for a cursor that is none.
        """

        def read(db: Scoped) -> Page[Tally]:
            page = _PAGES.page(db, {"the_number": number}, cursor, limit)
            rows = db.all(_NAMED, the_number=number, products=list(page.ids)) if page.ids else ()
            return Page(list(map(_tally, rows)), page.next_cursor, page.previous_cursor, page.total)

        return await self._transaction.run(read)

    async def differing(self, number: int) -> Sequence[Tally]:
        """Return all that differs in a stock-take, by product, without products that are removed."""
        return list(map(_tally, await self._transaction.run(lambda db: db.all(_DIFFERING, the_number=number))))

    async def missing(self, count: StockCount) -> Mapping[int, int]:
        """Return what was not counted in a stock-take and is to be there: how many, by product."""
        which, asked = _scope_of(count)
        rows = await self._transaction.run(lambda db: db.all(_MISSING[which], **asked))
        return {row.number: row.here for row in rows}


def _scope_of(count: StockCount) -> tuple[tuple[bool, bool], dict[str, Any]]:
    """Return which statements tell what a stock-take misses, and what they are asked with."""
    asked: dict[str, Any] = {"the_number": count.number}
    asked |= {"the_place": storable(count.location)} if count.location else {}
    asked |= {"the_category": sort_key(storable(count.category), CATEGORY_LIMIT)} if count.category else {}
    return (bool(count.location), bool(count.category)), asked
