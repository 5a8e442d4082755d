"""What people read when they look at books."""

from collections.abc import Sequence
from dataclasses import replace

from bot.grammar.tokens import quoted
from bot.texts import history as history_texts
from bot.texts.books.words import KEEPERS, SELLERS, SORTED_BY, TOLD, goods_actions, low_note, name_of, table
from bot.texts.common import counted_in_full
from bot.texts.dates import moment_cell
from bot.texts.figures import days_words, number
from bot.texts.prices import currency_of, exact, money, money_cell
from bot.texts.records import Listed, Listing, member_field, page_of, paging, record, renewing, sorting
from bot.texts.searching import found_of
from bot.texts.view import View
from core.books.isbn import short_form
from core.books.kind import BOOK_NAMES
from core.books.model import Book, BookFilter, BookSort, Genre
from core.books.service import BookLedger, BookSales
from core.chat.reply import Action, Column, Field, Reply, Row, Table
from core.chat.text import Code, Text, lines, plain, text
from core.history.service import RecordHistory
from core.shared.paging import Page
from core.shared.searching import Hits

_NOTHING = text("No books here. To add one: ", Code('/book add Dune "Frank Herbert" 1965'))


_NOTHING_FOUND = text("No book has that in its title, author, ISBN or code, or anything near it.")


def book_list(page: Page[Book], wanted: BookFilter, sort: BookSort, listing: Listing, view: View) -> Reply:
    """Show a page of books, how many there are in all, and the way to the other pages."""
    title = f"Books: {wanted.genre}" if wanted.genre else "Books"
    title = "Books that are low" if wanted.is_low or wanted.at_most is not None else title
    listed: Listed[Book] = Listed(BOOK_NAMES, lambda some: table(some, view, sort, listing.command), _nothing(wanted))
    shown = page_of(title, page, listed, listing)
    return replace(shown, actions=(*shown.actions, *sorting(page, listing, SORTED_BY)))


def found(hits: Hits[Book], sort: BookSort | None, listing: Listing, view: View) -> Reply:
    """Show a page of the books that a search found."""
    listed: Listed[Book] = Listed(BOOK_NAMES, lambda some: table(some, view, sort, listing.command), _NOTHING_FOUND)
    shown = found_of("Books", hits, listed, listing)
    return replace(shown, actions=(*shown.actions, *sorting(hits.page, listing, SORTED_BY)))


def _nothing(wanted: BookFilter) -> Text:
    if wanted.is_low or wanted.at_most is not None:
        return text("No book is low.")
    return text(f"No books of the genre {wanted.genre}.") if wanted.genre else _NOTHING


def card(book: Book, view: View) -> Reply:
    """Show everything about a book."""
    short = short_form(book.isbn)
    fields: list[Field | None] = [
        Field("number", "No.", book.number, "number"),
        Field("title", "Title", book.title),
        Field("author", "Author", book.author),
        Field("year", "Year", book.year) if book.year is not None else None,
        Field("isbn", "ISBN", book.isbn) if book.isbn else None,
        Field("isbn10", "ISBN-10", short) if short else None,
        Field("code", "Own code", book.code) if book.code else None,
        Field("genre", "Genre", book.genre) if book.genre else None,
        *_shop_fields(book, view),
        Field("added", "Added", book.added_on.isoformat(), "date"),
        member_field("by", "By", book.author_id, view),
    ]
    return record(plain(name_of(book)), text(low_note(book)), fields, _actions(book, view))


def _shop_fields(book: Book, view: View) -> tuple[Field | None, ...]:
    """Return what there is of a book in the shop, if it is in one."""
    if not book.is_stocked:
        return ()
    currency = currency_of(view)
    price, level = money_cell(book.price, currency), book.reorder_level
    return (
        Field("price", f"Price ({currency})", price, "money") if price else None,
        Field("on_hand", "On hand", book.on_hand, "number"),
        Field("reserved", "Reserved", book.reserved, "number") if book.reserved else None,
        Field("available", "Available", book.available, "number"),
        Field("elsewhere", "Elsewhere", book.elsewhere, "number") if book.elsewhere else None,
        Field("reorder", "Reorder level", level, "number") if level is not None else None,
        Field("discontinued", "Discontinued", value=True) if book.is_discontinued else None,
    )


