"""What people read about notes."""

from collections.abc import Sequence
from datetime import datetime

from bot.grammar.boards import BoardView
from bot.texts.answers import untouched, written
from bot.texts.errors import Reasons
from bot.texts.history import Told
from bot.texts.records import Listed, Listing, channel_field, member_field, page_of, record
from bot.texts.undo import undid
from bot.texts.view import View
from core.chat.reply import Action, Cell, Column, Field, Reply, Row, Table, Visibility
from core.chat.text import Bold, Code, Text, lines, text
from core.people.model import Reader
from core.shared.paging import Page
from tests.support.notes.model import Note
from tests.support.notes.service import KIND, NAMES, Changed

TOLD = Told(KIND, "note", {"title": "Title", "pinned": "Pinned", "removed_at": "Removed", "remind_at": "Reminds"})

REASONS = Reasons(
    arguments={
        "note_empty": lambda _w: ("A note needs a title.", "Try `/note add Buy milk`."),
        "note_too_long": lambda w: (f"That has {w['length']} characters; at most {w['limit']} fit.", "Shorten it."),
    },
)

COLUMNS = (Column("number", "No.", "number"), Column("title", "Note"), Column("pinned", "Pinned"))


def listed(page: Page[Note], listing: Listing) -> Reply:
    """Show a page of notes."""
    return page_of("Notes", page, _LISTED, listing)


def _table(notes: Sequence[Note]) -> Table:
    rows = (Row(cells(note), actions=(Action("Remove", f"/note remove {note.number}"),)) for note in notes)
    return Table("Notes", COLUMNS, tuple(rows))


_LISTED: Listed[Note] = Listed(NAMES, _table, text("No notes. Add one: ", Code("/note add Buy milk")))


def shown(note: Note, view: View) -> Reply:
    """Show everything about a note."""
    fields = (
        Field("number", "No.", note.number, "number"),
        Field("pinned", "Pinned", note.pinned),
        channel_field(note.channel_id, view),
        member_field("author", "By", note.author_id, view),
    )
    return record(f"#{note.number} {note.title}", (), fields)


def changed(change: Changed, verb: str, view: View) -> Reply:
    """Say what was done to a note, if anything."""
    if not change.undo_id:
        return untouched([text(name(change.note), " is that way already")])
    said = text(f"{view.actor.name} {verb} ", name(change.note), ".")
    return written(said, change.undo_id, (Field("number", "No.", change.note.number, "number"),))


def reminder(notes: Sequence[Note], to: Reader, _now: datetime) -> Reply:
    """Remind somebody of notes."""
    return Reply(text=text(f"{to.member.name if to.member else 'All'}, remember ", *map(name, notes), "."))


def undone(note: Note, command: str, view: View) -> Reply:
    """Say what an undo did."""
    how = " is taken away again." if note.removed_at else " is as before."
    return Reply(text=text(undid(command, view), " ", name(note), how), visibility=Visibility.CHANNEL)


BUTTONS = (Action("Add a note", "/note add"),)


def board(notes: Page[Note], view: BoardView) -> Reply:
    """Show the notes of a channel on its board."""
    where = view.directory.channel_name(view.board.channel_id)
    shown_ = lines(*(name(note) for note in notes.items)) if notes.items else text("No notes.")
    return Reply(title=f"Notes in {where}", text=shown_, visibility=Visibility.CHANNEL, actions=view.buttons)


def cells(note: Note) -> tuple[Cell, ...]:
    """Return a note as a row of a table."""
    return (note.number, note.title, note.pinned)


def name(note: Note) -> Text:
    """Return `#12 Buy milk`."""
    return text(f"#{note.number} ", Bold(note.title))
