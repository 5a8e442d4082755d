"""The books of one workspace."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, bindparam, literal_column

from adapters.storage.repositories.books.tables import WORDS_LIMIT, books
from adapters.storage.repositories.keyset import Order
from adapters.storage.repositories.kinds import Kind, Narrowed, matching, question
from adapters.storage.repositories.searched import Searched, SearchedItems
from adapters.storage.repositories.stock.tables import products
from adapters.storage.schema.text_forms import sort_key, storable
from adapters.storage.work import scope
from adapters.storage.work.chunks import chunks
from core.books.isbn import short_form
from core.books.model import (
    CODE_LIMIT,
    FIRST_YEAR,
    GENRE_LIMIT,
    LAST_YEAR,
    Book,
    BookFilter,
    BookSort,
    Genre,
)
from core.books.rules import identity_of, words_of
from core.shared.paging import Page
from core.shared.searching import Hits, Sought
from core.shared.terms import terms_of
from core.workspaces.model import Audience

_b, _p = books.c, products.c
_UNKNOWN = LAST_YEAR - FIRST_YEAR + 1
"""Where a book whose year nobody knows sorts: behind all others."""

# A product that was taken out of the catalogue by itself is none any more; that of a removed book is, for Undo.
_IS_ITS_OWN = sa.and_(_p.number == _b.product, sa.or_(_p.removed_at.is_(None), _b.removed_at.is_not(None)))


def _of_product(value: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    """Return a value of the product that a book is, none where it is no product."""
    return scope.beside(products, value, books).where(_IS_ITS_OWN).scalar_subquery()


_GOODS = (_p.price, _p.reorder_level, _p.on_hand, _p.reserved, _p.elsewhere, _p.is_discontinued)
_NONE: Any = literal_column("0")
_LINKS = scope.select(books, _b.number, _b.product).where(
    _b.number.in_(bindparam("numbers", expanding=True)), _b.product.is_not(None)
)
_GENRES = (
    scope.select(
        books,
        sa.func.min(_b.genre).label("genre"),
        sa.func.count().label("titles"),
        sa.func.sum(sa.func.coalesce(sa.cast(_p.on_hand, sa.BigInteger), _NONE)).label("pieces"),
    )
    .outerjoin(products, sa.and_(_p.workspace_id == _b.workspace_id, _IS_ITS_OWN))
    .where(_b.removed_at.is_(None))
    .group_by(_b.genre_sort)
    .order_by(_b.genre_sort)
)


def row_of(book: Book) -> dict[str, Any]:
    """Return the columns of a book."""
    title, author, code, genre = map(storable, (book.title, book.author, book.code, book.genre))
    return {
        "number": book.number,
        "author_id": book.author_id,
        "created_at": book.created_at,
        "version": book.version,
        "removed_at": book.removed_at,
        "title": title,
        "title_sort": sort_key(title),
        "author": author,
        "author_sort": sort_key(author),
        "identity": identity_of(title, author),
        "year": book.year,
        "year_sort": _UNKNOWN if book.year is None else book.year - FIRST_YEAR,
        "isbn": book.isbn,
        "code": code,
        "code_sort": sort_key(code, CODE_LIMIT),
        "genre": genre,
        "genre_sort": sort_key(genre, GENRE_LIMIT),
        "words": _found_by(book.isbn, title, author, code),
        "added_on": book.added_on,
    }


def _found_by(isbn: str, title: str, author: str, code: str) -> str:
    """Return the words that a book is found by, as they stand and without what is between their letters."""
    spelt = sort_key(" ".join((isbn, short_form(isbn), title, author, code)), WORDS_LIMIT)
    parted = words_of(spelt)
    return f" {spelt}{'' if parted == spelt else f' {parted}'}"[:WORDS_LIMIT]


def search_terms_of(book: Book) -> Collection[str]:
    """Return the terms by which a book is searched."""
    known = (book.title, book.author, book.code, book.isbn, short_form(book.isbn))
    return () if book.removed_at else terms_of(known, (book.title, book.code))


def book_of(row: Row[Any]) -> Book:
    """Return the book of a row."""
    return Book(
        number=row.number,
        title=row.title,
        author=row.author,
        author_id=row.author_id,
        created_at=row.created_at,
        added_on=row.added_on,
        year=row.year,
        isbn=row.isbn,
        code=row.code,
        genre=row.genre,
        version=row.version,
        removed_at=row.removed_at,
        price=row.price,
        reorder_level=row.reorder_level,
        on_hand=row.on_hand or 0,
        reserved=row.reserved or 0,
        elsewhere=row.elsewhere or 0,
        is_discontinued=bool(row.is_discontinued),
    )


KIND: Kind[Book] = Kind(
    table=books,
    row_of=row_of,
    item_of=book_of,
    words=_b.words,
    columns=(*_b, *(_of_product(column).label(column.name) for column in _GOODS)),
    conditions={
        "genre": _b.genre_sort == bindparam("in_genre", type_=_b.genre_sort.type),
        "low": _of_product(_p.shortfall) >= _NONE,
        "at_most": _of_product(_p.on_hand - _p.reserved) <= bindparam("in_at_most", type_=sa.Integer()),
        "called": sa.or_(
            _b.title_sort == bindparam("in_called", type_=_b.title_sort.type),
            _b.code_sort == bindparam("in_called", type_=_b.code_sort.type),
        ),
        "among": _b.number.in_(bindparam("in_among", expanding=True)),
    },
)
_ORDERS: Mapping[BookSort, Order] = {
    BookSort.TITLE: Order((_b.title_sort, _b.number)),
    BookSort.AUTHOR: Order((_b.author_sort, _b.title_sort, _b.number)),
    BookSort.YEAR: Order((_b.year_sort, _b.title_sort, _b.number)),
}


class Books(SearchedItems[Book]):
    """The repository of books."""

    kind, searched = KIND, Searched(2, search_terms_of)

    async def page(
        self, wanted: BookFilter, sort: BookSort, audience: Audience, *, cursor: str = "", limit: int = 10
    ) -> Page[Book]:
        """Return a page; raises `InvalidArgumentError` (`cursor`) for a cursor that no such page has."""
        return await self._page(_narrowed(wanted), audience, _ORDERS[sort], cursor=cursor, limit=limit)

    async def search(
        self, asked: Sought, sort: BookSort | None, audience: Audience, *, cursor: str = "", limit: int = 10
    ) -> Hits[Book]:
        """Return a page of what is found by title, author, ISBN or code, the likeliest first unless sorted otherwise.

        Raises as `page` does.
        """
        if sort is None:
            return await self._search(asked, audience, cursor=cursor, limit=limit)
        found = await self._found(asked, audience)
        # No book has the number 0.
        among = {"among": [*found.numbers] or [0]}
        page = await self._page(among, audience, _ORDERS[sort], cursor=cursor, limit=limit)
        return Hits(page, found.is_near, found.is_cut)

    async def by_isbn(self, isbns: Sequence[str], audience: Audience) -> Sequence[Book]:
        """Return those of some ISBNs of 13 digits (any count)."""
        return await self._get_many(_b.isbn, isbns, audience)

    async def by_identity(self, identities: Sequence[str], audience: Audience) -> Sequence[Book]:
        """Return those of some titles and authors (any count), as `identity_of` has them."""
        return await self._get_many(_b.identity, identities, audience)

    async def called(self, word: str, audience: Audience) -> Sequence[Book]:
        """Return those of such a title or code of one's own, in any case."""
        asked, parameters = question(KIND, {"called": sort_key(word)}, audience)
        rows = await self._transaction.run(lambda db: db.all(matching(asked).order_by(_b.number), **parameters))
        return list(map(book_of, rows))

    async def products_of(self, numbers: Sequence[int]) -> Mapping[int, int]:
        """Return the numbers of the products that books are, by those of the books; others are no product."""
        rows = await self._transaction.run(
            lambda db: [row for some in chunks(numbers) for row in db.all(_LINKS, numbers=some)]
        )
        return {row.number: row.product for row in rows}

    async def link(self, products: Mapping[int, int]) -> None:
        """Let books, by their numbers, be products of these numbers."""
        rows = [{"number": number, "product": product} for number, product in products.items()]
        await self._transaction.run(lambda db: db.update_many(books, ("number",), rows))

    async def genres(self) -> Sequence[Genre]:
        """Return how many books and pieces there are of each genre, by name, by one statement."""
        rows = await self._transaction.run(lambda db: db.all(_GENRES))
        return [Genre(row.genre, int(row.titles), int(row.pieces)) for row in rows]

    def stream(self, wanted: BookFilter, audience: Audience, *, chunk: int = 1000) -> AsyncIterator[Sequence[Book]]:
        """Yield all such books by number, in chunks."""
        return self._walk(_narrowed(wanted), audience, chunk=chunk)

    async def suggest(self, prefix: str, audience: Audience, *, limit: int = 10) -> Sequence[Book]:
        """Return books whose number, or a word of whose title or author, starts so, for completion."""
        return await self._suggest(prefix, {}, audience, _ORDERS[BookSort.TITLE], limit=limit)


def _narrowed(wanted: BookFilter) -> Narrowed:
    asked = {"genre": sort_key(wanted.genre, GENRE_LIMIT) or None, "at_most": wanted.at_most}
    given = {name: value for name, value in asked.items() if value is not None}
    return {**given, **({"low": None} if wanted.is_low else {})}
