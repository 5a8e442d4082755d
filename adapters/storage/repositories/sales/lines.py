"""The sale lines of one workspace."""

from collections.abc import AsyncIterator, Mapping, Sequence, Set
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, bindparam, func, literal_column

from adapters.storage.repositories.sales.table import sale_headings, sale_lines, stored_lines
from adapters.storage.schema.column_types import Words
from adapters.storage.schema.text_forms import storable
from adapters.storage.work import scope
from adapters.storage.work.additions import Additions
from adapters.storage.work.chunks import chunks
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from adapters.storage.work.versions import renew, renewing
from core.dates.ranges import Range
from core.sales.model import NAME_LIMIT, NAMES, SaleLine, StoredLine
from core.sales.repository import OtherLinesError

_s = sale_lines.c

_NAMES = tuple(column.name for column in sale_lines.columns if column.name not in ("workspace_id", "id"))
_VALUES = attrgetter(*_NAMES)
_SAID = tuple(name for name in _NAMES if isinstance(_s[name].type, Words))
_STORED_NAMES = (*NAMES, "source", "batch")

_BETWEEN = (
    scope.select(sale_lines)
    .where(
        _s.business_date.between(bindparam("the_first"), bindparam("the_last")),
        (_s.business_date > bindparam("the_day")) | (_s.id > bindparam("after")),
    )
    .order_by(_s.business_date, _s.id)
    .limit(bindparam("at_most"))
)
_LATEST = (
    scope.select(sale_lines)
    .where(
        _s.business_date.between(bindparam("the_first"), bindparam("the_last")),
        _s.source == bindparam("the_source"),
    )
    .order_by(_s.id.desc())
    .limit(bindparam("at_most"))
)
_KNOWN = scope.select(sale_lines, _s.digest).where(
    _s.digest.in_(bindparam("the_digests", expanding=True)),
    # In the words of the index.
    _s.digest != literal_column("''"),
    _s.batch != bindparam("the_batch"),
)
_CUSTOMERS = (
    scope.select(sale_lines, _s.customer, _s.business_date)
    .where(_s.business_date.in_(bindparam("the_days", expanding=True)), _s.batch != bindparam("the_batch"))
    .distinct()
)
_NEWEST = scope.select(sale_lines, func.max(_s.id))
_NEWER = scope.select_by_id(sale_lines, func.max(_s.id))
_OTHERS = scope.select_by_id(sale_lines, _s.id).where(_s.batch != bindparam("the_batch")).limit(1)
_HEADINGS = scope.select(sale_headings)
_OF_BATCH = (
    scope.select_by_id(sale_lines, _s.id)
    .where(_s.batch == bindparam("the_batch"))
    .order_by(_s.id)
    .limit(bindparam("at_most"))
)
_REMOVE = scope.delete(sale_lines).where(_s.id.in_(bindparam("the_lines", expanding=True)))
_CHANGED = renewing(sale_lines)


