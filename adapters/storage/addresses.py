"""Which database an address means."""

from enum import StrEnum
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from adapters.storage.errors import DatabaseAddressError


class Kind(StrEnum):
    """The kinds of database, by the word that an address begins with."""

    SQLITE = "sqlite"
    POSTGRES = "postgresql"
    MSSQL = "mssql"


_DRIVERS = {
    "sqlite": Kind.SQLITE,
    "sqlite+aiosqlite": Kind.SQLITE,
    "sqlite+pysqlite": Kind.SQLITE,
    "postgres": Kind.POSTGRES,
    "postgresql": Kind.POSTGRES,
    "postgresql+asyncpg": Kind.POSTGRES,
    "mssql": Kind.MSSQL,
    "mssql+aioodbc": Kind.MSSQL,
    "mssql+pyodbc": Kind.MSSQL,
}
_USED = {Kind.SQLITE: "sqlite+aiosqlite", Kind.POSTGRES: "postgresql+asyncpg", Kind.MSSQL: "mssql+aioodbc"}


def read_address(url: str) -> tuple[Kind, URL]:
    """Return the kind of database and its address, the driver that is used in it; raises `DatabaseAddressError`."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The address may hold a password: it is not repeated.
        raise DatabaseAddressError("not_an_address") from None
    kind = _DRIVERS.get(parsed.drivername)
    if kind is None:
        raise DatabaseAddressError("unknown_database")
    if kind is not Kind.SQLITE and not parsed.database:
        raise DatabaseAddressError("no_database")
    return kind, parsed.set(drivername=_USED[kind])


def file_of(url: str) -> Path:
    """Return the database file that an address names; raises `DatabaseAddressError`."""
    kind, parsed = read_address(url)
    if kind is not Kind.SQLITE:
        raise DatabaseAddressError("unknown_database")
    if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:"):
        raise DatabaseAddressError("in_memory")
    if parsed.query or parsed.host or parsed.username:
        raise DatabaseAddressError("unknown_option")
    return Path(parsed.database)
