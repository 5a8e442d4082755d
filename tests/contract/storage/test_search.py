"""Records are found by the words that they have now, whatever became of them, and by near ones if there are none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from core.ports.storage import Storage
from core.shared.errors import InvalidArgumentError
from core.shared.searching import HITS_LIMIT, sought
from core.stock.model import Change, Product
from core.stock.repository import LEDGER, PRODUCTS
from tests.contract.storage.test_stock import add, get, product_of
from tests.contract.storage.world import NOON, Place, build_place
from tests.support.databases import off_the_stand_in


def called(place: Place, number: int, name: str, *tags: str, sku: str = "", description: str = "") -> Product:
    return product_of(
        place, number, sku=sku or f"SKU-{number}", name=name, tags=tags, description=description, category="Things"
    )


async def shop(place: Place) -> None:
    await add(
        place,
        called(place, 1, "MacBook Pro", "apple", "laptop"),
        called(place, 2, "iPad Air", "apple", "tablet"),
        called(place, 3, "Dell Laptop", "laptop", description="For children and their tea parties"),
        called(place, 4, "Crème brûlée", sku="DSRT-4"),
        called(place, 5, "抹茶 緑茶セット", sku="TEA-5"),
        called(place, 6, "Green tea", sku="TEA-1"),
        called(place, 7, "Green tea with mint", sku="TEA-12"),
    )


async def found(place: Place, text: str) -> list[int]:
    """What is found, none of it near."""
    numbers, is_near = await either(place, text)
    return [] if is_near else numbers


async def near(place: Place, text: str) -> list[int]:
    numbers, is_near = await either(place, text)
    assert is_near
    return numbers


async def either(place: Place, text: str) -> tuple[list[int], bool]:
    async with place.reading() as work:
        hits = await work.of(PRODUCTS).search(sought(text), place.public)
    return numbers_of(hits.page.items), hits.is_near


def numbers_of(products: Sequence[Product]) -> list[int]:
    return [product.number for product in products]


FOUND = {
    "macbook": [1],
    "apple": [2, 1],
    "laptop": [3, 1],
    "LAPTOP Apple": [1],
    "lapt dell": [3],
    "children": [3],
    "creme brulee": [4],
    "CRÈME": [4],
    "緑茶": [5],
    "茶": [5],
    "tea-1": [6, 7],
    "tea1": [6, 7],
    "green tea": [6, 7],
    "tea parties": [3],
    "zzz": [],
    "100%": [],
    "'; DROP TABLE products; --": [],
}
NEAR = {
    "labtop": [1, 3],
    "aplpe": [1, 2],
    "mackbok": [1],
    "ipda": [2],
    "pple": [1, 2],
    "green tae mint": [7],
    "dell tablet": [2, 3],
    "緑茶碗": [5],
    "xyzzy": [],
    "TEA-99": [3, 5, 6, 7],
}
"""In any order: what is how near is no promise."""


async def test_products_are_found_by_all_words_in_any_order(here: Place) -> None:
    await shop(here)
    assert {text: await found(here, text) for text in FOUND} == FOUND


async def test_what_is_near_is_found_where_nothing_is_right(here: Place) -> None:
    await shop(here)
    assert {text: sorted(await near(here, text)) for text in NEAR} == NEAR


async def test_codes_and_numbers_are_not_taken_for_others(here: Place) -> None:
    await add(here, called(here, 1, "Bolt", sku="AB123"), called(here, 2, "Nut 500"))
    assert await near(here, "AB124") == []
    assert await near(here, "501") == []


async def test_a_product_is_found_by_what_it_is_called_now(here: Place) -> None:
    await shop(here)
    changed = replace(await get(here, 6), name="Black coffee", version=2)
    async with here.writing() as work:
        assert await work.of(PRODUCTS).change(changed, 1)
    assert await found(here, "coffee") == [6]
    assert await found(here, "green tea") == [7]
    async with here.writing() as work:
        await work.of(PRODUCTS).change_many([replace(changed, tags=("hot",), version=3)])
    assert await found(here, "hot coffee") == [6]


async def test_goods_that_move_and_prices_leave_it_findable(here: Place) -> None:
    await shop(here)
    async with here.writing() as work:
        (product,) = await work.of(LEDGER).apply([Change(6, on_hand=-3)])
        assert product
        await work.of(PRODUCTS).change(replace(product, price=None, version=product.version + 1), product.version)
    assert await found(here, "green tea") == [6, 7]


async def test_a_removed_product_is_found_no_more_and_again_when_it_is_back(here: Place) -> None:
    await shop(here)
    product = await get(here, 6)
    async with here.writing() as work:
        await work.of(PRODUCTS).change(replace(product, removed_at=NOON, version=2), 1)
    assert await found(here, "green tea") == [7]
    async with here.writing() as work:
        await work.of(PRODUCTS).change(replace(product, version=3), 2)
    assert await found(here, "green tea") == [6, 7]


async def test_an_import_that_is_taken_back_takes_its_words_along(here: Place) -> None:
    await shop(here)
    async with here.writing() as work:
        work.of(PRODUCTS).add_all([called(here, number, "Zebra print") for number in (8, 9)])
    assert await found(here, "zebra") == [8, 9]
    async with here.writing() as work:
        assert await work.of(PRODUCTS).remove_untouched([8, 9], NOON + timedelta(minutes=1)) == 2
    assert await either(here, "zebra") == ([], True)
    assert await either(here, "zebar") == ([], True)


async def test_what_is_rolled_back_is_not_found(here: Place) -> None:
    await shop(here)
    async with here.storage.workspace(here.id).write() as work:
        work.of(PRODUCTS).add_all([called(here, 8, "Zebra print")])
    assert await either(here, "zebra") == ([], True)


@off_the_stand_in("more than it is asked in one search have to be there")
async def test_the_name_or_code_itself_comes_first_however_many_begin_so(here: Place) -> None:
    many = [called(here, number, f"Tea of kind {number}") for number in range(1, HITS_LIMIT + 100)]
    # Far from all others, which are looked at first.
    await add(here, *many, called(here, 5000, "Tea"), called(here, 5001, "Cup", sku="Tea-2"))
    async with here.reading() as work:
        hits = await work.of(PRODUCTS).search(sought("tea"), here.public)
        assert hits.is_cut
        assert hits.page.total == HITS_LIMIT
        assert hits.page.items[0].number == 5000
        assert (await work.of(PRODUCTS).search(sought("tea-2"), here.public)).page.items[0].number == 5001


async def test_a_word_itself_is_found_however_many_go_on_after_it(here: Place) -> None:
    many = [called(here, number, f"Teapot of kind {number}") for number in range(1, HITS_LIMIT + 2)]
    await add(here, *many, called(here, 5000, "Cup for tea"))
    assert (await found(here, "tea"))[0] == 5000


async def test_words_that_very_many_have_are_found_at_once_before_anybody_counted_them(
    here: Place, is_read_slowly: bool
) -> None:
    """A database that was not told yet how much there is of what must not go about it row by row, for each row."""
    count = 100 if is_read_slowly else 1000
    await add(
        here, *(called(here, number, f"Blue {'tea' if number % 50 else 'cup'} pot") for number in range(1, count + 1))
    )
    async with here.reading() as work:
        hits = await work.of(PRODUCTS).search(sought("pot cup blu"), here.public)
    assert (hits.page.total, hits.is_near, hits.is_cut) == (count // 50, False, False)


async def test_what_is_found_has_pages(here: Place) -> None:
    await add(here, *(called(here, number, f"Tea {number:02}") for number in range(1, 26)))
    pages: list[list[int]] = []
    async with here.reading() as work:
        cursor: str | None = ""
        while cursor is not None:
            page = (await work.of(PRODUCTS).search(sought("tea"), here.public, cursor=cursor)).page
            assert page.total == 25
            assert page.before == 10 * len(pages)
            pages.append(numbers_of(page.items))
            cursor = page.next_cursor
        assert page.previous_cursor == "10"
        beyond = (await work.of(PRODUCTS).search(sought("tea"), here.public, cursor="400")).page
        with pytest.raises(InvalidArgumentError):
            await work.of(PRODUCTS).search(sought("tea"), here.public, cursor="n.1")
    assert list(map(len, pages)) == [10, 10, 5]
    assert sorted(number for page in pages for number in page) == list(range(1, 26))
    assert (beyond.items, beyond.next_cursor) == ([], None)


async def test_nobody_finds_what_another_workspace_has(storage: Storage) -> None:
    here, there = await build_place(storage, "here"), await build_place(storage, "there")
    await shop(here)
    await add(there, called(there, 1, "Kettle"))
    for text in ("macbook", "labtop", "SKU-2"):
        assert await either(there, text) == ([1] if text == "SKU-2" else [], True)
