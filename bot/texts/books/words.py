"""Books in words, as rows of tables, and with their buttons."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from bot.texts import prices
from bot.texts.history import Told
from bot.texts.prices import currency_of, money, money_cell
from bot.texts.records import renewing
from bot.texts.view import View
from core.books.kind import BOOK_KIND
from core.books.model import Book, BookSort
from core.chat.reply import Action, Cell, Column, Field, Row, Style, Table
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
        "price": "Price",
        "reorder_level": "Reorder level",
        "removed_at": "Removed",
    },
    {"price": lambda amount, view: money(amount, currency_of(view))},
)
"""How the history of a book is told."""


def columns(currency: str) -> tuple[Column, ...]:
    """Return the columns of every table of books; scripts go by their keys."""
    return (
        Column("number", "No.", "number"),
        Column("title", "Title"),
        Column("author", "Author"),
        Column("year", "Year"),
        Column("genre", "Genre"),
        Column("isbn", "ISBN"),
        Column("price", f"Price ({currency})", "money"),
        Column("available", "Available", "number"),
    )


SORTED_BY = tuple((Column(one.value, one.value.capitalize()), one.value) for one in BookSort)


def name_of(book: Book) -> Text:
    """Return `'Dune' by Frank Herbert (1965)`, standing out."""
    return text(Bold(str(book)))


def cells(book: Book, currency: str) -> tuple[Cell, ...]:
    """Return a book as a row of those; of one that is in no shop nothing is said of how many there are."""
    available = book.available if book.is_stocked else None
    price = money_cell(book.price, currency)
    return (book.number, book.title, book.author, book.year, book.genre, book.isbn or book.code, price, available)


def table(books: Sequence[Book], view: View, ordered: BookSort | None = None, then: str = "") -> Table:
    """Return books as a table, with the buttons that whoever reads it may press, and what is shown after that."""
    currency = currency_of(view)
    found, named = [cells(book, currency) for book in books], columns(currency)
    said = [any(row[place] not in ("", None) for row in found) for place in range(len(named))]
    kept = [place for place, column in enumerate(named) if said[place]]
    rows = [
        Row(tuple(row[place] for place in kept), row_actions(book, view, then), _mark(book))
        for book, row in zip(books, found, strict=True)
    ]
    return Table(
        "Books", tuple(replace(named[place], ordered=named[place].key == ordered) for place in kept), tuple(rows)
    )


def _mark(book: Book) -> Literal["", "warning"]:
    return "warning" if book.price is not None and book.available <= 0 else ""


def row_actions(book: Book, view: View, then: str = "") -> tuple[Action, ...]:
    """Return what may be done with a book that is one among others."""
    if view.actor.role < SELLERS or not book.is_stocked:
        return (Action("Show", f"/book show #{book.number}"),)
    return renewing(goods_actions(book)[:1], then)


def goods_actions(book: Book) -> tuple[Action, ...]:
    """Return what may be done next with the copies of a book."""
    if book.is_discontinued:
        return ()
    sell = Action("Sell one", f"/book sell #{book.number}", Style.PRIMARY)
    restock = Action("Restock", f"/book restock #{book.number}")
    return (sell, restock) if book.price is not None and book.here > 0 else (restock,)


def left(book: Book) -> str:
    """Return `3 left`, and what besides is set aside."""
    return prices.left(book.available, book.reserved)


def low_note(book: Book) -> str:
    """Return that a book is at or below its reorder level, if it is."""
    level = book.reorder_level
    if level is None or book.is_discontinued or book.available > level:
        return ""
    return f"That is {'at' if book.available == level else 'below'} its reorder level of {level:,}."


def fields(book: Book, view: View) -> tuple[Field, ...]:
    """Return what a book goes by, and what there is of it, for scripts."""
    currency = currency_of(view)
    price = money_cell(book.price, currency)
    found = (
        Field("number", "No.", book.number, "number"),
        Field("isbn", "ISBN", book.isbn) if book.isbn else None,
        Field("code", "Own code", book.code) if book.code else None,
        Field("price", f"Price ({currency})", price, "money") if price else None,
        Field("available", "Available", book.available, "number") if book.is_stocked else None,
    )
    return tuple(field for field in found if field)
