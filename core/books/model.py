"""The words of books, and what people ask for."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from core.shared.ids import MemberId
from core.shared.value_objects import value_object

TITLE_LIMIT, AUTHOR_LIMIT, GENRE_LIMIT, CODE_LIMIT = 300, 300, 100, 64
ISBN_LENGTH = 13
FIRST_YEAR, LAST_YEAR = -9999, 9999
"""Years before the common era are below 0."""


@value_object
class Book:
    """A book; `version` grows with every change.

    `isbn` has the 13 digits, `code` is what the shop calls it by itself; either may be empty. `added_on` is the day in
    the workspace's zone. One that has a price, a reorder level or a stock is a product, which has these: what there is
    of it, what of that is reserved or lies elsewhere, and whether it is no longer sold.
    """

    number: int
    title: str
    author: str
    author_id: MemberId
    created_at: datetime
    added_on: date
    year: int | None = None
    isbn: str = ""
    code: str = ""
    genre: str = ""
    version: int = 1
    removed_at: datetime | None = None
    price: Decimal | None = None
    reorder_level: int | None = None
    on_hand: int = 0
    reserved: int = 0
    elsewhere: int = 0
    is_discontinued: bool = False

    @property
    def available(self) -> int:
        """Return how many are not reserved."""
        return self.on_hand - self.reserved

    @property
    def here(self) -> int:
        """Return how many of those can be sold from here."""
        return self.available - self.elsewhere

    @property
    def is_stocked(self) -> bool:
        """Tell whether there is a price or a stock of it, beside what a library knows."""
        return self.price is not None or self.reorder_level is not None or self.on_hand > 0

    def __str__(self) -> str:
        """Return `'Dune' by Frank Herbert (1965)`."""
        return f"'{self.title}' by {self.author}" + (f" ({self.year})" if self.year is not None else "")


class BookSort(StrEnum):
    """What a list of books is sorted by."""

    TITLE = "title"
    AUTHOR = "author"
    YEAR = "year"


@value_object
class BookFilter:
    """Which books are wanted: of a genre (in any case), or low ones.

    Low ones are at or below their reorder level; those of `at_most` so many have a price or a stock.
    """

    genre: str = ""
    is_low: bool = False
    at_most: int | None = None


@value_object
class Genre:
    """A genre, empty for what has none: so many titles, and so many pieces of them."""

    name: str
    titles: int
    pieces: int


@value_object
class Wanted:
    """So many of the book of a number."""

    number: int
    quantity: int


@value_object
class NewBook:
    """A book to be added, with texts as typed."""

    title: str
    author: str
    year: int | None = None
    isbn: str = ""
    code: str = ""
    genre: str = ""
    price: Decimal | None = None
    quantity: int = 0
    reorder_level: int | None = None
