"""Rows that have keys of their own besides their number keep them to themselves."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
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
    names = [column.name for column in keys_of(table).values()]
    return [(name, row[name]) for row in rows if not row.get("removed_at") for name in names] if names else []


def require_free(db: Scoped, table: Table, keys: Collection[OwnKey], numbers: Collection[int] = ()) -> None:
    """Refuse keys that rows of other numbers have, or that are there twice: `ConflictError` (`key_taken`).

    Nobody else writes to the workspace until the commit, so what is free now is free then.
    """
    for column in keys_of(table).values():
        counted = Counter(value for name, value in keys if name == column.name)
        taken = [key for key, number in _held(db, table, column, counted).items() if number not in numbers]
        taken += [value for value, count in counted.items() if count > 1]
        if taken:
            raise ConflictError("key_taken", value=taken[0])


def holders(db: Scoped, table: Table, called: str, keys: Collection[Any]) -> Mapping[Any, int]:
    """Return the numbers of the rows that are not removed and have one of some keys, by the key."""
    return _held(db, table, keys_of(table)[called], keys)


def _held(db: Scoped, table: Table, column: Column[Any], keys: Collection[Any]) -> Mapping[Any, int]:
    rows = (row for chunk in chunks(keys) for row in db.all(_holders(table, column), keys=chunk))
    return {row.held: row.number for row in rows}


@lru_cache(maxsize=64)
def _holders(table: Table, column: Column[Any]) -> Select[Any]:
    named = column.in_(bindparam("keys", expanding=True, type_=column.type))
    return scope.select(table, table.c.number, column.label("held")).where(named, table.c.removed_at.is_(None))
