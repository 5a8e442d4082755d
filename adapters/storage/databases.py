"""Databases by their addresses; what a driver brings along is only loaded where it is used."""

from adapters.storage.addresses import Kind, read_address
from adapters.storage.dialects.sqlite import SqliteDatabase
from adapters.storage.limits import Limits
from adapters.storage.pooled import PooledDatabase, Server
from adapters.storage.sessions import Database
from core.ports.storage import StorageUnavailableError


def open_database(url: str, limits: Limits) -> Database:
    """Return the database at an address; connections are opened when first needed.

    Raises `DatabaseAddressError`, and `StorageUnavailableError` (`no_driver`).
    """
    kind, _ = read_address(url)
    return SqliteDatabase(url, limits) if kind is Kind.SQLITE else open_server(url, limits)


def open_server(url: str, limits: Limits, *, connections: int | None = None) -> PooledDatabase:
    """Return the database at an address of a server; raises as `open_database`."""
    kind, address = read_address(url)
    size = connections or limits.connections
    server: Server
    try:
        if kind is Kind.POSTGRES:
            from adapters.storage.dialects import postgres

            server, engine = postgres.open_server(address, limits, size)
        else:
            from adapters.storage.dialects import mssql

            server, engine = mssql.open_server(address, limits, size)
    except ImportError as error:
        raise StorageUnavailableError("no_driver") from error
    return PooledDatabase(engine, server, size=size, wait_seconds=limits.writer)
