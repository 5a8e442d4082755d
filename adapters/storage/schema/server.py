"""The schema of a database on a server; the database itself is made by whoever runs the server."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection

from adapters.storage.engine.error_codes import codes_of
from adapters.storage.engine.errors import StorageFailedError
from adapters.storage.engine.limits import Limits
from adapters.storage.engine.opening import open_server
from adapters.storage.engine.plain_connection import sqlalchemy_of
from adapters.storage.engine.pooled_database import PooledDatabase
from adapters.storage.schema.state import LOCK_SECONDS, SchemaState, state_of, upgrade

T = TypeVar("T")


async def server_schema_state(url: str, limits: Limits) -> SchemaState:
    """Tell where a database stands; raises `StorageUnavailableError` and `StorageFailedError`."""
    return await ask_server(url, limits, state_on)


async def ask_server(url: str, limits: Limits, question: Callable[[Connection, PooledDatabase], T]) -> T:
    """Ask a database something on a connection of its own; raises as `server_schema_state`."""
    async with _opened(url, limits) as database:
        # Not as a reader: a database that is not prepared yet may have no snapshots to read from.
        transaction = database.writer()
        try:
            return await transaction.run(lambda db: question(sqlalchemy_of(db), database))
        finally:
            await transaction.end()


def state_on(connection: Connection, database: PooledDatabase) -> SchemaState:
    """Tell where the database behind a connection stands."""
    return state_of(connection, database.server.has_history)


async def migrate_server(url: str, limits: Limits) -> None:
    """Bring a database to the newest schema; raises `SchemaNewerError`, and as `server_schema_state`."""
    # Idle for longer too: a slow machine takes its time between two statements, to load Alembic and every revision.
    patient = replace(limits, lock=LOCK_SECONDS, statement=LOCK_SECONDS * 10, idle=LOCK_SECONDS)
    async with _opened(url, patient) as database:
        if database.server.prepare:
            await database.say(database.server.prepare)
        transaction = database.writer()
        try:
            await transaction.commit(lambda db: _upgrade(sqlalchemy_of(db), database), lambda: None)
        finally:
            await transaction.end()


def _upgrade(connection: Connection, database: PooledDatabase) -> None:
    connection.exec_driver_sql(database.server.migrate_alone)
    upgrade(connection, database.server.has_history)


@asynccontextmanager
async def _opened(url: str, limits: Limits) -> AsyncIterator[PooledDatabase]:
    """Open a database within the block; raises `StorageFailedError` for what there is no word for but has a code."""
    database = open_server(url, limits, connections=1, plain=True)
    try:
        yield database
    except database.errors as error:
        codes = codes_of(error)
        if not codes:
            raise
        raise StorageFailedError(codes) from error
    finally:
        await database.close()
