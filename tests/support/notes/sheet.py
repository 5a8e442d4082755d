"""The sheet of notes: what the columns of a file say, and what a note writes into them."""

import re
from dataclasses import replace
from typing import NamedTuple

from core.shared.errors import InvalidArgumentError
from core.transfer.model import import_kind
from core.transfer.records import NumberedRecords
from core.transfer.sheet import ABSENT, Absent, CellError, Column, Importer, Merged, Sheet, Surroundings
from tests.support.notes.model import Note
from tests.support.notes.repository import NOTES
from tests.support.notes.service import KIND, NAMES, clean_title

_YES, _NO = {"yes", "true", "1", "x"}, {"", "no", "false", "0"}


class NoteDraft(NamedTuple):
    """A row as read."""

    line: int
    number: int | Absent
    title: str | Absent
    pinned: bool | Absent


def _number(text: str, _around: Surroundings) -> int:
    if text and not re.fullmatch(r"#?[1-9][0-9]{0,8}", text):
        raise CellError("number_bad")
    return int(text.removeprefix("#") or 0)


def _title(text: str, _around: Surroundings) -> str:
    try:
        return clean_title(text)
    except InvalidArgumentError as error:
        details = {name: error.details[name] for name in ("length", "limit") if name in error.details}
        raise CellError(error.reason, **details) from error


def _pinned(text: str, _around: Surroundings) -> bool:
    if text.casefold() not in _YES | _NO:
        raise CellError("pinned_unknown")
    return text.casefold() in _YES


def _new(draft: NoteDraft, number: int, importer: Importer) -> Note:
    return Note(number, draft.title or "", draft.pinned is True, importer.channel_id, importer.member_id, importer.now)


def _merged(draft: NoteDraft, note: Note, _number: int, _importer: Importer) -> Merged[Note]:
    pinned = note.pinned if draft.pinned is ABSENT else draft.pinned
    merged = replace(note, title=draft.title or note.title, pinned=pinned)
    return Merged(merged if merged == note else replace(merged, version=note.version + 1))


SHEET: Sheet[NoteDraft, Note] = Sheet(
    called=NAMES,
    title="Notes",
    columns=(
        Column("number", _number, lambda note, _: note.number, "no id", repeats=False),
        Column("title", _title, lambda note, _: note.title, "note text", repeats=False),
        Column("pinned", _pinned, lambda note, _: "yes" if note.pinned else "no"),
    ),
    draft=NoteDraft._make,
    key="number",
    required=("title",),
    build=_new,
    merge=_merged,
    records=NumberedRecords(lambda work: work.of(NOTES)),
    kind=KIND,
    sample={"title": "Buy milk", "pinned": "yes"},
    line=lambda note: note.title,
)
NOTE_IMPORT = import_kind(KIND.name)
