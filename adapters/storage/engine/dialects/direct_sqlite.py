"""SQLAlchemy's statements, run by the standard library's driver itself."""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Executable

from adapters.storage.engine.dialects.compiled import STATEMENTS, Answer, Compiled, compiled_for
from adapters.storage.engine.dialects.prepared import Row

_Make = Callable[[Sequence[Any]], Any]


class DirectSqlite:
    """A connection of the driver, used in its thread."""

    __slots__ = ("dialect", "driver")

    def __init__(self, driver: sqlite3.Connection, dialect: Dialect) -> None:
        """Wrap the driver's connection."""
        self.driver = driver
        self.dialect = dialect

    def execute(self, statement: Executable, parameters: Row | Sequence[Row] | None = None) -> Answer:
        """Run a statement, or the same for many rows."""
        if isinstance(parameters, Sequence):
            many = compiled_for(statement, parameters[0], self.dialect)
            done = self.driver.executemany(many.sql, [many.bind(row)[1] for row in parameters])
            return Answer((), done.rowcount)
        given = parameters or {}
        compiled = compiled_for(statement, given, self.dialect)
        cursor = self.driver.execute(*compiled.bind(given))
        if not compiled.has_rows:
            return Answer((), cursor.rowcount, cursor.lastrowid)
        found = cursor.fetchall()
        make = _maker(compiled, self.dialect, tuple(column[0] for column in cursor.description)) if found else None
        return Answer([make(row) for row in found] if make else (), cursor.rowcount)


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
