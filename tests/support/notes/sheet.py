"""The sheet of notes: what the columns of a file say, and what a note writes into them."""

from dataclasses import replace
from typing import NamedTuple

from core.transfer import cells
from core.transfer.model import import_kind
from core.transfer.records import NumberedRecords
from core.transfer.sheet import ABSENT, Absent, Column, Importer, Merged, Sheet
from tests.support.notes.model import TITLE_LIMIT, Note
from tests.support.notes.repository import NOTES
from tests.support.notes.service import KIND, NAMES, clean_title

_PINNED = dict.fromkeys(cells.YES, True) | dict.fromkeys(cells.NO | {""}, False)
_TITLE = cells.Words(clean_title, TITLE_LIMIT)


class NoteDraft(NamedTuple):
    """A row as read."""

    line: int
    number: int | Absent
    title: str | Absent
    pinned: bool | Absent


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
        Column("number", cells.number_of, lambda note, _: note.number, "no id", repeats=False),
        Column("title", _TITLE, lambda note, _: note.title, "note text", repeats=False, as_they_are=_TITLE.are_plain),
        Column("pinned", cells.choice(_PINNED, "pinned_unknown"), lambda note, _: "yes" if note.pinned else "no"),
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
