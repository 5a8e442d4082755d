"""What people read after changing books."""

from bot.texts.answers import untouched, written
from bot.texts.books.errors import ARGUMENTS
from bot.texts.books.words import TOLD, fields, name_of
from bot.texts.common import listed
from bot.texts.undo import AFTER, undid
from bot.texts.view import View
from core.books.service import AlreadyThere, BookChange
from core.chat.reply import Action, Problem, Reply, Style, Visibility
from core.chat.text import lines, text
from core.shared.errors import InvalidArgumentError


def added(change: BookChange, view: View) -> Reply:
    """Say what is new."""
    said = text(f"{view.actor.name} added ", name_of(change.book), ".")
    return written(lines(said, _mended(change)), change.undo_id, fields(change.book))


def already_there(found: AlreadyThere, _view: View) -> Reply:
    """Say that a book is there, and offer what was most likely meant."""
    book = found.book
    said = f"There is {book} already: `title` and `author`, or the ISBN, are those of #{book.number}."
    show = Action("Show it", f"/book show #{book.number}", Style.PRIMARY)
    edit = Action("Edit it", f"/book edit #{book.number}")
    return Reply(
        problem=Problem("conflict", said, "Two books of one title and author are one.", "title"),
        fields=fields(book),
        actions=(show, edit),
    )


def no_isbn(error: InvalidArgumentError, keep: str) -> Reply:
    """Say why an ISBN is none, with the way to keep it all the same; `keep` is the command that does so."""
    message, hint = ARGUMENTS[error.reason](error.details)
    action = Action("Keep as our own code", keep, once=True)
    return Reply(problem=Problem(error.code, message, hint, "isbn"), actions=(action,))


def edited(change: BookChange, view: View) -> Reply:
    """Say what of a book is otherwise now."""
    if not change.undo_id or change.before is None:
        return untouched([text(name_of(change.book), " is that way already")])
    old, new = change.before, change.book
    parts = [name for name in TOLD.labels if getattr(old, name) != getattr(new, name)]
    words = [_PARTS.get(name, TOLD.labels[name].lower()) for name in parts]
    said = text(f"{view.actor.name} changed the {listed(words)} of ", name_of(new), ".")
    was = f"It was {old}." if str(old) != str(new) else ""
    return written(lines(said, was, _mended(change)), change.undo_id, fields(new))


_PARTS = {"isbn": "ISBN"}
"""Fields whose names are written otherwise within a sentence than on their own."""


def removed(change: BookChange, view: View) -> Reply:
    """Say what is gone."""
    said = text(f"{view.actor.name} removed ", name_of(change.book), ".")
    return written(said, change.undo_id, fields(change.book))


def undone(change: BookChange, command: str, view: View) -> Reply:
    """Say what an undo did to a book."""
    how = "is taken away again" if change.book.removed_at else AFTER[0]
    said = lines(undid(command, view), text(name_of(change.book), f" {how}."))
    return Reply(text=said, visibility=Visibility.CHANNEL)


def _mended(change: BookChange) -> str:
    return f"Its ISBN had lost digits to a spreadsheet: kept as {change.book.isbn}." if change.is_mended else ""
