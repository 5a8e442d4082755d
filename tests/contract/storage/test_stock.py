"""Products and their ledger: what there is of one changes by its entries alone, and never below nothing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.ports.storage import Storage
from core.shared.errors import ConflictError, InvalidArgumentError
from core.stock.model import QUANTITY_LIMIT, Change, Movement, MovementKind, Product, ProductFilter, StockValue
from core.stock.repository import LEDGER, PRODUCTS
from tests.contract.storage.world import NOON, Place, build_place
from tests.support.clock import HeldClock
from tests.support.databases import DATABASES, fresh_database
from tests.support.storage import make_storage

TODAY = date(2026, 11, 20)


def product_of(place: Place, number: int = 1, **fields: Any) -> Product:
    """Return one of Ann's, of which there are ten."""
    product = Product(
        number,
        sku="SECRET" if number == 1 else f"SECRET-{number}",
        name="Secret sauce",
        author_id=place.ann,
        created_at=NOON,
        added_on=TODAY,
        price=Decimal("2.50"),
        reorder_level=10,
        on_hand=10,
    )
    return replace(product, **fields)


async def add(place: Place, *products: Product) -> None:
    async with place.writing() as work:
        work.of(PRODUCTS).add_all(products)


async def get(place: Place, number: int = 1) -> Product:
    async with place.reading() as work:
        found = await work.of(PRODUCTS).get(number, place.public)
    assert found is not None
    return found


async def apply(place: Place, *changes: Change) -> list[Product | None]:
    async with place.writing() as work:
        return list(await work.of(LEDGER).apply(changes))


async def entries(place: Place, number: int = 1) -> list[Movement]:
    async with place.reading() as work:
        return list((await work.of(LEDGER).page(number, limit=1000)).items)


def sold(place: Place, quantity: int = 1, **fields: Any) -> Movement:
    return replace(Movement(1, MovementKind.SALE, -quantity, NOON, TODAY, place.ann), **fields)


async def test_a_product_is_read_as_it_was_written_and_its_first_entry_says_how_many_there_were(here: Place) -> None:
    whole = product_of(
        here,
        description="Very\nhot",
        category="Sauces",
        tags=("hot", "from Chile"),
        cost=Decimal("1.2345"),
        on_order=5,
        expected_on=TODAY,
        weight=Decimal("0.25"),
        dimensions="5 × 5 × 20 cm",
    )
    await add(here, whole, product_of(here, 2, on_hand=0))
    assert await get(here) == whole
    first = Movement(1, MovementKind.RESTOCK, 10, NOON, TODAY, here.ann, price=whole.cost)
    assert [replace(one, id=0) for one in await entries(here)] == [first]
    assert await entries(here, 2) == []


async def test_quantities_change_together_and_only_as_far_as_there_is_something(here: Place) -> None:
    await add(here, product_of(here))
    assert [one and one.on_hand for one in await apply(here, Change(1, on_hand=-4))] == [6]
    (aside,) = await apply(here, Change(1, reserved=5))
    assert aside is not None
    assert (aside.on_hand, aside.reserved, aside.available, aside.version) == (6, 5, 1, 3)
    for refused in (
        Change(1, on_hand=-2),
        Change(1, reserved=2),
        Change(1, reserved=-6),
        Change(1, on_order=-1),
        Change(1, on_hand=QUANTITY_LIMIT),
        Change(9, on_hand=1),
    ):
        assert await apply(here, refused) == [None], refused
    assert await get(here) == aside
    (taken,) = await apply(here, Change(1, on_hand=-5, reserved=-5))
    assert taken is not None
    assert (taken.on_hand, taken.reserved) == (1, 0)


async def test_what_is_set_aside_of_a_product_that_is_gone_is_let_go_and_nothing_else_of_it_moves(here: Place) -> None:
    await add(here, product_of(here))
    await apply(here, Change(1, reserved=5))
    async with here.writing() as work:
        await work.of(PRODUCTS).change_many([replace(await get(here), removed_at=NOON, version=3)])
    for refused in (Change(1, on_hand=-5, reserved=-5), Change(1, reserved=1), Change(1, on_hand=1)):
        assert await apply(here, refused) == [None], refused
    (free,) = await apply(here, Change(1, reserved=-5))
    assert free is not None
    assert (free.on_hand, free.reserved) == (10, 0)


