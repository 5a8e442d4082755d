"""Several books in one text, each with how many: `Dune 2, emma, 978-0-441-17271-9 3`."""

import re

from core.books.isbn import isbn_of
from core.books.model import Book, Wanted
from core.books.repository import BOOKS
from core.ports.storage import UnitOfWork
from core.shared.errors import InvalidArgumentError
from core.shared.several import parts_of, with_count
from core.workspaces.model import Audience

MOST_LINES = 100
"""Books that are sold together."""

_NUMBER = re.compile(r"(#?)([0-9]{1,9})")


async def called(work: UnitOfWork, word: str, audience: Audience) -> list[Book]:
    """Return the books of an ISBN in either form, or else of such a title or code, the article before it aside."""
    isbn = isbn_of(word)
    if isbn and (found := await work.of(BOOKS).by_isbn([isbn], audience)):
        return list(found)
    for article in ("", "the ", "a ", "an "):
        if named := await work.of(BOOKS).called(f"{article}{word}", audience):
            return list(named)
    return []


async def read_wanted(work: UnitOfWork, text: str, audience: Audience) -> list[Wanted]:
    """Return which books a text names, which commas part, and how many of each: one, unless a number stands behind it.

    Raises `InvalidArgumentError` with reason `no_such_book`, `several_books` or `too_many_books`.
    """
    parts = parts_of(text)
    if not 0 < len(parts) <= MOST_LINES:
        raise InvalidArgumentError("books", "too_many_books", count=len(parts), limit=MOST_LINES)
    return [await _wanted(work, part, audience) for part in parts]


async def _wanted(work: UnitOfWork, part: str, audience: Audience) -> Wanted:
    quantity, found = 1, await _named(work, part, audience)
    if not found and (counted := with_count(part)):
        quantity, found = counted[1], await _named(work, counted[0], audience)
    if len(found) == 1:
        return Wanted(found[0].number, quantity)
    if not found:
        raise InvalidArgumentError("books", "no_such_book", value=part)
    raise InvalidArgumentError("books", "several_books", value=part, numbers=tuple(book.number for book in found))


async def _named(work: UnitOfWork, word: str, audience: Audience) -> list[Book]:
    number = _NUMBER.fullmatch(word)
    found = [] if number and number[1] else await called(work, word, audience)
    return found or (list(await work.of(BOOKS).get_many([int(number[2])], audience)) if number else [])
