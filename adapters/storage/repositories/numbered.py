"""What repositories of numbered items have in common: numbers, versions, pages, and who may see what."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, Update, bindparam, literal_column

from adapters.storage.engine.dialects.patterns import ESCAPE, literal
from adapters.storage.repositories.keyset import Order, page, place_of
from adapters.storage.repositories.kinds import STRAIGHT, Kind, Narrowed, Question, Way, matching, numbered, question
from adapters.storage.schema.reminding import is_reminding, may_remind
from adapters.storage.schema.tables import counters
from adapters.storage.schema.text_forms import sort_key
from adapters.storage.work import scope
from adapters.storage.work.additions import Additions
from adapters.storage.work.chunks import chunks
from adapters.storage.work.own_keys import holders, own_keys, require_free
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.shared.paging import Page
from core.workspaces.model import Audience

BULK = 2000
"""Items stored in one visit to the database."""

_LONGEST_NUMBER = 9
"""Digits of a number that every database can compare with."""

_RESERVE = (
    scope.update(counters)
    .where(counters.c.name == bindparam("the_counter"))
    .values(value=counters.c.value + bindparam("how_many", type_=sa.Integer()))
    .returning(counters.c.value)
)


class Numbered(Protocol):
    """What every numbered item has."""

    @property
    def number(self) -> int:
        """Return what it is called by; unique among its kind in a workspace, and never used again."""
        ...


T = TypeVar("T", bound=Numbered)


class NumberedItems(Generic[T]):
    """The repository of a kind of numbered items; what an area asks beyond this it adds in a class of its own."""

    kind: Kind[T]

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def reserve_numbers(self, count: int = 1) -> int:
        """Take `count` fresh numbers and return the first; a number is never given twice."""
        name = self.kind.table.name
        return await self._transaction.run(lambda db: reserved(db, name, count)) - count + 1

    def add(self, item: T) -> None:
        """Insert an item at the latest when the unit of work commits."""
        self._transaction.add(self._laid_out([item]))

    def add_all(self, items: Sequence[T]) -> None:
        """Insert items at the latest when the unit of work commits; keys that others have are refused (`key_taken`)."""
        self._transaction.add(self._laid_out(items))

    async def get(self, number: int, audience: Audience) -> T | None:
        """Return an item that the audience may see and that is not removed."""
        asked, parameters = question(self.kind, {}, audience)
        statement = _one(asked)
        row = await self._transaction.run(lambda db: db.first(statement, the_number=number, **parameters))
        return self._met([self.kind.item_of(row)])[0] if row else None

    async def get_many(self, numbers: Sequence[int], audience: Audience) -> Sequence[T]:
        """Return those of the items that exist, are not removed and may be seen, by number."""
        return await self._get_many(self.kind.number, sorted(set(numbers)), audience)

    async def _get_many(self, column: ColumnElement[Any], keys: Sequence[object], audience: Audience) -> Sequence[T]:
        """Return the items that may be seen and have one of the keys in a column of their table."""
        asked, parameters = question(self.kind, {}, audience)
        statement = _named(asked, column)

        def read(db: Scoped) -> list[T]:
            rows = [row for chunk in chunks(keys) for row in db.all(statement, the_keys=chunk, **parameters)]
            return list(map(self.kind.item_of, rows))

        return self._met(await self._transaction.run(read))

    async def find(self, number: int) -> T | None:
        """Return an item whatever its state, removed ones too; for undo and jobs, never for showing."""
        statement = _found(self.kind)
        row = await self._transaction.run(lambda db: db.first(statement, the_number=number))
        return self._met([self.kind.item_of(row)])[0] if row else None

    async def change(self, item: T, expected_version: int) -> bool:
        """Store an item (its `version` already raised) if it still has the expected version; tell whether it had."""
        statement = _changed(self.kind)

        def write(db: Scoped) -> bool:
            self._require_free(db, [item])
            former = self._former(db, [item])
            values = self.kind.row_of(item)
            number = values.pop("number")
            if not db.change(statement, the_number=number, expected=expected_version, **values):
                return False
            self._changed(db, [item], former)
            return True

        return await self._transaction.run(write)

    async def change_many(self, items: Sequence[T]) -> None:
        """Store many changed items that were read in this very transaction."""
        for chunk in chunks(items, BULK):
            await self._transaction.run(lambda db, chunk=chunk: self._update(db, chunk))  # type: ignore[misc]

    async def versions(self, numbers: Sequence[int]) -> Mapping[int, int]:
        """Return the versions of those of the items that are there, by number, whoever may see them."""
        statement = _versions(self.kind)

        def read(db: Scoped) -> dict[int, int]:
            found = (row for chunk in chunks(numbers) for row in db.all(statement, numbers=chunk))
            return {row.number: row.version for row in found}

        return await self._transaction.run(read)

    async def holders(self, key: str, values: Collection[str]) -> Mapping[str, int]:
        """Return the numbers of those items, not removed, that have one of some values (any count) as that own key."""
        return await self._transaction.run(lambda db: holders(db, self.kind.table, key, values))

    async def remove_untouched(self, numbers: Sequence[int], at: datetime) -> int:
        """Remove those of the items that are as they were made (version 1) and return how many."""
        return await self._transaction.run(lambda db: sum(self._withdraw(db, chunk, at) for chunk in chunks(numbers)))

    async def take_due(self, numbers: Sequence[int], now: datetime) -> Sequence[T]:
        """Return those of the items that are to remind people by now, and take their reminders away; versions stay.

        Only for kinds whose table is one of `reminding`.
        """
        due, cleared = _due(self.kind), _cleared(self.kind)

        def take(db: Scoped) -> list[T]:
            rows = [row for chunk in chunks(numbers) for row in db.all(due, numbers=chunk, moment=now)]
            for chunk in chunks(row.number for row in rows):
                db.change(cleared, numbers=chunk)
            return list(map(self.kind.item_of, rows))

        return await self._transaction.run(take)

    async def silent(self, numbers: Sequence[int]) -> Sequence[T]:
        """Return those of the items that remind people, but have no reminder to come; as `take_due`."""
        silent = _silent(self.kind)

        def read(db: Scoped) -> list[T]:
            return [self.kind.item_of(row) for chunk in chunks(numbers) for row in db.all(silent, numbers=chunk)]

        return await self._transaction.run(read)

    def _withdraw(self, db: Scoped, numbers: Sequence[int], at: datetime) -> int:
        """Mark the untouched ones of some items as removed, with what is kept of them beside their rows."""
        return db.change(_untouched(self.kind), numbers=numbers, removed_at=at, version=2)

    async def _page(
        self,
        narrowed: Narrowed,
        audience: Audience,
        order: Order,
        *,
        way: Way = STRAIGHT,
        cursor: str = "",
        limit: int = 10,
    ) -> Page[T]:
        """Return a page; raises `InvalidArgumentError` (`cursor`) for a cursor that no page in this order has."""
        place = place_of(cursor, order)
        asked, parameters = question(self.kind, narrowed, audience, way)
        return await self._transaction.run(lambda db: page(db, asked, parameters, order, place, limit))

    async def _walk(self, narrowed: Narrowed, audience: Audience, *, chunk: int) -> AsyncIterator[Sequence[T]]:
        """Yield all matching items by number, in chunks, without holding more than one chunk."""
        asked, parameters = question(self.kind, narrowed, audience, self.kind.walk)
        statement, after = _walked(asked), 0
        while True:
            rows = await self._transaction.run(
                lambda db, after=after: db.all(statement, **parameters, after=after, at_most=chunk)  # type: ignore[misc]
            )
            if rows:
                yield list(map(self.kind.item_of, rows))
            if len(rows) < chunk:
                return
            after = rows[-1].number

    async def _all(self, narrowed: Narrowed, audience: Audience) -> Sequence[T]:
        """Return all matching items by number, of a kind of which there are few."""
        return [item async for some in self._walk(narrowed, audience, chunk=1000) for item in some]

    async def _suggest(
        self, prefix: str, narrowed: Narrowed, audience: Audience, order: Order, *, limit: int
    ) -> Sequence[T]:
        """Return items whose number or one of whose words starts so, for completion; an exact number comes first."""
        key = sort_key(prefix).removeprefix("#").strip()
        is_number, start = key.isdecimal(), literal(key)
        asked, parameters = question(self.kind, narrowed, audience)
        parameters |= {"starts": f"{start}%", "holds": f"% {start}%", "at_most": limit}
        if is_number:
            parameters["exact"] = int(key) if len(key) <= _LONGEST_NUMBER else 0
        statement = _suggested(asked, order, by_number=is_number)
        rows = await self._transaction.run(lambda db: db.all(statement, **parameters))
        return list(map(self.kind.item_of, rows))

    def _laid_out(self, items: Sequence[T]) -> Additions:
        """Return the rows of new items, and what is kept of them beside those."""
        additions = Additions()
        additions.insert(self.kind.table, map(self.kind.row_of, items))
        return additions

    def _require_free(self, db: Scoped, items: Sequence[T]) -> None:
        """Refuse changed items whose own key another one has."""
        table = self.kind.table
        if keys := own_keys(table, map(self.kind.row_of, items)):
            require_free(db, table, keys, {item.number for item in items})

    def _update(self, db: Scoped, items: Sequence[T]) -> None:
        self._require_free(db, items)
        former = self._former(db, items)
        db.update_many(self.kind.table, ("number",), map(self.kind.row_of, items))
        self._changed(db, items, former)

    def _former(self, db: Scoped, items: Sequence[T]) -> Mapping[int, T]:
        """Return by number what items were before, as far as anything is kept of them beside their rows."""
        return {}

    def _changed(self, db: Scoped, items: Sequence[T], former: Mapping[int, T]) -> None:
        """Store what is kept of changed items beside their rows."""

    def _met(self, items: list[T]) -> list[T]:
        """Note items that were read, as they may be changed in this transaction; return them."""
        return items


def reserved(db: Scoped, name: str, count: int) -> int:
    """Return the counter's new value; its row is made on first use."""
    value = db.scalar(_RESERVE, the_counter=name, how_many=count)
    if value is None:
        db.insert_missing(counters, {"name": name, "value": 0})
        value = db.scalar(_RESERVE, the_counter=name, how_many=count)
    return int(value)


