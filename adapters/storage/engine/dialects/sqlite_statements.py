"""SQLAlchemy's statements, run by the standard library's driver itself."""

import sqlite3
from collections.abc import Sequence

from sqlalchemy import Dialect, Executable
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from adapters.storage.engine.statements import Row, Statements
from adapters.storage.engine.statements.compiled import CompiledAnswer, compiled_for, maker

DIALECT: Dialect = SQLiteDialect_pysqlite(paramstyle="qmark")


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
        make = maker(compiled, self.dialect, tuple(column[0] for column in cursor.description)) if found else None
        return CompiledAnswer([make(row) for row in found] if make else (), cursor.rowcount)


def driver_of(statements: Statements) -> sqlite3.Connection:
    """Return the driver's connection, for what it does faster than many statements."""
    if not isinstance(statements, SqliteStatements):
        raise TypeError("statements that are run by sqlite3")
    return statements.driver
