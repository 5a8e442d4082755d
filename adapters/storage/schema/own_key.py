"""Tables whose rows have keys of their own besides their number, such as a SKU, or a username and an e-mail address."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Table

from adapters.storage.schema.common_columns import index_where

_KEY = "own_key"


def own_key(table: Table, column: Column[Any], called: str = "") -> None:
    """Let no two rows of a workspace that are not removed have the same in a column; a table may have several such.

    It is `called` by the field that it is a form of, if not by the column's name.

    What would, by a change, an undo or a new record, is refused with `ConflictError` (`key_taken`).
    """
    index_where("removed_at IS NULL", f"uq_{table.name}_{column.name}", table.c.workspace_id, column, unique=True)
    table.info[_KEY] = {**keys_of(table), called or column.name: column}


def keys_of(table: Table) -> Mapping[str, Column[Any]]:
    """Return the columns that hold the keys of a table's rows, none where they go by their numbers alone."""
    found: Mapping[str, Column[Any]] = table.info.get(_KEY, {})
    return found
