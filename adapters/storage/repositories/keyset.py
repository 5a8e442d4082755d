"""Pages by keyset: a page starts beside an item's place in the order, however deep that lies."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, SmallInteger, Table, bindparam, literal_column

from adapters.storage.engine.dialects import Dialect
from adapters.storage.repositories.kinds import Question, conditions, matching, numbered
from adapters.storage.schema.column_types import Instant, Money, Words
from adapters.storage.schema.text_forms import storable
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.shared.errors import InvalidArgumentError
from core.shared.money import LARGEST, ONE, amount_of, units_of
from core.shared.paging import COUNT_LIMIT, Page
from core.shared.value_objects import value_object

_FIRST_INSTANT = datetime(1, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_CURSOR = re.compile(r"([np])((?:\.-?[0-9a-z]*)+)")
_HIGHEST = 2**31 - 1
_HIGHEST_SMALL = 2**15 - 1
_HIGHEST_MONEY = LARGEST * ONE
_LONGEST = 2000
"""Characters of a cursor."""
_LAST_INSTANT = (datetime.max.replace(tzinfo=UTC) - _FIRST_INSTANT) // _MICROSECOND


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What items are ordered by: the item's own number last; or the largest first.

    That are instants, whole numbers from 0 on, exact amounts, or texts, whose sort keys read well.
    """

    columns: tuple[ColumnElement[Any], ...]
    descending: bool = False

    def place(self, row: Row[Any]) -> tuple[Any, ...]:
        """Return the place of a row: its values for the columns."""
        return tuple(getattr(row, column.name) for column in self.columns)

    def of(self, table: Table) -> list[ColumnElement[Any]]:
        """Return the columns of that table that have the names of these."""
        return [table.c[column.name] for column in self.columns]

    def by(self, table: Table, *, backward: bool = False) -> list[ColumnElement[Any]]:
        """Return what a statement on a table is ordered by, from the front or from the back."""
        return [column.desc() if self.descending != backward else column.asc() for column in self.of(table)]


@value_object
class Place:
    """An item's place in the order; the page lies before it if `backward`, else after."""

    values: tuple[Any, ...]
    backward: bool


def place_of(cursor: str, order: Order) -> Place | None:
    """Return the place that a cursor names, None for an empty one; raises `InvalidArgumentError` (`cursor`)."""
    if not cursor:
        return None
    match = _CURSOR.fullmatch(cursor) if len(cursor) <= _LONGEST else None
    try:
        if match is None:
            raise ValueError(cursor)
        parts = zip(match[2][1:].split("."), order.columns, strict=True)
        return Place(tuple(_read(part, column) for part, column in parts), match[1] == "p")
    except ValueError as error:
        raise InvalidArgumentError("page", "cursor") from error


def cursor_of(row: Row[Any], order: Order, *, backward: bool) -> str:
    """Return the cursor of the page before or after a row: the direction, then the place, numbers in base 36."""
    return ".".join(["p" if backward else "n", *map(_written, order.place(row))])


