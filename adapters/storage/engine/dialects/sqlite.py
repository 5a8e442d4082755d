"""SQLite's statements."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Delete, Insert, Table, func, select, text, tuple_
from sqlalchemy.dialects import sqlite

from adapters.storage.engine.dialects.direct_sqlite import DirectSqlite
from adapters.storage.engine.dialects.prepared import Prepared, Row, insert_of, update_of


@dataclass(frozen=True, slots=True)
class SqliteDialect:
    """What is particular to SQLite."""

    def insert_missing(self, connection: Connection, table: Table, row: Row) -> bool:
        """Insert unless it is there."""
        return connection.execute(_insert_missing(table), row).rowcount == 1

    def beyond(
        self, columns: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]], *, descending: bool
    ) -> ColumnElement[bool]:
        """Compare as a row value, which an index can start at."""
        left, right = tuple_(*columns), tuple_(*values)
        return left < right if descending else left > right

    def delete_some(self, table: Table, gone: ColumnElement[bool], limit: int) -> Delete:
        """Delete by the keys of the first rows found."""
        key = list(table.primary_key.columns)
        rows = select(*key).where(gone).limit(limit)
        return table.delete().where((key[0] if len(key) == 1 else tuple_(*key)).in_(rows))

    def insert_many(self, connection: Connection, table: Table, rows: Iterable[Row]) -> None:
        """Hand rows to the driver one by one as it asks for them, so that any number needs the memory of one."""
        _for_each(connection, rows, lambda columns: insert_of(table, columns, connection.dialect))

    def update_many(self, connection: Connection, table: Table, key: Sequence[str], rows: Iterable[Row]) -> None:
        """Hand rows to the driver one by one as it asks for them, for a statement that it prepares once."""
        _for_each(connection, rows, lambda columns: update_of(table, tuple(key), columns, connection.dialect))

    def last_number(self, connection: Connection, table: Table) -> int:
        """Return what is remembered beside the table, where that is done, or the highest number there is."""
        highest = int(connection.execute(select(func.max(table.autoincrement_column))).scalar() or 0)
        if not _remembers(table):
            return highest
        return max(highest, int(connection.execute(_REMEMBERED, {"its_name": table.name}).scalar() or 0))

    def number_from(self, connection: Connection, table: Table, last: int) -> None:
        """Set what is remembered beside the table; elsewhere the next number is behind the highest there is."""
        if _remembers(table):
            connection.execute(_FORGET, {"its_name": table.name})
            connection.execute(_REMEMBER, {"its_name": table.name, "its_last": last})


_REMEMBERED = text("SELECT seq FROM sqlite_sequence WHERE name = :its_name")
_FORGET = text("DELETE FROM sqlite_sequence WHERE name = :its_name")
_REMEMBER = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:its_name, :its_last)")


def _remembers(table: Table) -> bool:
    """Tell whether numbers of rows that are gone are not given again."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])


@lru_cache(maxsize=64)
def _insert_missing(table: Table) -> Insert:
    return sqlite.insert(table).on_conflict_do_nothing()


def _for_each(connection: Connection, rows: Iterable[Row], prepare: Callable[[tuple[str, ...]], Prepared]) -> None:
    remaining = iter(rows)
    first = next(remaining, None)
    if first is None:
        return
    driver = cast("DirectSqlite", connection).driver
    statement, values_of = prepare(tuple(first))
    driver.executemany(statement, map(values_of, chain((first,), remaining)))
