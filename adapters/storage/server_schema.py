"""The schema of a database on a server; the database itself is made by whoever runs the server."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection

from adapters.storage.databases import open_server
from adapters.storage.limits import Limits
from adapters.storage.schema import LOCK_SECONDS, SchemaState, state_of, upgrade

T = TypeVar("T")


async def server_schema_state(url: str, limits: Limits) -> SchemaState:
    """Tell where a database stands; raises `StorageUnavailableError`."""
    return await _with_session(url, limits, lambda db, has_history: state_of(db, has_history), writes=False)


async def migrate_server(url: str, limits: Limits) -> None:
    """Bring a database to the newest schema; raises `SchemaNewerError` and `StorageUnavailableError`."""
    patient = replace(limits, lock=LOCK_SECONDS, statement=LOCK_SECONDS * 10)
    await _with_session(url, patient, upgrade, writes=True)


async def _with_session(url: str, limits: Limits, work: Callable[[Connection, str], T], *, writes: bool) -> T:
    database = open_server(url, limits, connections=1)
    server = database.server
    session = database.writer() if writes else database.reader()
    results: list[T] = []

    def visit(connection: Connection) -> None:
        if writes:
            server.say(connection, server.migrate_alone)
        results.append(work(connection, server.has_history))

    try:
        if writes:
            await session.commit(visit, lambda: None)
        else:
            await session.run(visit)
    finally:
        await session.end()
        await database.close()
    return results[0]
