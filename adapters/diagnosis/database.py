"""The database: whether it can be reached, and how its schema compares."""

import asyncio
import os
import sqlite3

from adapters.storage import DatabaseAddressError, SchemaState, schema_state
from adapters.storage.addresses import file_of
from core.ports.diagnosis import Finding, State
from core.ports.storage import StorageUnavailableError

_PART, _LIBRARY = "database", "SQLite"
_OLDEST = (3, 35, 0)
"""The first SQLite with RETURNING, on which numbers and deliveries rely."""

_REASONS = {
    "cannot_open": ("It can't be opened.", "Check QM_DATABASE_URL, and who owns the file and its folder."),
    "damaged": ("The file is damaged, or is no database.", "Go back to a copy of it."),
    "disk_error": ("The disk failed.", "Check the disk."),
    "disk_full": ("The disk is full.", "Make room."),
    "locked": ("Another program has locked it.", "Wait for that to finish, or stop it."),
    "read_only": ("It can't be written to.", "Check who owns the file and its folder."),
}
_STATES = {
    SchemaState.EMPTY: Finding(_PART, State.GOOD, "It will be made by the first start."),
    SchemaState.CURRENT: Finding(_PART, State.GOOD, "It answers, and its schema is up to date."),
    SchemaState.OLDER: Finding(
        _PART, State.WORTH_A_LOOK, "Its schema is older; the next start brings it up to date.", "Make a copy first."
    ),
    SchemaState.NEWER: Finding(
        _PART, State.BAD, "It was made by a newer Quartermaster.", "Update this one, or go back to an older copy."
    ),
}


async def examine_database(url: str) -> list[Finding]:
    """Look at the library and the database behind the address; one that does not exist is not made."""
    return [_examine_library(), await _examine_schema(url)]


def _examine_library() -> Finding:
    if sqlite3.sqlite_version_info < _OLDEST:
        needed = ".".join(map(str, _OLDEST))
        sentence = f"{sqlite3.sqlite_version} is too old: {needed} is needed."
        return Finding(_LIBRARY, State.BAD, sentence, "Use a Python that comes with a newer one.")
    return Finding(_LIBRARY, State.GOOD, f"{sqlite3.sqlite_version} will do.")


async def _examine_schema(url: str) -> Finding:
    try:
        path = file_of(url)
        if path.exists() and not await asyncio.to_thread(os.access, path, os.R_OK | os.W_OK):
            return _unavailable("read_only")
        return _STATES[await schema_state(url)]
    except StorageUnavailableError as error:
        return _unavailable(str(error))
    except DatabaseAddressError:
        return Finding(_PART, State.BAD, "QM_DATABASE_URL is no address that can be used.", "See .env.example.")


def _unavailable(reason: str) -> Finding:
    sentence, fix = _REASONS.get(reason, ("It does not answer.", "Try again; the log says more."))
    return Finding(_PART, State.BAD, sentence, fix)
