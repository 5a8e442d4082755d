"""Statements for many rows, compiled once and handed to the driver itself."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, Table, bindparam

from adapters.storage.engine.statements import Row

Prepared = tuple[str, Callable[[Row], Sequence[Any]]]
"""A statement, and what turns a row into the values that the driver takes for it."""


@lru_cache(maxsize=256)
def insert_of(table: Table, columns: tuple[str, ...], dialect: Dialect) -> Prepared:
    """Return the insert of a row with values for some columns."""
    # Inline: nobody asks for the numbers that the database gives to many rows.
    compiled = table.insert().inline().compile(dialect=dialect, column_keys=columns)
    return str(compiled), stored(table, compiled.positiontup or (), dialect)


@lru_cache(maxsize=256)
def of_rows(statement: str, count: int) -> str:
    """Return the insert of a row as one of several."""
    row = statement[statement.rindex("(") :]
    return statement + f", {row}" * (count - 1)


@lru_cache(maxsize=64)
def update_of(table: Table, key: tuple[str, ...], columns: tuple[str, ...], dialect: Dialect) -> Prepared:
    """Return the update of a row, found by its values for the columns in `key`."""
    # A parameter may not have the name of a column that is set: those of the key get one of their own.
    named = {f"{name} of the row": name for name in key}
    found = [table.c[name] == bindparam(parameter) for parameter, name in named.items()]
    compiled = (
        table.update().where(*found).compile(dialect=dialect, column_keys=[name for name in columns if name not in key])
    )
    order = [named.get(parameter, parameter) for parameter in compiled.positiontup or ()]
    return str(compiled), stored(table, order, dialect)


@lru_cache(maxsize=64)
def adding_of(table: Table, columns: tuple[str, ...], dialect: Dialect, insert: Callable[[Table], Any]) -> Prepared:
    """Return what inserts a row or adds its `amount` to that of the row there is; `insert` is the dialect's own."""
    row = insert(table)
    words = row.on_conflict_do_update(
        index_elements=list(table.primary_key), set_={"amount": table.c.amount + row.excluded.amount}
    )
    compiled = words.inline().compile(dialect=dialect, column_keys=columns)
    return str(compiled), stored(table, compiled.positiontup or (), dialect)


@lru_cache(maxsize=64)
def missing_of(table: Table, columns: tuple[str, ...], dialect: Dialect, insert: Callable[[Table], Any]) -> Prepared:
    """Return what inserts a row unless there is one of its key; `insert` is the dialect's own."""
    compiled = insert(table).on_conflict_do_nothing().inline().compile(dialect=dialect, column_keys=columns)
    return str(compiled), stored(table, compiled.positiontup or (), dialect)


def stored(table: Table, order: Sequence[str], dialect: Dialect) -> Callable[[Row], Sequence[Any]]:
    """Return what turns a row into what the driver stores for columns in that order."""
    found = [(key, table.c[key].type.dialect_impl(dialect).bind_processor(dialect)) for key in order]
    plain = itemgetter(*order)
    converted = [(place, convert) for place, (_, convert) in enumerate(found) if convert is not None]

    def values(row: Row) -> Sequence[Any]:
        taken = list(plain(row))
        for place, convert in converted:
            if (value := taken[place]) is not None:
                taken[place] = convert(value)
        return taken

    return values


def seen(rows: Iterable[Row]) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Return the columns of rows, which all have the same, and the rows; no columns if there is no row."""
    remaining = iter(rows)
    first = next(remaining, None)
    return ((), iter(())) if first is None else (tuple(first), chain((first,), remaining))
