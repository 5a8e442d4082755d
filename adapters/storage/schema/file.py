"""The schema of a SQLite file, which is made if it does not exist."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from adapters.storage.engine.addresses import file_of
from adapters.storage.engine.dialects.sqlite import make_engine
from adapters.storage.engine.errors import SchemaDamagedError, unavailable
from adapters.storage.engine.threads import in_thread
from adapters.storage.schema.state import LOCK_SECONDS, SchemaState, state_of, upgrade
from core.ports.storage import StorageUnavailableError

T = TypeVar("T")

_HAS_HISTORY = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"


async def file_schema_state(url: str) -> SchemaState:
    """Tell where a file stands; one that does not exist is empty. Raises `StorageUnavailableError`."""
    path = file_of(url)
    return await _in_thread(lambda: _with_connection(path, _state) if path.exists() else SchemaState.EMPTY)


async def migrate_file(url: str, revision: str = "head") -> None:
    """Bring a file to the newest schema; raises `SchemaNewerError` and `StorageUnavailableError`.

    An earlier `revision` is for files to compare with.
    """
    path = file_of(url)
    await _in_thread(lambda: _migrate(path, revision))


def _migrate(path: Path, revision: str) -> None:
    _make_private(path)
    if _with_connection(path, _state) is SchemaState.CURRENT:
        return
    _with_connection(path, lambda connection: _upgrade(connection, revision))


def _make_private(path: Path) -> None:
    """Make the file readable by its owner only; what lies beside it (the log) takes after it."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))


def _state(connection: Connection) -> SchemaState:
    return state_of(connection, _HAS_HISTORY)


def _upgrade(connection: Connection, revision: str) -> None:
    """Migrate under the write lock, all or nothing."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise SchemaDamagedError
    # Tables are rebuilt by some migrations; references are checked at the end instead.
    driver.execute("PRAGMA foreign_keys = OFF")
    driver.execute("BEGIN IMMEDIATE")
    try:
        upgrade(connection, _HAS_HISTORY, revision)
        if driver.execute("PRAGMA foreign_key_check").fetchone():
            raise SchemaDamagedError
        driver.execute("COMMIT")
    finally:
        if driver.in_transaction:
            driver.execute("ROLLBACK")


def _with_connection(path: Path, work: Callable[[Connection], T]) -> T:
    engine = make_engine(path, LOCK_SECONDS)
    try:
        with closing(engine.connect()) as connection:
            return work(connection)
    finally:
        engine.dispose()


async def _in_thread(work: Callable[[], T]) -> T:
    """Run in a thread, so that a lock held elsewhere does not hold up the loop."""
    try:
        return await in_thread(work, "storage-schema")
    except OSError as error:
        raise StorageUnavailableError("cannot_open") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        named = unavailable(error)
        if named is None:
            raise
        raise named from error
