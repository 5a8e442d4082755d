"""The schema of a SQLite file, which is made if it does not exist."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from adapters.storage.engine.addresses import file_of
from adapters.storage.engine.dialects.sqlite_connections import ERRORS, SqliteConnection, Visited, with_sqlalchemy
from adapters.storage.engine.errors import SchemaDamagedError, unavailable
from adapters.storage.schema.state import LOCK_SECONDS, SchemaState, state_of, upgrade
from core.ports.storage import StorageUnavailableError

T = TypeVar("T")

TRY_SECONDS = 0.5
"""Seconds of one try to get by a lock: whoever is stopped meanwhile (Ctrl-C) waits for the end of it, and no longer."""

_HAS_HISTORY = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"


async def file_schema_state(url: str) -> SchemaState:
    """Tell where a file stands; one that does not exist is empty. Raises `StorageUnavailableError`."""
    path = file_of(url)
    return await _visited(path, _state) if path.exists() else SchemaState.EMPTY


async def migrate_file(url: str, revision: str = "head") -> None:
    """Bring a file to the newest schema; raises `SchemaNewerError` and `StorageUnavailableError`.

    An earlier `revision` is for files to compare with.
    """
    path = file_of(url)
    _make_private(path)
    if await _visited(path, _state) is not SchemaState.CURRENT:
        await _visited(path, lambda driver: _upgrade(driver, revision))


def _make_private(path: Path) -> None:
    """Make the file readable by its owner only; what lies beside it (the log) takes after it."""
    try:
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise StorageUnavailableError("cannot_open") from error


def _state(driver: Visited) -> SchemaState:
    with with_sqlalchemy(driver) as connection:
        return state_of(connection, _HAS_HISTORY)


def _upgrade(driver: Visited, revision: str) -> None:
    """Migrate under the write lock, all or nothing."""
    # Tables are rebuilt by some migrations; references are checked at the end instead.
    driver.execute("PRAGMA foreign_keys = OFF")
    with with_sqlalchemy(driver) as connection:
        driver.execute("BEGIN IMMEDIATE")
        try:
            upgrade(connection, _HAS_HISTORY, revision)
            if driver.execute("PRAGMA foreign_key_check").fetchone():
                raise SchemaDamagedError
            driver.execute("COMMIT")
        finally:
            driver.roll_back()


async def _visited(path: Path, work: Callable[[Visited], T]) -> T:
    """Run what changes all or nothing, trying again while another process holds a lock."""
    end = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return await _tried(path, work)
        except StorageUnavailableError as error:
            if error.reason != "locked" or time.monotonic() >= end:
                raise


async def _tried(path: Path, work: Callable[[Visited], T]) -> T:
    """Run on a connection of its own, in its thread, so that a lock held elsewhere does not hold up the loop."""
    connection = SqliteConnection(path, min(TRY_SECONDS, LOCK_SECONDS))
    try:
        await connection.ready()
        return await connection.visit(work)
    except ERRORS as error:
        named = unavailable(error)
        if named is None:
            raise
        raise named from error
    finally:
        await connection.close()
