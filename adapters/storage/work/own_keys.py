"""Rows that have a key of their own besides their number keep it to themselves."""

from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Table, bindparam

from adapters.storage.schema.own_key import key_of
from adapters.storage.work import scope
from adapters.storage.work.chunks import chunks
from adapters.storage.work.scope import Scoped
from core.shared.errors import ConflictError


def own_keys(table: Table, rows: Iterable[dict[str, Any]]) -> list[Any]:
    """Return the keys of those of the rows that are not removed, none where rows go by their numbers alone."""
    key = key_of(table)
    return [] if key is None else [row[key.name] for row in rows if not row.get("removed_at")]


def require_free(db: Scoped, table: Table, keys: Collection[Any], numbers: Collection[int] = ()) -> None:
    """Refuse keys that rows of other numbers have, or that are there twice: `ConflictError` (`key_taken`).

    Nobody else writes to the workspace until the commit, so what is free now is free then.
    """
    counted, statement = Counter(keys), _holders(table)
    held = (row for chunk in chunks(counted) for row in db.all(statement, keys=chunk))
    taken = [row.held for row in held if row.number not in numbers]
    taken += [key for key, count in counted.items() if count > 1]
    if taken:
        raise ConflictError("key_taken", value=taken[0])


@lru_cache(maxsize=64)
def _holders(table: Table) -> Select[Any]:
    key = key_of(table)
    if key is None:
        raise LookupError(f"rows of {table.name} go by their numbers alone")
    named = key.in_(bindparam("keys", expanding=True, type_=key.type))
    return scope.select(table, table.c.number, key.label("held")).where(named, table.c.removed_at.is_(None))
