"""What people do with books. One unit of work a method."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

from core.books.checkout import read_wanted
from core.books.isbn import read_isbn
from core.books.kind import BOOK_KIND, BOOK_MOVEMENT, BOOK_NAMES, BOOK_UNDO
from core.books.model import Book, BookFilter, BookSort, Genre, NewBook, Wanted
from core.books.repository import BOOKS
from core.books.rules import checked_year, clean_author, clean_code, clean_genre, clean_title, identity_of
from core.books.shelf import Shelf
from core.books.undo import Reach, has_moved
from core.chat.actor import Actor
from core.dates.ranges import Range
from core.history.service import PAGE_SIZE, NumberedService
from core.ports.storage import Transactions, UndoEntry, UnitOfWork
from core.sales.model import SaleLine
from core.sales.repository import SALE_FIGURES, SALES, Total
from core.shared.clock import Clock
from core.shared.errors import ConflictError, InvalidArgumentError, NotFoundError, RefusedError
from core.shared.events import Event, EventValue
from core.shared.paging import Page
from core.shared.searching import Hits, Sought
from core.shared.value_objects import value_object
from core.stock.model import Movement, Shop
from core.stock.repository import LEDGER, PRODUCTS
from core.stock.service import (
    Line,
    Moved,
    Sale,
    StockService,
    checked_price,
    checked_quantity,
    moved_of,
    plain_moved,
)
from core.undo.keeping import add_entry, check_reach, keep_change
from core.workspaces.model import Audience


@value_object
class BookChange:
    """A book as it is now and as it was (None: it is new), and how to take that back; empty if nothing changed.

    `is_mended` tells whether leading zeros of its ISBN were put back.
    """

    book: Book
    before: Book | None = None
    undo_id: str = ""
    is_mended: bool = False


@value_object
class AlreadyThere:
    """The book that has the ISBN, or the title and author, of one that was to be added, and how many of it were."""

    book: Book
    quantity: int = 0


@value_object
class BooksMoved:
    """Books that were sold or came in, as they are now, what was done with their products, and how to take it back."""

    books: Sequence[Book]
    done: Moved
    undo_id: str = ""


@value_object
class BookLedger:
    """A book as it is now, and a page of what came and went of it."""

    book: Book
    page: Page[Movement]


@value_object
class BookSales:
    """What was sold of all books on some days, by currency, and the latest of these sales."""

    days: Range
    totals: Sequence[Total]
    latest: Sequence[SaleLine]


SOURCE = BOOK_NAMES.area
"""What the lines of sales of books say that they come from."""

_CLEAN: Mapping[str, Callable[[Any], object]] = {
    "title": clean_title,
    "author": clean_author,
    "year": checked_year,
    "isbn": lambda typed: read_isbn(typed).digits if typed else "",
    "code": clean_code,
    "genre": clean_genre,
    "reorder_level": lambda level: None if level is None else checked_quantity(level, "reorder", least=0),
}
"""What can be said of a book, by field, and what makes of it what is kept."""


class BookService(NumberedService[Book]):
    """The books of one workspace, for the length of one request."""

    called, kept, undoing = BOOK_NAMES, BOOKS, BOOK_UNDO

    def __init__(self, transactions: Transactions, clock: Clock, stock: StockService) -> None:
        """Bind to the workspace's units of work, the time, and what moves goods."""
        super().__init__(transactions, clock)
        self._stock = stock
        self._shelf = Shelf(stock)

    # --- what is known of books ------------------------------------------------

    async def add(self, actor: Actor, audience: Audience, shop: Shop, new: NewBook) -> BookChange | AlreadyThere:
        """Add a book, unless there is one of that ISBN, or that title and author.

        Raises `InvalidArgumentError` for what can't be (see `rules` and `isbn`).
        """
        fields: dict[str, Any] = {name: clean(getattr(new, name)) for name, clean in _CLEAN.items()}
        fields["price"] = checked_price(new.price, shop.currency)
        fields["on_hand"] = checked_quantity(new.quantity, least=0)
        async with self._transactions.write() as work:
            if found := await _same(work, fields, audience):
                return AlreadyThere(found, new.quantity)
            number, now = await work.of(BOOKS).reserve_numbers(), self._clock.now()
            about: dict[str, Any] = {**fields, "author_id": actor.member_id, "added_on": shop.day_of(now)}
            book = Book(number=number, created_at=now, **about)
            work.of(BOOKS).add(book)
            await self._shelf.added(work, [book])
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

    async def price(
        self, actor: Actor, audience: Audience, shop: Shop, number: int, price: Decimal | None
    ) -> BookChange:
        """Set what one is sold for, or that it is not sold for now."""
        checked = checked_price(price, shop.currency)
        async with self._transactions.write() as work:
            before = await self._load(work, number, audience)
            return await self._change(work, actor, "price", before, replace(before, price=checked))

    async def remove(self, actor: Actor, audience: Audience, number: int) -> BookChange:
        """Take a book away; raises `RefusedError` (`book_goods_reserved`) while some is reserved."""
        async with self._transactions.write() as work:
            before = await self._load(work, number, audience)
            return await self._change(work, actor, "remove", before, replace(before, removed_at=self._clock.now()))

    async def undo(self, actor: Actor, entry: UndoEntry, audience: Audience) -> BookChange:
        """Take a change back."""
        async with self._transactions.write() as work:
            reach = Reach(self._shelf, work)
            undone = await BOOK_UNDO.take_back(work, reach, actor, entry, self._clock.now(), audience)
            (before,), (book,) = undone.before, undone.records
            if undone.withdrawn and await has_moved(work, book):
                about = {"number": book.number, "title": book.title, "changed": ("on_hand",)}
                raise ConflictError("changed_since", noun=BOOK_KIND.name, **about)
            self._record(work, actor, "changed", book, {"undo": True})
            await work.commit()
        return BookChange(book, before)

    # --- what is sold ------------------------------------------------------------

    async def sell(self, actor: Actor, audience: Audience, shop: Shop, wanted: Sequence[Wanted]) -> BooksMoved:
        """Sell books, all of them or none.

        Raises `RefusedError` as `StockService.sell` does, of books: `book_too_few`, `book_product_unpriced` and so on.
        """
        async with self._transactions.write() as work:
            return await self._sold(work, actor, audience, shop, "sell", wanted)

    async def checkout(self, actor: Actor, audience: Audience, shop: Shop, text: str) -> BooksMoved:
        """Sell the books that a text names, all of them or none; raises as `sell` and `read_wanted` do."""
        async with self._transactions.write() as work:
            wanted = await read_wanted(work, text, audience)
            return await self._sold(work, actor, audience, shop, "checkout", wanted)

    async def restock(self, actor: Actor, audience: Audience, shop: Shop, number: int, quantity: int) -> BooksMoved:
        """Take in new copies of a book."""
        checked_quantity(quantity)
        async with self._transactions.write() as work:
            book = await self._load(work, number, audience)
            product_number = await self._shelf.product_of(work, book)
            with _told_of({product_number: book}):
                product = await work.of(PRODUCTS).get(product_number, audience)
                if product is None:
                    raise NotFoundError(BOOK_KIND.name, number)
                done = await self._stock.restock(work, actor, shop, product, quantity)
            return await self._moved(work, actor, "restock", [number], done, audience)

    async def undo_goods(self, actor: Actor, audience: Audience, shop: Shop, entry: UndoEntry) -> BooksMoved:
        """Take back what was done with books, by entries that come to the opposite; raises as `StockService` does."""
        check_reach(actor, entry)
        async with self._transactions.write() as work:
            done = moved_of(entry.payload)
            numbers = _numbers_of(entry)
            books = await work.of(BOOKS).get_many(numbers, audience)
            links = await work.of(BOOKS).products_of(numbers)
            with _told_of({links.get(book.number, 0): book for book in books}):
                back = await self._stock.take_back(work, actor, shop, done)
            books = await work.of(BOOKS).get_many(numbers, audience)
            for book in books:
                self._record(work, actor, "moved", book, {"on_hand": book.on_hand, "undo": True})
            await work.commit()
        return BooksMoved(books, back)

    # --- looking -----------------------------------------------------------------

    async def genres(self) -> Sequence[Genre]:
        """Return how many books there are of each genre."""
        async with self._transactions.read() as work:
            return await work.of(BOOKS).genres()

    async def sales(self, days: Range) -> BookSales:
        """Return what was sold of all books on some days."""
        async with self._transactions.read() as work:
            totals = await work.of(SALE_FIGURES).of_source(SOURCE, days)
            return BookSales(days, totals, await work.of(SALES).latest(SOURCE, days, PAGE_SIZE))

    async def goods(self, number: int, audience: Audience, *, cursor: str = "") -> BookLedger:
        """Return a page of what came and went of a book, the newest first."""
        async with self._transactions.read() as work:
            book = await BOOK_UNDO.find_for(work, work.of(BOOKS), number, audience)
            product = (await work.of(BOOKS).products_of([number])).get(number, 0)
            return BookLedger(book, await work.of(LEDGER).page(product, cursor=cursor, limit=PAGE_SIZE))

    async def show(self, number: int, audience: Audience) -> Book:
        """Return a book; raises `NotFoundError`."""
        async with self._transactions.read() as work:
            return await self._load(work, number, audience)

    async def list(self, wanted: BookFilter, sort: BookSort, audience: Audience, *, cursor: str = "") -> Page[Book]:
        """Return a page of books, sorted so."""
        async with self._transactions.read() as work:
            return await work.of(BOOKS).page(wanted, sort, audience, cursor=cursor)

    async def search(self, asked: Sought, sort: BookSort | None, audience: Audience, *, cursor: str = "") -> Hits[Book]:
        """Return a page of books that are found by title, author, ISBN or code, the likeliest first unless sorted."""
        async with self._transactions.read() as work:
            return await work.of(BOOKS).search(asked, sort, audience, cursor=cursor)

    async def _change(self, work: UnitOfWork, actor: Actor, verb: str, before: Book, after: Book) -> BookChange:
        if after == before:
            return BookChange(before, before)
        changed = replace(after, version=before.version + 1)
        links = await work.of(BOOKS).products_of([before.number])
        with _told_of({links.get(before.number, 0): before}):
            await self._shelf.change(work, [changed])
        undo_id = self._kept(work, actor, verb, before, changed)
        await work.commit()
        return BookChange(changed, before, undo_id)

    async def _sold(
        self, work: UnitOfWork, actor: Actor, audience: Audience, shop: Shop, verb: str, wanted: Sequence[Wanted]
    ) -> BooksMoved:
        numbers = [one.number for one in wanted]
        books = {book.number: book for book in await work.of(BOOKS).get_many(numbers, audience)}
        if missing := [number for number in numbers if number not in books]:
            raise NotFoundError(BOOK_KIND.name, missing[0])
        links = await work.of(BOOKS).products_of(numbers)
        if unpriced := [book for book in books.values() if book.number not in links or book.price is None]:
            raise RefusedError("book_product_unpriced", field="book", number=unpriced[0].number, name=str(unpriced[0]))
        lines = [Line(links[one.number], one.quantity) for one in wanted]
        with _told_of({links[number]: book for number, book in books.items()}):
            done = await self._stock.sell(work, actor, shop, lines, Sale(source=SOURCE))
        return await self._moved(work, actor, verb, numbers, done, audience)

    async def _moved(
        self, work: UnitOfWork, actor: Actor, verb: str, numbers: Sequence[int], done: Moved, audience: Audience
    ) -> BooksMoved:
        """Keep how to take back what was done with books, and return them as they are now."""
        books = await work.of(BOOKS).get_many(numbers, audience)
        for book in books:
            self._record(work, actor, "moved", book, {"on_hand": book.on_hand})
        payload = {**plain_moved(done), "books": [book.number for book in books]}
        undo_id = add_entry(work, actor, f"{BOOK_NAMES.area} {verb}", BOOK_MOVEMENT, payload, self._clock.now())
        await work.commit()
        return BooksMoved(books, done, undo_id)

    def _kept(self, work: UnitOfWork, actor: Actor, verb: str, before: Book | None, after: Book) -> str:
        self._record(work, actor, "added" if before is None else "changed", after, {})
        command = f"{BOOK_NAMES.area} {verb}"
        return keep_change(work, BOOK_KIND, actor, command, [before], [after], self._clock.now())

    def _record(self, work: UnitOfWork, actor: Actor, verb: str, book: Book, facts: Mapping[str, EventValue]) -> None:
        told = {"number": book.number, **facts}
        work.events.record(Event(f"{BOOK_NAMES.area}.{verb}", self._clock.now(), None, actor.member_id, told))


