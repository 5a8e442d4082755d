"""The state of a database's schema, and the way to the newest.

Alembic is imported only to migrate; to learn where a database stands one row is read.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from adapters.storage.dialects.sqlite import file_of, make_engine
from adapters.storage.errors import SchemaDamagedError, SchemaNewerError, unavailable
from adapters.storage.migrations import REVISIONS
from adapters.storage.threads import in_thread
from core.ports.storage import StorageUnavailableError

T = TypeVar("T")

LOCK_SECONDS = 60.0
"""How long to wait for another process that is migrating."""

_EXISTS = sa.text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'")
_REVISION = sa.text("SELECT version_num FROM alembic_version")


class SchemaState(StrEnum):
    """How a database's schema compares with the one that this version needs."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


async def schema_state(url: str) -> SchemaState:
    """Tell where a database stands; one that does not exist is empty. Raises `StorageUnavailableError`."""
    path = file_of(url)
    return await _in_thread(lambda: _with_connection(path, _state) if path.exists() else SchemaState.EMPTY)


async def migrate(url: str) -> None:
    """Bring a database to the newest schema, made if it does not exist; of several processes one does it.

    Raises `SchemaNewerError` for a database of a newer version, and `StorageUnavailableError`.
    """
    path = file_of(url)
    await _in_thread(lambda: _migrate(path))


def _migrate(path: Path) -> None:
    _make_private(path)
    if _with_connection(path, _state) is SchemaState.CURRENT:
        return
    _with_connection(path, _upgrade)


def _make_private(path: Path) -> None:
    """Make the file readable by its owner only; what lies beside it (the log) takes after it."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))


def _state(connection: Connection) -> SchemaState:
    if connection.execute(_EXISTS).first() is None:
        return SchemaState.EMPTY
    revision = connection.execute(_REVISION).scalar()
    if revision is None:
        return SchemaState.EMPTY
    if revision == REVISIONS[-1]:
        return SchemaState.CURRENT
    return SchemaState.OLDER if revision in REVISIONS else SchemaState.NEWER


def _upgrade(connection: Connection) -> None:
    """Migrate under the write lock, all or nothing; who comes second finds it done."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise SchemaDamagedError
    # Tables are rebuilt by some migrations; references are checked at the end instead.
    driver.execute("PRAGMA foreign_keys = OFF")
    driver.execute("BEGIN IMMEDIATE")
    try:
        state = _state(connection)
        if state is SchemaState.NEWER:
            raise SchemaNewerError
        if state is not SchemaState.CURRENT:
            _run_alembic(connection)
        if driver.execute("PRAGMA foreign_key_check").fetchone():
            raise SchemaDamagedError
        driver.execute("COMMIT")
    finally:
        if driver.in_transaction:
            driver.execute("ROLLBACK")


def _run_alembic(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


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
