"""The words of books, and what people ask for."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.shared.ids import MemberId

TITLE_LIMIT, AUTHOR_LIMIT, GENRE_LIMIT, CODE_LIMIT = 300, 300, 100, 64
ISBN_LENGTH = 13
FIRST_YEAR, LAST_YEAR = -9999, 9999
"""Years before the common era are below 0."""

TERMS_LIMIT = 6
"""Words that are looked for at most."""


@dataclass(frozen=True, slots=True)
class Book:
    """A book; `version` grows with every change.

    `isbn` has the 13 digits, `code` is what the shop calls it by itself; either may be empty. `added_on` is the day in
    the workspace's zone.
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

    def __str__(self) -> str:
        """Return `'Dune' by Frank Herbert (1965)`."""
        return f"'{self.title}' by {self.author}" + (f" ({self.year})" if self.year is not None else "")


class BookSort(StrEnum):
    """What a list of books is sorted by."""

    TITLE = "title"
    AUTHOR = "author"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class BookFilter:
    """Which books are wanted: of a genre (in any case), with words that begin so in what they are found by."""

    genre: str = ""
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewBook:
    """A book to be added, with texts as typed."""

    title: str
    author: str
    year: int | None = None
    isbn: str = ""
    code: str = ""
    genre: str = ""
