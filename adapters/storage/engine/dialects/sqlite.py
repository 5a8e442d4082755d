"""SQLite's statements."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import ColumnElement, Delete, Insert, Table, func, select, text
from sqlalchemy.dialects import sqlite

from adapters.storage.engine.dialects import row_values
from adapters.storage.engine.dialects.sqlite_statements import DIALECT, driver_of
from adapters.storage.engine.statements import Row, Statements
from adapters.storage.engine.statements.many_rows import (
    Prepared,
    adding_of,
    insert_of,
    missing_of,
    of_rows,
    seen,
    update_of,
)
from core.shared.value_objects import value_object

MOST_PARAMETERS = 32766
"""Values in a statement that every SQLite takes that can say which rows it changed."""


@value_object
class SqliteDialect:
    """What is particular to SQLite."""

    def insert_missing(self, db: Statements, table: Table, row: Row) -> bool:
        """Insert unless it is there."""
        return db.execute(_insert_missing(table), row).rowcount == 1

    def insert_missing_many(self, db: Statements, table: Table, rows: Iterable[Row]) -> None:
        """Hand rows to the driver, of which it leaves those that are there."""
        _for_each(db, rows, lambda columns: missing_of(table, columns, db.dialect, sqlite.insert))

    def beyond(
        self, columns: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]], *, descending: bool
    ) -> ColumnElement[bool]:
        """Compare as a row value."""
        return row_values.beyond(columns, values, descending=descending)

    def delete_some(self, table: Table, gone: ColumnElement[bool], limit: int) -> Delete:
        """Delete by the keys of the first rows found."""
        return row_values.delete_keys(table, row_values.first_keys(table, gone, limit))

    def insert_many(self, db: Statements, table: Table, rows: Iterable[Row]) -> None:
        """Hand rows to the driver one by one as it asks for them, so that any number needs the memory of one."""
        _for_each(db, rows, lambda columns: insert_of(table, columns, db.dialect))

    def laid_out(self, table: Table, rows: Sequence[Row], *, is_missing: bool = False) -> Callable[[Statements], None]:
        """Put the values of many rows into each statement.

        After each statement the driver waits for its turn with the interpreter, while others wait for the lock.
        """
        columns = tuple(rows[0])
        statement, values_of = insert_of(table, columns, DIALECT)
        if is_missing:
            statement = statement.replace("INSERT", "INSERT OR IGNORE", 1)
        values = map(values_of, rows)
        inserts = [
            (of_rows(statement, size), tuple(chain.from_iterable(islice(values, size))))
            for size in _sizes(len(rows), MOST_PARAMETERS // len(columns))
        ]

        def insert(db: Statements) -> None:
            driver = driver_of(db)
            for words, parameters in inserts:
                driver.execute(words, parameters)

        return insert

    def update_many(self, db: Statements, table: Table, key: Sequence[str], rows: Iterable[Row]) -> None:
        """Hand rows to the driver one by one as it asks for them, for a statement that it prepares once."""
        _for_each(db, rows, lambda columns: update_of(table, tuple(key), columns, db.dialect))

    def add_up(self, db: Statements, table: Table, rows: Iterable[Row]) -> None:
        """Insert, or add to what is there, in one statement."""
        _for_each(db, rows, lambda columns: adding_of(table, columns, db.dialect, sqlite.insert))

    def last_number(self, db: Statements, table: Table) -> int:
        """Return what is remembered beside the table, where that is done, or the highest number there is."""
        highest = int(db.execute(select(func.max(table.autoincrement_column))).scalar() or 0)
        if not _remembers(table):
            return highest
        return max(highest, int(db.execute(_REMEMBERED, {"its_name": table.name}).scalar() or 0))

    def number_from(self, db: Statements, table: Table, last: int) -> None:
        """Set what is remembered beside the table; elsewhere the next number is behind the highest there is."""
        if _remembers(table):
            db.execute(_FORGET, {"its_name": table.name})
            db.execute(_REMEMBER, {"its_name": table.name, "its_last": last})


_REMEMBERED = text("SELECT seq FROM sqlite_sequence WHERE name = :its_name")
_FORGET = text("DELETE FROM sqlite_sequence WHERE name = :its_name")
_REMEMBER = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:its_name, :its_last)")


def _remembers(table: Table) -> bool:
    """Tell whether numbers of rows that are gone are not given again."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])


@lru_cache(maxsize=64)
def _insert_missing(table: Table) -> Insert:
    return sqlite.insert(table).on_conflict_do_nothing()


def _sizes(count: int, most: int) -> Iterator[int]:
    """Yield powers of two that add up, none above `most`: a few statements, each of them prepared once, do for all."""
    size = 1 << most.bit_length() - 1
    while count:
        while count >= size:
            yield size
            count -= size
        size //= 2


def _for_each(db: Statements, rows: Iterable[Row], prepare: Callable[[tuple[str, ...]], Prepared]) -> None:
    columns, rows = seen(rows)
    if columns:
        statement, values_of = prepare(columns)
        driver_of(db).executemany(statement, map(values_of, rows))
