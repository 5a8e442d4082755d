"""What people do with books. One unit of work a method."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.books.isbn import isbn_of, read_isbn
from core.books.kind import BOOK_KIND, BOOK_NAMES, BOOK_UNDO
from core.books.model import Book, BookFilter, BookSort, NewBook
from core.books.repository import BOOKS
from core.books.rules import checked_year, clean_author, clean_code, clean_genre, clean_title, identity_of
from core.chat.actor import Actor
from core.history.service import NumberedService
from core.ports.storage import UndoEntry, UnitOfWork
from core.shared.errors import ConflictError, InvalidArgumentError
from core.shared.events import Event, EventValue
from core.shared.paging import Page
from core.undo.keeping import keep_change
from core.workspaces.model import Audience


@dataclass(frozen=True, slots=True)
class BookChange:
    """A book as it is now and as it was (None: it is new), and how to take that back; empty if nothing changed.

    `is_mended` tells whether leading zeros of its ISBN were put back.
    """

    book: Book
    before: Book | None = None
    undo_id: str = ""
    is_mended: bool = False


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    """The book that has the ISBN, or the title and author, of one that was to be added."""

    book: Book


_CLEAN: Mapping[str, Callable[[Any], object]] = {
    "title": clean_title,
    "author": clean_author,
    "year": checked_year,
    "isbn": lambda typed: read_isbn(typed).digits if typed else "",
    "code": clean_code,
    "genre": clean_genre,
}
"""What can be said of a book, by field, and what makes of it what is kept."""


async def called(work: UnitOfWork, word: str, audience: Audience) -> Sequence[Book]:
    """Return the books of an ISBN in either form, or else of such a title or code."""
    isbn = isbn_of(word)
    found = await work.of(BOOKS).by_isbn([isbn], audience) if isbn else ()
    return found or await work.of(BOOKS).called(word, audience)


class BookService(NumberedService[Book]):
    """The books of one workspace, for the length of one request."""

    called, kept, undoing = BOOK_NAMES, BOOKS, BOOK_UNDO

    async def add(self, actor: Actor, audience: Audience, today: date, new: NewBook) -> BookChange | AlreadyThere:
        """Add a book, unless there is one of that ISBN, or that title and author.

        Raises `InvalidArgumentError` for what can't be (see `rules` and `isbn`).
        """
        fields: dict[str, Any] = {name: clean(getattr(new, name)) for name, clean in _CLEAN.items()}
        async with self._transactions.write() as work:
            if found := await _same(work, fields, audience):
                return AlreadyThere(found)
            number = await work.of(BOOKS).reserve_numbers()
            now = self._clock.now()
            book = Book(number=number, author_id=actor.member_id, created_at=now, added_on=today, **fields)
            work.of(BOOKS).add(book)
            undo_id = self._kept(work, actor, "add", None, book)
            await work.commit()
        return BookChange(book, None, undo_id, _is_mended(new.isbn))

    async def edit(self, actor: Actor, audience: Audience, number: int, values: Mapping[str, object]) -> BookChange:
        """Change fields of a book, given as typed.

        Raises `InvalidArgumentError` as `add` does, and `ConflictError` (`book_there_already`) for what would make it
        another one that is there.
        """
        cleaned: dict[str, Any] = {name: _CLEAN[name](value) for name, value in values.items()}
        if not cleaned:
            raise InvalidArgumentError("book", "nothing_to_edit_of_book", number=number)
        async with self._transactions.write() as work:
            before = await self._load(work, number, audience)
            fields = {name: cleaned.get(name, getattr(before, name)) for name in _CLEAN}
            found = await _same(work, fields, audience, besides=number)
            if found is not None:
                raise ConflictError("book_there_already", book=str(found), number=found.number)
            changed = await self._change(work, actor, "edit", before, replace(before, **cleaned))
        return replace(changed, is_mended=_is_mended(str(values.get("isbn", ""))))

    async def remove(self, actor: Actor, audience: Audience, number: int) -> BookChange:
        """Take a book away."""
        async with self._transactions.write() as work:
            before = await self._load(work, number, audience)
            return await self._change(work, actor, "remove", before, replace(before, removed_at=self._clock.now()))

    async def undo(self, actor: Actor, entry: UndoEntry, audience: Audience) -> BookChange:
        """Take a change back."""
        async with self._transactions.write() as work:
            undone = await BOOK_UNDO.take_back(work, work.of(BOOKS), actor, entry, self._clock.now(), audience)
            (before,), (book,) = undone.before, undone.records
            self._record(work, actor, "changed", book, {"undo": True})
            await work.commit()
        return BookChange(book, before)

    async def show(self, number: int, audience: Audience) -> Book:
        """Return a book; raises `NotFoundError`."""
        async with self._transactions.read() as work:
            return await self._load(work, number, audience)

    async def list(self, wanted: BookFilter, sort: BookSort, audience: Audience, *, cursor: str = "") -> Page[Book]:
        """Return a page of books, sorted so."""
        async with self._transactions.read() as work:
            return await work.of(BOOKS).page(wanted, sort, audience, cursor=cursor)

    async def _change(self, work: UnitOfWork, actor: Actor, verb: str, before: Book, after: Book) -> BookChange:
        if after == before:
            return BookChange(before, before)
        changed = replace(after, version=before.version + 1)
        await work.of(BOOKS).change_many([changed])
        undo_id = self._kept(work, actor, verb, before, changed)
        await work.commit()
        return BookChange(changed, before, undo_id)

    def _kept(self, work: UnitOfWork, actor: Actor, verb: str, before: Book | None, after: Book) -> str:
        self._record(work, actor, "added" if before is None else "changed", after, {})
        command = f"{BOOK_NAMES.area} {verb}"
        return keep_change(work, BOOK_KIND, actor, command, [before], [after], self._clock.now())

    def _record(self, work: UnitOfWork, actor: Actor, verb: str, book: Book, facts: Mapping[str, EventValue]) -> None:
        told = {"number": book.number, **facts}
        work.events.record(Event(f"{BOOK_NAMES.area}.{verb}", self._clock.now(), None, actor.member_id, told))


async def _same(work: UnitOfWork, fields: Mapping[str, str], audience: Audience, besides: int = 0) -> Book | None:
    """Return another book than the one of a number that has an ISBN, or else a title and author."""
    found = [*await work.of(BOOKS).by_isbn([fields["isbn"]], audience)] if fields["isbn"] else []
    found += await work.of(BOOKS).by_identity([identity_of(fields["title"], fields["author"])], audience)
    return next((book for book in found if book.number != besides), None)


def _is_mended(isbn: str) -> bool:
    return bool(isbn) and read_isbn(isbn).is_mended
