"""What can go wrong between us and a database, in our own words; what a driver says stays in the cause."""

import sqlite3

from sqlalchemy.exc import DBAPIError

from core.ports.storage import StorageUnavailableError
from core.shared.errors import QuartermasterError


class DatabaseAddressError(QuartermasterError):
    """The database's address can't be used.

    `reason` is a stable word: `not_an_address`, `unknown_database`, `no_database`, `in_memory`, `unknown_option`.
    """

    code = "database_address"

    def __init__(self, reason: str) -> None:
        """Keep the word."""
        super().__init__(reason)
        self.reason = reason


class SchemaOlderError(QuartermasterError):
    """The database was made by an older version and has to be migrated first."""

    code = "schema_older"


class SchemaEmptyError(SchemaOlderError):
    """The database has no tables yet and has to be migrated first."""

    code = "schema_empty"


class SchemaNewerError(QuartermasterError):
    """The database was made by a newer version than this one, which would not understand it."""

    code = "schema_newer"


class SchemaDamagedError(QuartermasterError):
    """Rows of the database refer to others that are not there, so that it can't be migrated."""

    code = "schema_damaged"


class StorageFailedError(QuartermasterError):
    """A server refused something in a way that there is no word for; `codes` are what its documentation knows it by."""

    code = "storage_failed"

    def __init__(self, codes: str) -> None:
        """Keep the codes."""
        super().__init__(codes)
        self.codes = codes


class UnscopedStatementError(QuartermasterError):
    """A repository tried a statement that is not bound to its workspace: a mistake of ours."""

    code = "unscoped_statement"


class UnitOfWorkClosedError(QuartermasterError):
    """A unit of work was used after its end, or after its transaction was rolled back: a mistake of ours."""

    code = "unit_of_work_closed"


_REASONS = {
    "SQLITE_FULL": "disk_full",
    "SQLITE_READONLY": "read_only",
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
    "SQLITE_CANTOPEN": "cannot_open",
    "SQLITE_PERM": "cannot_open",
    "SQLITE_AUTH": "cannot_open",
    "SQLITE_IOERR": "disk_error",
    "SQLITE_PROTOCOL": "locked",
    "SQLITE_NOMEM": "no_memory",
}
"""The state of the world that each primary result code of SQLite stands for; the other codes are mistakes of ours."""


def unavailable(error: BaseException) -> StorageUnavailableError | None:
    """Return what to raise in place of a driver's error that is nobody's mistake, or None if it is one."""
    driver = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(driver, "sqlite_errorname", "") if isinstance(driver, sqlite3.Error) else ""
    # Extended codes are the primary one and a word more: SQLITE_IOERR_WRITE.
    primary = "_".join(name.split("_")[:2])
    return StorageUnavailableError(_REASONS[primary]) if primary in _REASONS else None
