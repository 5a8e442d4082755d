"""Pages of rows that the database numbers as they come: a page starts beside the last row seen, the newest first."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, bindparam

from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.shared.errors import InvalidArgumentError
from core.shared.paging import COUNT_LIMIT
from core.shared.value_objects import value_object

_CURSOR = re.compile(r"([np])([0-9]{1,18})")


@value_object
class SerialPage:
    """The ids on a page, the newest first, the next newer one beyond it if there is one, and the ways on.

    `total` is counted as pages are.
    """

    ids: Sequence[int]
    newer: int | None
    next_cursor: str | None
    previous_cursor: str | None
    total: int


class Serials:
    """Pages of what a selection of ids finds; made once for each, as its statements are."""

    def __init__(self, found: Select[Any]) -> None:
        """Take a selection of one column, the id, narrowed by parameters."""
        (column,) = found.selected_columns
        place = bindparam("the_place", type_=column.type)
        self._newest = found.order_by(column.desc()).limit(bindparam("at_most"))
        self._older = self._newest.where(column < place)
        self._newer = found.where(column > place).order_by(column).limit(bindparam("at_most"))
        self._count = scope.count(found, COUNT_LIMIT + 1)

    def page(self, db: Scoped, which: Mapping[str, Any], cursor: str, limit: int) -> SerialPage:
        """Return the ids beside a cursor's place; one with nothing there any more gives way to the first page.

        Raises `InvalidArgumentError` (`cursor`) for a cursor that is none.
        """
        place, backward = place_of(cursor)
        found = self._ids(db, which, place, limit, backward=backward)
        found = found or self._ids(db, which, None, limit, backward=False)
        if not found:
            return SerialPage((), None, None, None, 0)
        newer = self._ids(db, which, found[0], 1, backward=True)
        older = self._ids(db, which, found[-1], 1, backward=False)
        return SerialPage(
            ids=found,
            newer=newer[0] if newer else None,
            next_cursor=f"n{found[-1]}" if older else None,
            previous_cursor=f"p{found[0]}" if newer else None,
            total=int(db.scalar(self._count, **which)),
        )

    def _ids(self, db: Scoped, which: Mapping[str, Any], place: int | None, limit: int, *, backward: bool) -> list[int]:
        """Return the rows before a place, or (`backward`) behind it, the newest first."""
        statement = self._newest if place is None else self._newer if backward else self._older
        placed = {} if place is None else {"the_place": place}
        found = [row[0] for row in db.all(statement, **which, **placed, at_most=limit)]
        return found[::-1] if backward else found


def place_of(cursor: str) -> tuple[int | None, bool]:
    """Return the place that a cursor names, none for an empty one, and whether the page lies behind it."""
    match = _CURSOR.fullmatch(cursor)
    if cursor and match is None:
        raise InvalidArgumentError("page", "cursor")
    return (int(match[2]), match[1] == "p") if match else (None, False)
