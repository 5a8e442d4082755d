"""A database server behind a pool of connections, used by one event loop.

Transactions are begun and ended in the server's own words, the first of them together with the first statement. One
that writes to a workspace holds the lock on the workspace's row until its end: what a service has read stays true until
it commits, as it does in SQLite, where only one can write at all. Within a process those who want to write to one
workspace wait in line before they take a connection, so that a busy workspace leaves connections for the others.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.storage.dialects import Dialect
from adapters.storage.errors import UnitOfWorkClosedError
from adapters.storage.latency import Latency
from adapters.storage.sessions import Work
from adapters.storage.turns import Turns
from core.ports.storage import StorageStatistics, StorageUnavailableError

T = TypeVar("T")

SPARE = 2
"""Connections that are left to those who only read, for whoever writes may read something else meanwhile."""

CLOSE_SECONDS = 10.0

_USED = "quartermaster used"


class Server(Protocol):
    """What is particular to a kind of server."""

    errors: tuple[type[Exception], ...]
    """What its driver raises beside SQLAlchemy's errors."""

    has_history: str
    """The question whether Alembic's table is there: one row, NULL if it is not."""
    prepare: str
    """What a database needs before it is migrated, outside a transaction; may be empty."""
    migrate_alone: str
    """The words that keep every other process from migrating until the transaction ends."""

    @property
    def dialect(self) -> Dialect:
        """Return what is particular to its statements."""
        ...

    def begin(self, workspace_id: int | None, *, writes: bool) -> str:
        """Return the words that begin a transaction and, if it writes, lock the workspace's row."""
        ...

    def say(self, connection: Connection, words: str) -> None:
        """Run words about transactions."""
        ...

    @property
    def commit(self) -> str:
        """Return the words that commit."""
        ...

    @property
    def roll_back(self) -> str:
        """Return the words that roll back, if there is anything to roll back."""
        ...

    def reason(self, error: BaseException) -> str | None:
        """Return the word for an error that is nobody's mistake (see `StorageUnavailableError`), else None."""
        ...

    def close(self) -> None:
        """Let go of what is its own."""
        ...


@dataclass(slots=True)
class _Held:
    """What a session holds on to; given back in reverse order."""

    connection: AsyncConnection | None = None
    has_permit: bool = False
    has_turn: bool = False


class _PooledSession:
    """A transaction on a connection of the pool, begun with its first statement."""

    def __init__(self, database: "PooledDatabase", workspace_id: int | None, *, writes: bool) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._writes = writes
        self._held = _Held()
        self._begun = 0.0
        self._ended = False
        self._doubtful = False
        self._finishing: asyncio.Task[None] | None = None

    async def run(self, work: Work[T]) -> T:
        """Run statements, the first ones after beginning."""
        self._require_open()
        return await self._guarded(self._visit(work))

    async def commit(self, work: Work[None], done: Callable[[], None]) -> None:
        """Run the last statements and commit, whether or not the caller waits until the end."""
        self._require_open()

        def last(connection: Connection) -> None:
            work(connection)
            self._database.server.say(connection, self._database.server.commit)

        async def finish() -> None:
            is_open = True
            try:
                await self._guarded(self._visit(last))
                is_open = False
                done()
            finally:
                self._ended = True
                await self._give_back(roll_back=is_open)

        self._finishing = self._database.own(finish())
        await asyncio.shield(self._finishing)

    async def end(self) -> None:
        """Roll back what was not committed; nothing is waited for."""
        if self._ended or self._finishing is not None:
            return
        self._ended = True
        if self._held.connection is not None or self._held.has_permit or self._held.has_turn:
            self._database.own(self._give_back(roll_back=True))

    def _require_open(self) -> None:
        if self._ended or self._doubtful or self._finishing is not None:
            raise UnitOfWorkClosedError

    async def _visit(self, work: Work[T]) -> T:
        connection = self._held.connection
        if connection is None:
            connection = await self._opened()
        return await connection.run_sync(work)

    async def _opened(self) -> AsyncConnection:
        """Wait for the turn and for a connection, and begin.

        To begin also tries whether the connection is alive: nothing is lost when it is not, and another one is taken.
        """
        database, held = self._database, self._held
        if self._writes:
            if self._workspace_id is not None:
                await database.turns.enter(self._workspace_id)
                held.has_turn = True
            await database.permits.enter()
            held.has_permit = True
        words = database.server.begin(self._workspace_id, writes=self._writes)
        while True:
            held.connection, was_idle = await database.take()
            self._begun = perf_counter()
            try:
                await held.connection.run_sync(database.server.say, words)
            except database.errors as error:
                if not was_idle or database.server.reason(error) != "connection_lost":
                    raise
                await database.give_back(held.connection, is_broken=True)
                held.connection = None
            else:
                return held.connection

    async def _guarded(self, visit: Coroutine[Any, Any, T]) -> T:
        try:
            return await visit
        except StorageUnavailableError:
            self._failed()
            raise
        except self._database.errors as error:
            self._failed()
            reason = self._database.server.reason(error)
            if reason is None:
                raise
            raise StorageUnavailableError(reason) from error
        except asyncio.CancelledError:
            # A statement that was cut off: what the connection would answer next is anybody's guess.
            self._doubtful = True
            raise

    def _failed(self) -> None:
        self._doubtful = True
        self._database.failed += 1

    async def _give_back(self, *, roll_back: bool) -> None:
        database, held = self._database, self._held
        try:
            if held.connection is not None:
                broken = self._doubtful or (roll_back and not await self._rolled_back(held.connection))
                database.latency.add(perf_counter() - self._begun)
                await database.give_back(held.connection, is_broken=broken)
        finally:
            held.connection = None
            if held.has_permit:
                database.permits.leave()
            if held.has_turn:
                database.turns.leave(self._workspace_id)
            held.has_permit = held.has_turn = False

    async def _rolled_back(self, connection: AsyncConnection) -> bool:
        server = self._database.server
        try:
            await connection.run_sync(server.say, server.roll_back)
        except self._database.errors:
            return False
        return True


