"""Postgres, by asyncpg.

Reads see one snapshot (REPEATABLE READ); writes are READ COMMITTED under the lock on the workspace's row. Sources:
PostgreSQL documentation, chapters 13 (concurrency) and 20.11 (client defaults), appendix A (codes).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import Any

import asyncpg
from asyncpg.exceptions import InternalClientError
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Delete,
    Insert,
    NullPool,
    Table,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.storage.engine.dialects import row_values
from adapters.storage.engine.dialects.postgres_news import CHANNEL, PostgresNews
from adapters.storage.engine.dialects.postgres_statements import PostgresStatements, Record, let_driver, teach_instants
from adapters.storage.engine.limits import Limits
from adapters.storage.engine.news import News
from adapters.storage.engine.plain_connection import PlainConnection, was_used
from adapters.storage.engine.server import PooledConnection
from adapters.storage.engine.statements import Row, Statements
from adapters.storage.engine.statements.many_rows import adding_of, insert_of, missing_of, seen, stored, update_of
from core.shared.value_objects import value_object

DRIVER = "postgresql+asyncpg"

STATEMENTS_KEPT = 500
"""Prepared statements of a connection; there are a few hundred shapes."""

FEW = 20
"""Rows up to which plain inserts are faster than COPY, which first asks what the columns are."""

MIGRATING = 7_236_512_140_066_913
"""The advisory lock of those who migrate: a number that nobody else is likely to have chosen."""

BATCH = 10_000
"""Rows handed to the driver at a time."""


@value_object
class PostgresDialect:
    """What is particular to Postgres's statements."""

    def insert_missing(self, db: Statements, table: Table, row: Row) -> bool:
        """Insert unless it is there, after waiting for one that is being made."""
        return db.execute(_insert_missing(table), row).rowcount == 1

    def insert_missing_many(self, db: Statements, table: Table, rows: Iterable[Row]) -> None:
        """Send rows one behind the other, of which it leaves those that are there."""
        columns, rows = seen(rows)
        if columns:
            statement, values_of = missing_of(table, columns, db.dialect, postgresql.insert)
            _run_many(db, table, statement, map(values_of, rows))

    def beyond(
        self, columns: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]], *, descending: bool
    ) -> ColumnElement[bool]:
        """Compare as a row value."""
        return row_values.beyond(columns, values, descending=descending)

    def delete_some(self, table: Table, gone: ColumnElement[bool], limit: int) -> Delete:
        """Delete by the keys of the first rows found; those that somebody else is at are left for the next time."""
        keys = row_values.first_keys(table, gone, limit).with_for_update(skip_locked=True)
        return row_values.delete_keys(table, keys)

    def insert_many(self, db: Statements, table: Table, rows: Iterable[Row]) -> None:
        """Insert a few rows, or copy many of them in binary form."""
        remaining = iter(rows)
        while batch := list(islice(remaining, BATCH)):
            if len(batch) <= FEW:
                statement, values_of = insert_of(table, tuple(batch[0]), db.dialect)
                _run_many(db, table, statement, map(values_of, batch))
            else:
                _copy(db, table, batch)

    def laid_out(self, table: Table, rows: Sequence[Row], *, is_missing: bool = False) -> Callable[[Statements], None]:
        """Leave the rows as they are: how the driver takes them is known by its connection."""
        insert = self.insert_missing_many if is_missing else self.insert_many
        return lambda db: insert(db, table, rows)

    def update_many(self, db: Statements, table: Table, key: Sequence[str], rows: Iterable[Row]) -> None:
        """Send the rows for a statement that is prepared once, without waiting for each."""
        columns, rows = seen(rows)
        if columns:
            statement, values_of = update_of(table, tuple(key), columns, db.dialect)
            _run_many(db, table, statement, map(values_of, rows))

    def add_up(self, db: Statements, table: Table, rows: Iterable[Row]) -> None:
        """Insert, or add to what is there, in one statement."""
        columns, rows = seen(rows)
        if columns:
            statement, values_of = adding_of(table, columns, db.dialect, postgresql.insert)
            _run_many(db, table, statement, map(values_of, rows))

    def last_number(self, db: Statements, table: Table) -> int:
        """Ask the table's sequence, which forgets nothing."""
        column = _numbered(table)
        highest = db.execute(select(func.max(column))).scalar()
        given = db.execute(_GIVEN, {"its_table": table.name, "its_column": column.name}).scalar()
        return max(int(highest or 0), int(given or 0))

    def number_from(self, db: Statements, table: Table, last: int) -> None:
        """Set the table's sequence."""
        place = {"its_table": table.name, "its_column": _numbered(table).name}
        db.execute(_GO_ON, {**place, "its_last": max(last, 1), "is_given": last > 0})