async def test_what_comes_after_a_change_that_is_refused_is_not_done(here: Place) -> None:
    await add(here, product_of(here), product_of(here, 2), product_of(here, 3))
    async with here.storage.workspace(here.id).write() as work:
        done = await work.of(LEDGER).apply([Change(1, on_hand=-1), Change(2, on_hand=-11), Change(3, on_hand=-1)])
    assert [one and one.on_hand for one in done] == [9, None]
    assert [(await get(here, number)).on_hand for number in (1, 2, 3)] == [10, 10, 10]


async def test_a_change_of_what_is_known_leaves_the_goods_alone(here: Place) -> None:
    await add(here, product_of(here))
    read = await get(here)
    await apply(here, Change(1, on_hand=-3))
    async with here.writing() as work:
        await work.of(PRODUCTS).change_many([replace(read, name="Sauce", version=3)])
        assert await work.of(PRODUCTS).change(replace(read, name="Hot sauce", reorder_level=7, version=4), 3)
    now = await get(here)
    assert (now.name, now.on_hand) == ("Hot sauce", 7)
    async with here.reading() as work:
        assert [one.number for one in (await work.of(PRODUCTS).low(None, here.public)).items] == [1]


@pytest.fixture(params=DATABASES)
async def copies(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Storage, Storage]]:
    """Two processes' storages on one database."""
    async with fresh_database(request.param, tmp_path) as url:
        one, other = [await make_storage(url=url, clock=HeldClock(NOON)) for _ in range(2)]
        yield one, other
        await other.close()
        await one.close()


async def test_of_many_who_want_the_last_units_in_two_processes_as_many_get_one_as_there_are(
    copies: tuple[Storage, Storage],
) -> None:
    place = await build_place(copies[0], "here")
    await add(place, product_of(place))

    async def sell(storage: Storage) -> int | None:
        async with storage.workspace(place.id).write() as work:
            (product,) = await work.of(LEDGER).apply([Change(1, on_hand=-1)])
            if product is None:
                found = await work.of(PRODUCTS).get(1, place.public)
                assert found is not None
                return -found.available
            work.of(LEDGER).write([sold(place)])
            await work.commit()
        return product.available

    left = await asyncio.gather(*(sell(storage) for storage in (*copies,) * 12))
    assert sorted(one for one in left if one is not None) == [0] * 14 + list(range(10))
    assert (await get(place)).on_hand == 0
    assert sum(one.quantity for one in await entries(place)) == 0


async def test_a_sku_belongs_to_one_product_and_is_found_letter_by_letter_first(here: Place) -> None:
    await add(here, product_of(here), product_of(here, 2, sku="secret", name="SECRET"))
    async with here.reading() as work:
        kept = work.of(PRODUCTS)
        for word, found in {"SECRET": [1], "secret": [2], "Secret": [1, 2], "secret SAUCE": [1], "sauce": []}.items():
            assert [one.number for one in await kept.called(word, here.public)] == found, word
        assert [one.number for one in await kept.by_sku(["secret", "Secret"], here.public)] == [2]
        assert [await kept.free_sku(sku) for sku in ("SECRET", "FREE", "SEC")] == ["SECRET-2", "FREE", "SEC"]
        assert [one.number for one in await kept.suggest("sauc", here.public)] == [1]
        assert [one.number for one in await kept.suggest("SECR", here.public)] == [2, 1]
    with pytest.raises(ConflictError):
        async with here.writing() as work:
            work.of(PRODUCTS).add(product_of(here, 3, sku="SECRET"))


async def test_products_are_listed_by_name_as_narrow_as_is_asked(here: Place) -> None:
    await add(
        here,
        product_of(here, 1, name="A", price=Decimal("29.99"), category="Electronics"),
        product_of(here, 2, name="b", price=Decimal("49.99"), category="electronics", on_hand=0),
        product_of(here, 3, name="C", price=Decimal("19.99"), category="Books"),
        product_of(here, 4, name="D", price=None, removed_at=NOON),
    )

    async def numbers(wanted: ProductFilter) -> list[int]:
        async with here.reading() as work:
            found = await work.of(PRODUCTS).page(wanted, here.public)
            streamed = [one.number async for some in work.of(PRODUCTS).stream(wanted, here.public) for one in some]
        assert sorted(one.number for one in found.items) == streamed
        assert found.total == len(found.items)
        return [one.number for one in found.items]

    assert await numbers(ProductFilter()) == [1, 2, 3]
    assert await numbers(ProductFilter("ELECTRONICS")) == [1, 2]
    assert await numbers(ProductFilter(least=Decimal(30))) == [2]
    assert await numbers(ProductFilter(most=Decimal("29.99"))) == [1, 3]
    assert await numbers(ProductFilter(in_stock=True)) == [1, 3]


