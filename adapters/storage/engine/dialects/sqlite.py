"""SQLite: one writer in a thread of its own, a few readers in threads beside it, on one file in WAL mode.

The driver's calls block, so each connection lives in a thread; a waiting statement never holds up the event loop. Only
one transaction can write at a time anyway: writers queue for their turn here, first come first served, instead of
polling for the file's lock.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Engine,
    Insert,
    NullPool,
    PoolProxiedConnection,
    Table,
    create_engine,
    event,
    func,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError

from adapters.storage.engine.addresses import file_of
from adapters.storage.engine.dialects.direct_sqlite import DirectSqlite
from adapters.storage.engine.dialects.prepared import Prepared, Row, insert_of, update_of
from adapters.storage.engine.errors import UnitOfWorkClosedError, unavailable
from adapters.storage.engine.latency import Latency
from adapters.storage.engine.limits import Limits
from adapters.storage.engine.news import News
from adapters.storage.engine.polled_news import Tail
from adapters.storage.engine.sessions import Work
from adapters.storage.engine.threads import Line, Turn
from core.ports.storage import Committed, StorageStatistics, StorageUnavailableError

T = TypeVar("T")

READERS = 3
"""Connections that read; a reader is busy for a fraction of a millisecond as a rule."""


def make_engine(path: Path, lock_seconds: float, *, read_only: bool = False) -> Engine:
    """Return an engine whose connections follow the rules of this module and leave transactions to us."""

    def connect() -> sqlite3.Connection:
        # Only a migration makes the file: one that is gone is an error, not a fresh start.
        address = f"{path.absolute().as_uri()}?mode=rw"
        return sqlite3.connect(
            address,
            uri=True,
            timeout=lock_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )

    engine = create_engine(
        "sqlite://",
        creator=connect,
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
        # The content of rows does not belong in logs.
        hide_parameters=True,
    )
    rules = ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "journal_size_limit = 67108864"]
    if read_only:
        rules.append("query_only = ON")

    @event.listens_for(engine, "connect")
    def obey(connection: Any, _record: object) -> None:
        for rule in rules:
            connection.execute(f"PRAGMA {rule}")

    return engine


@dataclass(frozen=True, slots=True)
class SqliteDialect:
    """What is particular to SQLite."""

    def insert_missing(self, connection: Connection, table: Table, row: Row) -> bool:
        """Insert unless it is there."""
        return connection.execute(_insert_missing(table), row).rowcount == 1

    def beyond(
        self, columns: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]], *, descending: bool
    ) -> ColumnElement[bool]:
        """Compare as a row value, which an index can start at."""
        left, right = tuple_(*columns), tuple_(*values)
        return left < right if descending else left > right

    def delete_some(self, table: Table, gone: ColumnElement[bool], limit: int) -> Delete:
        """Delete by the keys of the first rows found."""
        key = list(table.primary_key.columns)
        rows = select(*key).where(gone).limit(limit)
        return table.delete().where((key[0] if len(key) == 1 else tuple_(*key)).in_(rows))

    def insert_many(self, connection: Connection, table: Table, rows: Iterable[Row]) -> None:
        """Hand rows to the driver one by one as it asks for them, so that any number needs the memory of one."""
        _for_each(connection, rows, lambda columns: insert_of(table, columns, connection.dialect))

    def update_many(self, connection: Connection, table: Table, key: Sequence[str], rows: Iterable[Row]) -> None:
        """Hand rows to the driver one by one as it asks for them, for a statement that it prepares once."""
        _for_each(connection, rows, lambda columns: update_of(table, tuple(key), columns, connection.dialect))

    def last_number(self, connection: Connection, table: Table) -> int:
        """Return what is remembered beside the table, where that is done, or the highest number there is."""
        highest = int(connection.execute(select(func.max(table.autoincrement_column))).scalar() or 0)
        if not _remembers(table):
            return highest
        return max(highest, int(connection.execute(_REMEMBERED, {"its_name": table.name}).scalar() or 0))

    def number_from(self, connection: Connection, table: Table, last: int) -> None:
        """Set what is remembered beside the table; elsewhere the next number is behind the highest there is."""
        if _remembers(table):
            connection.execute(_FORGET, {"its_name": table.name})
            connection.execute(_REMEMBER, {"its_name": table.name, "its_last": last})


_REMEMBERED = text("SELECT seq FROM sqlite_sequence WHERE name = :its_name")
_FORGET = text("DELETE FROM sqlite_sequence WHERE name = :its_name")
_REMEMBER = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:its_name, :its_last)")


def _remembers(table: Table) -> bool:
    """Tell whether numbers of rows that are gone are not given again."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])


@lru_cache(maxsize=64)
def _insert_missing(table: Table) -> Insert:
    return sqlite.insert(table).on_conflict_do_nothing()


def _for_each(connection: Connection, rows: Iterable[Row], prepare: Callable[[tuple[str, ...]], Prepared]) -> None:
    remaining = iter(rows)
    first = next(remaining, None)
    if first is None:
        return
    driver = cast("DirectSqlite", connection).driver
    statement, values_of = prepare(tuple(first))
    driver.executemany(statement, map(values_of, chain((first,), remaining)))


