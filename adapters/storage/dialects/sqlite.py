"""SQLite: one writer in a thread of its own, a few readers in threads beside it, on one file in WAL mode.

The driver's calls block, so each connection lives in a thread; a waiting statement never holds up the event loop. Only
one transaction can write at a time anyway: writers queue for their turn here, first come first served, instead of
polling for the file's lock.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Insert,
    NullPool,
    Table,
    bindparam,
    create_engine,
    event,
    tuple_,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from adapters.storage.dialects.shortcuts import SqliteShortcuts
from adapters.storage.errors import DatabaseAddressError, UnitOfWorkClosedError, unavailable
from adapters.storage.sessions import Work
from adapters.storage.threads import Line, Turn
from core.ports.storage import StorageStatistics, StorageUnavailableError

T = TypeVar("T")

DRIVERS = ("sqlite+aiosqlite", "sqlite", "sqlite+pysqlite")
READERS = 3
"""Connections that read; a reader is busy for a fraction of a millisecond as a rule."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to wait: for a turn to write, for a connection to read, for a lock held by another process."""

    writer: float = 30.0
    reader: float = 30.0
    lock: float = 30.0


def file_of(url: str) -> Path:
    """Return the database file that an address names; raises `DatabaseAddressError`."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        # The address may hold a password: it is not repeated.
        raise DatabaseAddressError("not_an_address") from None
    if parsed.drivername not in DRIVERS:
        raise DatabaseAddressError("unknown_database")
    if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:"):
        raise DatabaseAddressError("in_memory")
    if parsed.query or parsed.host or parsed.username:
        raise DatabaseAddressError("unknown_option")
    return Path(parsed.database)


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
class SqliteDialect(SqliteShortcuts):
    """What is particular to SQLite."""

    def insert_missing(self, table: Table) -> Insert:
        """Return an insert that leaves a row alone that is there already."""
        return sqlite.insert(table).on_conflict_do_nothing()

    def beyond(
        self, columns: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]], *, descending: bool
    ) -> ColumnElement[bool]:
        """Compare as a row value, which an index can start at."""
        left, right = tuple_(*columns), tuple_(*values)
        return left < right if descending else left > right

    def insert_many(self, connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Hand rows to the driver one by one as it asks for them, so that any number needs the memory of one."""
        _for_each(connection, rows, lambda columns: _insert_of(table, columns, connection.dialect))

    def update_many(
        self, connection: Connection, table: Table, key: Sequence[str], rows: Iterable[Mapping[str, Any]]
    ) -> None:
        """Hand rows to the driver one by one as it asks for them, for a statement that it prepares once."""
        _for_each(connection, rows, lambda columns: _update_of(table, tuple(key), columns, connection.dialect))


_Row = Mapping[str, Any]
_Prepared = tuple[str, Callable[[_Row], Sequence[Any]]]
"""A statement, and what turns a row into the values that the driver takes for it."""


def _for_each(connection: Connection, rows: Iterable[_Row], prepare: Callable[[tuple[str, ...]], _Prepared]) -> None:
    remaining = iter(rows)
    first = next(remaining, None)
    driver = connection.connection.driver_connection
    if first is None or driver is None:
        return
    statement, values_of = prepare(tuple(first))
    driver.executemany(statement, map(values_of, chain((first,), remaining)))


@lru_cache(maxsize=256)
def _insert_of(table: Table, columns: tuple[str, ...], dialect: sqlalchemy.Dialect) -> _Prepared:
    compiled = table.insert().compile(dialect=dialect, column_keys=columns)
    return str(compiled), _values_of(table, compiled.positiontup or (), dialect)


@lru_cache(maxsize=64)
def _update_of(table: Table, key: tuple[str, ...], columns: tuple[str, ...], dialect: sqlalchemy.Dialect) -> _Prepared:
    # A parameter may not have the name of a column that is set: those of the key get one of their own.
    named = {f"{name} of the row": name for name in key}
    found = [table.c[name] == bindparam(parameter) for parameter, name in named.items()]
    compiled = (
        table.update().where(*found).compile(dialect=dialect, column_keys=[name for name in columns if name not in key])
    )
    order = [named.get(parameter, parameter) for parameter in compiled.positiontup or ()]
    return str(compiled), _values_of(table, order, dialect)