_SEQUENCE = "CAST(pg_get_serial_sequence(CAST(:its_table AS text), CAST(:its_column AS text)) AS regclass)"
_GIVEN = text(f"SELECT pg_sequence_last_value({_SEQUENCE})")
_GO_ON = text(f"SELECT setval({_SEQUENCE}, CAST(:its_last AS bigint), CAST(:is_given AS boolean))")


def _numbered(table: Table) -> Column[Any]:
    column = table.autoincrement_column
    if column is None:
        raise LookupError("a table whose rows are numbered")
    return column


@lru_cache(maxsize=64)
def _insert_missing(table: Table) -> Insert:
    return postgresql.insert(table).on_conflict_do_nothing()


def _run_many(db: Statements, table: Table, statement: str, values: Iterable[Sequence[Any]]) -> None:
    """Run a statement for each of some rows; for a single one when there is a trip for it anyway."""
    taken = list(values)
    if len(taken) == 1 and isinstance(db, PostgresStatements):
        db.later(table.name, statement, taken[0])
    else:
        let_driver(db, lambda driver: driver.executemany(statement, taken))


def _copy(db: Statements, table: Table, rows: Sequence[Row]) -> None:
    names = list(rows[0])
    values_of = stored(table, names, db.dialect)
    # Before the copy begins: a value that can't be stored would end it half way.
    records = list(map(values_of, rows))
    let_driver(
        db,
        lambda driver: driver.copy_records_to_table(table.name, schema_name=None, columns=names, records=records),
    )


_LOST = ("08", "57P01", "57P02", "57P03", "57P05", "25P03")
"""Connection exceptions, shutdown, crash, not yet started, idle for too long."""

_REASONS = {
    "28": "wrong_password",
    "3D": "no_database",
    "42501": "not_allowed",
    "25006": "read_only",
    "53100": "disk_full",
    "53200": "no_memory",
    "53300": "too_many_connections",
    "53400": "too_many_connections",
    "55P03": "locked",
    "57014": "busy",
    "40P01": "locked",
    "40001": "locked",
    "58030": "disk_error",
    "XX001": "damaged",
    "XX002": "damaged",
    **dict.fromkeys(_LOST, "connection_lost"),
}
"""What the beginning of a code means that is the state of the world; the other codes are mistakes of ours."""


_BEGIN_IN = "BEGIN; SELECT 1 FROM workspaces WHERE id = {:d} FOR NO KEY UPDATE"


class PostgresConnection:
    """The driver's connection, without what SQLAlchemy puts around it."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take one from the pool."""
        self._pooled = engine.sync_engine.raw_connection()
        self._statements = PostgresStatements(self._pooled.driver_connection, engine.dialect)
        self.was_used = was_used(self._pooled.info)

    @property
    def statements(self) -> Statements:
        """Return what runs statements: of all that a connection has, what repositories use."""
        return self._statements

    def flush(self) -> None:
        """Run what waits for a trip."""
        self._statements.flush()

    def say(self, words: str) -> None:
        """Run words by the simple protocol, which takes several statements in one trip."""
        let_driver(self._statements, lambda driver: driver.execute(words))

    async def finish(self, words: str) -> None:
        """Run words that end a transaction and give it back to the pool, which waits for nothing."""
        await self._statements.driver.execute(words)
        self._pooled.close()

    def give_back(self) -> None:
        """Give it back to the pool."""
        self._pooled.close()

    def invalidate(self) -> None:
        """Close it."""
        self._pooled.invalidate()