class _Lane:
    """One connection; everything but its making happens in its thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pooled: PoolProxiedConnection | None = None
        self._direct: DirectSqlite | None = None

    @property
    def direct(self) -> DirectSqlite:
        """Return the connection, opened on first use."""
        if self._direct is None:
            self._pooled = self._engine.raw_connection()
            self._direct = DirectSqlite(
                cast("sqlite3.Connection", self._pooled.driver_connection), self._engine.dialect
            )
        return self._direct

    @property
    def statements(self) -> Connection:
        """Return what runs statements: of all that a connection has, what repositories use."""
        return cast("Connection", self.direct)

    def say(self, words: str) -> None:
        """Run a statement about transactions."""
        self.direct.driver.execute(words)

    def version(self) -> tuple[int, int]:
        """Return which connection this is, and the number that others' commits change."""
        driver = self.direct.driver
        (number,) = driver.execute("PRAGMA data_version").fetchone()
        return id(driver), int(number)

    def roll_back(self) -> None:
        """End the transaction if there is one; a connection that can't is given up."""
        try:
            if self._direct is not None and self._direct.driver.in_transaction:
                self._direct.driver.execute("ROLLBACK")
        except sqlite3.Error:
            self.close()

    def close(self) -> None:
        """Close the connection; the next use opens another."""
        pooled, self._pooled, self._direct = self._pooled, None, None
        if pooled is None:
            return
        with suppress(SQLAlchemyError, sqlite3.Error):
            pooled.invalidate()
        with suppress(SQLAlchemyError, sqlite3.Error):
            pooled.close()


class _SqliteSession:
    """A transaction: a turn at a connection.

    After an error of the database nothing more can be done in it: what SQLite keeps of a transaction then differs from
    error to error.
    """

    def __init__(self, database: "SqliteDatabase", line: Line[_Lane], begin: str) -> None:
        self._database = database
        self._turn = Turn(line)
        self._begin = begin
        self._over = False
        self._doubtful = False
        self._begun = 0.0

    async def run(self, work: Work[T]) -> T:
        """Run statements in one visit to the thread, the first ones after beginning."""
        begin = self._take_begin()

        def visit(lane: _Lane) -> T:
            if begin:
                lane.say(begin)
            return work(lane.statements)

        return await self._result(self._turn.submit(visit))

    async def commit(self, work: Work[None], done: Callable[[], None], made: Committed | None = None) -> None:
        """Run the last statements and commit in the same visit to the thread."""
        begin = self._take_begin()

        def visit(lane: _Lane) -> None:
            if begin:
                lane.say(begin)
            work(lane.statements)
            lane.say("COMMIT")

        await self._result(self._turn.submit(visit, is_last=True, done=done))

    async def end(self) -> None:
        """Roll back what was not committed.

        Nothing is waited for: the thread works in order, and so this does for a cancelled caller too.
        """
        if not self._over:
            self._over = True
            if self._begun:
                self._database.latency.add(perf_counter() - self._begun)
            # A connection in doubt is closed; the next turn opens a fresh one.
            self._turn.end(_Lane.close if self._doubtful else _Lane.roll_back)

    def _take_begin(self) -> str:
        if self._over or self._doubtful:
            raise UnitOfWorkClosedError
        begin, self._begin = self._begin, ""
        if begin:
            self._begun = perf_counter()
        return begin

    async def _result(self, future: asyncio.Future[T]) -> T:
        try:
            return await future
        except (SQLAlchemyError, sqlite3.Error) as error:
            self._doubtful = True
            self._database.errors += 1
            named = unavailable(error)
            if named is None:
                raise
            raise named from error
        except StorageUnavailableError:
            self._doubtful = True
            self._database.errors += 1
            raise


class SqliteDatabase:
    """A SQLite file behind its writer and its readers."""

    def __init__(self, url: str, limits: Limits | None = None) -> None:
        """Prepare for the file that the address names; connections are opened when first needed."""
        path, limits = file_of(url), limits or Limits()
        self.path = path
        writing = make_engine(path, limits.lock)
        reading = make_engine(path, limits.lock, read_only=True)
        self._engines = (writing, reading)
        self._writers = Line("storage-writer", 1, limits.writer, lambda: _Lane(writing))
        self._readers = Line("storage-reader", READERS, limits.reader, lambda: _Lane(reading))
        self._dialect = SqliteDialect()
        self._version: tuple[int, int] | None = None
        self.latency = Latency()
        self.errors = 0

    @property
    def dialect(self) -> SqliteDialect:
        """Return what is particular to SQLite."""
        return self._dialect

    def reader(self) -> _SqliteSession:
        """Return a transaction that sees one state of the database throughout."""
        return _SqliteSession(self, self._readers, "BEGIN")

    def writer(self, workspace_id: int | None = None) -> _SqliteSession:
        """Return a transaction that has the write lock from its first statement on."""
        return _SqliteSession(self, self._writers, "BEGIN IMMEDIATE")

    def news(self) -> News:
        """Return the way to hear of other processes' commits."""
        return Tail(self, self._was_written)

    async def _was_written(self) -> bool:
        """Tell whether another process has written since this was last asked.

        The number that SQLite keeps for a connection changes with the commits of others only; asked of the one that
        writes here, the others are other processes.
        """
        turn = Turn(self._writers)
        try:
            version = await turn.submit(_Lane.version, is_last=True)
        except (SQLAlchemyError, sqlite3.Error) as error:
            named = unavailable(error)
            if named is None:
                raise
            raise named from error
        finally:
            turn.end(_Lane.roll_back)
        before, self._version = self._version, version
        return version != before

    def statistics(self) -> StorageStatistics:
        """Return the pool's figures."""
        lines = (self._writers, self._readers)
        return StorageStatistics(
            size=sum(line.count for line in lines),
            in_use=sum(line.in_use for line in lines),
            waiting=sum(line.waiting for line in lines),
            served=sum(line.served for line in lines),
            errors=self.errors,
            latency=self.latency.percentiles(),
        )

    async def close(self) -> None:
        """Let what is under way end and close every connection, the readers' first."""
        await self._readers.close()
        await self._writers.close()
        for engine in self._engines:
            engine.dispose()
