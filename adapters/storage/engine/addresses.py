"""Which database an address means."""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from adapters.storage.engine.errors import DatabaseAddressError


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

_POSTGRES_OPTIONS = frozenset({"host", "port", "ssl", "passfile", "target_session_attrs"})
_SSL_MODES = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
_ODBC_DRIVER = "ODBC Driver 18 for SQL Server"


@lru_cache(maxsize=8)
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
    parsed = _in_a_file(url, parsed) if kind is Kind.SQLITE else _on_server(kind, parsed)
    return kind, parsed.set(drivername=_USED[kind])


def _in_a_file(url: str, parsed: URL) -> URL:
    """Return the address with the file's path as it is written: a folder may well be called `100%20`."""
    path = url.partition(":///")[2].partition("?")[0]
    return parsed.set(database=path) if path else parsed


def _on_server(kind: Kind, parsed: URL) -> URL:
    """Return the address of a database on a server in the driver's words."""
    if not parsed.database:
        raise DatabaseAddressError("no_database")
    if "@" in (parsed.host or "") or (parsed.port or 0) > 0xFFFF:
        raise DatabaseAddressError("not_an_address")
    if kind is Kind.POSTGRES:
        return _for_postgres(parsed)
    if not parsed.host:
        raise DatabaseAddressError("not_an_address")
    return parsed if "driver" in parsed.query else parsed.update_query_dict({"driver": _ODBC_DRIVER})


def _for_postgres(parsed: URL) -> URL:
    """Return the address with `ssl`, as the driver calls what everybody else calls `sslmode`."""
    options = dict(parsed.query)
    if "sslmode" in options:
        options["ssl"] = options.pop("sslmode")
    if not options.keys() <= _POSTGRES_OPTIONS or options.get("ssl", "prefer") not in _SSL_MODES:
        raise DatabaseAddressError("unknown_option")
    return parsed.set(query=options)


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
