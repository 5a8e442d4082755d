"""Pages of tasks by keyset: a page starts beside a task's place in the order, however deep that lies."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import gt
from typing import Any

from sqlalchemy import Row, Select, SmallInteger, bindparam, literal_column

from adapters.storage.engine.dialects import Dialect
from adapters.storage.repositories.tasks.queries import Shape, conditions, matching, order_of
from adapters.storage.repositories.tasks.rows import tasks_of
from adapters.storage.schema.tables import tasks
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.shared.errors import InvalidArgumentError
from core.shared.paging import COUNT_LIMIT, Page
from core.tasks.model import Status, Task

_FIRST_INSTANT = datetime(1, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_CURSOR = re.compile(r"([np])((?:\.[0-9a-z]{1,12}){2,3})")
_HIGHEST = 2**31 - 1
_HIGHEST_SMALL = 2**15 - 1


@dataclass(frozen=True, slots=True)
class Place:
    """A task's place in the order: the values it is ordered by; the page lies before it if `backward`, else after."""

    values: tuple[Any, ...]
    backward: bool


def place_of(cursor: str, status: Status | None) -> Place | None:
    """Return the place that a cursor names, None for an empty one; raises `InvalidArgumentError` (`cursor`)."""
    if not cursor:
        return None
    match = _CURSOR.fullmatch(cursor)
    values = [int(part, 36) for part in match[2][1:].split(".")] if match else []
    _, *numbers = order_of(status)[0]
    highest = [_HIGHEST_SMALL if isinstance(column.type, SmallInteger) else _HIGHEST for column in numbers]
    if match is None or len(values) != 1 + len(highest) or any(map(gt, values[1:], highest)):
        raise InvalidArgumentError("cursor", "cursor")
    try:
        instant = _FIRST_INSTANT + timedelta(microseconds=values[0])
    except OverflowError:
        raise InvalidArgumentError("cursor", "cursor") from None
    return Place((instant, *values[1:]), match[1] == "p")


def cursor_of(row: Row[Any], status: Status | None, *, backward: bool) -> str:
    """Return the cursor of the page before or after a row: the direction, then the place in base 36."""
    instant, *rest = (getattr(row, column.name) for column in order_of(status)[0])
    parts = [(instant - _FIRST_INSTANT) // _MICROSECOND, *rest]
    return ".".join(["p" if backward else "n", *map(_base36, parts)])


def page(db: Scoped, shape: Shape, parameters: dict[str, Any], place: Place | None, limit: int) -> Page[Task]:
    """Return the page at a place. A page that has nothing on it any more gives way to the nearest that has."""
    backward = place is not None and place.backward
    rows = _rows(db, shape, parameters, place, backward=backward, limit=limit + 1)
    if not rows and place is not None:
        place, backward = None, not backward
        rows = _rows(db, shape, parameters, None, backward=backward, limit=limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    if backward:
        rows.reverse()
    behind = place is not None and _any_beyond(db, shape, parameters, rows, backward=not backward)
    has_next, has_previous = (behind, more) if backward else (more, behind)
    return Page(
        items=tasks_of(rows),
        next_cursor=cursor_of(rows[-1], shape.status, backward=False) if has_next else None,
        previous_cursor=cursor_of(rows[0], shape.status, backward=True) if has_previous else None,
        total=db.scalar(_count(shape), **parameters),
    )


def _rows(
    db: Scoped, shape: Shape, parameters: dict[str, Any], place: Place | None, *, backward: bool, limit: int
) -> list[Row[Any]]:
    """Return rows from a place on, nearest first, or from the end that `backward` tells."""
    values = _place_parameters(place.values) if place else {}
    statement = _statement(db.dialect, shape, placed=place is not None, backward=backward)
    return list(db.all(statement, **parameters, **values, at_most=limit))


def _any_beyond(db: Scoped, shape: Shape, parameters: dict[str, Any], rows: list[Row[Any]], *, backward: bool) -> bool:
    """Tell whether anything lies before (`backward`) or after some rows."""
    edge = rows[0] if backward else rows[-1]
    values = tuple(getattr(edge, column.name) for column in order_of(shape.status)[0])
    return bool(_rows(db, shape, parameters, Place(values, backward), backward=backward, limit=1))


def _place_parameters(values: tuple[Any, ...]) -> dict[str, Any]:
    return {f"place_{index}": value for index, value in enumerate(values)}


@lru_cache(maxsize=512)
def _statement(dialect: Dialect, shape: Shape, *, placed: bool, backward: bool) -> Select[Any]:
    columns, largest_first = order_of(shape.status)
    descending = largest_first != backward
    statement = matching(shape)
    if placed:
        values = [bindparam(f"place_{index}", type_=column.type) for index, column in enumerate(columns)]
        statement = statement.where(dialect.beyond(columns, values, descending=descending))
    return _ordered(statement, shape.status, backward=backward).limit(bindparam("at_most"))


def _ordered(statement: Select[Any], status: Status | None, *, backward: bool) -> Select[Any]:
    columns, largest_first = order_of(status)
    return statement.order_by(*(column.desc() if largest_first != backward else column.asc() for column in columns))


@lru_cache(maxsize=512)
def _count(shape: Shape) -> Select[Any]:
    one = scope.select(tasks, literal_column("1").label("one")).where(*conditions(shape))
    # The order leads the database to the index that has these tasks only, and so to an end after the limit.
    return scope.count(_ordered(one, shape.status, backward=False), COUNT_LIMIT + 1)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
