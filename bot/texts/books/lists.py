"""What people read when they look at books."""

from dataclasses import replace

from bot.texts.books.words import KEEPERS, SORTED_BY, name_of, table
from bot.texts.records import Listed, Listing, member_field, page_of, record, sorting
from bot.texts.view import View
from core.books.isbn import short_form
from core.books.kind import BOOK_NAMES
from core.books.model import Book, BookFilter, BookSort
from core.chat.reply import Action, Field, Reply
from core.chat.text import Code, Text, plain, text
from core.shared.paging import Page

_NOTHING = text("No books here. To add one: ", Code('/book add Dune "Frank Herbert" 1965'))


def book_list(page: Page[Book], wanted: BookFilter, sort: BookSort, listing: Listing, view: View) -> Reply:
    """Show a page of books, how many there are in all, and the way to the other pages."""
    title = f"Books: {wanted.genre}" if wanted.genre else "Books"
    listed: Listed[Book] = Listed(BOOK_NAMES, lambda some: table(some, view, sort), _nothing(wanted))
    shown = page_of(title, page, listed, listing)
    return replace(shown, actions=(*shown.actions, *sorting(page, listing, SORTED_BY)))


def _nothing(wanted: BookFilter) -> Text:
    if wanted.terms:
        return text("No book has that in its title, author, ISBN or code.")
    return text(f"No books of the genre {wanted.genre}.") if wanted.genre else _NOTHING


def card(book: Book, view: View) -> Reply:
    """Show everything about a book."""
    short = short_form(book.isbn)
    fields: list[Field | None] = [
        Field("number", "No.", book.number, "number"),
        Field("title", "Title", book.title),
        Field("author", "Author", book.author),
        Field("year", "Year", book.year, "number") if book.year is not None else None,
        Field("isbn", "ISBN", book.isbn) if book.isbn else None,
        Field("isbn10", "ISBN-10", short) if short else None,
        Field("code", "Own code", book.code) if book.code else None,
        Field("genre", "Genre", book.genre) if book.genre else None,
        Field("added", "Added", book.added_on.isoformat(), "date"),
        member_field("by", "By", book.author_id, view),
    ]
    return record(plain(name_of(book)), text(), fields, _actions(book, view))


def _actions(book: Book, view: View) -> tuple[Action, ...]:
    return (Action("Edit", f"/book edit #{book.number}"),) if view.actor.role >= KEEPERS else ()
