"""What people read after changing books."""

from bot.texts.answers import untouched, written
from bot.texts.books.errors import ARGUMENTS
from bot.texts.books.words import TOLD, fields, goods_actions, low_note, name_of
from bot.texts.common import listed
from bot.texts.prices import currency_of, money
from bot.texts.undo import AFTER, undid
from bot.texts.view import View
from core.books.service import AlreadyThere, BookChange
from core.chat.reply import Action, Problem, Reply, Style, Visibility
from core.chat.text import lines, text
from core.shared.errors import InvalidArgumentError


def added(change: BookChange, view: View) -> Reply:
    """Say what is new."""
    book = change.book
    price = f" at {money(book.price, currency_of(view))}" if book.price is not None else ", without a price yet"
    there = f": {book.on_hand:,}{price}" if book.is_stocked else ""
    said = lines(text(f"{view.actor.name} added ", name_of(book), f"{there}."), _mended(change), low_note(book))
    return written(said, change.undo_id, fields(book, view), *(goods_actions(book) if book.is_stocked else ()))


def already_there(found: AlreadyThere, view: View) -> Reply:
    """Say that a book is there, and offer what was most likely meant."""
    book = found.book
    said = f"There is {book} already: `title` and `author`, or the ISBN, are those of #{book.number}."
    show = Action("Show it", f"/book show #{book.number}")
    more = f"/book restock #{book.number} {found.quantity}"
    restock = Action(f"Restock by {found.quantity:,}", more, Style.PRIMARY, once=True)
    return Reply(
        problem=Problem("conflict", said, "Two books of one title and author are one.", "title"),
        fields=fields(book, view),
        actions=(restock, show) if found.quantity and not book.is_discontinued else (show,),
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
    return written(lines(said, was, _mended(change), low_note(new)), change.undo_id, fields(new, view))


_PARTS = {"isbn": "ISBN"}
"""Fields whose names are written otherwise within a sentence than on their own."""


def priced(change: BookChange, view: View) -> Reply:
    """Say what a book is sold for now, and what it was before."""
    book, currency = change.book, currency_of(view)
    if not change.undo_id or change.before is None:
        is_now = f"costs {money(book.price, currency)}" if book.price is not None else "has no price"
        return untouched([text(name_of(book), f" {is_now} already")])
    was = change.before.price
    before = f", before {money(was, currency)}" if was is not None else ""
    now = f"costs {money(book.price, currency)} now{before}" if book.price is not None else "has no price any more"
    rest = "" if book.price is not None else "It is not sold until it has one."
    said = lines(text(name_of(book), f" {now}."), rest)
    return written(said, change.undo_id, fields(book, view), *(goods_actions(book) if book.price is not None else ()))


def removed(change: BookChange, view: View) -> Reply:
    """Say what is gone."""
    said = text(f"{view.actor.name} removed ", name_of(change.book), ".")
    return written(said, change.undo_id, fields(change.book, view))


def undone(change: BookChange, command: str, view: View) -> Reply:
    """Say what an undo did to a book."""
    how = "is taken away again" if change.book.removed_at else AFTER[0]
    said = lines(undid(command, view), text(name_of(change.book), f" {how}."))
    return Reply(text=said, visibility=Visibility.CHANNEL)


def _mended(change: BookChange) -> str:
    return f"Its ISBN had lost digits to a spreadsheet: kept as {change.book.isbn}." if change.is_mended else ""
