"""A SQLite file behind one connection that writes and a few that read beside it, in WAL mode.

Only one transaction can write at a time anyway: writers wait for the connection here, first come first served, instead
of polling for the file's lock.
"""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from time import perf_counter
from typing import Any, TypeVar

from adapters.storage.engine.addresses import file_of
from adapters.storage.engine.database import Work
from adapters.storage.engine.dialects.sqlite import SqliteDialect
from adapters.storage.engine.dialects.sqlite_checkpoints import LONGEST, Checkpoints
from adapters.storage.engine.dialects.sqlite_connections import ERRORS, SqliteConnection, SqliteConnections, Visited
from adapters.storage.engine.errors import UnitOfWorkClosedError, unavailable
from adapters.storage.engine.latency import Latency
from adapters.storage.engine.limits import Limits
from adapters.storage.engine.news import News
from adapters.storage.engine.owned_tasks import OwnedTasks
from core.ports.storage import Committed, StorageStatistics, StorageUnavailableError

T = TypeVar("T")

READERS = 3
"""Connections that read; a reader is busy for a fraction of a millisecond as a rule."""

NOTICED = 1.0
"""Seconds in line from which on they count: whoever waited for their turn waits less for another process's lock."""

_OF_WRITER = (f"wal_autocheckpoint = {LONGEST}", "cache_size = -16384", "temp_store = MEMORY")
"""What a statement with many rows would take back if one was refused is kept in memory rather than in a file."""


class _SqliteTransaction:
    """A transaction, which has a connection to itself.

    After an error of the database nothing more can be done in it: what SQLite keeps of a transaction then differs from
    error to error.
    """

    def __init__(self, database: "SqliteDatabase", connections: SqliteConnections, begin: str) -> None:
        self._database = database
        self._connections = connections
        self._connection: SqliteConnection | None = None
        self._begin = begin
        self._begun = 0.0
        self._left = database.lock_seconds
        self._is_doubtful = False
        self._is_over = False

    async def run(self, work: Work[T]) -> T:
        """Run statements in one visit to the thread, the first ones after beginning."""
        connection, begin = await self._taken(), self._take_begin()

        def visit(driver: Visited) -> T:
            if begin:
                self._begin_in(driver, begin)
            return work(driver.statements)

        return await self._guarded(connection.visit(visit))

    async def commit(self, work: Work[None], done: Callable[[], None], made: Committed | None = None) -> None:
        """Run the last statements and commit in the same visit to the thread.

        The connection passes on before that is done: whatever the next one does comes behind it in the thread.
        """
        connection, begin = await self._taken(), self._take_begin()
        loop = asyncio.get_running_loop()

        def committed() -> None:
            self._database.checkpoints.soon()
            done()

        def visit(driver: Visited) -> None:
            try:
                if begin:
                    self._begin_in(driver, begin)
                work(driver.statements)
                driver.execute("COMMIT")
            except BaseException:  # why: the connection has passed on, to somebody who begins anew
                driver.give_up()
                raise
            # Whether or not anybody still waits; who does learns of it afterwards.
            loop.call_soon_threadsafe(committed)

        await self._guarded(connection.visit(visit, queued=self._leave(connection)))

    async def end(self) -> None:
        """Roll back what was not committed.

        Nothing is waited for: the thread works in order, and so this does for a cancelled caller too.
        """
        if self._is_over:
            return
        self._is_over = True
        if self._connection is not None:
            leave = self._leave(self._connection)
            self._database.tasks.start(self._connection.visit(Visited.roll_back, queued=leave))

    async def _taken(self) -> SqliteConnection:
        """Return the connection, waiting for it if this is the first use."""
        self._require_open()
        if self._connection is None:
            asked = perf_counter()
            connection = await self._guarded(self._connections.take())
            if self._is_over:
                # Given up meanwhile by whoever waits no longer.
                self._connections.give_back(connection)
            self._require_open()
            self._connection, self._begun = connection, perf_counter()
            if (waited := self._begun - asked) > NOTICED:
                self._left = max(0.0, self._left - waited)
        return self._connection

    def _require_open(self) -> None:
        if self._is_over or self._is_doubtful:
            raise UnitOfWorkClosedError

    def _take_begin(self) -> str:
        begin, self._begin = self._begin, ""
        return begin

    def _begin_in(self, driver: Visited, begin: str) -> None:
        """Begin in the thread: one patience for the line and the lock, for to whoever waits they are one."""
        driver.begin(begin, self._database.lock_seconds, self._left)

    def _leave(self, connection: SqliteConnection) -> Callable[[], None]:
        """Be over, and return what passes the connection on."""
        self._is_over = True
        self._database.latency.add(perf_counter() - self._begun)
        return partial(self._connections.give_back, connection)

    async def _guarded(self, work: Coroutine[Any, Any, T] | asyncio.Future[T]) -> T:
        try:
            return await work
        except ERRORS as error:
            self._failed()
            named = unavailable(error)
            if named is None:
                raise
            raise named from error
        except StorageUnavailableError:
            self._failed()
            raise
        except asyncio.CancelledError:
            # Nobody knows whether the function that was waited for has begun.
            self._is_doubtful = True
            raise

    def _failed(self) -> None:
        self._is_doubtful = True
        self._database.errors += 1


