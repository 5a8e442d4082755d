"""What every command that changes something does, by a shorter way than the toolkit's, which costs more than the rest.

A dialect may have it; one that has not goes the long way, to the same end.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Table, Update
from sqlalchemy.dialects import sqlite

_Convert = Callable[[Any], Any]


class Shortcuts(ABC):
    """The shorter ways."""

    @abstractmethod
    def put_missing(self, connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
        """Insert a row unless it is there already, and tell which it was."""

    @abstractmethod
    def number(self, connection: Connection, statement: Update, values: Mapping[str, Any]) -> int:
        """Run an update that returns one whole number; its values are whole numbers and texts."""


class SqliteShortcuts(Shortcuts):
    """Straight to SQLite's driver, with statements put into words once."""

    def put_missing(self, connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
        """Insert a row unless it is there already, and tell which it was."""
        words, columns = _missing(table, tuple(row), connection.dialect)
        values = [row[name] if convert is None else convert(row[name]) for name, convert in columns]
        return bool(_driver(connection).execute(words, values).rowcount == 1)

    def number(self, connection: Connection, statement: Update, values: Mapping[str, Any]) -> int:
        """Run an update that returns one whole number."""
        words, names, fixed = _worded(statement, connection.dialect)
        known = {**fixed, **values}
        [(found,)] = _driver(connection).execute(words, [known[name] for name in names]).fetchall()
        return int(found)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


@lru_cache(maxsize=64)
def _missing(
    table: Table, names: tuple[str, ...], dialect: sqlalchemy.Dialect
) -> tuple[str, Sequence[tuple[str, _Convert | None]]]:
    """Return the statement, and in the order of its values the columns with what makes of a value the stored one."""
    statement = sqlite.insert(table).on_conflict_do_nothing().compile(dialect=dialect, column_keys=names)
    order = statement.positiontup or ()
    return str(statement), [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in order]


@lru_cache(maxsize=64)
def _worded(statement: Update, dialect: sqlalchemy.Dialect) -> tuple[str, Sequence[str], Mapping[str, Any]]:
    """Return a statement in words, the names of its values in their order, and those that it brings along."""
    compiled = statement.compile(dialect=dialect)
    return str(compiled), compiled.positiontup or (), dict(compiled.params)