@lru_cache(maxsize=256)
def _one(asked: Question) -> Select[Any]:
    return matching(asked).where(asked.kind.number == bindparam("the_number"))


@lru_cache(maxsize=256)
def _named(asked: Question, column: ColumnElement[Any]) -> Select[Any]:
    keys = bindparam("the_keys", expanding=True, type_=column.type)
    return matching(asked).where(column.in_(keys)).order_by(asked.kind.number)


@lru_cache(maxsize=64)
def _found(kind: Kind[Any]) -> Select[Any]:
    return kind.select().where(kind.number == bindparam("the_number"))


@lru_cache(maxsize=64)
def _changed(kind: Kind[Any]) -> Update:
    columns = kind.table.c
    return scope.update(kind.table).where(
        columns.number == bindparam("the_number"), columns.version == bindparam("expected")
    )


@lru_cache(maxsize=64)
def _versions(kind: Kind[Any]) -> Select[Any]:
    columns = kind.table.c
    named = columns.number.in_(bindparam("numbers", expanding=True))
    return scope.select(kind.table, columns.number, columns.version).where(named, columns.removed_at.is_(None))


@lru_cache(maxsize=64)
def _untouched(kind: Kind[Any]) -> Update:
    columns = kind.table.c
    named = columns.number.in_(bindparam("numbers", expanding=True))
    return scope.update(kind.table).where(named, columns.version == literal_column("1"), columns.removed_at.is_(None))