def _values_of(table: Table, order: Sequence[str], dialect: sqlalchemy.Dialect) -> Callable[[_Row], Sequence[Any]]:
    """Return what turns a row into what the driver stores for columns in that order."""
    found = [(key, table.c[key].type.dialect_impl(dialect).bind_processor(dialect)) for key in order]
    plain = itemgetter(*order)
    converted = [(place, convert) for place, (_, convert) in enumerate(found) if convert is not None]

    def values_of(row: _Row) -> Sequence[Any]:
        values = list(plain(row))
        for place, convert in converted:
            if (value := values[place]) is not None:
                values[place] = convert(value)
        return values

    return values_of


class _Lane:
    """One connection; everything but its making happens in its thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """Return the connection, opened on first use."""
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def say(self, words: str) -> None:
        """Run a statement about transactions."""
        driver = self.connection.connection.driver_connection
        if driver is None:
            raise StorageUnavailableError("closed")
        driver.execute(words)

    def roll_back(self) -> None:
        """End the transaction if there is one; a connection that can't is given up."""
        try:
            driver = self._connection.connection.driver_connection if self._connection else None
            if driver is not None and driver.in_transaction:
                driver.execute("ROLLBACK")
        except (SQLAlchemyError, sqlite3.Error):
            self.close()

    def close(self) -> None:
        """Close the connection; the next use opens another."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with suppress(SQLAlchemyError, sqlite3.Error):
            connection.invalidate()
        with suppress(SQLAlchemyError, sqlite3.Error):
            connection.close()


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

    async def run(self, work: Work[T]) -> T:
        """Run statements in one visit to the thread, the first ones after beginning."""
        begin = self._take_begin()

        def visit(lane: _Lane) -> T:
            if begin:
                lane.say(begin)
            return work(lane.connection)

        return await self._result(self._turn.submit(visit))

    async def commit(self, work: Work[None], done: Callable[[], None]) -> None:
        """Run the last statements and commit in the same visit to the thread."""
        begin = self._take_begin()

        def visit(lane: _Lane) -> None:
            if begin:
                lane.say(begin)
            work(lane.connection)
            lane.say("COMMIT")

        await self._result(self._turn.submit(visit, is_last=True, done=done))

    async def end(self) -> None:
        """Roll back what was not committed.

        Nothing is waited for: the thread works in order, and so this does for a cancelled caller too.
        """
        if not self._over:
            self._over = True
            # A connection in doubt is closed; the next turn opens a fresh one.
            self._turn.end(_Lane.close if self._doubtful else _Lane.roll_back)

    def _take_begin(self) -> str:
        if self._over or self._doubtful:
            raise UnitOfWorkClosedError
        begin, self._begin = self._begin, ""
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
        writing = make_engine(path, limits.lock)
        reading = make_engine(path, limits.lock, read_only=True)
        self._engines = (writing, reading)
        self._writers = Line("storage-writer", 1, limits.writer, lambda: _Lane(writing))
        self._readers = Line("storage-reader", READERS, limits.reader, lambda: _Lane(reading))
        self._dialect = SqliteDialect()
        self.errors = 0

    @property
    def dialect(self) -> SqliteDialect:
        """Return what is particular to SQLite."""
        return self._dialect

    def reader(self) -> _SqliteSession:
        """Return a transaction that sees one state of the database throughout."""
        return _SqliteSession(self, self._readers, "BEGIN")

    def writer(self) -> _SqliteSession:
        """Return a transaction that has the write lock from its first statement on."""
        return _SqliteSession(self, self._writers, "BEGIN IMMEDIATE")

    def statistics(self) -> StorageStatistics:
        """Return the pool's figures."""
        lines = (self._writers, self._readers)
        return StorageStatistics(
            size=sum(line.count for line in lines),
            in_use=sum(line.in_use for line in lines),
            waiting=sum(line.waiting for line in lines),
            served=sum(line.served for line in lines),
            errors=self.errors,
        )

    async def close(self) -> None:
        """Let what is under way end and close every connection, the readers' first."""
        await self._readers.close()
        await self._writers.close()
        for engine in self._engines:
            engine.dispose()
