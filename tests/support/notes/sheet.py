"""The sheet of notes: what the columns of a file say, and what a note writes into them."""

from dataclasses import replace

from core.transfer import columns
from core.transfer.records import NumberedRecords
from core.transfer.sheet import PlainDraft, Sheet
from core.transfer.undo_kinds import import_kind
from tests.support.notes.model import TITLE_LIMIT, Note
from tests.support.notes.repository import NOTES
from tests.support.notes.service import KIND, NAMES, clean_title

SHEET: Sheet[PlainDraft, Note] = Sheet(
    called=NAMES,
    title="Notes",
    columns=(
        replace(columns.number(), aliases="no id"),
        columns.words("title", clean_title, TITLE_LIMIT, "note text"),
        columns.flag("pinned"),
    ),
    key="number",
    required=("title",),
    records=NumberedRecords(lambda work: work.of(NOTES)),
    kind=KIND,
    sample={"title": "Buy milk", "pinned": "yes"},
    line=lambda note: note.title,
)
NOTE_IMPORT = import_kind(KIND.name)
