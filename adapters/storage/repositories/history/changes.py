"""What happened to the things of one workspace: an entry is a row for each field that changed, or one for a new thing.

The rows of an entry follow each other among those of their thing, for writers of one workspace take turns.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, literal_column

from adapters.storage.repositories.serials import Serials
from adapters.storage.schema.history_tables import changes
from adapters.storage.work import scope
from adapters.storage.work.additions import Additions
from adapters.storage.work.chunks import chunks
from adapters.storage.work.codec import data_of, data_text
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.history.model import NOBODY, ChangeEntry, FieldChange
from core.shared.paging import Page

_c = changes.c
_PERSON = str(NOBODY)
"""Stands for the person of the row, who is named beside it, and is nobody once forgotten."""

_place = bindparam("the_place", type_=_c.id.type)
_THEIRS = (_c.kind == bindparam("the_kind"), _c.number == bindparam("the_number"))
_FIRST = _c.place == literal_column("0")
_BEGINNINGS = scope.select(changes, _c.id).where(*_THEIRS, _FIRST)
_PAGES = Serials(_BEGINNINGS)
_FROM = scope.select(changes).where(*_THEIRS, _c.id >= _place).order_by(_c.id)
_BETWEEN = _FROM.where(_c.id < bindparam("the_end", type_=_c.id.type))
_SINCE = (
    scope.select(changes)
    .where(
        _c.kind == bindparam("the_kind"),
        _c.number.in_(bindparam("numbers", expanding=True)),
        _c.at >= bindparam("moment", type_=_c.at.type),
    )
    .order_by(_c.number, _c.id)
)


class Changes:
    """The repository of what happened to things."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    def add(self, entry: ChangeEntry) -> None:
        """Keep an entry at the latest when the unit of work commits; any number of them are one insert."""
        for row in _rows_of(entry):
            self._transaction.later(changes, row)

    def add_new(self, kind: str, numbers: Sequence[int], at: datetime, member_id: int, command: str) -> None:
        """Keep how things came to be, as `add` keeps it of each."""
        (row,) = _rows_of(ChangeEntry(kind, 0, at, member_id, command))
        self._transaction.add(Additions({changes: [{**row, "number": number} for number in numbers]}))

    async def page(self, kind: str, number: int, *, cursor: str = "", limit: int = 10) -> Page[ChangeEntry]:
        """Return a page of a thing's history, the newest first.

        Raises `InvalidArgumentError` (`cursor`) for a cursor that is none.
        """
        which = {"the_kind": kind, "the_number": number}
        return await self._transaction.run(lambda db: _page(db, which, cursor, limit))

    async def since(self, kind: str, numbers: Sequence[int], at: datetime) -> Sequence[ChangeEntry]:
        """Return what happened to some things (any count) since then, the oldest first for each of them."""

        def read(db: Scoped) -> list[ChangeEntry]:
            some = chunks(sorted(set(numbers)))
            return [
                entry for chunk in some for entry in _entries(db.all(_SINCE, the_kind=kind, numbers=chunk, moment=at))
            ]

        return await self._transaction.run(read)


def _rows_of(entry: ChangeEntry) -> Iterator[dict[str, Any]]:
    shared = {
        "kind": entry.kind,
        "number": entry.number,
        "member_id": entry.member_id,
        "at": entry.at,
        "command": entry.command,
    }
    for place, change in enumerate(entry.fields or (_NEW,)):
        person = change.person is not None
        yield {
            **shared,
            "place": place,
            "field": change.field,
            "before": _text(change.before, person=person),
            "after": _text(change.after, person=person),
            "person_id": change.person,
        }


_NEW = FieldChange("", None, None)


def _text(value: object, *, person: bool) -> str | None:
    if value is None:
        return None
    return _PERSON if person else data_text(value)


def _page(db: Scoped, which: dict[str, Any], cursor: str, limit: int) -> Page[ChangeEntry]:
    page = _PAGES.page(db, which, cursor, limit)
    rows = _rows(db, which, page.ids[-1], page.newer) if page.ids else ()
    return Page(tuple(_entries(rows))[::-1], page.next_cursor, page.previous_cursor, page.total)


def _rows(db: Scoped, which: dict[str, Any], begin: int, end: int | None) -> Sequence[Row[Any]]:
    return db.all(_FROM if end is None else _BETWEEN, **which, the_place=begin, the_end=end)


def _entries(rows: Sequence[Row[Any]]) -> Iterator[ChangeEntry]:
    """Put the rows of each entry together, in their order."""
    begins = [index for index, row in enumerate(rows) if row.place == 0]
    for begin, end in zip(begins, [*begins, len(rows)][1:], strict=True):
        first = rows[begin]
        fields = tuple(_change(row) for row in rows[begin:end] if row.field)
        yield ChangeEntry(first.kind, first.number, first.at, first.member_id, first.command, fields)


def _change(row: Row[Any]) -> FieldChange:
    person = row.person_id
    before, after = (None if text is None else person or data_of(text) for text in (row.before, row.after))
    return FieldChange(row.field, before, after, person)
