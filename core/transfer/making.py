"""What the rows of a file come to: new records, and those that are there with what is said of them."""

from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Generic, cast

from core.transfer.sheet import ABSENT, D, Draft, Fields, Importer, Merged, R, Sheet

_SAME_MOMENT = timedelta(seconds=1)

_Said = tuple[int, str, Callable[[Any, Any], object] | None]
"""Where a draft says something, of which field, and what puts that into it."""


class Maker(Generic[D, R]):
    """Makes records of the rows of one file, which has some of the sheet's columns."""

    def __init__(self, sheet: Sheet[D, R], importer: Importer, columns: Container[str]) -> None:
        """Find out which fields a record has from where."""
        said = [(sheet.slots[column.name], column) for column in sheet.columns if column.field]
        there = [(slot, column) for slot, column in said if column.name in columns]
        self._sheet = sheet
        self._importer = importer
        self._fresh = {column.field: column.unsaid for _, column in said} | _given(sheet, importer)
        self._new: Sequence[_Said] = [(slot, column.field, column.put) for slot, column in there]
        self._known = [(slot, column.field, column.put) for slot, column in there if not column.stays]
        slots = {column.field: slot for slot, column in there}
        self._created, self._channel = slots.get("created_at"), slots.get("channel_id")

    def new(self, draft: D, number: int) -> R:
        """Return the record that a new row describes, under a number (0 in a mere check); raises as the rule does."""
        fields = {**self._fresh, "number": number}
        _say(draft, self._new, fields)
        return self._made(fields, draft, None)

    def merged(self, draft: D, record: R, number: int) -> Merged[R]:
        """Return a record with what a row says of it (itself if that is nothing new), and under a number what follows.

        Raises as the rule does.
        """
        sheet = self._sheet
        fields = sheet.kind.fields(record)
        _say(draft, self._known, fields)
        merged = self._made(fields, draft, record)
        if merged == record:
            return Merged(record)
        merged = replace(merged, version=record.version + 1)
        return sheet.follow(draft, record, merged, number, self._importer) if sheet.follow else Merged(merged)

    def is_about(self, draft: D, record: R) -> bool:
        """Tell whether a row is about the record of its key, and not about one of another workspace that has the same.

        Only our own exports say when a record was made, which tells them apart.
        """
        created = cast("tuple[object, ...]", draft)[self._created] if self._created else None
        return not isinstance(created, datetime) or abs(created - cast("Any", record).created_at) < _SAME_MOMENT

    def is_elsewhere(self, draft: D) -> bool:
        """Tell whether a row names a channel that is not here."""
        return self._channel is not None and cast("tuple[object, ...]", draft)[self._channel] == 0

    def _made(self, fields: Fields, draft: D, before: R | None) -> R:
        sheet = self._sheet
        return sheet.rule(fields, draft, before, self._importer) if sheet.rule else sheet.kind.made(fields)


def _given(sheet: Sheet[D, R], importer: Importer) -> Fields:
    """Return those fields that new records have by who imports them, as far as they have such."""
    given = {
        "channel_id": importer.channel_id,
        "author_id": importer.member_id,
        "created_at": importer.now,
        "batch": importer.batch,
    }
    return {name: value for name, value in given.items() if name in sheet.kind.names}


def _say(draft: Draft, said: Sequence[_Said], fields: Fields) -> None:
    """Put what a row says into the fields of a record."""
    values = cast("tuple[Any, ...]", draft)
    for slot, name, put in said:
        value = values[slot]
        if value is not ABSENT:
            fields[name] = put(value, fields[name]) if put else value
