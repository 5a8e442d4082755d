"""SQLAlchemy's statements, run by the standard library's driver itself."""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Executable
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from adapters.storage.engine.statements import Row, Statements
from adapters.storage.engine.statements.compiled import STATEMENTS, Compiled, CompiledAnswer, compiled_for

DIALECT: Dialect = SQLiteDialect_pysqlite(paramstyle="qmark")

_Make = Callable[[Sequence[Any]], Any]


class SqliteStatements:
    """A connection of the driver, used in its thread."""

    __slots__ = ("dialect", "driver")

    def __init__(self, driver: sqlite3.Connection, dialect: Dialect) -> None:
        """Wrap the driver's connection."""
        self.driver = driver
        self.dialect = dialect

    def execute(self, statement: Executable, parameters: Row | Sequence[Row] | None = None, /) -> CompiledAnswer:
        """Run a statement, or the same for many rows."""
        if isinstance(parameters, Sequence):
            many = compiled_for(statement, parameters[0], self.dialect)
            done = self.driver.executemany(many.sql, [many.bind(row)[1] for row in parameters])
            return CompiledAnswer((), done.rowcount)
        given = parameters or {}
        compiled = compiled_for(statement, given, self.dialect)
        cursor = self.driver.execute(*compiled.bind(given))
        if not compiled.has_rows:
            return CompiledAnswer((), cursor.rowcount, cursor.lastrowid)
        found = cursor.fetchall()
        make = _maker(compiled, self.dialect, tuple(column[0] for column in cursor.description)) if found else None
        return CompiledAnswer([make(row) for row in found] if make else (), cursor.rowcount)


def driver_of(statements: Statements) -> sqlite3.Connection:
    """Return the driver's connection, for what it does faster than many statements."""
    if not isinstance(statements, SqliteStatements):
        raise TypeError("statements that are run by sqlite3")
    return statements.driver


@lru_cache(maxsize=STATEMENTS)
def _maker(compiled: Compiled, dialect: Dialect, names: tuple[str, ...]) -> _Make:
    """Return what makes of a row as it is stored one whose columns are attributes."""
    record: Any = namedtuple("Record", names, rename=True)  # type: ignore[misc]  # its names are known only now
    make: _Make = record._make
    columns = list(getattr(compiled.statement, "exported_columns", ()))
    if not columns:
        return make
    processors = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    changed = [(place, process) for place, process in enumerate(processors) if process is not None]
    if not changed:
        return make

    def convert(row: Sequence[Any]) -> Any:
        values = list(row)
        for place, process in changed:
            values[place] = process(values[place])
        return make(values)

    return convert
