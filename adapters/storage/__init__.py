"""Storage in SQL databases: SQLite, Postgres and SQL Server."""

from types import MappingProxyType

from adapters.storage.engine.addresses import Kind, read_address
from adapters.storage.engine.errors import (
    DatabaseAddressError,
    SchemaDamagedError,
    SchemaEmptyError,
    SchemaNewerError,
    SchemaOlderError,
)
from adapters.storage.engine.limits import Limits
from adapters.storage.engine.opening import open_database, open_leases, serving_process
from adapters.storage.schema.file import file_schema_state, migrate_file
from adapters.storage.schema.state import SchemaState
from adapters.storage.storage import SqlStorage
from adapters.storage.work.placed import Repositories
from core.ports.secrets import SecretBox
from core.shared.clock import Clock
from core.shared.ids import new_id

__all__ = [
    "DatabaseAddressError",
    "Kind",
    "Limits",
    "Repositories",
    "SchemaDamagedError",
    "SchemaEmptyError",
    "SchemaNewerError",
    "SchemaOlderError",
    "SchemaState",
    "SqlStorage",
    "migrate",
    "open_storage",
    "read_address",
    "schema_state",
    "serving_process",
]


async def schema_state(url: str, limits: Limits | None = None) -> SchemaState:
    """Tell where a database stands; a file that does not exist is empty.

    Raises `DatabaseAddressError` and `StorageUnavailableError`.
    """
    if read_address(url)[0] is Kind.SQLITE:
        return await file_schema_state(url)
    from adapters.storage.schema.server import server_schema_state  # what it brings is as large as all the rest

    return await server_schema_state(url, limits or Limits())


async def migrate(url: str, limits: Limits | None = None) -> None:
    """Bring a database to the newest schema; of several processes one does it. A file is made if it does not exist.

    Raises `SchemaNewerError` for a database of a newer version, `DatabaseAddressError` and `StorageUnavailableError`.
    """
    if read_address(url)[0] is Kind.SQLITE:
        return await migrate_file(url)
    from adapters.storage.schema.server import migrate_server

    return await migrate_server(url, limits or Limits())


async def open_storage(
    url: str,
    *,
    secrets: SecretBox,
    clock: Clock,
    limits: Limits | None = None,
    areas: Repositories = MappingProxyType({}),
    migrated: bool = False,
) -> SqlStorage:
    """Open a database whose schema is up to date, also with what further `areas` keep; close it in the end.

    One that was just `migrated` is not looked at again. Raises `DatabaseAddressError`, `SchemaOlderError` (migrate
    first; `SchemaEmptyError` is one), `SchemaNewerError` or `StorageUnavailableError`.
    """
    limits = limits or Limits()
    if not migrated:
        await _require_current(url, limits)
    database = open_database(url, limits)
    leases = open_leases(url, limits, database, new_id(clock.now()))
    return SqlStorage(database, leases, secrets=secrets, clock=clock, areas=areas)


async def _require_current(url: str, limits: Limits) -> None:
    state = await schema_state(url, limits)
    if state is SchemaState.NEWER:
        raise SchemaNewerError
    if state is SchemaState.EMPTY:
        raise SchemaEmptyError
    if state is not SchemaState.CURRENT:
        raise SchemaOlderError
