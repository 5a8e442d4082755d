"""What people read about notes."""

from bot.texts.common import counted, undo_action
from bot.texts.errors import Reasons
from bot.texts.history import Told
from bot.texts.records import Listing, paging
from bot.texts.undo import undid
from bot.texts.view import View
from core.chat.reply import Action, Cell, Column, Field, Reply, Row, Table, Visibility
from core.chat.text import Bold, Code, Text, text
from core.shared.paging import Page
from tests.support.notes.model import Note
from tests.support.notes.service import KIND, Changed

TOLD = Told(KIND, "note", {"title": "Title", "pinned": "Pinned", "removed_at": "Removed"})

REASONS = Reasons(
    arguments={
        "note_empty": lambda _w: ("A note needs a title.", "Try `/note add Buy milk`."),
        "note_too_long": lambda w: (f"That has {w['length']} characters; at most {w['limit']} fit.", "Shorten it."),
    },
)

COLUMNS = (Column("number", "No.", "number"), Column("title", "Note"), Column("pinned", "Pinned"))


def listed(page: Page[Note], listing: Listing) -> Reply:
    """Show a page of notes."""
    rows = tuple(Row(cells(note), actions=(Action("Remove", f"/note remove {note.number}"),)) for note in page.items)
    tables = (Table("Notes", COLUMNS, rows),) if rows else ()
    said = text(f"{counted(page.total, 'note')}.") if rows else text("No notes. Add one: ", Code("/note add Buy milk"))
    return Reply(title="Notes", text=said, tables=tables, actions=paging(page, listing))


def shown(note: Note, view: View) -> Reply:
    """Show everything about a note."""
    fields = (
        Field("number", "No.", note.number, "number"),
        Field("pinned", "Pinned", note.pinned),
        Field("channel", "Channel", view.directory.channel_name(note.channel_id)),
        Field("author", "By", view.directory.name(note.author_id), "people"),
    )
    return Reply(title=f"#{note.number} {note.title}", fields=fields)


def changed(change: Changed, verb: str, view: View) -> Reply:
    """Say what was done to a note, if anything."""
    if not change.undo_id:
        return Reply(text=text(name(change.note), " is that way already. Nothing was changed."))
    said = text(f"{view.actor.name} {verb} ", name(change.note), ".")
    fields = (Field("number", "No.", change.note.number, "number"),)
    return Reply(text=said, visibility=Visibility.CHANNEL, fields=fields, actions=(undo_action(change.undo_id),))


def undone(note: Note, command: str, view: View) -> Reply:
    """Say what an undo did."""
    how = " is taken away again." if note.removed_at else " is as before."
    return Reply(text=text(undid(command, view), " ", name(note), how), visibility=Visibility.CHANNEL)


def cells(note: Note) -> tuple[Cell, ...]:
    """Return a note as a row of a table."""
    return (note.number, note.title, note.pinned)


def name(note: Note) -> Text:
    """Return `#12 Buy milk`."""
    return text(f"#{note.number} ", Bold(note.title))
