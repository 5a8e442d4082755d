"""The rows of a table in the order of its key, so many at a time as fit in little memory."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import Select, Table, bindparam, select

from adapters.storage.engine.database import Work
from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.statements import Statements

Row = Sequence[Any]

Read = Callable[[Work[Sequence[Row]]], Awaitable[Sequence[Row]]]
"""Runs statements that only read."""

MOST, FEWEST = 5_000, 50
"""Rows of a chunk."""

_CHUNK = 8_000_000
"""Characters that a chunk may come to, if every text is as long as it may be."""
_LONG = 40_000
"""What a text without a limit is taken to come to; few are a tenth of it."""
_OTHER = 20


def chunk_size(table: Table) -> int:
    """Return how many rows of a table are read at a time."""
    longest = sum(_longest(column.type) for column in table.columns)
    return max(FEWEST, min(MOST, _CHUNK // longest))


def _longest(kind: Any) -> int:
    if kind.python_type is not str:
        return _OTHER
    return getattr(kind, "length", None) or _LONG


async def every_row(
    read: Read, dialect: Dialect, table: Table, *, at_most: int | None = None
) -> AsyncIterator[Sequence[Row]]:
    """Yield the rows of a table in chunks, by their key; `at_most` bounds a chunk below what is usual."""
    most = min(chunk_size(table), at_most or MOST)
    columns = list(table.primary_key.columns)
    places = [list(table.columns).index(column) for column in columns]
    names = [f"after_{place}" for place in range(len(columns))]
    first = select(*table.columns).order_by(*columns).limit(bindparam("at_most"))
    values = [bindparam(name, type_=column.type) for name, column in zip(names, columns, strict=True)]
    further = first.where(dialect.beyond(columns, values, descending=False))
    statement, parameters = first, {"at_most": most}
    while True:
        rows = await read(_reading(statement, parameters))
        if rows:
            yield rows
        if len(rows) < most:
            return
        key = [rows[-1][place] for place in places]
        statement, parameters = further, {"at_most": most, **dict(zip(names, key, strict=True))}


def _reading(statement: Select[Any], parameters: dict[str, Any]) -> Work[Sequence[Row]]:
    def read(db: Statements) -> Sequence[Row]:
        return db.execute(statement, parameters).all()

    return read
