"""Statements for databases that compare several columns at once, as a row value."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Delete, Select, Table, select, tuple_


def beyond(
    columns: Sequence[ColumnElement[Any]], values: Sequence[ColumnElement[Any]], *, descending: bool
) -> ColumnElement[bool]:
    """Compare as a row value, which an index can start at."""
    left, right = tuple_(*columns), tuple_(*values)
    return left < right if descending else left > right


def first_keys(table: Table, gone: ColumnElement[bool], limit: int) -> Select[Any]:
    """Select the keys of the first rows found that a condition holds for."""
    return select(*table.primary_key.columns).where(gone).limit(limit)


def delete_keys(table: Table, keys: Select[Any]) -> Delete:
    """Delete the rows with those keys."""
    key = list(table.primary_key.columns)
    return table.delete().where((key[0] if len(key) == 1 else tuple_(*key)).in_(keys))
