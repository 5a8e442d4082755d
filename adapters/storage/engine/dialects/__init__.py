"""What differs from database to database, and nothing else."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Delete, Table

from adapters.storage.engine.statements import Row, Statements


class Dialect(Hashable, Protocol):
    """The particulars of one kind of database."""

    def insert_missing(self, db: Statements, table: Table, row: Row) -> bool:
        """Insert a row unless one that is known by the same is there, and tell which it was."""
        ...

    def insert_missing_many(self, db: Statements, table: Table, rows: Iterable[Row]) -> None:
        """Insert those of the rows of whose primary key there is none; nobody else is at such rows."""
        ...

    def beyond(
        self, columns: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]], *, descending: bool
    ) -> ColumnElement[bool]:
        """Return the condition that several columns, most significant first, are greater than values of their types.

        With `descending` it is lesser. An index on the columns must be able to start at the place.
        """
        ...

    def delete_some(self, table: Table, gone: ColumnElement[bool], limit: int) -> Delete:
        """Return a statement that deletes at most so many of the rows that a condition holds for."""
        ...

    def insert_many(self, db: Statements, table: Table, rows: Iterable[Row]) -> None:
        """Insert any number of rows by the fastest way; every row has a value for the same columns."""
        ...

    def laid_out(self, table: Table, rows: Sequence[Row], *, is_missing: bool = False) -> Callable[[Statements], None]:
        """Lay such rows out, in any thread, as far as the database is not needed for it; return what inserts them.

        With `is_missing` those that are there are left, as `insert_missing_many` leaves them.
        """
        ...

    def update_many(self, db: Statements, table: Table, key: Sequence[str], rows: Iterable[Row]) -> None:
        """Update any number of rows by the fastest way, each found by its values for the columns in `key`.

        Every row has a value for the same columns.
        """
        ...

    def add_up(self, db: Statements, table: Table, rows: Iterable[Row]) -> None:
        """Add the `amount` of each row to the one of that primary key, or insert it; nobody else is at such rows."""
        ...

    def last_number(self, db: Statements, table: Table) -> int:
        """Return the highest number that the database ever gave to a row of a numbered table, as far as it remembers.

        The row may be gone; 0 if it gave none.
        """
        ...

    def number_from(self, db: Statements, table: Table, last: int) -> None:
        """Let a numbered table, whose rows came with numbers of their own up to `last` at most, go on behind it."""
        ...
