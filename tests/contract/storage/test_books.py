"""Books: kept as they are, found by title, author, ISBN and code, sorted, and none of them twice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.books.model import Book, BookFilter, BookSort, Genre
from core.books.repository import BOOKS
from core.books.rules import identity_of, looked_for
from core.shared.errors import ConflictError
from core.stock.repository import PRODUCTS
from tests.contract.storage.test_stock import product_of
from tests.contract.storage.world import NOON, Place

ISBN = "9780441172719"


def book_of(place: Place, number: int, title: str, author: str, **fields: Any) -> Book:
    """Return one of Ann's."""
    return Book(number, title, author, place.ann, NOON, date(2026, 11, 20), **fields)


async def add(place: Place, *books: Book) -> None:
    async with place.writing() as work:
        work.of(BOOKS).add_all(books)


async def shelf(place: Place) -> None:
    """Fill a library."""
    await add(
        place,
        book_of(place, 1, "Dune", "Frank Herbert", year=1965, isbn=ISBN, genre="Science fiction"),
        book_of(place, 2, "The Hobbit", "J.R.R. Tolkien", year=1937, genre="Fantasy"),
        book_of(place, 3, "The Odyssey", "Homer", year=-720, code="HOM-1"),
        book_of(place, 4, "dune messiah", "Frank Herbert", genre="science  FICTION"),
    )


async def found(place: Place, wanted: BookFilter, sort: BookSort = BookSort.TITLE) -> list[int]:
    async with place.reading() as work:
        return [book.number for book in (await work.of(BOOKS).page(wanted, sort, place.public)).items]


async def test_a_book_is_read_as_it_was_written(here: Place) -> None:
    whole = book_of(here, 1, "Dune", "Frank Herbert", year=-1, isbn=ISBN, code="SF-1", genre="Science fiction")
    await add(here, whole)
    async with here.reading() as work:
        assert await work.of(BOOKS).get(1, here.public) == whole


@pytest.mark.parametrize(
    ("sort", "numbers"),
    [(BookSort.TITLE, [1, 4, 2, 3]), (BookSort.AUTHOR, [1, 4, 3, 2]), (BookSort.YEAR, [3, 2, 1, 4])],
)
async def test_books_are_sorted_by_title_author_or_year(here: Place, sort: BookSort, numbers: list[int]) -> None:
    await shelf(here)
    assert await found(here, BookFilter(), sort) == numbers
    async with here.reading() as work:
        first = await work.of(BOOKS).page(BookFilter(), sort, here.public, limit=3)
        assert first.next_cursor
        rest = await work.of(BOOKS).page(BookFilter(), sort, here.public, cursor=first.next_cursor, limit=3)
    assert [book.number for book in (*first.items, *rest.items)] == numbers
    assert (rest.before, rest.total) == (3, 4)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("tolk HOB", [2]),
        ("jrr", []),
        ("j.r.r.", [2]),
        ("dune", [1, 4]),
        ("herbert mess", [4]),
        ("9780441", [1]),
        ("0-441-17271-7", [1]),
        ("hom-1", [3]),
        ("100%", []),
    ],
)
async def test_books_are_found_by_the_beginnings_of_words(here: Place, text: str, numbers: list[int]) -> None:
    await shelf(here)
    async with here.reading() as work:
        for sort in (BookSort.TITLE, None):
            hits = await work.of(BOOKS).search(looked_for(text), sort, here.public)
            assert [book.number for book in hits.page.items if not hits.is_near] == numbers


async def test_books_are_found_by_genre_title_code_and_isbn(here: Place) -> None:
    await shelf(here)
    assert await found(here, BookFilter("SCIENCE fiction")) == [1, 4]
    async with here.reading() as work:
        books = work.of(BOOKS)
        assert [one.number for one in await books.called("DUNE", here.public)] == [1]
        assert [one.number for one in await books.called("hom-1", here.public)] == [3]
        assert [one.number for one in await books.by_isbn([ISBN, "9780261102217"], here.public)] == [1]
        assert [one.number for one in await books.suggest("herb", here.public)] == [1, 4]
        assert [one.number for one in await books.suggest("04411", here.public)] == [1], "its other form"
        streamed = [one.number async for some in books.stream(BookFilter(), here.public, chunk=3) for one in some]
    assert streamed == [1, 2, 3, 4]


async def test_no_two_books_have_the_same_title_and_author_at_a_time(here: Place) -> None:
    await shelf(here)
    again = book_of(here, 5, "D u n e", "frank HERBERT")
    with pytest.raises(ConflictError):
        await add(here, again)
    async with here.writing() as work:
        (first,) = await work.of(BOOKS).by_identity([identity_of(" dune", "FrankHerbert")], here.public)
        await work.of(BOOKS).change_many([replace(first, removed_at=NOON, version=2)])
    await add(here, again)
    async with here.writing() as work:
        removed = await work.of(BOOKS).find(1)
        assert removed is not None
        with pytest.raises(ConflictError):
            await work.of(BOOKS).change_many([replace(removed, removed_at=None, version=3)])


async def test_a_book_has_what_the_product_has_that_it_is(here: Place) -> None:
    await shelf(here)
    async with here.writing() as work:
        work.of(PRODUCTS).add_all(
            [
                product_of(here, 7, on_hand=5, reorder_level=5, price=Decimal("12.5")),
                product_of(here, 8, on_hand=9, reorder_level=5),
                product_of(here, 9, on_hand=0, reorder_level=None),
            ]
        )
        await work.of(BOOKS).link({1: 7, 2: 8, 4: 9})
        assert await work.of(BOOKS).products_of([1, 2, 3, 99]) == {1: 7, 2: 8}
    assert await found(here, BookFilter(is_low=True)) == [1]
    assert await found(here, BookFilter(at_most=5)) == [1, 4]
    async with here.writing() as work:
        book = await work.of(BOOKS).get(1, here.public)
        assert book is not None
        assert (book.price, book.on_hand, book.available, book.reorder_level) == (Decimal("12.5"), 5, 5, 5)
        assert await work.of(BOOKS).genres() == [
            *(Genre("", 1, 0), Genre("Fantasy", 1, 9), Genre("Science fiction", 2, 5)),
        ]
        product = await work.of(PRODUCTS).find(7)
        assert product is not None
        await work.of(PRODUCTS).change_many([replace(product, removed_at=NOON, version=2)])
        book = await work.of(BOOKS).get(1, here.public)
        assert book is not None
        assert not book.is_stocked, "its product was taken out of the catalogue"
        await work.of(BOOKS).change_many([replace(book, removed_at=NOON, version=2)])
        removed = await work.of(BOOKS).find(1)
        assert removed is not None
        assert removed.on_hand == 5, "an undo brings it back with what there was"
