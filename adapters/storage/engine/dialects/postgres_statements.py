"""SQLAlchemy's statements, run by asyncpg itself.

By way of SQLAlchemy's cursors they cost about four times as much (measured: 0.13 ms against 0.03 ms).
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import asyncpg
from sqlalchemy import Dialect, Executable
from sqlalchemy.util import await_only

from adapters.storage.engine.statements import Row, Statements
from adapters.storage.engine.statements.compiled import CompiledAnswer, compiled_for, maker, result_processors
from adapters.storage.schema.column_types import Instant

_TAUGHT = (Instant,)
"""Types whose values the driver reads as they are meant."""

_PARAMETER = re.compile(r"\$([0-9]+)")
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
    """A connection of asyncpg, used within a greenlet.

    Statements that write a row each and answer nothing wait for one another, and go in one trip.
    """

    __slots__ = ("_waiting", "dialect", "driver")

    def __init__(self, driver: asyncpg.Connection, dialect: Dialect) -> None:
        """Wrap the driver's connection."""
        self.driver = driver
        self.dialect = dialect
        self._waiting: dict[str, tuple[str, Sequence[Any]]] = {}

    def later(self, table: str, statement: str, values: Sequence[Any]) -> None:
        """Write a row of a table before anything else is asked, or `flush` is called."""
        if table in self._waiting:
            # Of two statements that are one, neither sees what the other does.
            self.flush()
        self._waiting[table] = (statement, values)

    def flush(self) -> None:
        """Run the statements that wait, as one."""
        if self._waiting:
            waiting, self._waiting = list(self._waiting.values()), {}
            values = [value for _, given in waiting for value in given]
            await_only(self.driver.execute(_joined(tuple(statement for statement, _ in waiting)), *values))

    def execute(self, statement: Executable, parameters: Row | Sequence[Row] | None = None, /) -> CompiledAnswer:
        """Run a statement, or the same for many rows."""
        if isinstance(parameters, Sequence):
            return self._execute_many(statement, parameters)
        self.flush()
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
        self.flush()
        compiled = compiled_for(statement, rows[0], self.dialect)
        await_only(self.driver.executemany(compiled.sql, [compiled.bind(row)[1] for row in rows]))
        return CompiledAnswer((), -1)


def let_driver(statements: Statements, call: Callable[[Any], Awaitable[object]]) -> None:
    """Let the driver's connection do something within the transaction that it does faster than many statements."""
    if not isinstance(statements, PostgresStatements):
        raise TypeError("statements that are run by asyncpg")
    statements.flush()
    await_only(call(statements.driver))


@lru_cache(maxsize=1024)
def _joined(statements: tuple[str, ...]) -> str:
    """Return statements that write as one, whose parameters are those of all of them in that order."""
    counted, place = list[str](), 0
    for statement in statements:
        counted.append(_counted_from(statement, place))
        place += max(map(int, _PARAMETER.findall(statement)), default=0)
    *others, last = counted
    parts = ", ".join(f"part{number} AS ({statement})" for number, statement in enumerate(others))
    return f"WITH {parts} {last}" if parts else last


def _counted_from(statement: str, place: int) -> str:
    return _PARAMETER.sub(lambda found: f"${int(found[1]) + place}", statement)


def _changed(status: str) -> int:
    """Return the count at the end of what the server says of a statement, such as `UPDATE 3`."""
    count = status.rpartition(" ")[2]
    return int(count) if count.isdecimal() else -1