class SqliteDatabase:
    """A SQLite file; connections are opened when first needed."""

    def __init__(self, url: str, limits: Limits | None = None) -> None:
        """Prepare for the file that the address names."""
        limits = limits or Limits()
        self.path = file_of(url)
        readers = [SqliteConnection(self.path, limits.lock, "query_only = ON") for _ in range(READERS)]
        self._writers = SqliteConnections([SqliteConnection(self.path, limits.lock, *_OF_WRITER)], limits.writer)
        self._readers = SqliteConnections(readers, limits.reader)
        self.checkpoints = Checkpoints(SqliteConnection(self.path, limits.lock), self._writers)
        self._close_seconds = limits.writer
        self.lock_seconds = limits.lock
        self._version: tuple[int, int] | None = None
        self.dialect = SqliteDialect()
        self.tasks = OwnedTasks()
        self.latency = Latency()
        self.errors = 0

    def reader(self) -> _SqliteTransaction:
        """Return a transaction that sees one state of the database throughout."""
        return _SqliteTransaction(self, self._readers, "BEGIN")

    def writer(self, workspace_id: int | None = None) -> _SqliteTransaction:
        """Return a transaction that has the write lock from its first statement on."""
        return _SqliteTransaction(self, self._writers, "BEGIN IMMEDIATE")

    def news(self) -> News:
        """Return the way to hear of other processes' commits."""
        from adapters.storage.engine.polled_news import PolledNews  # only whoever serves follows others

        return PolledNews(self, self._was_written)

    async def _was_written(self) -> bool:
        """Tell whether another process has written since this was last asked.

        The number that SQLite keeps for a connection changes with the commits of others only; asked of the one that
        writes here, the others are other processes.
        """
        try:
            connection = await self._writers.take()
            try:
                version = connection.opened, await connection.visit(_data_version)
            finally:
                self._writers.give_back(connection)
        except ERRORS as error:
            named = unavailable(error)
            if named is None:
                raise
            raise named from error
        before, self._version = self._version, version
        return version != before

    def statistics(self) -> StorageStatistics:
        """Return the pool's figures."""
        pools = (self._writers, self._readers)
        return StorageStatistics(
            size=sum(pool.size for pool in pools),
            in_use=sum(pool.in_use for pool in pools),
            waiting=sum(pool.waiting for pool in pools),
            served=sum(pool.served for pool in pools),
            errors=self.errors,
            latency=self.latency.percentiles(),
        )

    async def close(self) -> None:
        """Let what is under way end and close every connection, the readers' first."""
        try:
            await self.checkpoints.close()
            await self._readers.close()
        finally:
            await self._writers.close()
        await self.tasks.ended(self._close_seconds)


def _data_version(driver: Visited) -> int:
    (number,) = driver.execute("PRAGMA data_version").fetchone()
    return int(number)
