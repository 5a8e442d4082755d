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
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Insert, NullPool, Table, create_engine, event, tuple_
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from adapters.storage.errors import DatabaseAddressError, UnitOfWorkClosedError, unavailable
from adapters.storage.sessions import Work
from adapters.storage.threads import WorkThread
from core.ports.storage import StorageStatistics, StorageUnavailableError

T = TypeVar("T")

DRIVERS = ("sqlite+aiosqlite", "sqlite", "sqlite+pysqlite")
READERS = 3
"""Connections that read; a reader is busy for a fraction of a millisecond as a rule."""

CHUNK = 2000
"""Rows given to the driver at once by bulk inserts."""


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


class SqliteDialect:
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
        """Give the driver rows by the thousand."""
        chunk: list[Mapping[str, Any]] = []
        for row in rows:
            chunk.append(row)
            if len(chunk) == CHUNK:
                connection.execute(table.insert(), chunk)
                chunk = []
        if chunk:
            connection.execute(table.insert(), chunk)


class _Lane:
    """One connection in its thread."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self.thread = WorkThread(name)
        self._connection: Connection | None = None

    def connection(self) -> Connection:
        """Return the connection, opened on first use; called in the thread."""
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def say(self, words: str) -> None:
        """Run a statement about transactions; called in the thread."""
        driver = self.connection().connection.driver_connection
        if driver is None:
            raise StorageUnavailableError("closed")
        driver.execute(words)

    def rollback(self) -> None:
        """End the transaction if there is one; a connection that can't is replaced. Called in the thread."""
        if self._connection is None:
            return
        driver = self._connection.connection.driver_connection
        if driver is None or not driver.in_transaction:
            return
        try:
            driver.execute("ROLLBACK")
        except driver.Error:
            self.discard()

    def discard(self) -> None:
        """Close the connection; called in the thread."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):  # why: it is given up whatever its state
                connection.invalidate()
            with suppress(Exception):  # why: the same
                connection.close()


class _SqliteSession:
    """A transaction on a lane borrowed from the database at its first statement.

    After an error of the database nothing more can be done in it: what SQLite keeps of a transaction then differs from
    error to error.
    """

    def __init__(self, database: "SqliteDatabase", pool: "_Lanes", begin: str) -> None:
        self._database = database
        self._pool = pool
        self._begin = begin
        self._lane: _Lane | None = None
        self._over = False
        self._doubtful = False

    async def run(self, work: Work[T]) -> T:
        """Run statements in one visit to the thread, the first ones after beginning."""
        lane = await self._borrow()
        begin = self._take_begin()

        def visit() -> T:
            if begin:
                lane.say(begin)
            return work(lane.connection())

        return await self._result(lane.thread.submit(visit))

    async def commit(self, work: Work[None], done: Callable[[], None]) -> None:
        """Run the last statements and commit in the same visit to the thread."""
        lane = await self._borrow()
        begin = self._take_begin()

        def visit() -> None:
            if begin:
                lane.say(begin)
            work(lane.connection())
            lane.say("COMMIT")

        await self._result(lane.thread.submit(visit, lambda _: done()))

    async def end(self) -> None:
        """Roll back what was not committed; the lane goes back as soon as its thread is through with it.

        Nothing is waited for: the thread works in order, and so this works for a cancelled caller too.
        """
        self._over = True
        lane, self._lane = self._lane, None
        if lane is not None:
            last = lane.discard if self._doubtful else lane.rollback
            lane.thread.submit(last).add_done_callback(lambda _: self._pool.give_back(lane))

    async def _borrow(self) -> _Lane:
        if self._over:
            raise UnitOfWorkClosedError
        if self._lane is None:
            self._lane = await self._pool.take()
        return self._lane

    def _take_begin(self) -> str:
        begin, self._begin = self._begin, ""
        return begin

    async def _result(self, future: asyncio.Future[T]) -> T:
        try:
            return await future
        except (SQLAlchemyError, sqlite3.Error) as error:
            self._over = True
            self._database.errors += 1
            named = unavailable(error)
            if named is None:
                raise
            # The connection may be of no use any more; the next one to come opens a fresh one.
            self._doubtful = True
            raise named from error


class _Lanes:
    """Lanes to be borrowed, first come first served."""

    def __init__(self, engine: Engine, name: str, count: int, seconds: float) -> None:
        self._engine = engine
        self._name = name
        self._seconds = seconds
        self._free: list[_Lane] = []
        self._made: list[_Lane] = []
        self._turn = asyncio.Semaphore(count)
        self._closed = False
        self.count = count
        self.in_use = 0
        self.waiting = 0
        self.served = 0

    async def take(self) -> _Lane:
        """Wait for a lane; raises `StorageUnavailableError` when none comes free in time."""
        if self._closed:
            raise StorageUnavailableError("closed")
        self.waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._turn.acquire()
        except TimeoutError:
            raise StorageUnavailableError("busy") from None
        finally:
            self.waiting -= 1
        self.in_use += 1
        self.served += 1
        return self._free.pop() if self._free else self._make()

    def give_back(self, lane: _Lane) -> None:
        """Let the next one have the lane."""
        self._free.append(lane)
        self.in_use -= 1
        self._turn.release()

    async def close(self) -> None:
        """Wait for every lane to come back, within reason, and close it."""
        self._closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(self._seconds):
                for _ in range(self.count):
                    await self._turn.acquire()
        for lane in self._made:
            await lane.thread.stop(lane.discard)
        self._made.clear()
        self._free.clear()

    def _make(self) -> _Lane:
        lane = _Lane(self._engine, f"{self._name}-{len(self._made) + 1}")
        self._made.append(lane)
        return lane


class SqliteDatabase:
    """A SQLite file behind its writer and its readers."""

    def __init__(self, url: str, limits: Limits | None = None) -> None:
        """Prepare for the file that the address names; connections are opened when first needed."""
        path, limits = file_of(url), limits or Limits()
        self._engines = (make_engine(path, limits.lock), make_engine(path, limits.lock, read_only=True))
        self._writers = _Lanes(self._engines[0], "storage-writer", 1, limits.writer)
        self._readers = _Lanes(self._engines[1], "storage-reader", READERS, limits.reader)
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
        pools = (self._writers, self._readers)
        return StorageStatistics(
            size=sum(pool.count for pool in pools),
            in_use=sum(pool.in_use for pool in pools),
            waiting=sum(pool.waiting for pool in pools),
            served=sum(pool.served for pool in pools),
            errors=self.errors,
        )

    async def close(self) -> None:
        """Let what is under way end and close every connection, the readers' first."""
        await self._readers.close()
        await self._writers.close()
        for engine in self._engines:
            engine.dispose()
