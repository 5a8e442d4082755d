"""The reference for statements that are compiled once: the same repositories, run by SQLAlchemy's own connections."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, StaticPool, create_engine

from adapters.storage import Kind, Limits, SqlStorage, read_address
from adapters.storage.engine.database import Database, DatabaseTransaction, Work
from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.dialects.postgres_statements import PostgresStatements
from adapters.storage.engine.dialects.sqlite_statements import SqliteStatements, driver_of
from adapters.storage.engine.news import News
from adapters.storage.engine.opening import open_database, open_server
from adapters.storage.engine.plain_connection import sqlalchemy_of
from adapters.storage.engine.statements import Row, Statements
from adapters.storage.system.file_leases import FileLeases
from core.ports.storage import Committed, StorageStatistics
from core.shared.clock import SystemClock
from tests.support.storage import secret_box

T = TypeVar("T")
Wrap = Callable[[Statements], Statements]


@asynccontextmanager
async def run_by_sqlalchemy(url: str, limits: Limits) -> AsyncIterator[SqlStorage]:
    """Open a database whose statements SQLAlchemy runs."""
    is_file = read_address(url)[0] is Kind.SQLITE
    database = open_database(url, limits) if is_file else open_server(url, limits, plain=True)
    wrapped = _Wrapped(database, _InFile().wrap if is_file else _on_server)
    # Nobody takes a lease, so that no file is made for one.
    storage = SqlStorage(wrapped, FileLeases(Path("none")), secrets=secret_box(), clock=SystemClock(), areas={})
    try:
        yield storage
    finally:
        await storage.close()


class _Wrapped:
    """A database whose statements are run by something else."""

    def __init__(self, database: Database, wrap: Wrap) -> None:
        self._database = database
        self._wrap = wrap

    @property
    def dialect(self) -> Dialect:
        return self._database.dialect

    def reader(self) -> DatabaseTransaction:
        return _Transaction(self._database.reader(), self._wrap)

    def writer(self, workspace_id: int | None = None) -> DatabaseTransaction:
        return _Transaction(self._database.writer(workspace_id), self._wrap)

    def news(self) -> News:
        return self._database.news()

    def statistics(self) -> StorageStatistics:
        return self._database.statistics()

    async def close(self) -> None:
        await self._database.close()


class _Transaction:
    def __init__(self, transaction: DatabaseTransaction, wrap: Wrap) -> None:
        self._transaction = transaction
        self._wrap = wrap

    async def run(self, work: Work[T]) -> T:
        return await self._transaction.run(lambda db: work(self._wrap(db)))

    async def commit(self, work: Work[None], done: Callable[[], None], made: Committed | None = None) -> None:
        await self._transaction.commit(lambda db: work(self._wrap(db)), done, made)

    async def end(self) -> None:
        await self._transaction.end()


class _OnServer(PostgresStatements):
    """The driver's connection for many rows, SQLAlchemy's for everything else."""

    __slots__ = ("_own",)

    def __init__(self, own: Connection) -> None:
        super().__init__(own.connection.driver_connection, own.dialect)
        self._own = own

    def execute(self, statement: Executable, parameters: Row | Sequence[Row] | None = None, /) -> Any:
        return self._own.execute(statement, parameters)


def _on_server(db: Statements) -> Statements:
    return _OnServer(sqlalchemy_of(db))


class _OnFile(SqliteStatements):
    """The same for a file."""

    __slots__ = ("_own",)

    def __init__(self, db: Statements) -> None:
        driver = driver_of(db)
        super().__init__(driver, db.dialect)
        engine = create_engine(
            "sqlite://",
            creator=lambda: driver,
            isolation_level="AUTOCOMMIT",
            poolclass=StaticPool,
            hide_parameters=True,
        )
        self._own = engine.connect()
        # SQLAlchemy looks at a new connection, and rolls back.
        driver.execute("BEGIN")

    def execute(self, statement: Executable, parameters: Row | Sequence[Row] | None = None, /) -> Any:
        return self._own.execute(statement, parameters)


class _InFile:
    """A connection of SQLAlchemy's for each of the driver's, made once."""

    def __init__(self) -> None:
        self._made: dict[sqlite3.Connection, _OnFile] = {}

    def wrap(self, db: Statements) -> Statements:
        driver = driver_of(db)
        if driver not in self._made:
            self._made[driver] = _OnFile(db)
        return self._made[driver]