class PostgresServer:
    """What is particular to Postgres's connections and transactions."""

    dialect = PostgresDialect()
    commit = "COMMIT"
    roll_back = "ROLLBACK"
    moment = "SELECT clock_timestamp() AT TIME ZONE 'UTC'"
    has_history = "SELECT to_regclass('alembic_version')::text"
    prepare = ""
    migrate_alone = f"SELECT pg_advisory_xact_lock({MIGRATING})"
    errors: tuple[type[Exception], ...] = (
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        InternalClientError,
        # What SQLAlchemy makes of the driver's when a connection can't be opened.
        AsyncAdapt_asyncpg_dbapi.Error,
        TimeoutError,
    )

    def __init__(self, url: URL, limits: Limits, size: int, *, plain: bool = False) -> None:
        """Prepare a pool of that size; nothing is opened."""
        self._engine = _engine(url, limits, size)
        self._listening = partial(_listening_engine, url, limits)
        self._plain = plain

    def take(self) -> PooledConnection:
        """Take a connection from the pool."""
        return PlainConnection(self._engine, _say) if self._plain else PostgresConnection(self._engine)

    def begin(self, workspace_id: int | None, *, writes: bool) -> str:
        """Begin in one trip, the workspace's row locked against other writers (not against references to it)."""
        if not writes:
            return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        if workspace_id is None:
            return "BEGIN"
        return _BEGIN_IN.format(int(workspace_id))

    def reason(self, error: BaseException) -> str | None:
        """Return the word for the state of the world that an error tells of."""
        cause = _cause(error)
        if isinstance(cause, asyncpg.PostgresError):
            code = getattr(cause, "sqlstate", None) or ""
            return next((word for start, word in _REASONS.items() if code.startswith(start)), None)
        if isinstance(cause, TimeoutError):
            return "busy"
        if isinstance(cause, ConnectionResetError | BrokenPipeError):
            return "connection_lost"
        if isinstance(cause, OSError):
            return "cannot_connect"
        if isinstance(cause, InternalClientError):
            # The server has said that it ends the connection, and the driver has not come to its end yet.
            return "connection_lost"
        # The driver's own: the connection was closed under a statement, or before it.
        if isinstance(cause, asyncpg.InterfaceError) and "closed" in str(cause):
            return "connection_lost"
        return None

    def commit_telling(self, news: str) -> str:
        """Tell in the same trip, and only if it has committed.

        Within the transaction it would be told as surely, but commits that tell something wait for one another: with 8
        workspaces busy at once a third of the commits were left (measured; PostgreSQL's source, `PreCommit_Notify`).
        What a listener who does not read any more leaves no room for is not told.
        """
        return f"COMMIT; SELECT pg_notify('{CHANNEL}', '{news}') WHERE pg_notification_queue_usage() < 0.9"

    def news(self, origin: str) -> News:
        """Return the way to hear of other processes' commits."""
        return PostgresNews(self._listening, (SQLAlchemyError, OSError, *self.errors), origin)

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()


def _say(connection: Connection, words: str) -> None:
    adapted: Any = connection.connection.dbapi_connection
    adapted.run_async(lambda driver: driver.execute(words))


def _cause(error: BaseException) -> BaseException:
    """Return what the driver, or the system below it, raised first."""
    seen: BaseException = error
    while True:
        below = (seen.orig if isinstance(seen, DBAPIError) else None) or seen.__cause__
        if below is None or isinstance(seen, asyncpg.PostgresError | asyncpg.InterfaceError):
            return seen
        seen = below


def _engine(url: URL, limits: Limits, size: int) -> AsyncEngine:
    """Return an engine that leaves transactions to us."""
    engine = create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=size,
        max_overflow=0,
        pool_timeout=limits.reader,
        pool_recycle=limits.recycle,
        # The first in, the first out would wake connections that a quiet hour let the server close.
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={
            **_connecting(limits),
            "command_timeout": limits.statement + limits.silence,
            "statement_cache_size": STATEMENTS_KEPT,
            "record_class": Record,
        },
    )

    @event.listens_for(engine.sync_engine, "connect")
    def teach(connection: Any, _record: object) -> None:
        connection.run_async(teach_instants)

    return engine


def _listening_engine(url: URL, limits: Limits) -> AsyncEngine:
    """Return an engine for a connection beside the pool."""
    return create_async_engine(
        url, isolation_level="AUTOCOMMIT", poolclass=NullPool, hide_parameters=True, connect_args=_connecting(limits)
    )


def _connecting(limits: Limits) -> dict[str, Any]:
    return {"timeout": limits.connect, "server_settings": server_settings(limits)}


def server_settings(limits: Limits) -> Mapping[str, str]:
    """Return what the server is to obey, in its own unit, milliseconds."""
    seconds = {
        "lock_timeout": limits.lock,
        "statement_timeout": limits.statement,
        "idle_in_transaction_session_timeout": limits.idle,
    }
    return {
        "application_name": "quartermaster",
        "timezone": "UTC",
        **{name: str(round(value * 1000)) for name, value in seconds.items()},
    }