@lru_cache(maxsize=256)
def _walked(asked: Question) -> Select[Any]:
    number = asked.kind.number
    return matching(asked).where(number > bindparam("after")).order_by(number).limit(bindparam("at_most"))


@lru_cache(maxsize=256)
def _suggested(asked: Question, order: Order, *, by_number: bool) -> Select[Any]:
    kind = asked.kind
    found = [kind.words.like(bindparam(name, type_=sa.String()), escape=ESCAPE) for name in ("starts", "holds")]
    first = list(order.by(kind.table))
    if by_number:
        found.append(sa.cast(kind.number, sa.Unicode(20)).like(bindparam("starts", type_=sa.String()), escape=ESCAPE))
        first.insert(0, sa.case((kind.number == bindparam("exact"), 0), else_=1).asc())
    return matching(asked).where(sa.or_(*found)).order_by(*first).limit(bindparam("at_most"))


@lru_cache(maxsize=64)
def _due(kind: Kind[Any]) -> Select[Any]:
    remind_at = kind.table.c.remind_at
    return numbered(kind).where(is_reminding(kind.table), remind_at <= bindparam("moment", type_=remind_at.type))


@lru_cache(maxsize=64)
def _silent(kind: Kind[Any]) -> Select[Any]:
    return numbered(kind).where(may_remind(kind.table), kind.table.c.remind_at.is_(None))


@lru_cache(maxsize=64)
def _cleared(kind: Kind[Any]) -> Update:
    named = kind.number.in_(bindparam("numbers", expanding=True))
    return scope.update(kind.table).where(named).values(remind_at=None)
