"""The commands that bring notes in from files and put them out into files."""

from typing import Annotated

from bot.application.context import Context
from bot.application.transfers import Files
from bot.grammar.arguments import ChannelScope, FileArgument, ImportChoice, Positional
from bot.texts.transfer import TransferWords
from core.chat.reply import Reply
from core.chat.spec import Cost, Undo
from core.jobs.kinds import EXPORT, IMPORT
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.transfer.choices import ExportFormat
from tests.support.notes import texts
from tests.support.notes.area import note
from tests.support.notes.model import Note
from tests.support.notes.repository import NOTES
from tests.support.notes.service import NAMES
from tests.support.notes.sheet import NOTE_IMPORT, SHEET

WORDS: TransferWords[Note] = TransferWords(
    called=NAMES,
    reasons={
        "note_empty": lambda _p: "A note needs a title.",
        "note_too_long": lambda p: f"That has {p.details['length']} characters; at most {p.details['limit']} fit.",
    },
    columns=texts.COLUMNS,
    cells=lambda note, _view: texts.cells(note),
    lossy="A plain list holds titles only; CSV, XLSX and JSON hold everything and can be imported again.",
)
FILES = Files(SHEET, WORDS)


@note.command(role=Role.MEMBER, undo=Undo.INVERSE, cost=Cost.JOB, job=IMPORT, in_steps=True)
async def import_(ctx: Context, file: FileArgument, mode: ImportChoice = ImportChoice.CHECK) -> Reply:
    """Bring notes in from a CSV, XLSX or JSON file.

    Args:
        file: the CSV, XLSX or JSON file
        mode: `check` (unless given), `good` to import the valid rows, `all` to import every row or none

    Examples:
        /note import
    """
    return await FILES.bring_in(ctx, file, mode)


@note.inverse(NOTE_IMPORT)
async def take_back_import(ctx: Context, entry: UndoEntry) -> Reply:
    """Take a whole import back."""
    return await FILES.take_back(ctx, entry)


@note.command(role=Role.MEMBER, cost=Cost.JOB, job=EXPORT, overridable=True)
async def export(ctx: Context, format: Annotated[ExportFormat, Positional()] = ExportFormat.CSV) -> Reply:
    """Put notes into a file.

    Args:
        format: `csv` (unless given), `xlsx`, `json`, or `text` for a plain list of titles

    Examples:
        /note export
    """
    return await FILES.put_out(ctx, lambda work, audience: work.of(NOTES).stream(audience), ChannelScope(None), format)
