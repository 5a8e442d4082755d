"""Tables whose rows have a key of their own besides their number, such as a SKU."""

from typing import Any

from sqlalchemy import Column, Table

from adapters.storage.schema.common_columns import index_where

_KEY = "own_key"


def own_key(table: Table, column: Column[Any]) -> None:
    """Let no two rows of a workspace that are not removed have the same in a column.

    What would, by a change, an undo or a new record, is refused with `ConflictError` (`key_taken`).
    """
    index_where("removed_at IS NULL", f"uq_{table.name}_{column.name}", table.c.workspace_id, column, unique=True)
    table.info[_KEY] = column


def key_of(table: Table) -> Column[Any] | None:
    """Return the column that holds the keys of a table's rows, None where they go by their numbers alone."""
    return table.info.get(_KEY)
