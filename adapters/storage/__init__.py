"""Storage in SQL databases; SQLite is the one at hand."""

from adapters.storage.dialects.sqlite import Limits, SqliteDatabase
from adapters.storage.errors import (
    DatabaseAddressError,
    SchemaDamagedError,
    SchemaNewerError,
    SchemaOlderError,
)
from adapters.storage.schema import SchemaState, migrate, schema_state
from adapters.storage.storage import SqlStorage
from core.ports.secrets import SecretBox
from core.shared.clock import Clock

__all__ = [
    "DatabaseAddressError",
    "Limits",
    "SchemaDamagedError",
    "SchemaNewerError",
    "SchemaOlderError",
    "SchemaState",
    "SqlStorage",
    "migrate",
    "open_storage",
    "schema_state",
]


async def open_storage(url: str, *, secrets: SecretBox, clock: Clock, limits: Limits | None = None) -> SqlStorage:
    """Open a database whose schema is up to date; close it in the end.

    Raises `DatabaseAddressError`, `SchemaOlderError` (migrate first), `SchemaNewerError` or `StorageUnavailableError`.
    """
    state = await schema_state(url)
    if state is SchemaState.NEWER:
        raise SchemaNewerError
    if state is not SchemaState.CURRENT:
        raise SchemaOlderError
    return SqlStorage(SqliteDatabase(url, limits), secrets=secrets, clock=clock)