def page(
    db: Scoped, asked: Question, parameters: dict[str, Any], order: Order, place: Place | None, limit: int
) -> Page[Any]:
    """Return the page at a place. A page that has nothing on it any more gives way to the nearest that has."""
    backward = place is not None and place.backward
    rows = _rows(db, asked, parameters, order, place, backward=backward, limit=limit + 1)
    if not rows and place is not None:
        place, backward = None, not backward
        rows = _rows(db, asked, parameters, order, None, backward=backward, limit=limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    if backward:
        rows.reverse()
    behind = False
    if place is not None and rows:
        edge = Place(order.place(rows[-1 if backward else 0]), not backward)
        behind = bool(_rows(db, asked, parameters, order, edge, backward=not backward, limit=1))
    has_next, has_previous = (behind, more) if backward else (more, behind)
    return Page(
        items=[asked.kind.item_of(row) for row in rows],
        next_cursor=cursor_of(rows[-1], order, backward=False) if has_next else None,
        previous_cursor=cursor_of(rows[0], order, backward=True) if has_previous else None,
        before=_before(db, asked, parameters, order, rows[0]) if has_previous else 0,
        total=db.scalar(counted(asked, order), **parameters),
    )


@lru_cache(maxsize=512)
def counted(asked: Question, order: Order) -> Select[Any]:
    """Count the items that a question is about, up to the limit of counting.

    The order leads the database to the index that has these items only, and so to an end after the limit.
    """
    one = scope.select(asked.table, literal_column("1").label("one")).where(*conditions(asked))
    return scope.count(one.order_by(*order.by(asked.table)), COUNT_LIMIT + 1)


def _before(db: Scoped, asked: Question, parameters: dict[str, Any], order: Order, row: Row[Any]) -> int:
    values = {f"place_{index}": value for index, value in enumerate(order.place(row))}
    found: int = db.scalar(_counted_before(db.dialect, asked, order), **parameters, **values)
    return found


@lru_cache(maxsize=512)
def _counted_before(dialect: Dialect, asked: Question, order: Order) -> Select[Any]:
    """Count the items that come before a place, up to the limit of counting."""
    one = scope.select(asked.table, literal_column("1").label("one")).where(*conditions(asked))
    one = one.where(_beyond(dialect, asked, order, backward=True))
    return scope.count(one.order_by(*order.by(asked.table, backward=True)), COUNT_LIMIT + 1)


def _beyond(dialect: Dialect, asked: Question, order: Order, *, backward: bool) -> ColumnElement[bool]:
    """Return what holds for the items that lie beyond a place, before it if `backward`."""
    columns = order.of(asked.table)
    values = [bindparam(f"place_{index}", type_=column.type) for index, column in enumerate(columns)]
    return dialect.beyond(columns, values, descending=order.descending != backward)


def _rows(
    db: Scoped,
    asked: Question,
    parameters: dict[str, Any],
    order: Order,
    place: Place | None,
    *,
    backward: bool,
    limit: int,
) -> list[Row[Any]]:
    """Return rows from a place on, nearest first, or from the end that `backward` tells."""
    statement = _statement(db.dialect, asked, order, placed=place is not None, backward=backward)
    values = {f"place_{index}": value for index, value in enumerate(place.values)} if place else {}
    found = list(db.all(statement, **parameters, **values, at_most=limit))
    if asked.table is asked.kind.table or not found:
        return found
    # No join: before a database knows how much there is of what, it goes about one in the longest way there is.
    numbers = [row.number for row in found]
    rows = {row.number: row for row in db.all(numbered(asked.kind), numbers=numbers)}
    return [rows[number] for number in numbers]


@lru_cache(maxsize=512)
def _statement(dialect: Dialect, asked: Question, order: Order, *, placed: bool, backward: bool) -> Select[Any]:
    statement = matching(asked)
    if placed:
        statement = statement.where(_beyond(dialect, asked, order, backward=backward))
    return statement.order_by(*order.by(asked.table, backward=backward)).limit(bindparam("at_most"))


def _read(part: str, column: ColumnElement[Any]) -> Any:
    """Return what a part of a cursor says; raises `ValueError` for what no item has there."""
    if isinstance(column.type, Words):
        return _stored(bytes.fromhex(part).decode(), column.type.length)
    whole = int(part, 36)
    if isinstance(column.type, Money):
        return amount_of(_checked(whole, -_HIGHEST_MONEY, _HIGHEST_MONEY))
    if isinstance(column.type, Instant):
        return _FIRST_INSTANT + timedelta(microseconds=_checked(whole, 0, _LAST_INSTANT))
    return _checked(whole, 0, _HIGHEST_SMALL if isinstance(column.type, SmallInteger) else _HIGHEST)


def _checked(whole: int, least: int, most: int) -> int:
    if not least <= whole <= most:
        raise ValueError(whole)
    return whole


def _stored(text: str, length: int) -> str:
    if storable(text, length) != text:
        raise ValueError(text)
    return text


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value.encode().hex()
    if isinstance(value, datetime):
        return _base36((value - _FIRST_INSTANT) // _MICROSECOND)
    whole = units_of(value) if isinstance(value, Decimal) else int(value)
    return f"{'-' if whole < 0 else ''}{_base36(abs(whole))}"


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
