"""What books need of storage."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

from core.books.model import Book, BookFilter, BookSort, Genre
from core.ports.kept import Kept
from core.ports.numbered import NumberedRepository
from core.shared.paging import Page
from core.shared.searching import Hits, Sought
from core.workspaces.model import Audience


class BookRepository(NumberedRepository[Book], Protocol):
    """The books of one workspace, no two of which have the same title and author."""

    async def page(
        self, wanted: BookFilter, sort: BookSort, audience: Audience, *, cursor: str = "", limit: int = 10
    ) -> Page[Book]:
        """Return a page; raises `InvalidArgumentError` (`cursor`) for a cursor that no such page has."""
        ...

    async def search(
        self, asked: Sought, sort: BookSort | None, audience: Audience, *, cursor: str = "", limit: int = 10
    ) -> Hits[Book]:
        """Return a page of what is found by title, author, ISBN or code, the likeliest first unless sorted otherwise.

        Raises as `page` does.
        """
        ...

    async def by_isbn(self, isbns: Sequence[str], audience: Audience) -> Sequence[Book]:
        """Return those of some ISBNs of 13 digits (any count)."""
        ...

    async def by_identity(self, identities: Sequence[str], audience: Audience) -> Sequence[Book]:
        """Return those of some titles and authors (any count), as `identity_of` has them."""
        ...

    async def called(self, word: str, audience: Audience) -> Sequence[Book]:
        """Return those of such a title or code of one's own, in any case."""
        ...

    def stream(self, wanted: BookFilter, audience: Audience, *, chunk: int = 1000) -> AsyncIterator[Sequence[Book]]:
        """Yield all such books by number, in chunks."""
        ...

    async def products_of(self, numbers: Sequence[int]) -> Mapping[int, int]:
        """Return the numbers of the products that books are, by those of the books; others are no product."""
        ...

    async def link(self, products: Mapping[int, int]) -> None:
        """Let books, by their numbers, be products of these numbers."""
        ...

    async def genres(self) -> Sequence[Genre]:
        """Return how many books and pieces there are of each genre, by name, by one statement."""
        ...


BOOKS: Kept[BookRepository] = Kept("books")
