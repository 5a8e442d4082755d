"""A database as its transactions: what every dialect provides and everything else here is written against."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.news import News
from adapters.storage.engine.statements import Statements
from core.ports.storage import Committed, StorageStatistics

T = TypeVar("T")

Work = Callable[[Statements], T]
"""Statements run one after the other where they cost least: in the connection's thread, or on the wire of its loop."""


class DatabaseTransaction(Protocol):
    """One transaction, begun by its first statement. Errors of the database are `StorageUnavailableError`."""

    async def run(self, work: Work[T]) -> T:
        """Run statements in the transaction and return their result."""
        ...

    async def commit(self, work: Work[None], done: Callable[[], None], made: Committed | None = None) -> None:
        """Run the last statements and commit.

        `done` is called on the loop if that succeeds, even when the caller is cancelled meanwhile. `made` is what other
        processes are told then, where the database tells them.
        """
        ...

    async def end(self) -> None:
        """Roll back what was not committed and give the connection back; harmless when done twice."""
        ...


class Database(Protocol):
    """A pool of connections to one database."""

    @property
    def dialect(self) -> Dialect:
        """Return what is particular to this kind of database."""
        ...

    def reader(self) -> DatabaseTransaction:
        """Return a transaction that only reads."""
        ...

    def writer(self, workspace_id: int | None = None) -> DatabaseTransaction:
        """Return a transaction that writes; to a workspace, nobody else does from its first statement to its end."""
        ...

    def news(self) -> News:
        """Return the way to hear of other processes' commits."""
        ...

    def statistics(self) -> StorageStatistics:
        """Return the pool's figures."""
        ...

    async def close(self) -> None:
        """Let what is under way end and close every connection."""
        ...


class Once:
    """Transactions that are over after one visit to the database."""

    def __init__(self, database: Database) -> None:
        """Work on a database."""
        self._database = database

    async def read(self, work: Work[T]) -> T:
        """Run statements that only read and return their result."""
        transaction = self._database.reader()
        try:
            return await transaction.run(work)
        finally:
            await transaction.end()

    async def write(self, work: Work[T], workspace_id: int | None = None) -> T:
        """Run statements, commit, and return their result; whoever else writes to that workspace waits."""
        transaction = self._database.writer(workspace_id)
        results: list[T] = []
        try:
            await transaction.commit(lambda connection: results.append(work(connection)), lambda: None)
        finally:
            await transaction.end()
        return results[0]
