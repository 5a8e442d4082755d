"""Rows that have keys of their own besides their number keep them to themselves."""

from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Column, Select, Table, bindparam

from adapters.storage.schema.own_key import keys_of
from adapters.storage.work import scope
from adapters.storage.work.chunks import chunks
from adapters.storage.work.scope import Scoped
from core.shared.errors import ConflictError

OwnKey: TypeAlias = tuple[str, Any]
"""The name of a column, and what a row has there."""


def own_keys(table: Table, rows: Iterable[dict[str, Any]]) -> list[OwnKey]:
    """Return the keys of those of the rows that are not removed, none where rows go by their numbers alone."""
    names = [column.name for column in keys_of(table)]
    return [(name, row[name]) for row in rows if not row.get("removed_at") for name in names] if names else []


def require_free(db: Scoped, table: Table, keys: Collection[OwnKey], numbers: Collection[int] = ()) -> None:
    """Refuse keys that rows of other numbers have, or that are there twice: `ConflictError` (`key_taken`).

    Nobody else writes to the workspace until the commit, so what is free now is free then.
    """
    for column in keys_of(table):
        counted = Counter(value for name, value in keys if name == column.name)
        held = (row for chunk in chunks(counted) for row in db.all(_holders(table, column), keys=chunk))
        taken = [row.held for row in held if row.number not in numbers]
        taken += [value for value, count in counted.items() if count > 1]
        if taken:
            raise ConflictError("key_taken", value=taken[0])


@lru_cache(maxsize=64)
def _holders(table: Table, column: Column[Any]) -> Select[Any]:
    named = column.in_(bindparam("keys", expanding=True, type_=column.type))
    return scope.select(table, table.c.number, column.label("held")).where(named, table.c.removed_at.is_(None))
