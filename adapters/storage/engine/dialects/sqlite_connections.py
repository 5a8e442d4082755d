"""Connections to a SQLite file, each in the thread of aiosqlite's that drives it.

A whole function runs in one visit to that thread. To send each of its statements there by itself leaves a quarter fewer
commands a second, and tells of a broken constraint at the commit (measured).
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy import Connection, StaticPool, create_engine
from sqlalchemy.exc import SQLAlchemyError

from adapters.storage.engine.dialects.sqlite_statements import DIALECT, SqliteStatements
from adapters.storage.engine.waiting import Permits
from core.ports.storage import StorageUnavailableError

T = TypeVar("T")

VISIT = "-- visit"
"""What `executemany` is asked for in place of a statement, to run a function."""

ERRORS = (sqlite3.Error, SQLAlchemyError)

_RULES = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "journal_size_limit = 67108864")


class Visited(sqlite3.Connection):
    """A connection of the driver's, which runs functions handed to `executemany`: aiosqlite passes them on as they are.

    One that can't be opened is put off until it is visited, for aiosqlite waits for the end of its thread only when it
    closes what was opened.
    """

    def __init__(self, database: str, **options: Any) -> None:
        """Open a database."""
        self.failure: sqlite3.Error | None = None
        try:
            super().__init__(database, **options)
        except sqlite3.Error as error:
            self.failure = error
            super().__init__(":memory:")
        self.statements = SqliteStatements(self, DIALECT)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        """Run a statement for many rows, or functions."""
        if sql != VISIT:
            return super().executemany(sql, parameters)
        for function in parameters:
            function(self)
        return self.cursor()

    def obey(self, rules: Iterable[str]) -> None:
        """Follow some rules; raises what went wrong when this was opened."""
        if self.failure is not None:
            raise self.failure
        for rule in rules:
            self.execute(f"PRAGMA {rule}")

    def begin(self, statement: str, patience: float, left: float) -> None:
        """Begin a transaction, with what is `left` of the patience for a lock of another process; then all of it again.

        After a lock that was not let go of in time the connection is opened anew, and has it all anyway.
        """
        is_worn = left < patience
        if is_worn:
            self.execute(f"PRAGMA busy_timeout = {round(left * 1000)}")
        self.execute(statement)
        if is_worn:
            self.execute(f"PRAGMA busy_timeout = {round(patience * 1000)}")

    def roll_back(self) -> None:
        """End the transaction if there is one."""
        if self.in_transaction:
            self.execute("ROLLBACK")

    def give_up(self) -> None:
        """End the transaction behind an error, which is what is to be told."""
        with suppress(sqlite3.Error):
            self.roll_back()


class SqliteConnection:
    """One connection to a file, opened when first needed, and anew after an error of the database."""

    def __init__(self, path: Path, lock_seconds: float, *rules: str) -> None:
        """Prepare to open it, with rules beyond those of all; a lock of another process is waited for so long."""
        # Only a migration makes the file: one that is gone is an error, not a fresh start.
        self._address = f"{path.absolute().as_uri()}?mode=rw"
        self._lock_seconds = lock_seconds
        self._rules = (*_RULES, *rules)
        self._driver: aiosqlite.Connection | None = None
        self._opening: asyncio.Task[None] | None = None
        self._is_closed = False
        self._is_doubtful = False
        self.opened = 0

    async def ready(self) -> None:
        """Open it if need be, whether or not whoever needs it waits until the end; raises what hinders that."""
        if self._is_closed:
            raise StorageUnavailableError("closed")
        if self._driver is not None and not self._is_doubtful:
            return
        if self._opening is None:
            self._opening = asyncio.get_running_loop().create_task(self._open())
            self._opening.add_done_callback(self._was_opened)
        await asyncio.shield(self._opening)

    async def visit(self, work: Callable[[Visited], T], *, queued: Callable[[], None] | None = None) -> T:
        """Run a function in the thread and return its result; to be cancelled does not stop it.

        After an error of the database the transaction is over, and who comes next has the connection opened anew.
        `queued` is called as soon as whoever visits next comes behind the function.
        """
        if self._driver is None:
            raise StorageUnavailableError("closed")
        if queued is not None:
            # In the next step, for in this one the function is put into the thread's queue.
            asyncio.get_running_loop().call_soon(queued)
        results: list[T] = []

        def run(connection: Visited) -> None:
            try:
                results.append(work(connection))
            except ERRORS:
                self._is_doubtful = True
                connection.give_up()
                raise

        await self._driver.executemany(VISIT, _handed(run))
        return results[0]

    async def close(self) -> None:
        """Close it behind whatever is under way, for good."""
        self._is_closed = True
        if self._opening is not None:
            await asyncio.wait([self._opening])
        await self._close()

    async def _open(self) -> None:
        await self._close()
        driver = await aiosqlite.connect(
            self._address,
            uri=True,
            timeout=self._lock_seconds,
            isolation_level=None,
            cached_statements=512,
            factory=Visited,
        )
        try:
            await driver.executemany(VISIT, _handed(lambda connection: connection.obey(self._rules)))
        except BaseException:  # why: what was opened is closed, whatever is the matter with it
            await driver.close()
            raise
        self._driver, self._is_doubtful = driver, False
        self.opened += 1

    def _was_opened(self, opening: asyncio.Task[None]) -> None:
        self._opening = None
        if not opening.cancelled():
            opening.exception()  # told to whoever waits; nobody else has to hear of it

    async def _close(self) -> None:
        driver, self._driver = self._driver, None
        if driver is not None:
            with suppress(sqlite3.Error):
                await driver.close()


class SqliteConnections:
    """A few connections, taken in the order in which they are asked for."""

    def __init__(self, connections: Sequence[SqliteConnection], seconds: float) -> None:
        """Let everybody wait for one so long at most."""
        self._all = tuple(connections)
        self._free = list(connections)
        self._permits = Permits(len(connections), seconds)
        self._seconds = seconds
        self._is_closed = False
        self.served = 0

    @property
    def size(self) -> int:
        """Return how many there are."""
        return len(self._all)

    @property
    def in_use(self) -> int:
        """Return how many are taken."""
        return len(self._all) - len(self._free)

    @property
    def waiting(self) -> int:
        """Return how many wait for one."""
        return self._permits.waiting

    async def take(self) -> SqliteConnection:
        """Take one that is open; raises `StorageUnavailableError`, and what hinders its opening."""
        if self._is_closed:
            raise StorageUnavailableError("closed")
        await self._permits.enter()
        connection = self._free.pop()
        try:
            await connection.ready()
        except BaseException:  # why: whatever hinders it, the next one may try
            self.give_back(connection)
            raise
        self.served += 1
        return connection

    def give_back(self, connection: SqliteConnection) -> None:
        """Let the next one have it."""
        self._free.append(connection)
        self._permits.leave()

    async def close(self) -> None:
        """Let those who wait have their turn, within reason, and close all."""
        was_closed, self._is_closed = self._is_closed, True
        try:
            if not was_closed:
                await self._everybody_served()
        finally:
            await asyncio.gather(*(connection.close() for connection in self._all))

    async def _everybody_served(self) -> None:
        """Wait for all of them, behind everybody else."""
        with suppress(TimeoutError, StorageUnavailableError):
            async with asyncio.timeout(self._seconds):
                for _ in self._all:
                    await self._permits.enter()


@contextmanager
def with_sqlalchemy(connection: Visited) -> Iterator[Connection]:
    """Give a connection all that SQLAlchemy has, within the block; transactions are left to whoever uses it."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: connection,
        isolation_level="AUTOCOMMIT",
        poolclass=StaticPool,
        # The content of rows does not belong in logs.
        hide_parameters=True,
    )
    with closing(engine.connect()) as made:
        yield made


def _handed(function: Callable[[Visited], None]) -> list[Any]:
    """Return what `executemany` takes to run a function."""
    return [function]
