"""The database: whether it can be reached and used, and how its schema compares."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator

from adapters.storage import DatabaseAddressError, Kind, Limits, SchemaState, read_address, schema_state
from adapters.storage.engine.addresses import file_of
from adapters.storage.engine.errors import StorageFailedError
from adapters.storage.schema.state import CopyUnfinishedError
from adapters.storage.system.inspection import ServerFacts, server_facts
from core.ports.diagnosis import Finding, State
from core.ports.storage import StorageUnavailableError

CONNECT_SECONDS = 5.0
"""How long a server has to answer whoever looks whether it does."""

_PART, _LIBRARY = "database", "SQLite"
_SERVERS = {Kind.POSTGRES: "PostgreSQL", Kind.MSSQL: "SQL Server"}
_MIGRATE = "Type: quartermaster migrate"
_LOOK_UP = "The server's documentation says what that means, its log what it was about."
_OLDEST = (3, 35, 0)
"""The first SQLite with RETURNING, on which numbers and deliveries rely."""

REASONS = {
    "busy": ("It did not answer in time.", "Try again; look what keeps it busy."),
    "cannot_connect": ("Its server can't be reached.", "Check that it runs, and the host and port of QM_DATABASE_URL."),
    "cannot_open": ("It can't be opened.", "Check QM_DATABASE_URL, and who owns the file and its folder."),
    "connection_lost": ("Its server ended the connection.", "Look whether it is starting or stopping; try again."),
    "damaged": ("It is damaged, or is no database.", "Go back to a copy of it."),
    "disk_error": ("The disk failed.", "Check the disk."),
    "disk_full": ("The disk is full.", "Make room."),
    "locked": ("Another program has locked it.", "Wait for that to finish, or stop it."),
    "no_database": ("Its server has no database of that name.", "Make it, or check the name in QM_DATABASE_URL."),
    "no_driver": (
        "Its driver is missing.",
        "SQL Server needs unixODBC and Microsoft's ODBC Driver 18 or FreeTDS; QM_DATABASE_URL names it after driver=.",
    ),
    "no_memory": ("Its machine has no memory left.", "Free some."),
    "no_snapshots": ("It does not allow snapshot isolation yet.", _MIGRATE),
    "not_allowed": ("The user of QM_DATABASE_URL may not read it.", "Make that user the owner of the database."),
    "read_only": ("It can't be written to.", "Check who owns the file and its folder."),
    "too_many_connections": ("Its server has no connection left.", "Lower QM_DATABASE_POOL, or allow it more."),
    "wrong_password": ("Its server refuses the user or password.", "Check them in QM_DATABASE_URL."),
}
"""By the reason of a `StorageUnavailableError`: what is wrong, and what to do."""

_NEWER = Finding(
    _PART, State.BAD, "It was made by a newer Quartermaster.", "Update this one, or go back to an older copy."
)
_CURRENT = Finding(_PART, State.GOOD, "It answers, and its schema is up to date.")
_FILES = {
    SchemaState.EMPTY: Finding(_PART, State.GOOD, "It will be made by the first start."),
    SchemaState.CURRENT: _CURRENT,
    SchemaState.OLDER: Finding(
        _PART, State.WORTH_A_LOOK, "Its schema is older; the next start brings it up to date.", "Make a copy first."
    ),
    SchemaState.NEWER: _NEWER,
}
_ON_SERVERS = {
    SchemaState.EMPTY: Finding(_PART, State.BAD, "It answers, but has no tables yet.", _MIGRATE),
    SchemaState.CURRENT: _CURRENT,
    SchemaState.OLDER: Finding(_PART, State.BAD, "Its schema is older.", f"Make a copy first. {_MIGRATE}"),
    SchemaState.NEWER: _NEWER,
}


async def examine_database(url: str) -> list[Finding]:
    """Look at the library or server and the database behind the address; a file that does not exist is not made."""
    try:
        kind, _ = read_address(url)
        return [_library(), await _file(url)] if kind is Kind.SQLITE else await _on_server(url, kind)
    except DatabaseAddressError:
        return [Finding(_PART, State.BAD, "QM_DATABASE_URL is no address that can be used.", "See .env.example.")]
    except CopyUnfinishedError:
        return [Finding(_PART, State.BAD, "A copy or a restore into it has not come to its end.", "Type that again.")]


def _library() -> Finding:
    if sqlite3.sqlite_version_info < _OLDEST:
        needed = ".".join(map(str, _OLDEST))
        sentence = f"{sqlite3.sqlite_version} is too old: {needed} is needed."
        return Finding(_LIBRARY, State.BAD, sentence, "Use a Python that comes with a newer one.")
    return Finding(_LIBRARY, State.GOOD, f"{sqlite3.sqlite_version} will do.")


async def _file(url: str) -> Finding:
    try:
        path = file_of(url)
        if path.exists() and not await asyncio.to_thread(os.access, path, os.R_OK | os.W_OK):
            return _unavailable("read_only")
        return _FILES[await schema_state(url)]
    except StorageUnavailableError as error:
        return _unavailable(error.reason)


async def _on_server(url: str, kind: Kind) -> list[Finding]:
    try:
        facts = await server_facts(url, Limits(connect=CONNECT_SECONDS, statement=CONNECT_SECONDS))
    except StorageUnavailableError as error:
        return [_unavailable(error.reason)]
    except StorageFailedError as error:
        return [Finding(_PART, State.BAD, f"Its server refused to answer: {error.codes}.", _LOOK_UP)]
    return list(_findings(facts, _SERVERS[kind]))


def _findings(facts: ServerFacts, server: str) -> Iterator[Finding]:
    if facts.is_new_enough:
        yield Finding(server, State.GOOD, f"{facts.version} will do.")
    else:
        yield Finding(server, State.BAD, f"{facts.version} is too old.", "Use a newer one.")
    yield _ON_SERVERS[facts.schema]
    if not facts.holds_every_letter:
        yield Finding(_PART, State.BAD, f"Its encoding is {facts.encoding}.", "Make it anew with the encoding UTF8.")
    if not facts.takes_changes:
        yield Finding(_PART, State.BAD, "It takes no changes.", "Is it a copy that follows another? Name that one.")
    if not facts.may_use_tables or (facts.schema is SchemaState.EMPTY and not facts.may_make_tables):
        yield Finding(_PART, State.BAD, "Its user lacks rights in it.", "Make that user the owner of the database.")
    elif not facts.may_make_tables:
        sentence = "Its user may make no tables, which `quartermaster migrate` has to."
        yield Finding(_PART, State.WORTH_A_LOOK, sentence, "Migrate as the owner of the database.")
    if facts.schema is SchemaState.CURRENT and not facts.allows_snapshots:
        yield _unavailable("no_snapshots")


def _unavailable(reason: str) -> Finding:
    sentence, fix = REASONS.get(reason, ("It does not answer.", "Try again; the log says more."))
    return Finding(_PART, State.BAD, sentence, fix)
