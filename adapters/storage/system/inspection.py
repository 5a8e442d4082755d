"""What can be learnt of a database on a server without changing anything."""

from sqlalchemy import Connection

from adapters.storage.engine.addresses import read_address
from adapters.storage.engine.dialects.server_facts import OLDEST, QUESTIONS, UNICODE
from adapters.storage.engine.limits import Limits
from adapters.storage.engine.pooled_database import PooledDatabase
from adapters.storage.schema.server import ask_server, state_on
from adapters.storage.schema.state import SchemaState
from core.shared.value_objects import value_object


@value_object
class ServerFacts:
    """The server's version, and how fit the database is for us."""

    version: str
    is_new_enough: bool
    encoding: str
    holds_every_letter: bool
    may_make_tables: bool
    may_use_tables: bool
    takes_changes: bool
    allows_snapshots: bool
    schema: SchemaState


async def server_facts(url: str, limits: Limits | None = None) -> ServerFacts:
    """Ask a database on a server; raises `DatabaseAddressError` and `StorageUnavailableError`."""
    kind, _ = read_address(url)

    def question(connection: Connection, database: PooledDatabase) -> ServerFacts:
        row = connection.exec_driver_sql(QUESTIONS[kind]).one()
        version, major, encoding, makes, uses, changes, snapshots = row
        return ServerFacts(
            version=str(version),
            is_new_enough=major >= OLDEST[kind],
            encoding=str(encoding),
            holds_every_letter=encoding in UNICODE,
            may_make_tables=bool(makes),
            may_use_tables=bool(uses),
            takes_changes=bool(changes),
            allows_snapshots=bool(snapshots),
            schema=state_on(connection, database),
        )

    return await ask_server(url, limits or Limits(), question)
