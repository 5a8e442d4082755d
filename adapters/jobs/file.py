"""The file of an engine: how it is opened, and whether it still can be used by whoever has it open."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import SQLAlchemyError

from adapters.jobs.unofficial import PROBE

PATIENCE = 5.0
"""Seconds that a statement waits for others who write; less than whoever asks has."""
LOOKING = 3.0
"""Seconds that a look at the file waits for them."""

LOCKED, UNREADABLE = "locked", "unreadable"
"""Why a file can't be used."""

Identity = tuple[int, int] | None
"""Which file it is that has a name; None if there is none."""


class LockedError(SQLAlchemyError):
    """Somebody else writes to the file and does not come to an end.

    DBOS tries what is locked again by itself, with pauses of up to a minute and a half; this error it hands on.
    """


def identity_of(file: Path | int) -> Identity:
    """Return which file has that name now, or is open under that number."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def in_wal_mode(file: Path) -> None:
    """Make the file if there is none; it can be read while it is written to, and by its owner alone."""
    file.touch(mode=0o600)
    with closing(sqlite3.connect(file, timeout=LOOKING)) as opened:
        opened.execute("PRAGMA journal_mode = WAL")


def engine_on(file: Path, connections: int) -> Engine:
    """Return an engine on the file, set up as DBOS sets up its own."""
    engine = create_engine(f"sqlite:///{file.as_posix()}", pool_size=connections, max_overflow=0)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "handle_error", _hand_on)
    return engine


def fault_of(file: Path, *, thoroughly: bool = False) -> str:
    """Return the word for why the file can't be used; nothing if it can."""
    try:
        with closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=LOOKING, isolation_level=None)
        ) as opened:
            opened.execute("BEGIN IMMEDIATE")
            opened.execute(PROBE).fetchone()
            is_sound = not thoroughly or opened.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            opened.execute("ROLLBACK")
    except sqlite3.Error as error:
        return word_for(error)
    return "" if is_sound else UNREADABLE


def word_for(error: BaseException | None) -> str:
    """Return the word for what is wrong with the file when this is raised."""
    return LOCKED if isinstance(error, LockedError) or _is_lock(error) else UNREADABLE


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    # Who writes waits at the beginning, not in the middle, where nobody could go on.
    connection.isolation_level = "IMMEDIATE"
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
    connection.execute("PRAGMA foreign_keys = ON")


def _hand_on(context: ExceptionContext) -> None:
    if _is_lock(context.original_exception):
        _raise(LockedError(), context.original_exception)


def _raise(error: Exception, cause: Any) -> NoReturn:
    raise error from cause


def _is_lock(error: BaseException | None) -> bool:
    # Its lower byte; the module's own errors have none.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
