"""Databases with rows in every table, whatever columns it has, and what is in a database."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, SmallInteger, Table, Time

from adapters.storage import Limits
from adapters.storage.copying import tables
from adapters.storage.engine.database import Once, Work
from adapters.storage.engine.opening import open_database
from adapters.storage.engine.statements import Statements
from adapters.storage.schema.column_types import Instant, Long, Money, Words

BEGINNING = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=UTC)
LIMITS = Limits(writer=10.0, reader=10.0, lock=10.0)


async def visit(url: str, work: Work[Any], *, writes: bool = True) -> Any:
    """Run statements in the database at an address."""
    database = open_database(url, LIMITS)
    try:
        once = Once(database)
        return await (once.write(work) if writes else once.read(work))
    finally:
        await database.close()


async def fill(url: str, count: int) -> None:
    """Put so many rows into every table; the numbers that the database gives go on behind them."""
    database = open_database(url, LIMITS)

    def insert(connection: Statements) -> None:
        for table in tables():
            database.dialect.insert_many(connection, table, rows_of(table, count))
            if table.autoincrement_column is not None:
                database.dialect.number_from(connection, table, count)

    try:
        await Once(database).write(insert)
    finally:
        await database.close()


def rows_of(table: Table, count: int) -> Iterator[dict[str, Any]]:
    """Yield rows that refer to each other by their place."""
    for place in range(1, count + 1):
        yield {column.name: _value(column, place) for column in table.columns}


def _value(column: Column[Any], place: int) -> Any:
    kind = column.type
    if column.nullable and place % 3 == 0:
        return None
    if column.name == "workspace_id":
        return 1
    if isinstance(kind, Boolean):
        return place % 2 == 0
    if isinstance(kind, SmallInteger):
        return place % 3
    if isinstance(kind, Instant):
        return BEGINNING + timedelta(microseconds=place)
    if isinstance(kind, Date):
        return date(2026, 1, 1) + timedelta(days=place % 300)
    if isinstance(kind, Time):
        return time(9, place % 60)
    if isinstance(kind, Words | Long):
        return _text(column, place)
    if isinstance(kind, Money):
        return Decimal(place - 3).scaleb(-4)
    return place


_WORDS = {"status": "pending", "platform": "slack", "kind": "public", "zone": "UTC", "due_zone": "UTC"}


def _text(column: Column[Any], place: int) -> str:
    length = getattr(column.type, "length", None)
    if column.name in _WORDS:
        return _WORDS[column.name]
    if length is not None and length <= 26:
        return f"{place:0{min(length, 26)}d}"
    return f'{place} {column.name} "ü" 😀\n'


async def contents(url: str) -> Mapping[str, Sequence[tuple[Any, ...]]]:
    """Return the rows of every table, in the order of their keys."""

    def read(connection: Statements) -> Mapping[str, Sequence[tuple[Any, ...]]]:
        return {table.name: _every(connection, table) for table in tables()}

    found: Mapping[str, Sequence[tuple[Any, ...]]] = await visit(url, read, writes=False)
    return found


def _every(connection: Statements, table: Table) -> Sequence[tuple[Any, ...]]:
    rows = connection.execute(sa.select(*table.columns).order_by(*table.primary_key.columns)).all()
    return [tuple(row) for row in rows]
