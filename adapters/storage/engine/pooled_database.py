"""A database server behind a pool of connections, used by one event loop.

Transactions are begun and ended in the server's own words, the first of them together with the first statement. One
that writes to a workspace holds the lock on the workspace's row until its end: what a service has read stays true until
it commits, as it does in SQLite, where only one can write at all. Within a process those who want to write to one
workspace wait for a lock before they take a connection, so that a busy workspace leaves connections for the others.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError
from sqlalchemy.util import greenlet_spawn

from adapters.storage.engine.database import Work
from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.errors import UnitOfWorkClosedError
from adapters.storage.engine.latency import Latency
from adapters.storage.engine.news import News, packed
from adapters.storage.engine.owned_tasks import OwnedTasks
from adapters.storage.engine.polled_news import PolledNews
from adapters.storage.engine.server import PooledConnection, Server
from adapters.storage.engine.statements import Statements
from adapters.storage.engine.waiting import Locks, Permits
from core.ports.storage import OUTCOME_UNKNOWN, Committed, StorageStatistics, StorageUnavailableError
from core.shared.ids import new_code

T = TypeVar("T")

SPARE = 2
"""Connections that are left to those who only read, for whoever writes may read something else meanwhile."""

CLOSE_SECONDS = 10.0

ORIGIN = 10
"""Letters by which a process knows its own news."""


class _PooledTransaction:
    """A transaction on a connection of the pool, begun with its first statement."""

    def __init__(self, database: "PooledDatabase", workspace_id: int | None, *, writes: bool) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._writes = writes
        self._connection: PooledConnection | None = None
        self._is_in = False
        self._is_last = False
        self._begun = 0.0
        self._ended = False
        self._doubtful = False
        self._committing = False
        self._finishing: asyncio.Task[None] | None = None

    async def run(self, work: Work[T]) -> T:
        """Run statements, the first ones after beginning."""
        self._require_open()
        return await self._guarded(self._visit(work))

    async def commit(self, work: Work[None], done: Callable[[], None], made: Committed | None = None) -> None:
        """Run the last statements and commit, whether or not the caller waits until the end."""
        self._require_open()
        self._finishing = self._database.tasks.start(self._finish(work, done, self._database.commit_words(made)))
        await asyncio.shield(self._finishing)

    async def end(self) -> None:
        """Roll back what was not committed; nothing is waited for."""
        if self._ended or self._finishing is not None:
            return
        self._ended = True
        if self._connection is not None or self._is_in:
            self._database.tasks.start(self._give_back(roll_back=True))

    def _require_open(self) -> None:
        if self._ended or self._doubtful or self._finishing is not None:
            raise UnitOfWorkClosedError

    async def _visit(self, work: Work[T]) -> T:
        if self._writes and not self._is_in:
            await self._database.let_in(self._workspace_id)
            if self._ended:
                # Given up meanwhile by whoever waits no longer: nobody else would let go of the lock.
                self._database.let_next(self._workspace_id)
                self._database.let_out()
                raise UnitOfWorkClosedError
            self._is_in = True
        return await greenlet_spawn(self._work, work)

    def _work(self, work: Work[T]) -> T:
        if self._connection is None:
            self._connection = self._opened()
        found = work(self._connection.statements)
        self._connection.flush()
        return found

    async def _finish(self, work: Work[None], done: Callable[[], None], words: str) -> None:
        def last(db: Statements) -> None:
            work(db)
            if self._connection is not None:
                self._connection.flush()
                self._committing = True
                self._let_next()
                self._connection.say(words)

        is_open = True
        try:
            await self._guarded(self._visit(last))
            is_open = False
            done()
        finally:
            self._ended = True
            await self._give_back(roll_back=is_open)

    def _let_next(self) -> None:
        """Let who waits for the workspace begin while this commits: the lock on its row keeps them apart."""
        if self._is_in and not self._is_last:
            self._is_last = True
            self._database.let_next(self._workspace_id)

    def _opened(self) -> PooledConnection:
        """Take a connection and begin.

        To begin also tries whether the connection is alive: nothing is lost when it is not, and another one is taken.
        """
        server = self._database.server
        words = server.begin(self._workspace_id, writes=self._writes)
        while True:
            connection = self._database.take()
            was_used = connection.was_used
            try:
                connection.say(words)
            except self._database.errors as error:
                self._database.give_back(connection, is_broken=True)
                if not was_used or server.reason(error) != "connection_lost":
                    raise
            except BaseException:  # why: cut off in the middle, the connection would be lost to the pool
                self._database.give_back(connection, is_broken=True)
                raise
            else:
                self._begun = perf_counter()
                return connection

    async def _guarded(self, visit: Coroutine[Any, Any, T]) -> T:
        try:
            return await visit
        except StorageUnavailableError:
            self._failed()
            raise
        except self._database.errors as error:
            self._failed()
            # Whatever goes wrong from there on, the words that commit may have done their work: what is told to other
            # processes comes behind them, and may fail too.
            reason = OUTCOME_UNKNOWN if self._committing else self._database.server.reason(error)
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
        connection, self._connection = self._connection, None
        try:
            if connection is not None:
                self._database.latency.add(perf_counter() - self._begun)
                await self._database.finish(connection, roll_back=roll_back, is_broken=self._doubtful)
        finally:
            if self._is_in:
                self._let_next()
                self._is_in = False
                self._database.let_out()


class PooledDatabase:
    """A database on a server; connections are opened when first needed."""

    def __init__(self, server: Server, *, size: int, wait_seconds: float) -> None:
        """Use a server whose pool has `size` connections at most.

        `wait_seconds`: how long a writer waits for its lock, and again for a connection.
        """
        self._size = size
        self.server = server
        self._locks = Locks(wait_seconds)
        self._permits = Permits(max(1, size - SPARE), wait_seconds)
        self.origin = new_code(ORIGIN)
        self.latency = Latency()
        self.failed = 0
        self.errors: tuple[type[Exception], ...] = (SQLAlchemyError, OSError, *server.errors)
        self._taking = 0
        self._in_use = 0
        self._served = 0
        self.tasks = OwnedTasks()
        self._closed = False

    @property
    def dialect(self) -> Dialect:
        """Return what is particular to this kind of database."""
        return self.server.dialect

    def commit_words(self, made: Committed | None) -> str:
        """Return the words that commit and tell other processes what that makes true."""
        news = packed(made, self.origin) if made else ""
        return self.server.commit_telling(news) if news else self.server.commit

    def news(self) -> News:
        """Return the way to hear of other processes' commits."""
        return self.server.news(self.origin) or PolledNews(self, _always)

    def reader(self) -> _PooledTransaction:
        """Return a transaction that sees one state of the database throughout."""
        return _PooledTransaction(self, None, writes=False)

    def writer(self, workspace_id: int | None = None) -> _PooledTransaction:
        """Return a transaction that writes; to a workspace, nobody else does meanwhile."""
        return _PooledTransaction(self, workspace_id, writes=True)

    def statistics(self) -> StorageStatistics:
        """Return the pool's figures."""
        return StorageStatistics(
            size=self._size,
            in_use=self._in_use,
            waiting=self._taking + self._locks.waiting + self._permits.waiting,
            served=self._served,
            errors=self.failed,
            latency=self.latency.percentiles(),
        )

    async def let_in(self, workspace_id: int | None) -> None:
        """Wait for the lock on a workspace (if any), and for a permit to write at all."""
        if workspace_id is not None:
            await self._locks.enter(workspace_id)
        try:
            await self._permits.enter()
        except BaseException:  # why: whatever ends the wait, somebody else may have the lock
            if workspace_id is not None:
                self._locks.leave(workspace_id)
            raise

    def let_next(self, workspace_id: int | None) -> None:
        """Give the lock on a workspace (if any) back."""
        if workspace_id is not None:
            self._locks.leave(workspace_id)

    def let_out(self) -> None:
        """Give the permit back."""
        self._permits.leave()

    def take(self) -> PooledConnection:
        """Take a connection from the pool, within a greenlet."""
        if self._closed:
            raise StorageUnavailableError("closed")
        self._taking += 1
        try:
            connection = self.server.take()
        except NoConnectionFreeError:
            raise StorageUnavailableError("busy") from None
        finally:
            self._taking -= 1
        self._in_use += 1
        self._served += 1
        return connection

    async def finish(self, connection: PooledConnection, *, roll_back: bool, is_broken: bool) -> None:
        """Roll back if that is to be done, and give a connection back, or close it if it is of no more use."""
        if roll_back and not is_broken:
            try:
                await connection.finish(self.server.roll_back)
            except self.errors:
                is_broken = True
            except BaseException:  # why: cut off in the middle, the connection would be lost to the pool
                await greenlet_spawn(partial(self.give_back, connection, is_broken=True))
                raise
            else:
                self._in_use -= 1
                return
        await greenlet_spawn(partial(self.give_back, connection, is_broken=is_broken))

    def give_back(self, connection: PooledConnection, *, is_broken: bool) -> None:
        """Give a connection back to the pool, or close one that is of no more use, within a greenlet."""
        self._in_use -= 1
        with suppress(*self.errors):
            if is_broken:
                connection.invalidate()
            connection.give_back()

    async def say(self, words: str) -> None:
        """Say what can't be said within a transaction, on a connection that nobody else gets afterwards.

        Raises `StorageUnavailableError`.
        """

        def visit() -> None:
            connection = self.take()
            try:
                connection.say(words)
            finally:
                self.give_back(connection, is_broken=True)

        try:
            await greenlet_spawn(visit)
        except self.errors as error:
            reason = self.server.reason(error)
            if reason is None:
                raise
            raise StorageUnavailableError(reason) from error

    async def close(self) -> None:
        """Let what is under way end, within reason, and close every connection."""
        self._closed = True
        await self.tasks.ended(CLOSE_SECONDS)
        with suppress(*self.errors):
            await self.server.close()


async def _always() -> bool:
    return True