class Sales:
    """The repository of sale lines."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    def add(self, lines: Sequence[SaleLine]) -> None:
        """Insert lines at the latest when the unit of work commits."""
        self._transaction.add(Additions({sale_lines: [_row(line) for line in lines]}, first=[_CHANGED]))

    async def between(self, first: date, last: date, *, chunk: int = 1000) -> AsyncIterator[Sequence[SaleLine]]:
        """Yield the lines of those days, both included, in the order of days, without holding more than a chunk."""
        day, after = first, 0
        while True:
            asked = {"the_first": day, "the_last": last, "the_day": day, "after": after, "at_most": chunk}
            rows = await self._transaction.run(lambda db, asked=asked: db.all(_BETWEEN, **asked))  # type: ignore[misc]
            if rows:
                yield [_line(row) for row in rows]
            if len(rows) < chunk:
                return
            day, after = rows[-1].business_date, rows[-1].id

    async def latest(self, source: str, within: Range, limit: int) -> Sequence[SaleLine]:
        """Return so many lines of an area at most, of some days, the newest first."""
        asked = {"the_source": source, "the_first": within.first, "the_last": within.last, "at_most": limit}
        return [_line(row) for row in await self._transaction.run(lambda db: db.all(_LATEST, **asked))]

    def add_stored(self, lines: Sequence[StoredLine], batch: str) -> None:
        """Insert lines of an import at the latest when the unit of work commits."""
        if lines:
            self._transaction.add(Additions({stored_lines: _stored_rows(lines, batch)}, first=[_CHANGED]))

    async def known(self, digests: Sequence[str], batch: str) -> Set[str]:
        """Return those digests that lines have which did not come in that batch."""

        def read(db: Scoped) -> set[str]:
            found = (db.all(_KNOWN, the_digests=some, the_batch=batch) for some in chunks(digests))
            return {row.digest for rows in found for row in rows}

        return await self._transaction.run(read)

    async def customers_on(self, days: Sequence[date], batch: str) -> Set[tuple[str, date]]:
        """Return the customers who have a line on those days that did not come in that batch, and on which."""

        def read(db: Scoped) -> set[tuple[str, date]]:
            found = (db.all(_CUSTOMERS, the_days=some, the_batch=batch) for some in chunks(days))
            return {(row.customer, row.business_date) for rows in found for row in rows}

        return await self._transaction.run(read)

    async def headings(self) -> Mapping[str, str]:
        """Return the columns that people have said headings of files to be, by heading."""
        rows = await self._transaction.run(lambda db: db.all(_HEADINGS))
        return {row.heading: row.name for row in rows}

    async def remember_headings(self, said: Mapping[str, str]) -> None:
        """Keep what columns are called: headings by column."""

        def remember(db: Scoped) -> None:
            for name, heading in said.items():
                db.put(sale_headings, {"heading": storable(heading, NAME_LIMIT), "name": name})

        await self._transaction.run(remember)

    async def newest(self) -> int:
        """Return a number that every line added from now on is beyond."""
        return int(await self._transaction.run(lambda db: db.scalar(_NEWEST)) or 0)

    async def newer(self, after: int, batch: str) -> tuple[int, bool]:
        """Return the newest number, if it is beyond that one, and whether a line beyond it came not in that batch."""

        def read(db: Scoped) -> tuple[int, bool]:
            newest = int(db.scalar(_NEWER, after=after) or after)
            return newest, db.first(_OTHERS, after=after, the_batch=batch) is not None

        return await self._transaction.run(read)

    def expect_no_others(self, after: int, batch: str) -> None:
        """Raise `OtherLinesError` at the latest on commit if a line beyond a number came not in that batch."""

        def look(db: Scoped) -> None:
            if db.first(_OTHERS, after=after, the_batch=batch):
                raise OtherLinesError

        self._transaction.add(Additions(first=[look]))

    async def remove_batch(self, batch: str, after: int, limit: int) -> int:
        """Remove up to so many lines that came in a batch, all of them beyond a number; return how many there were."""

        def remove(db: Scoped) -> int:
            found = db.all(_OF_BATCH, the_batch=batch, after=after, at_most=limit)
            if found:
                renew(db, sale_lines)
            return sum(db.change(_REMOVE, the_lines=some) for some in chunks(row.id for row in found))

        return await self._transaction.run(remove)


def _row(line: SaleLine) -> dict[str, Any]:
    row = dict(zip(_NAMES, _VALUES(line), strict=True))
    for name in _SAID:
        row[name] = storable(row[name])
    return row


def _stored_rows(lines: Sequence[StoredLine], batch: str) -> list[dict[str, Any]]:
    return [dict(zip(_STORED_NAMES, (*line, "import", batch), strict=True)) for line in lines]


def _line(row: Row[Any]) -> SaleLine:
    values = {name: getattr(row, name) for name in _NAMES}
    return SaleLine(**{**values, "tax_included": bool(row.tax_included)})