class _Permits:
    """As many writers at once as leave connections for readers."""

    def __init__(self, count: int, seconds: float) -> None:
        self._free = asyncio.Semaphore(count)
        self._seconds = seconds

    async def enter(self) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise StorageUnavailableError("busy") from None

    def leave(self) -> None:
        self._free.release()


class PooledDatabase:
    """A database on a server; connections are opened when first needed."""

    def __init__(self, engine: AsyncEngine, server: Server, *, size: int, wait_seconds: float) -> None:
        """Use an engine whose pool has `size` connections at most and whose transactions are left to us.

        `wait_seconds`: how long a writer waits for its turn, and again for a connection.
        """
        self._engine = engine
        self._size = size
        self.server = server
        self.turns = Turns(wait_seconds)
        self.permits = _Permits(max(1, size - SPARE), wait_seconds)
        self.latency = Latency()
        self.failed = 0
        self.errors: tuple[type[Exception], ...] = (SQLAlchemyError, OSError, *server.errors)
        self._taking = 0
        self._in_use = 0
        self._served = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    @property
    def dialect(self) -> Dialect:
        """Return what is particular to this kind of database."""
        return self.server.dialect

    def reader(self) -> _PooledSession:
        """Return a transaction that sees one state of the database throughout."""
        return _PooledSession(self, None, writes=False)

    def writer(self, workspace_id: int | None = None) -> _PooledSession:
        """Return a transaction that writes; to a workspace, nobody else does meanwhile."""
        return _PooledSession(self, workspace_id, writes=True)

    def statistics(self) -> StorageStatistics:
        """Return the pool's figures."""
        return StorageStatistics(
            size=self._size,
            in_use=self._in_use,
            waiting=self._taking + self.turns.waiting,
            served=self._served,
            errors=self.failed,
            latency=self.latency.percentiles(),
        )

    async def take(self) -> tuple[AsyncConnection, bool]:
        """Take a connection from the pool, and tell whether it lay idle there."""
        if self._closed:
            raise StorageUnavailableError("closed")
        self._taking += 1
        try:
            connection = await self._engine.connect()
        except NoConnectionFreeError:
            raise StorageUnavailableError("busy") from None
        finally:
            self._taking -= 1
        self._in_use += 1
        self._served += 1
        # Kept with the driver's connection, not with this visit to it.
        was_idle = bool(connection.info.get(_USED))
        connection.info[_USED] = True
        return connection, was_idle

    async def give_back(self, connection: AsyncConnection, *, is_broken: bool) -> None:
        """Give a connection back to the pool, or close one that is of no more use."""
        self._in_use -= 1
        with suppress(*self.errors):
            if is_broken:
                await connection.invalidate()
            await connection.close()

    def own(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something to its end, whoever asked for it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._disown)
        return task

    def _disown(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # told to whoever waits; nobody else has to hear of it

    async def close(self) -> None:
        """Let what is under way end, within reason, and close every connection."""
        self._closed = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSE_SECONDS)
        with suppress(*self.errors):
            await self._engine.dispose()
        self.server.close()