@contextmanager
def _told_of(books: Mapping[int, Book]) -> Iterator[None]:
    """Let what is refused of products, by their numbers, be refused of the books that they are."""
    try:
        yield
    except RefusedError as error:
        told = {name: value for name, value in error.details.items() if name != "reason"}
        book = books.get(int(str(told.get("number", 0)))) or next(iter(books.values()))
        about = {**told, "number": book.number, "name": str(book)}
        reason = f"book_{error.reason}"
        raise RefusedError(reason, field=error.field, **about) from error


async def _same(work: UnitOfWork, fields: Mapping[str, Any], audience: Audience, besides: int = 0) -> Book | None:
    """Return another book than the one of a number that has an ISBN, or else a title and author."""
    found = [*await work.of(BOOKS).by_isbn([fields["isbn"]], audience)] if fields["isbn"] else []
    found += await work.of(BOOKS).by_identity([identity_of(fields["title"], fields["author"])], audience)
    return next((book for book in found if book.number != besides), None)


def _numbers_of(entry: UndoEntry) -> Sequence[int]:
    """Return the books that an undo entry is about."""
    kept = entry.payload.get("books")
    return list(map(int, kept)) if isinstance(kept, list) else []


def _is_mended(isbn: str) -> bool:
    return bool(isbn) and read_isbn(isbn).is_mended
