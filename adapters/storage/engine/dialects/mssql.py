"""SQL Server, by aioodbc with Microsoft's ODBC Driver 18 or FreeTDS.

Reads see one snapshot (SNAPSHOT); writes are READ COMMITTED under an update lock on the workspace's row. Sources:
Microsoft's documentation of Transact-SQL (SET TRANSACTION ISOLATION LEVEL, table hints, sp_getapplock, MERGE's remarks
on concurrency, Maximum capacity specifications, Database engine events and errors).
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from itertools import chain, islice
from typing import Any

import pyodbc
from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Insert,
    Select,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    event,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.storage.engine.error_codes import cause_of, odbc_numbers, odbc_state
from adapters.storage.engine.limits import Limits
from adapters.storage.engine.plain_connection import PlainConnection, sqlalchemy_of
from adapters.storage.engine.server import PooledConnection
from adapters.storage.engine.statements import Row, Statements
from adapters.storage.engine.statements.many_rows import insert_of, of_rows, seen
from core.shared.value_objects import value_object

MOST_ROWS = 1000
"""Rows of one VALUES list."""

MOST_PARAMETERS = 2000
"""Parameters of one statement: the server takes 2,100, and the driver needs a few for itself."""

WARM = 3
"""Connections opened beside the first, for each takes a fifth of a second, and somebody would have to wait for it."""


@value_object
class MssqlDialect:
    """What is particular to SQL Server's statements."""

    def insert_missing(self, db: Statements, table: Table, row: Row) -> bool:
        """Insert unless it is there, with a lock on the place where it would be, so that nobody else puts it there."""
        values = {_ROW + name: value for name, value in row.items()}
        return db.execute(_insert_missing(table, tuple(row)), values).rowcount == 1

    def insert_missing_many(self, db: Statements, table: Table, rows: Iterable[Row]) -> None:
        """Send a row after the other."""
        for row in rows:
            self.insert_missing(db, table, row)

    def beyond(
        self, columns: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]], *, descending: bool
    ) -> ColumnElement[bool]:
        """Compare column by column, for there are no row values; the first comparison is where an index starts."""
        pairs = list(zip(columns, values, strict=True))
        further: list[ColumnElement[bool]] = []
        for place, (column, value) in enumerate(pairs):
            equal = [before == its for before, its in pairs[:place]]
            further.append(and_(*equal, column < value if descending else column > value))
        first, its = pairs[0]
        return and_(first <= its if descending else first >= its, or_(*further))

    def delete_some(self, table: Table, gone: ColumnElement[bool], limit: int) -> Delete:
        """Delete the first rows found."""
        return table.delete().where(gone).prefix_with(f"TOP ({limit:d})")

    def insert_many(self, db: Statements, table: Table, rows: Iterable[Row]) -> None:
        """Insert as many rows a statement as it takes; rows that come with their numbers keep them."""
        columns, rows = seen(rows)
        if not columns:
            return
        statement, values_of = insert_of(table, columns, db.dialect)
        numbered = table.autoincrement_column
        brings_numbers = numbered is not None and numbered.name in columns
        most = min(MOST_ROWS, MOST_PARAMETERS // len(columns))
        run = sqlalchemy_of(db).exec_driver_sql
        if brings_numbers:
            run(f"SET IDENTITY_INSERT {table.name} ON")
        while batch := list(islice(rows, most)):
            values = tuple(chain.from_iterable(map(values_of, batch)))
            run(of_rows(statement, len(batch)), values)
        if brings_numbers:
            # After an error the transaction is over, and its db is not used again.
            run(f"SET IDENTITY_INSERT {table.name} OFF")

    def laid_out(self, table: Table, rows: Sequence[Row], *, is_missing: bool = False) -> Callable[[Statements], None]:
        """Leave the rows as they are: how the driver takes them is known by its connection."""
        insert = self.insert_missing_many if is_missing else self.insert_many
        return lambda db: insert(db, table, rows)

    def update_many(self, db: Statements, table: Table, key: Sequence[str], rows: Iterable[Row]) -> None:
        """Send a row after the other: the driver's faster way is not to be had on FreeTDS."""
        remaining = iter(rows)
        while batch := list(islice(remaining, MOST_ROWS)):
            values = [{_ROW + name if name in key else name: value for name, value in row.items()} for row in batch]
            db.execute(_update(table, tuple(key), tuple(batch[0])), values)

    def add_up(self, db: Statements, table: Table, rows: Iterable[Row]) -> None:
        """Add to the row that is there, or insert it: nobody else writes to it meanwhile."""
        for row in rows:
            values = {_ROW + name: value for name, value in row.items()}
            if not db.execute(_adding(table), values).rowcount:
                db.execute(table.insert(), row)

    def last_number(self, db: Statements, table: Table) -> int:
        """Ask for the table's identity; before the first row it is the first number that will be given."""
        highest = db.execute(select(func.max(table.autoincrement_column))).scalar()
        if highest is None and db.execute(_GIVEN, {"its_table": table.name}).scalar() is None:
            return 0
        return max(int(highest or 0), int(db.execute(_LAST, {"its_table": table.name}).scalar() or 0))

    def number_from(self, db: Statements, table: Table, last: int) -> None:
        """Set the table's identity; that of a table which never had a row begins with what it is set to."""
        if last:
            is_fresh = db.execute(_GIVEN, {"its_table": table.name}).scalar() is None
            seed = last + 1 if is_fresh else last
            db.execute(text(f"DBCC CHECKIDENT ('{table.name}', RESEED, {seed:d}) WITH NO_INFOMSGS"))


# Its own type, sql_variant, is one that FreeTDS's driver can't describe (HY091).
_GIVEN = text("SELECT CAST(last_value AS BIGINT) FROM sys.identity_columns WHERE object_id = OBJECT_ID(:its_table)")
_LAST = text("SELECT IDENT_CURRENT(:its_table)")


_ROW = "row_"
"""Before the names of what a row is found by, for a parameter may not have the name of a column that is set."""


@lru_cache(maxsize=64)
def _update(table: Table, key: tuple[str, ...], columns: tuple[str, ...]) -> Any:
    found = [table.c[name] == bindparam(_ROW + name) for name in key]
    return table.update().where(*found).values({name: bindparam(name) for name in columns if name not in key})


@lru_cache(maxsize=64)
def _adding(table: Table) -> Any:
    found = [column == bindparam(_ROW + column.name) for column in table.primary_key.columns]
    amount = table.c.amount + bindparam(_ROW + "amount", type_=table.c.amount.type)
    return table.update().where(*found).values(amount=amount)


@lru_cache(maxsize=64)
def _insert_missing(table: Table, columns: tuple[str, ...]) -> Insert:
    there = table.alias("there")
    given = {name: bindparam(_ROW + name, type_=table.c[name].type) for name in columns}
    same = [there.c[name] == given[name] for name in _identity(table)]
    found: Select[Any] = (
        select(literal_column("1")).select_from(there).where(*same).with_hint(there, "WITH (UPDLOCK, SERIALIZABLE)")
    )
    return table.insert().from_select(list(columns), select(*given.values()).where(~found.exists()))


def _identity(table: Table) -> Sequence[str]:
    """Return the columns by which a row is known before the database has numbered it."""
    numbered = table.autoincrement_column
    if numbered is None:
        return [column.name for column in table.primary_key.columns]
    unique = (one for one in table.constraints if isinstance(one, UniqueConstraint))
    return next([column.name for column in one.columns] for one in unique if numbered not in set(one.columns))


_REASONS = {
    **dict.fromkeys((1205, 1222, 3960, 3961, 51222), "locked"),
    **dict.fromkeys((1101, 1105, 1827, 9002, 3958, 3966), "disk_full"),
    **dict.fromkeys((701, 802, 8645, 8651, 17803), "no_memory"),
    **dict.fromkeys((3906, 3908), "read_only"),
    # That of a database comes before that of a login: who may not into a database is told of both.
    **dict.fromkeys((4060, 911, 942), "no_database"),
    **dict.fromkeys((18452, 18456, 18470, 18486, 18487, 18488), "wrong_password"),
    **dict.fromkeys((229, 230, 262, 297, 300, 916, 5011), "not_allowed"),
    **dict.fromkeys((3952, 3956), "no_snapshots"),
    **dict.fromkeys((823, 825), "disk_error"),
    **dict.fromkeys((824, 945), "damaged"),
    **dict.fromkeys((17300, 17809, 10928, 10929), "too_many_connections"),
    **dict.fromkeys((1204, 40501, 49918, 49919, 49920), "busy"),
    **dict.fromkeys((596, 6005, 17142, 40197, 40613), "connection_lost"),
    # FreeTDS's own, which comes with the state of a lost connection: nobody listens there.
    20009: "cannot_connect",
}
"""What the server's numbers mean that are the state of the world; the others are mistakes of ours."""

_STATES = {
    "IM002": "no_driver",
    "IM003": "no_driver",
    "28000": "wrong_password",
    "08001": "cannot_connect",
    "08003": "connection_lost",
    "08007": "connection_lost",
    "08S01": "connection_lost",
    "HYT00": "busy",
    "HYT01": "cannot_connect",
    "40001": "locked",
}
"""The same for ODBC's own states, where the server has said nothing."""

_UNKNOWN = "Unknown error (0)"
"""What FreeTDS says first of a connection that was cut while it lay idle; only then it says 08S01."""

_BEGIN_IN = (
    "SET NOCOUNT ON; SET TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN TRANSACTION; "
    "DECLARE @locked INT; SELECT @locked = id FROM workspaces WITH (UPDLOCK, ROWLOCK) WHERE id = {:d}; SET NOCOUNT OFF"
)


_SETTINGS = (
    "SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON; "
    "SET NUMERIC_ROUNDABORT OFF; SET TEXTSIZE 2147483647; SET XACT_ABORT ON"
)
"""What every connection has to keep to, whatever its driver's ways are.

Filtered indexes ask for the first seven (CREATE INDEX); long texts come whole; an error ends the transaction.
"""


class MssqlServer:
    """What is particular to SQL Server's connections and transactions."""

    dialect = MssqlDialect()
    commit = "COMMIT TRANSACTION"
    moment = "SELECT SYSUTCDATETIME()"
    # After some errors the server has rolled back by itself, and there is nothing left to roll back.
    roll_back = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION"
    has_history = "SELECT OBJECT_ID(N'alembic_version', N'U')"
    migrate_alone = (
        "SET NOCOUNT ON; DECLARE @got INT; "
        "EXEC @got = sp_getapplock @Resource = N'quartermaster migrates', @LockMode = N'Exclusive', "
        "@LockTimeout = 60000; "
        "IF @got < 0 THROW 51222, N'Another process is migrating.', 1; SET NOCOUNT OFF"
    )
    prepare = (
        "IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 0) "
        "ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON"
    )
    errors: tuple[type[Exception], ...] = (pyodbc.Error, TimeoutError)

    def __init__(self, url: URL, limits: Limits, size: int) -> None:
        """Prepare a pool of that size; nothing is opened.

        The threads in which the driver waits are more than the connections: a commit must not wait for threads that are
        held by statements which wait for that very commit.
        """
        self._executor = ThreadPoolExecutor(2 * size + 2, thread_name_prefix="storage-mssql")
        self._engine = _engine(url, limits, size, self._executor)
        self._wanted = min(WARM, size - 1)
        self._warming: asyncio.Task[None] | None = None

    def take(self) -> PooledConnection:
        """Take a connection from the pool; the first has others opened beside it."""
        connection = PlainConnection(self._engine, _say)
        if self._warming is None and self._wanted > 0:
            self._warming = asyncio.get_running_loop().create_task(self._warm())
        return connection

    async def _warm(self) -> None:
        """Open connections that nobody asked for yet; what is wrong with them is told to whoever does."""

        async def opened() -> AsyncConnection | None:
            with suppress(SQLAlchemyError, OSError, *self.errors):
                return await self._engine.connect()
            return None

        for connection in await asyncio.gather(*(opened() for _ in range(self._wanted))):
            if connection is not None:
                await connection.close()

    def begin(self, workspace_id: int | None, *, writes: bool) -> str:
        """Begin, the workspace's row locked against other writers; the level stays with the connection until said."""
        if not writes:
            return "SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRANSACTION"
        if workspace_id is None:
            return "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN TRANSACTION"
        return _BEGIN_IN.format(int(workspace_id))

    def reason(self, error: BaseException) -> str | None:
        """Return the word for the state of the world that an error tells of."""
        cause = cause_of(error)
        if isinstance(cause, TimeoutError):
            return "busy"
        if not isinstance(cause, pyodbc.Error):
            return "cannot_connect" if isinstance(cause, OSError) else None
        state, text, numbers = odbc_state(cause), str(cause), odbc_numbers(cause)
        named = next((word for number, word in _REASONS.items() if number in numbers), None)
        if named is None and state == "01000" and "open lib" in text:
            return "no_driver"
        if named is None and state == "HYT00" and "login" in text.lower():
            return "cannot_connect"
        if named is None and state == "HY000" and _UNKNOWN in text:
            return "connection_lost"
        return named or _STATES.get(state)

    def commit_telling(self, news: str) -> str:
        """Tell nobody: those who want to know look for themselves."""
        return self.commit

    def news(self, origin: str) -> None:
        """Return no way to be told."""

    async def close(self) -> None:
        """Close the pool, and let go of the threads."""
        if self._warming is not None:
            await self._warming
        await self._engine.dispose()
        self._executor.shutdown(wait=False)


def _say(connection: Connection, words: str) -> None:
    """Run words; without row counts in between, the driver reports the errors of all of them."""
    connection.exec_driver_sql(words)


def _engine(url: URL, limits: Limits, size: int, executor: Executor) -> AsyncEngine:
    """Return an engine that leaves transactions to us."""
    # The driver manager's own pool would hand out connections whose settings nobody knows.
    pyodbc.pooling = False

    async def bound(connection: Any) -> None:
        # A driver that can't end a statement in time leaves it to the server.
        with suppress(pyodbc.Error):
            connection.timeout = round(limits.statement)

    engine = create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",
        # A rollback by the driver after the server has rolled back by itself may fail, and hide what went wrong.
        skip_autocommit_rollback=True,
        pool_size=size,
        max_overflow=0,
        pool_timeout=limits.reader,
        pool_recycle=limits.recycle,
        pool_use_lifo=True,
        hide_parameters=True,
        # Strings over 2,000 units break on FreeTDS with the one, the process with the other.
        use_setinputsizes=False,
        fast_executemany=False,
        connect_args={
            "autocommit": True,
            "executor": executor,
            "timeout": round(limits.connect),
            "after_created": bound,
        },
    )
    _instruct(engine, limits)
    return engine


def _instruct(engine: AsyncEngine, limits: Limits) -> None:
    """Say what new connections are told, and what errors say of connections."""

    @event.listens_for(engine.sync_engine, "connect")
    def obey(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"{_SETTINGS}; SET LOCK_TIMEOUT {round(limits.lock * 1000):d}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "handle_error")
    def judge(context: ExceptionContext) -> None:
        # A statement that took too long says nothing of the other connections, which are dear.
        if context.is_disconnect and odbc_state(context.original_exception) == "HYT00":
            context.is_disconnect = False
