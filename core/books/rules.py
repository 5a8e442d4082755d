"""What holds of every book however it came to be."""

import re
import unicodedata
from hashlib import sha256

from core.books.isbn import isbn_of
from core.books.model import (
    AUTHOR_LIMIT,
    CODE_LIMIT,
    FIRST_YEAR,
    GENRE_LIMIT,
    LAST_YEAR,
    TITLE_LIMIT,
)
from core.shared.errors import InvalidArgumentError
from core.shared.readable import one_line, within
from core.shared.searching import Sought, sought

IDENTITY_LIMIT = 400
"""Characters of an identity: more are too many for an index of some databases."""
_NO_WORD = re.compile(r"[\W_]+")


def clean_title(raw: str) -> str:
    """Return a title as one line; raises `InvalidArgumentError` (`book_untitled`, `text_too_long`)."""
    if title := within("title", one_line(raw), TITLE_LIMIT):
        return title
    raise InvalidArgumentError("title", "book_untitled")


def clean_author(raw: str) -> str:
    """Return who wrote a book as one line; raises `InvalidArgumentError` (`book_unwritten`, `text_too_long`)."""
    if author := within("author", one_line(raw), AUTHOR_LIMIT):
        return author
    raise InvalidArgumentError("author", "book_unwritten")


def clean_genre(raw: str) -> str:
    """Return a genre as one line; it may be empty."""
    return within("genre", one_line(raw), GENRE_LIMIT)


def clean_code(raw: str) -> str:
    """Return a code of one's own as one line; it may be empty."""
    return within("code", one_line(raw), CODE_LIMIT)


def checked_year(value: int | None) -> int | None:
    """Return a year that can be, if it is known; raises `InvalidArgumentError` (`year_bad`)."""
    if value is not None and not FIRST_YEAR <= value <= LAST_YEAR:
        raise InvalidArgumentError("year", "year_bad", value=value, least=FIRST_YEAR, most=LAST_YEAR)
    return value


def identity_of(title: str, author: str) -> str:
    """Return what is alike for the same book: title and author, case and spaces aside."""
    parts = ("".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in (title, author))
    whole = "\n".join(parts)
    if len(whole) <= IDENTITY_LIMIT:
        return whole
    digest = sha256(whole.encode(errors="replace")).hexdigest()
    return f"{whole[: IDENTITY_LIMIT - len(digest)]}{digest}"


def words_of(text: str) -> str:
    """Return the words of a text in any case, parted by single blanks, without what stands between them."""
    return _NO_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def looked_for(text: str) -> Sought:
    """Return what a text looks for, which may be an ISBN in either form; raises as `sought` does."""
    return sought(isbn_of(text) or text)
