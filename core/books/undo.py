"""What an undo has to know of books and of the products that they are, whoever may see them."""

from collections.abc import Mapping, Sequence

from core.books.model import Book
from core.books.repository import BOOKS
from core.ports.storage import UnitOfWork
from core.shared.value_objects import value_object
from core.stock.repository import PRODUCTS
from core.transfer.records import Records


@value_object
class Reach:
    """The books that an undo reaches in a unit of work."""

    records: Records[Book]
    work: UnitOfWork

    async def find(self, number: int) -> Book | None:
        """Return a book whatever its state, a removed one too."""
        return await self.work.of(BOOKS).find(number)

    async def change_many(self, items: Sequence[Book]) -> None:
        """Store changed books, and what their products say of them."""
        await self.records.change(self.work, items)


async def whole_versions(work: UnitOfWork, found: Mapping[int, int]) -> Mapping[int, int]:
    """Return the versions of books, given by number, with those that the products have which they are."""
    links = await work.of(BOOKS).products_of(list(found))
    moved = await work.of(PRODUCTS).versions(list(links.values()))
    return {number: version + moved.get(links.get(number, 0), 1) - 1 for number, version in found.items()}


async def has_moved(work: UnitOfWork, book: Book) -> bool:
    """Tell whether anything came or went of a book that is as it was added, but for being taken away just now."""
    product = (await work.of(BOOKS).products_of([book.number])).get(book.number, 0)
    found = await work.of(PRODUCTS).find(product)
    return found is not None and found.version > _TAKEN_AWAY


_TAKEN_AWAY = 2
"""The version of a product that was added, and then taken away."""
