"""Books in words, as rows of tables, and with their buttons."""

from collections.abc import Sequence
from dataclasses import replace

from bot.texts.history import Told
from bot.texts.view import View
from core.books.kind import BOOK_KIND
from core.books.model import Book, BookSort
from core.chat.reply import Action, Cell, Column, Field, Row, Table
from core.chat.text import Bold, Text, text
from core.people.model import Role

SELLERS, KEEPERS = Role.CLERK, Role.MANAGER
"""From which role on people sell and take in books, and from which they add, change and price them."""

TOLD = Told(
    BOOK_KIND,
    "book",
    {
        "title": "Title",
        "author": "Author",
        "year": "Year",
        "isbn": "ISBN",
        "code": "Own code",
        "genre": "Genre",
        "removed_at": "Removed",
    },
)
"""How the history of a book is told."""

COLUMNS = (
    Column("number", "No.", "number"),
    Column("title", "Title"),
    Column("author", "Author"),
    Column("year", "Year", "number"),
    Column("genre", "Genre"),
    Column("isbn", "ISBN"),
)
"""The columns of every table of books; scripts go by their keys."""

SORTED_BY = tuple((column, column.key) for column in COLUMNS if column.key in {one.value for one in BookSort})


def name_of(book: Book) -> Text:
    """Return `'Dune' by Frank Herbert (1965)`, standing out."""
    return text(Bold(str(book)))


def cells(book: Book) -> tuple[Cell, ...]:
    """Return a book as a row of those."""
    return (book.number, book.title, book.author, book.year, book.genre, book.isbn or book.code)


def table(books: Sequence[Book], view: View, ordered: BookSort | None = None) -> Table:
    """Return books as a table, with the buttons that whoever reads it may press."""
    filled = [any(cells(book)[place] for book in books) for place in range(len(COLUMNS))]
    kept = [place for place, column in enumerate(COLUMNS) if filled[place] or column.key in ("title", "author")]
    columns = [replace(COLUMNS[place], ordered=COLUMNS[place].key == ordered) for place in kept]
    rows = [Row(tuple(cells(book)[place] for place in kept), row_actions(book, view)) for book in books]
    return Table("Books", tuple(columns), tuple(rows))


def row_actions(book: Book, _view: View) -> tuple[Action, ...]:
    """Return what may be done with a book that is one among others."""
    return (Action("Show", f"/book show #{book.number}"),)


def fields(book: Book) -> tuple[Field, ...]:
    """Return what a book goes by, for scripts."""
    return (
        Field("number", "No.", book.number, "number"),
        *((Field("isbn", "ISBN", book.isbn),) if book.isbn else ()),
        *((Field("code", "Own code", book.code),) if book.code else ()),
    )
