"""Books with what there is of them: one that has a price or a stock is a product, in the ledger that all goods have."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.books.kind import BOOK_NAMES
from core.books.model import Book
from core.books.repository import BOOKS
from core.books.undo import whole_versions
from core.ports.storage import UnitOfWork
from core.stock.repository import PRODUCTS
from core.stock.service import StockService, Ware
from core.transfer.records import NumberedRecords
from core.workspaces.model import Audience

_NAME_LIMIT = 200
"""Characters of a title that its product has for a name."""
_NOBODY = Audience(0, frozenset())
"""Products are the workspace's, whoever asks for them."""


class Shelf(NumberedRecords[Book]):
    """The books of a workspace, in any unit of work, as rows of files and undo reach them."""

    def __init__(self, stock: StockService) -> None:
        """Take what keeps products."""
        super().__init__(lambda work: work.of(BOOKS))
        self._stock = stock

    async def added(self, work: UnitOfWork, records: Sequence[Book]) -> None:
        """Make products of those among new books that have a price or a stock."""
        goods = [book for book in records if book.is_stocked and book.removed_at is None]
        made = await self._stock.offer(work, [_ware(book) for book in goods], _NOBODY)
        if goods:
            await work.of(BOOKS).link({book.number: one.number for book, one in zip(goods, made, strict=True)})

    async def change(self, work: UnitOfWork, records: Sequence[Book]) -> None:
        """Store changed books, and what their products say of them; raises `RefusedError` as `restate` does."""
        await work.of(BOOKS).change_many(records)
        links = await work.of(BOOKS).products_of([book.number for book in records])
        linked = [book for book in records if book.number in links]
        await self._stock.restate(work, {links[book.number]: _ware(book) for book in linked})
        await self.added(work, [book for book in records if book.number not in links])

    async def product_of(self, work: UnitOfWork, book: Book) -> int:
        """Return the number of the product that a book is from now on, whether or not it was one before."""
        links = await work.of(BOOKS).products_of([book.number])
        if book.number in links:
            await self._stock.restate(work, {links[book.number]: _ware(book, is_wanted=True)})
            return links[book.number]
        (product,) = await self._stock.offer(work, [_ware(book)], _NOBODY)
        await work.of(BOOKS).link({book.number: product.number})
        return product.number

    async def versions(self, work: UnitOfWork, numbers: Sequence[int]) -> Mapping[int, int]:
        """Return the versions of books, which grow with what comes and goes of their products, too."""
        return await whole_versions(work, await super().versions(work, numbers))

    async def remove_untouched(self, work: UnitOfWork, numbers: Sequence[int], at: datetime) -> int:
        """Remove those books, with their products, that are as they were made, and return how many."""
        as_made = [number for number, version in (await self.versions(work, numbers)).items() if version == 1]
        links = await work.of(BOOKS).products_of(as_made)
        await work.of(PRODUCTS).remove_untouched(list(links.values()), at)
        return await super().remove_untouched(work, as_made, at)

    async def ended(self, work: UnitOfWork) -> None:
        """Tell of those whose products are low now."""
        await self._stock.tell_due(work)


def _ware(book: Book, *, is_wanted: bool = False) -> Ware:
    """Return a book as what is sold."""
    return Ware(
        sku=book.isbn or f"BOOK-{book.number}",
        name=book.title[:_NAME_LIMIT].strip(),
        author_id=book.author_id,
        created_at=book.created_at,
        added_on=book.added_on,
        category=book.genre,
        price=book.price,
        reorder_level=book.reorder_level,
        on_hand=book.on_hand,
        removed_at=book.removed_at,
        is_wanted=is_wanted,
        source=BOOK_NAMES.area,
    )