async def test_low_is_what_is_at_its_level_or_below_and_comes_by_how_much_is_missing(here: Place) -> None:
    await add(
        here,
        product_of(here, 1),
        product_of(here, 2, on_hand=3),
        product_of(here, 3, on_hand=11),
        product_of(here, 4, reorder_level=None, on_hand=0),
        product_of(here, 5, is_discontinued=True),
        product_of(here, 6, removed_at=NOON),
    )

    async def low(level: int | None = None) -> list[int]:
        async with here.reading() as work:
            return [one.number for one in (await work.of(PRODUCTS).low(level, here.public)).items]

    assert await low() == [2, 1]
    assert sorted(await low(10)) == [1, 2, 4]
    await apply(here, Change(3, reserved=1), Change(2, on_hand=20))
    assert await low() == [3, 1]
    async with here.writing() as work:
        await work.of(PRODUCTS).change_many([replace(await get(here), is_discontinued=True, version=9)])
    assert await low() == [3]


async def test_what_goods_are_worth_is_exact_however_much_it_is(here: Place) -> None:
    async with here.reading() as work:
        assert await work.of(PRODUCTS).value() == StockValue(0, 0, Decimal(0), Decimal(0), 0, 0)
    huge = {"on_hand": QUANTITY_LIMIT, "price": Decimal("99999999.9999"), "cost": Decimal("0.0001")}
    many = [product_of(here, number, **huge) for number in range(1, 31)]
    await add(here, *many, product_of(here, 31, price=None), product_of(here, 32, removed_at=NOON))
    async with here.reading() as work:
        value = await work.of(PRODUCTS).value()
    assert value.value == 30 * QUANTITY_LIMIT * Decimal("99999999.9999")
    assert (value.cost, value.products, value.pieces) == (Decimal(3000), 31, 30 * QUANTITY_LIMIT + 10)
    assert (value.unpriced, value.uncosted) == (1, 1)


async def test_the_ledger_of_a_product_has_pages_the_newest_first(here: Place) -> None:
    await add(here, product_of(here), product_of(here, 2))
    async with here.writing() as work:
        work.of(LEDGER).write([sold(here, one, reason=f"No. {one}", reference="order 12") for one in range(1, 13)])
    async with here.reading() as work:
        ledger = work.of(LEDGER)
        first = await ledger.page(1)
        assert [one.quantity for one in first.items] == [-one for one in range(12, 2, -1)]
        assert (first.total, first.previous_cursor) == (13, None)
        second = await ledger.page(1, cursor=str(first.next_cursor))
        assert [one.quantity for one in second.items] == [-2, -1, 10]
        assert await ledger.page(1, cursor=str(second.previous_cursor)) == first
        assert await ledger.id_of(sold(here, 7)) == first.items[5].id
        with pytest.raises(InvalidArgumentError):
            await ledger.page(1, cursor="x")


async def test_what_lies_elsewhere_is_not_sold_and_places_are_told_apart(here: Place, there: Place) -> None:
    await add(here, product_of(here))
    assert await apply(here, Change(1, elsewhere=11)) == [None]
    (moved,) = await apply(here, Change(1, elsewhere=7))
    assert moved is not None
    assert (moved.available, moved.here) == (10, 3)
    for refused in (Change(1, on_hand=-4), Change(1, reserved=4), Change(1, elsewhere=-8)):
        assert await apply(here, refused) == [None], refused
    async with here.writing() as work:
        work.of(LEDGER).place(1, {"Cellar": 5, "attic": 2})
    async with here.writing() as work:
        work.of(LEDGER).place(1, {"Cellar": -5, "attic": 3})
    async with here.reading() as work:
        assert await work.of(LEDGER).levels(1) == {"attic": 5}
        assert list(await work.of(LEDGER).locations()) == ["Cellar", "attic"]


async def test_one_that_was_imported_goes_again_only_while_nothing_of_it_moved(here: Place) -> None:
    await add(here, product_of(here), product_of(here, 2))
    await apply(here, Change(2, on_hand=-1))
    async with here.writing() as work:
        assert await work.of(PRODUCTS).remove_untouched([1, 2], NOON) == 1
        assert await work.of(LEDGER).apply([Change(1, on_hand=-1)]) == [None]
