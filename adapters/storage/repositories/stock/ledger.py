"""The ledger of one workspace: quantities change by one conditional statement each, beside the entry that says why."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, literal_column

from adapters.storage.repositories.serials import Serials
from adapters.storage.repositories.stock.rows import movement_of, movement_row, product_of
from adapters.storage.repositories.stock.tables import movements, products, stock_levels
from adapters.storage.schema.text_forms import storable
from adapters.storage.work import scope
from adapters.storage.work.additions import Additions
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.shared.paging import Page
from core.stock.model import QUANTITY_LIMIT, Change, Movement, MovementKind, Product

_p, _m = products.c, movements.c


def _by(name: str) -> Any:
    return bindparam(name, type_=sa.Integer())


_FREE = _p.on_hand - _p.reserved - _p.elsewhere
_NONE: Any = literal_column("0")
_APPLY = (
    scope.update(products)
    .where(
        _p.number == _by("the_number"),
        # What is in the catalogue no more neither comes nor goes, but what was set aside of it may be let go.
        sa.or_(_p.removed_at.is_(None), sa.and_(_by("by_reserved") < _NONE, _by("by_on_hand") == _NONE)),
        # Nothing is sold or set aside that is not there, is set aside already, or lies elsewhere.
        _FREE + _by("by_free") >= _NONE,
        _p.reserved + _by("by_reserved") >= _NONE,
        _p.elsewhere + _by("by_elsewhere") >= _NONE,
        _p.on_hand + _by("by_on_hand") <= literal_column(str(QUANTITY_LIMIT)),
        _p.on_order + _by("by_on_order") >= _NONE,
    )
    .values(
        on_hand=_p.on_hand + _by("by_on_hand"),
        reserved=_p.reserved + _by("by_reserved"),
        on_order=_p.on_order + _by("by_on_order"),
        elsewhere=_p.elsewhere + _by("by_elsewhere"),
        shortfall=_p.shortfall - _by("by_available"),
        version=_p.version + literal_column("1"),
    )
    .returning(*_p)
)
_OF_PRODUCT = scope.select(movements, _m.id).where(_m.number == _by("the_number"))
_PAGES = Serials(_OF_PRODUCT)
_NAMED = (
    scope.select(movements)
    .where(_m.id.in_(bindparam("the_ids", expanding=True, type_=_m.id.type)))
    .order_by(_m.id.desc())
)
_STORED = scope.select(movements, sa.func.max(_m.id)).where(
    _m.number == _by("the_number"),
    _m.kind == bindparam("the_kind", type_=_m.kind.type),
    _m.quantity == _by("the_quantity"),
    _m.author_id == _by("the_author"),
    _m.at == bindparam("moment", type_=_m.at.type),
)


_l = stock_levels.c
_LEVELS = (
    scope.select(stock_levels, _l.location, _l.amount)
    .where(_l.number == _by("the_number"), _l.amount > _NONE)
    .order_by(_l.location)
)
_LOCATIONS = scope.select(stock_levels, _l.location).distinct().order_by(_l.location)
_LAST = scope.select(movements, _m.id).order_by(_m.id.desc()).limit(1)
_MOVED = scope.select(movements, sa.func.sum(_m.quantity)).where(
    _m.number == _by("the_number"),
    _m.id > bindparam("the_last", type_=_m.id.type),
    _m.location == bindparam("the_place", type_=_m.location.type),
    *(_m.kind != literal_column(f"'{kind.value}'") for kind in MovementKind if kind.sets_aside),
)


class Ledger:
    """The repository of movements."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def apply(self, changes: Sequence[Change]) -> Sequence[Product | None]:
        """Change the quantities of products, one after the other, and return what there is of each then.

        None stands for a product whose goods don't suffice, that would have too much, or that is not there: then
        nothing of that change was done, and nothing that comes after it.
        """

        def apply(db: Scoped) -> list[Product | None]:
            found: list[Product | None] = []
            for change in changes:
                row = db.first(_APPLY, **_parameters(change))
                found.append(product_of(row) if row else None)
                if row is None:
                    break
            return found

        return await self._transaction.run(apply)

    def write(self, entries: Sequence[Movement]) -> None:
        """Append entries at the latest when the unit of work commits."""
        self._transaction.add(Additions({movements: list(map(movement_row, entries))}))

    async def page(self, number: int, *, cursor: str = "", limit: int = 10) -> Page[Movement]:
        """Return a page of a product's entries, the newest first.

        Raises `InvalidArgumentError` (`cursor`) for a cursor that is none.
        """

        def read(db: Scoped) -> Page[Movement]:
            page = _PAGES.page(db, {"the_number": number}, cursor, limit)
            rows = db.all(_NAMED, the_ids=list(page.ids)) if page.ids else ()
            return Page(list(map(movement_of, rows)), page.next_cursor, page.previous_cursor, page.total)

        return await self._transaction.run(read)

    async def id_of(self, entry: Movement) -> int:
        """Return the id under which an entry is stored, 0 if it is not."""
        asked = {
            "the_number": entry.number,
            "the_kind": entry.kind.value,
            "the_quantity": entry.quantity,
            "the_author": entry.member_id,
            "moment": entry.at,
        }
        return int(await self._transaction.run(lambda db: db.scalar(_STORED, **asked)) or 0)

    async def levels(self, number: int) -> Mapping[str, int]:
        """Return how much of a product lies at which locations other than the first."""
        rows = await self._transaction.run(lambda db: db.all(_LEVELS, the_number=number))
        return {row.location: row.amount for row in rows}

    async def last(self) -> int:
        """Return the id of the last entry, 0 if there is none."""
        return int(await self._transaction.run(lambda db: db.scalar(_LAST)) or 0)

    async def moved(self, number: int, since: int, location: str) -> int:
        """Return how many of a product came (or went: below 0) at a location, behind an entry; empty is the first."""
        asked = {"the_number": number, "the_last": since, "the_place": storable(location)}
        return int(await self._transaction.run(lambda db: db.scalar(_MOVED, **asked)) or 0)

    async def locations(self) -> Sequence[str]:
        """Return the names of the locations other than the first at which anything ever lay."""
        return [row.location for row in await self._transaction.run(lambda db: db.all(_LOCATIONS))]

    def place(self, number: int, amounts: Mapping[str, int]) -> None:
        """Let so much more, or (below 0) less, of a product lie at locations, on commit; there has to be as much."""
        additions = Additions()
        additions.add_up(stock_levels, {(number, storable(location)): amount for location, amount in amounts.items()})
        self._transaction.add(additions)


def _parameters(change: Change) -> dict[str, int]:
    available = change.on_hand - change.reserved
    return {
        "the_number": change.number,
        "by_free": available - change.elsewhere,
        "by_available": available,
        "by_on_hand": change.on_hand,
        "by_reserved": change.reserved,
        "by_on_order": change.on_order,
        "by_elsewhere": change.elsewhere,
    }
