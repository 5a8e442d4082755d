"""A copy: every row of one database into another, by their references, table by table.

The source is read in one snapshot. Each chunk of rows is committed together with how far the copy has come, and until
its end the target says of itself that it is unfinished. A run that finds a begun copy reads again what was copied, and
goes on behind it if the source still holds the same; else it begins anew. At the end the target is read and compared.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Table

from adapters.storage import SchemaState, migrate, schema_state
from adapters.storage.copying import progress
from adapters.storage.copying.digests import TableSum
from adapters.storage.copying.rows import Row
from adapters.storage.copying.sides import FROM, TO, Side, are_the_same, at, identity, opened
from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.statements import Statements
from adapters.storage.migrations import REVISIONS
from adapters.storage.schema.state import COPYING, CopyUnfinishedError
from adapters.storage.schema.tables import workspaces
from adapters.storage.work.whole_schema import whole_schema
from core.ports.keeping import CopyError, Step, StepKind, Tell
from core.shared.value_objects import value_object

Finish = Callable[[Statements, Dialect], None]
"""Statements that belong to the moment in which the target becomes usable."""

_PASSING = frozenset({"leases"})
"""Tables whose rows tell of running processes: they mean nothing elsewhere."""

_CLEARED_AT_ONCE = 10_000


class _SourceChangedError(Exception):
    """What was copied earlier is not what the source holds now."""


@value_object
class Copied:
    """What each table holds now."""

    tables: Mapping[str, TableSum]

    @property
    def rows(self) -> int:
        """Return the rows of all tables."""
        return sum(each.rows for each in self.tables.values())


def tables() -> Sequence[Table]:
    """Return the tables that are copied, those first that others refer to."""
    return [table for table in whole_schema().sorted_tables if table.name not in _PASSING]


@value_object
class Copy:
    """A copy to be made.

    `origin` tells one source from another, by default by its address. `replace`: what the target holds may go.
    `at_most` rows are handled at once.
    """

    source: str
    target: str
    tell: Tell = lambda step: None
    origin: str = ""
    replace: bool = False
    finish: Finish = lambda connection, dialect: None
    at_most: int | None = None

    async def run(self) -> Copied:
        """Copy everything; raises `CopyError`."""
        origin = await self._examine_source()
        unfinished = await self._prepare_target()
        async with opened(FROM, self.source) as source, opened(TO, self.target) as target:
            await self._begin(source, target, origin, unfinished=unfinished)
            async with source.snapshot():
                sums = await self._fill(source, target, origin)
                numbers = await source.read(lambda db: _last_numbers(db, source.dialect))
            await self._check(target, sums)
            await target.write(lambda db: self._end(db, target.dialect, numbers))
        return Copied(sums)

    async def check(self) -> None:
        """Raise what `run` would refuse to do; change nothing."""
        origin = await self._examine_source()
        with at(TO):
            try:
                state = await schema_state(self.target)
            except CopyUnfinishedError:
                async with opened(TO, self.target) as target:
                    await self._examine_begun(target, origin)
                return
        if state is SchemaState.NEWER:
            raise CopyError(state.value, TO)
        if state is not SchemaState.EMPTY and not self.replace:
            async with opened(TO, self.target) as target:
                await _refuse_data(target)

    async def _examine_begun(self, target: Side, origin: str) -> progress.Progress:
        """Return how far an earlier run came; raise `CopyError` if it was none of this copy."""
        if await target.read(progress.revision) != f"{COPYING} {REVISIONS[-1]}":
            raise CopyError("other_version", TO)
        begun = await target.read(progress.begun)
        if begun.origin not in ("", origin) and not self.replace:
            raise CopyError("other_copy", TO)
        return begun

    async def _examine_source(self) -> str:
        with at(TO):
            identity(self.target)
        with at(FROM):
            here = identity(self.source)
            if are_the_same(self.source, self.target):
                raise CopyError("same")
            state = await schema_state(self.source)
        if state is SchemaState.EMPTY:
            raise CopyError("nothing_there", FROM)
        if state is not SchemaState.CURRENT:
            raise CopyError(state.value, FROM)
        return self.origin or here

    async def _prepare_target(self) -> bool:
        """Bring the target to the newest schema, and tell whether a copy was begun before."""
        await self.check()
        with at(TO):
            try:
                await migrate(self.target)
            except CopyUnfinishedError:
                return True
        return False

    async def _begin(self, source: Side, target: Side, origin: str, *, unfinished: bool) -> None:
        """Mark the target, and clear it if there is something that has to go."""
        if not unfinished:
            if not self.replace:
                await _refuse_data(target)
            # An origin that is not known means that there may be rows which are none of this copy's.
            its_origin = "" if self.replace else origin
            await target.write(lambda db: progress.begin(db, target.dialect, its_origin, tables()))
            await _refuse_itself(source, target)
            if self.replace:
                await self._clear(target, origin)
            return
        if await _is_being_filled(source):
            raise CopyError("unavailable", FROM)
        begun = await self._examine_begun(target, origin)
        if begun.origin != origin:
            await self._clear(target, origin)
        else:
            self.tell(Step(StepKind.RESUMED, rows=sum(copied for copied, _ in begun.tables.values())))

    async def _clear(self, target: Side, origin: str) -> None:
        await target.write(lambda db: progress.restart(db, ""))
        for table in reversed(whole_schema().sorted_tables):
            some = target.dialect.delete_some(table, sa.true(), _CLEARED_AT_ONCE)
            while await target.write(lambda db, some=some: db.execute(some).rowcount, table.name):  # type: ignore[misc]
                pass
        await target.write(lambda db: progress.restart(db, origin))
        self.tell(Step(StepKind.CLEARED))

    async def _fill(self, source: Side, target: Side, origin: str) -> Mapping[str, TableSum]:
        while True:
            begun = await target.read(progress.begun)
            try:
                return {
                    table.name: await self._copy_table(source, target, table, *begun.tables[table.name])
                    for table in tables()
                }
            except _SourceChangedError:
                self.tell(Step(StepKind.RESTARTED))
                await self._clear(target, origin)

    async def _copy_table(self, source: Side, target: Side, table: Table, copied: int, digest: str) -> TableSum:
        """Copy what is not there yet of a table, of which so many rows with that digest are."""
        total = int(await source.read(lambda db: db.execute(_count(table)).scalar(), table.name) or 0)
        sums = TableSum()
        async for rows in source.rows(table, self.at_most):
            known, fresh = rows[: copied - sums.rows] if sums.rows < copied else [], rows
            if known:
                fresh = rows[len(known) :]
                _take_in(sums, known, FROM, table)
                if sums.rows == copied and sums.digest != digest:
                    raise _SourceChangedError
            if fresh:
                await _put(target, table, fresh, sums)
                self.tell(Step(StepKind.PART, table.name, sums.rows, total))
        if sums.rows < copied:
            raise _SourceChangedError
        self.tell(Step(StepKind.TABLE, table.name, sums.rows, total))
        return sums

    async def _check(self, target: Side, wanted: Mapping[str, TableSum]) -> None:
        """Read the target and compare it with what was read of the source."""
        self.tell(Step(StepKind.CHECKING))
        async with target.snapshot():
            for table in tables():
                found = TableSum()
                async for rows in target.rows(table, self.at_most):
                    _take_in(found, rows, TO, table)
                if found != wanted[table.name]:
                    raise CopyError("differs", TO, table.name)

    def _end(self, db: Statements, dialect: Dialect, numbers: Mapping[str, int]) -> None:
        for table in _numbered():
            dialect.number_from(db, table, numbers[table.name])
        self.finish(db, dialect)
        progress.end(db)


async def _put(target: Side, table: Table, rows: Sequence[Row], sums: TableSum) -> None:
    """Insert rows and record that they are there, in one transaction."""
    before = sums.rows
    _take_in(sums, rows, FROM, table)
    names = [column.name for column in table.columns]

    def put(db: Statements) -> None:
        # First, for it holds up whoever else is at it until this is committed.
        if not progress.step(db, table, before=before, now=sums.rows, digest=sums.digest):
            raise CopyError("elsewhere", TO)
        target.dialect.insert_many(db, table, (dict(zip(names, row, strict=True)) for row in rows))

    await target.write(put, table.name)


def _take_in(sums: TableSum, rows: Sequence[Row], side: str, table: Table) -> None:
    with at(side, table.name):
        sums.add(rows)


async def _refuse_data(target: Side) -> None:
    """Raise `CopyError` if there is data: every row of every table belongs to a workspace, in every version."""
    if await target.read(lambda db: db.execute(sa.select(workspaces.c.id).limit(1)).scalar()) is not None:
        raise CopyError("has_data", TO)


async def _refuse_itself(source: Side, target: Side) -> None:
    """Raise `CopyError` if the target, marked and not touched yet, is the source; it is whole again then."""
    try:
        is_marked = await _is_being_filled(source)
    except CopyError:
        await target.write(progress.end)
        raise
    if is_marked:
        await target.write(progress.end)
        raise CopyError("unavailable", FROM) if await _is_being_filled(source) else CopyError("same")


async def _is_being_filled(source: Side) -> bool:
    """Tell whether the source now says of itself what the target does.

    Two addresses may mean one database in more ways than anybody can tell by their words: then the mark of the
    target is seen through the source too.
    """
    return (await source.read(progress.revision)).startswith(COPYING)


def _count(table: Table) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(table)


def _numbered() -> Sequence[Table]:
    return [table for table in tables() if table.autoincrement_column is not None]


def _last_numbers(db: Statements, dialect: Dialect) -> Mapping[str, int]:
    return {table.name: dialect.last_number(db, table) for table in _numbered()}
