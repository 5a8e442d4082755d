"""The sheet of books: what the columns of a file say, and what a book writes into them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import partial

from core.books.isbn import Isbn, read_isbn, short_form
from core.books.kind import BOOK_KIND, BOOK_NAMES
from core.books.model import AUTHOR_LIMIT, CODE_LIMIT, GENRE_LIMIT, LAST_YEAR, TITLE_LIMIT, Book
from core.books.repository import BOOKS
from core.books.rules import checked_year, clean_author, clean_code, clean_genre, clean_title, identity_of
from core.books.shelf import Shelf
from core.ports.storage import UnitOfWork
from core.shared.errors import InvalidArgumentError
from core.shared.value_objects import value_object
from core.stock.model import QUANTITY_LIMIT, Shop
from core.stock.service import StockService, checked_price
from core.transfer import columns
from core.transfer.amounts import MISSING
from core.transfer.findings import Findings
from core.transfer.sheet import CellError, Column, Fields, Importer, PlainDraft, Sheet, Surroundings
from core.workspaces.model import Audience

MENDED, PASSED_OVER = "mended", "passed over"
"""The tallies of ISBNs whose digits were put back, and of those that are none beside one."""

_ISBN, _LONG, _TITLE, _AUTHOR = 1, 2, 3, 4
"""Where a draft has them."""
_YEAR = re.compile(r"([-\u2212]?[0-9]{1,5})(?:\.0*)?")


@value_object
class BookKey:
    """Which book a row is about: that of its title and author, or else of its ISBN.

    `error` is what is wrong with its ISBN; `is_mended` and `passes_over` tell of what a spreadsheet did to those.
    """

    name: str
    isbn: str = field(default="", compare=False)
    shown: str = field(default="", compare=False)
    error: InvalidArgumentError | None = field(default=None, compare=False)
    is_mended: bool = field(default=False, compare=False)
    passes_over: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        """Return what people call that book."""
        return self.shown


Said = Isbn | InvalidArgumentError | None
"""What a cell says of an ISBN: it, why it is none, or nothing."""


def sheet_of(shop: Shop, stock: StockService, *, keeps_codes: bool) -> Sheet[PlainDraft, Book]:
    """Return the files of books, with prices in a shop's currency; what is no ISBN may be kept as a code of one's own.

    What there is of a book is said of new ones only: that of others a file may tell as it was long ago.
    """
    return Sheet(
        called=BOOK_NAMES,
        title="Books",
        columns=(
            _isbn("isbn", lambda book: short_form(book.isbn) or book.isbn, "isbn10 isbn-10"),
            _isbn("isbn13", lambda book: book.isbn, "isbn-13 ean ean13 gtin"),
            columns.words("title", clean_title, TITLE_LIMIT, "name book", one_line=True),
            columns.words("author", clean_author, AUTHOR_LIMIT, "authors writer written-by", one_line=True),
            _year(),
            columns.words("genre", clean_genre, GENRE_LIMIT, "category subject", may_be_empty=True, one_line=True),
            columns.words("code", clean_code, CODE_LIMIT, "own-code", may_be_empty=True, one_line=True),
            columns.price("price", shop.currency, checked_price, "unit-price sales-price retail-price"),
            columns.whole(
                "quantity", QUANTITY_LIMIT, "qty stock on-hand in-stock", field="on_hand", unsaid=0, stays=True
            ),
            columns.whole("reorder", QUANTITY_LIMIT, "reorder-level reorder-point", field="reorder_level", unsaid=None),
            _added(),
        ),
        draft=_draft,
        key="isbn",
        keeps_key=True,
        makes_key=True,
        once=_said_once,
        required=("title", "author"),
        rule=partial(_settled, shop=shop, keeps_codes=keeps_codes),
        is_sure=lambda draft: isinstance(key := draft[_ISBN], BookKey) and key.error is None,
        count=_counted,
        records=BookRecords(stock),
        kind=BOOK_KIND,
        sample={"title": "Dune", "author": "Frank Herbert", "year": "1965", "isbn": "9780441172719"},
        line=str,
    )


class BookRecords(Shelf):
    """Books that rows name by title and author, or else by their ISBN."""

    async def find(self, work: UnitOfWork, keys: Sequence[object], audience: Audience) -> Mapping[object, Book]:
        """Return the books with those keys, each for one of them."""
        asked = [key for key in keys if isinstance(key, BookKey)]
        named = await work.of(BOOKS).by_identity([key.name for key in asked], audience)
        known = {identity_of(book.title, book.author): book for book in named}
        found: dict[object, Book] = {key: known[key.name] for key in asked if key.name in known}
        taken = {book.number for book in found.values()}
        others = {key.isbn: key for key in asked if key.isbn and key not in found}
        for book in await work.of(BOOKS).by_isbn(list(others), audience) if others else ():
            if book.number not in taken:
                found[others[book.isbn]] = book
        return found


def _draft(values: Iterable[object]) -> PlainDraft:
    """Return a row as read, with its key in place of what stands under `isbn`."""
    read = list(values)
    short, long, title, author = (read[place] or None for place in (_ISBN, _LONG, _TITLE, _AUTHOR))
    key = _whole(short, long)
    if isinstance(title, str) and isinstance(author, str):
        read[_ISBN] = BookKey(identity_of(title, author), key.isbn, title, key.error, key.is_mended, key.passes_over)
    else:
        read[_ISBN] = key if key.isbn else None
    return PlainDraft(read)


def _said_once(draft: PlainDraft) -> Sequence[tuple[str, str]]:
    """Return the ISBN of a row, whatever the title in it."""
    key: BookKey | None = draft[_ISBN]
    return (("isbn", key.isbn),) if key and key.isbn else ()


def _whole(short: object, long: object) -> BookKey:
    """Return the ISBN that two cells say together, as a key: what is none, beside one, is passed over."""
    said = [one for one in (short, long) if isinstance(one, Isbn)]
    errors = [one for one in (short, long) if isinstance(one, InvalidArgumentError)]
    if len({one.digits for one in said}) > 1:
        errors = [_error("isbn13", "isbn_differ", said[1].digits, first=said[0].digits)]
    elif said:
        digits, is_mended = said[0].digits, any(one.is_mended for one in said)
        return BookKey(digits, digits, digits, is_mended=is_mended, passes_over=bool(errors))
    return BookKey("", error=errors[0] if errors else None)


def _settled(
    fields: Fields, draft: PlainDraft, before: Book | None, importer: Importer, *, shop: Shop, keeps_codes: bool
) -> Book:
    key: BookKey = draft[_ISBN]
    if key.error and not keeps_codes:
        raise key.error
    if key.error and not fields["code"]:
        fields["code"] = clean_code(str(key.error.details["value"]))
    if key.isbn:
        fields["isbn"] = key.isbn
    if before is None:
        fields["added_on"] = fields["added_on"] or shop.day_of(importer.now)
    return BOOK_KIND.made(fields)


def _counted(findings: Findings[Book], draft: PlainDraft, _book: Book | None, _importer: Importer) -> bool:
    """Count what a spreadsheet did; there is no need to see it row by row."""
    key: BookKey = draft[_ISBN]
    findings.tallies[MENDED] += key.is_mended
    findings.tallies[PASSED_OVER] += key.passes_over
    return False


def _isbn(name: str, write: Callable[[Book], str], aliases: str) -> Column[Book]:
    """Return a column of ISBNs; what is wrong with one shows only beside the other."""

    def read(text: str, _around: Surroundings) -> Said:
        try:
            return None if text.casefold() in MISSING else read_isbn(text)
        except InvalidArgumentError as error:
            return _error(name, error.reason, text)

    return Column(name, read, lambda book, _: write(book), aliases, repeats=False)


def _error(column: str, reason: str, text: str, **details: object) -> InvalidArgumentError:
    return InvalidArgumentError(column, reason, value=text, cell=text, **details)


def _year() -> Column[Book]:
    """Return the column of years, which a spreadsheet may have as `2008.0`."""

    def read(text: str, _around: Surroundings) -> int | None:
        if not text:
            return None
        match = _YEAR.fullmatch(text)
        try:
            return checked_year(int(match[1].replace("\u2212", "-")) if match else LAST_YEAR + 1)
        except InvalidArgumentError as error:
            raise CellError("year_bad") from error

    aliases = "published publication-year year-published original-publication-year year-of-publication"
    return Column("year", read, lambda book, _: book.year, aliases, field="year")


def _added() -> Column[Book]:
    """Return the column of the day on which a book was added; what is no such day is left out."""

    def read(text: str, _around: Surroundings) -> date | None:
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            return None

    def put(said: date | None, had: date | None) -> date | None:
        return had if said is None else said

    return Column(
        "added", read, lambda book, _: book.added_on, "added-on date-added", field="added_on", put=put, stays=True
    )
