"""Tables whose rows have keys of their own besides their number, such as a SKU, or a username and an e-mail address."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Table

from adapters.storage.schema.common_columns import index_where

_KEY = "own_key"


def own_key(table: Table, column: Column[Any]) -> None:
    """Let no two rows of a workspace that are not removed have the same in a column; a table may have several such.

    What would, by a change, an undo or a new record, is refused with `ConflictError` (`key_taken`).
    """
    index_where("removed_at IS NULL", f"uq_{table.name}_{column.name}", table.c.workspace_id, column, unique=True)
    table.info[_KEY] = (*keys_of(table), column)


def keys_of(table: Table) -> Sequence[Column[Any]]:
    """Return the columns that hold the keys of a table's rows, none where they go by their numbers alone."""
    found: tuple[Column[Any], ...] = table.info.get(_KEY, ())
    return found
