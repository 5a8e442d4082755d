"""SQLAlchemy's statements, run by asyncpg itself.

By way of SQLAlchemy's cursors they cost about four times as much (measured: 0.13 ms against 0.03 ms).
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import Dialect, Executable
from sqlalchemy.util import await_only

from adapters.storage.engine.statements import Row, Statements
from adapters.storage.engine.statements.compiled import CompiledAnswer, compiled_for, maker, result_processors
from adapters.storage.schema.column_types import Instant

_TAUGHT = (Instant,)
"""Types whose values the driver reads as they are meant."""

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Record(asyncpg.Record):  # type: ignore[misc]  # the driver has no types
    """A row whose columns are attributes."""

    def __getattr__(self, name: str) -> Any:
        """Return a column."""
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


async def teach_instants(connection: asyncpg.Connection) -> None:
    """Have a connection read and write instants as they are, rather than without their zone."""
    await connection.set_type_codec(
        "timestamp", schema="pg_catalog", encoder=_microseconds, decoder=_instant, format="tuple"
    )


def _microseconds(instant: datetime) -> tuple[int]:
    """Return the microseconds since 2000, which is how the server counts (PostgreSQL documentation, 8.5)."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return ((aware - _EPOCH) // _MICROSECOND,)


def _instant(value: tuple[int]) -> datetime:
    return _EPOCH + timedelta(microseconds=value[0])


class PostgresStatements:
    """A connection of asyncpg, used within a greenlet."""

    __slots__ = ("dialect", "driver")

    def __init__(self, driver: asyncpg.Connection, dialect: Dialect) -> None:
        """Wrap the driver's connection."""
        self.driver = driver
        self.dialect = dialect

    def execute(self, statement: Executable, parameters: Row | Sequence[Row] | None = None, /) -> CompiledAnswer:
        """Run a statement, or the same for many rows."""
        if isinstance(parameters, Sequence):
            return self._execute_many(statement, parameters)
        given = parameters or {}
        compiled = compiled_for(statement, given, self.dialect)
        sql, values = compiled.bind(given)
        if compiled.has_rows:
            rows = await_only(self.driver.fetch(sql, *values))
            if rows and result_processors(compiled, self.dialect, _TAUGHT):
                rows = list(map(maker(compiled, self.dialect, tuple(rows[0].keys()), _TAUGHT), rows))
            return CompiledAnswer(rows, len(rows))
        status = await_only(self.driver.execute(sql, *values))
        return CompiledAnswer((), _changed(status))

    def _execute_many(self, statement: Executable, rows: Sequence[Row]) -> CompiledAnswer:
        compiled = compiled_for(statement, rows[0], self.dialect)
        await_only(self.driver.executemany(compiled.sql, [compiled.bind(row)[1] for row in rows]))
        return CompiledAnswer((), -1)


def let_driver(statements: Statements, call: Callable[[Any], Awaitable[object]]) -> None:
    """Let the driver's connection do something within the transaction that it does faster than many statements."""
    if not isinstance(statements, PostgresStatements):
        raise TypeError("statements that are run by asyncpg")
    await_only(call(statements.driver))


def _changed(status: str) -> int:
    """Return the count at the end of what the server says of a statement, such as `UPDATE 3`."""
    count = status.rpartition(" ")[2]
    return int(count) if count.isdecimal() else -1
