"""Databases by their addresses; what a driver brings along is only loaded where it is used."""

from typing import TYPE_CHECKING, cast

from adapters.storage.engine.addresses import Kind, file_of, read_address
from adapters.storage.engine.database import Database
from adapters.storage.engine.dialects.sqlite_database import SqliteDatabase
from adapters.storage.engine.limits import Limits
from adapters.storage.system.file_leases import FileLeases, process_beside
from core.ports.storage import StorageUnavailableError

if TYPE_CHECKING:
    from adapters.storage.engine.pooled_database import PooledDatabase
    from adapters.storage.engine.server import Server
    from adapters.storage.system.leases import KeptLeases


def open_database(url: str, limits: Limits) -> Database:
    """Return the database at an address; connections are opened when first needed.

    Raises `DatabaseAddressError`, and `StorageUnavailableError` (`no_driver`).
    """
    kind, _ = read_address(url)
    return SqliteDatabase(url, limits) if kind is Kind.SQLITE else open_server(url, limits)


def open_leases(url: str, limits: Limits, database: Database, holder: str) -> "KeptLeases":
    """Return the leases of a process on a database; `holder` is a name that no other process has."""
    if read_address(url)[0] is Kind.SQLITE:
        return FileLeases(file_of(url))
    from adapters.storage.system.leases import SqlLeases

    return SqlLeases(cast("PooledDatabase", database), open_server(url, limits, connections=1), holder)


def serving_process(url: str) -> str:
    """Return the number of the process that serves from the file at an address."""
    return process_beside(file_of(url))


def open_server(url: str, limits: Limits, *, connections: int | None = None, plain: bool = False) -> "PooledDatabase":
    """Return the database at an address of a server; raises as `open_database`.

    `plain`: with connections that are SQLAlchemy's own, for those who need more than statements.
    """
    from adapters.storage.engine.pooled_database import PooledDatabase

    kind, address = read_address(url)
    size = connections or limits.connections
    server: Server
    try:
        if kind is Kind.POSTGRES:
            from adapters.storage.engine.dialects import postgres

            server = postgres.PostgresServer(address, limits, size, plain=plain)
        else:
            from adapters.storage.engine.dialects import mssql

            server = mssql.MssqlServer(address, limits, size)
    except ImportError as error:
        raise StorageUnavailableError("no_driver") from error
    return PooledDatabase(server, size=size, wait_seconds=limits.writer)
