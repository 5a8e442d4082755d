"""What drivers' errors are known by in a server's documentation, for what there is no word of ours for."""

import re
import sqlite3

from sqlalchemy.exc import DBAPIError

# Behind each of the things that went wrong; the driver's own function follows the first of them.
_ODBC_NUMBER = re.compile(r"\((\d{2,5})\)(?: *\(SQL|;|$)")
_STATE = re.compile(r"[0-9A-Z]{5}")

_MADE_MEANWHILE = frozenset({"42P07", "42P01", "23505", "2714", "208", "2627", "2601"})
"""That a table is there already or no longer, or a row is there already, as PostgreSQL and SQL Server say it."""
_SQLITE_MADE_MEANWHILE = ("already exists", "no such table")


def cause_of(error: BaseException) -> BaseException:
    """Return the driver's own error within one of SQLAlchemy's."""
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


def odbc_state(error: BaseException) -> str:
    """Return the SQLSTATE that an ODBC driver's error begins with, empty if it has none: one that was cancelled."""
    return str(error.args[0]) if error.args else ""


def odbc_numbers(error: BaseException) -> list[int]:
    """Return the server's (or FreeTDS's) own numbers in the text of an ODBC driver's error, in order."""
    return [int(number) for number in _ODBC_NUMBER.findall(str(error.args[-1]))] if error.args else []


def codes_of(error: BaseException) -> str:
    """Return `SQLSTATE 42000, error 1934` of a server's error, `SQLITE_ERROR` of a file's; empty if it has no code."""
    cause = cause_of(error)
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorname", None) or ""
    state, numbers = _state_and_numbers(cause)
    said = [f"SQLSTATE {state}"] if state else []
    return ", ".join(said + [f"error {number}" for number in numbers])


def is_made_meanwhile(error: BaseException) -> bool:
    """Tell whether an error says that somebody else has just made or removed what a statement is about."""
    cause = cause_of(error)
    if isinstance(cause, sqlite3.Error):
        return isinstance(cause, sqlite3.IntegrityError) or any(words in str(cause) for words in _SQLITE_MADE_MEANWHILE)
    state, numbers = _state_and_numbers(cause)
    return not _MADE_MEANWHILE.isdisjoint({state, *map(str, numbers)})


def _state_and_numbers(cause: BaseException) -> tuple[str, list[int]]:
    """Return the SQLSTATE that asyncpg keeps beside its errors, or what ODBC drivers put into theirs."""
    state = getattr(cause, "sqlstate", None) or odbc_state(cause)
    return (state, odbc_numbers(cause)) if _STATE.fullmatch(str(state)) else ("", [])
