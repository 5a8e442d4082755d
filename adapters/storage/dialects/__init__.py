"""What differs from database to database, and nothing else."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Insert, Table


class Dialect(Hashable, Protocol):
    """The particulars of one kind of database."""

    def insert_missing(self, table: Table) -> Insert:
        """Return an insert that leaves a row alone that is there already; its row count tells which it was."""
        ...

    def beyond(
        self, columns: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]], *, descending: bool
    ) -> ColumnElement[bool]:
        """Return the condition that several columns, most significant first, are greater than values of their types.

        With `descending` it is lesser. An index on the columns must be able to start at the place.
        """
        ...

    def insert_many(self, connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert any number of rows by the fastest way; every row has a value for the same columns."""
        ...

    def update_many(
        self, connection: Connection, table: Table, key: Sequence[str], rows: Iterable[Mapping[str, Any]]
    ) -> None:
        """Update any number of rows by the fastest way, each found by its values for the columns in `key`.

        Every row has a value for the same columns.
        """
        ...