def _actions(book: Book, view: View) -> tuple[Action, ...]:
    role = view.actor.role
    goods = goods_actions(book) if role >= SELLERS and book.is_stocked else ()
    keep = (Action("Edit", f"/book edit #{book.number}"),) if role >= KEEPERS else ()
    price = (Action("Price", f"/book price #{book.number}"),) if role >= KEEPERS and book.price is None else ()
    changing = renewing((*goods, *keep, *price), f"/book show #{book.number}")
    return (*changing, Action("History", f"/book history #{book.number}"))


_GENRE_COLUMNS = (
    Column("genre", "Genre"),
    Column("titles", "Titles", "number"),
    Column("pieces", "Pieces", "number"),
)


def genres(found: Sequence[Genre]) -> Reply:
    """Show how many books and pieces there are of each genre."""
    if not found:
        return Reply(title="Genres", text=_NOTHING)
    rows = tuple(Row((one.name or "none", one.titles, one.pieces), _of_genre(one)) for one in found)
    titles = counted_in_full(sum(one.titles for one in found), "book")
    count = sum(bool(one.name) for one in found)
    named = f" of {counted_in_full(count, 'genre')}" if count else ", none with a genre"
    return Reply(title="Genres", text=text(f"{titles}{named}."), tables=(Table("Genres", _GENRE_COLUMNS, rows),))


def _of_genre(genre: Genre) -> tuple[Action, ...]:
    return (Action("List", f"/book list genre:{quoted(genre.name)}"),) if genre.name else ()


_SALE_COLUMNS = (
    Column("at", "When", "moment"),
    Column("title", "Title"),
    Column("quantity", "Quantity", "number"),
    Column("amount", "Amount", "money"),
    Column("currency", "Currency", implied=True),
)


def sales(found: BookSales, view: View) -> Reply:
    """Tell what was sold of all books on some days, and the latest sales with their times."""
    title = f"Sales of books, {days_words(found.days)}"
    if not found.totals:
        return Reply(title=title, text=text("No books were sold."), is_empty=True)
    said = [
        f"{counted_in_full(int(total.quantity), 'book')} for {money(total.amount, total.currency)}."
        for total in found.totals
    ]
    first = found.totals[0]
    rows = [
        Row(
            (
                moment_cell(line.sold_at, view.actor.zone) if line.sold_at else None,
                line.product_name,
                number(line.quantity),
                exact(line.amount, line.currency),
                line.currency,
            )
        )
        for line in found.latest
    ]
    fields = (
        Field("quantity", "Sold", number(first.quantity), "number"),
        Field("amount", f"Amount ({first.currency})", exact(first.amount, first.currency), "money"),
    )
    return Reply(
        title=title, text=lines(*said), fields=fields, tables=(Table("Latest sales", _SALE_COLUMNS, tuple(rows)),)
    )


_LEDGER_COLUMNS = (
    Column("at", "When", "moment"),
    Column("member", "Who", "people"),
    Column("kind", "What"),
    Column("quantity", "Quantity", "number"),
    Column("reason", "Why"),
)


def ledger(found: BookLedger, listing: Listing, view: View) -> Reply:
    """Show a page of what came and went of a book, the newest first."""
    book, page = found.book, found.page
    title = f"What came and went of {book}"
    details = Action("Changes", f"/book history #{book.number} about:details")
    if not page.items:
        return Reply(title=title, text=text("Nothing has come or gone yet."), actions=(details,))
    rows = tuple(
        Row(
            (
                moment_cell(one.at, view.actor.zone),
                view.directory.name(one.member_id),
                one.kind.value.capitalize(),
                one.quantity,
                " – ".join(filter(None, (one.location, one.reason, one.reference))),
            )
        )
        for one in page.items
    )
    now = text(f"{book.on_hand:,} on hand now.")
    shown = Table(title, _LEDGER_COLUMNS, rows)
    return Reply(title=title, text=now, tables=(shown,), actions=(*paging(page, listing), details))


def details(found: RecordHistory[Book], command: str, view: View) -> Reply:
    """Show a page of what was changed about a book."""
    return history_texts.shown(TOLD, str(found.record), command, found.history, view)
