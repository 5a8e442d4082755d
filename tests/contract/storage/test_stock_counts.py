"""Stock-takes: what was counted, what differs, and what was not counted though it is to be there."""

from dataclasses import replace
from typing import Any

from core.stock.model import CountProgress, CountState, Movement, MovementKind, StockCount, Tally
from core.stock.repository import LEDGER, PRODUCTS, STOCK_COUNTS
from tests.contract.storage.test_stock import TODAY, product_of
from tests.contract.storage.world import NOON, Place


def count_of(place: Place, number: int = 1, **fields: Any) -> StockCount:
    """Return one of Ann's, of everything."""
    return replace(StockCount(number, place.ann, NOON, "", "", 0), **fields)


async def begin(place: Place, *counts: StockCount) -> None:
    async with place.writing() as work:
        work.of(STOCK_COUNTS).add_all(counts)


async def test_it_is_read_as_it_was_written_and_goes_on_until_it_ends(here: Place) -> None:
    fruit, drinks = count_of(here, category="Fruit", since=7), count_of(here, 2, location="cellar")
    await begin(here, fruit, drinks, count_of(here, 3, state=CountState.CANCELLED), count_of(here, 4, removed_at=NOON))
    async with here.writing() as work:
        assert await work.of(STOCK_COUNTS).open(here.public) == [fruit, drinks]
        await work.of(STOCK_COUNTS).change_many([replace(fruit, state=CountState.POSTED, version=2)])
        assert await work.of(STOCK_COUNTS).open(here.public) == [drinks]


async def test_what_is_counted_takes_the_place_of_what_was(here: Place) -> None:
    await begin(here, count_of(here), count_of(here, 2))
    async with here.writing() as work:
        counts = work.of(STOCK_COUNTS)
        await counts.put(1, Tally(7, 3, 5, -1))
        await counts.put(2, Tally(7, 9, 9, 0))
        await counts.put(1, Tally(7, 4, 5, 0))
        assert [await counts.tally(number, 7) for number in (1, 2)] == [Tally(7, 4, 5, 0), Tally(7, 9, 9, 0)]
        await counts.drop(1, 7)
        assert [await counts.tally(number, 7) for number in (1, 2)] == [None, Tally(7, 9, 9, 0)]


async def test_what_differs_is_told_in_pages_and_all_of_it_but_for_what_is_removed(here: Place) -> None:
    await begin(here, count_of(here))
    async with here.writing() as work:
        work.of(PRODUCTS).add_all([product_of(here, number) for number in range(1, 7)])
        for number in range(1, 7):
            await work.of(STOCK_COUNTS).put(1, Tally(number, number, 3, 0))
        await work.of(PRODUCTS).change_many([replace(product_of(here, 6), removed_at=NOON, version=2)])
        first = await work.of(STOCK_COUNTS).page(1, limit=2)
        assert ([one.product for one in first.items], first.total) == ([6, 5], 5)
        rest = await work.of(STOCK_COUNTS).page(1, cursor=first.next_cursor or "", limit=2)
        assert [one.product for one in rest.items] == [4, 2]
        assert [(one.product, one.difference) for one in await work.of(STOCK_COUNTS).differing(1)] == [
            *((1, -2), (2, -1), (4, 1), (5, 2)),
        ]
        assert await work.of(STOCK_COUNTS).progress(count_of(here)) == CountProgress(6, 21, 5, 0)
        assert await work.of(STOCK_COUNTS).progress(count_of(here, 2)) == CountProgress(0, 0, 0, 5)


async def test_what_is_to_be_there_of_a_category_at_a_location_is_missing_until_it_is_counted(here: Place) -> None:
    whole, fruit = count_of(here), count_of(here, 2, category="FRUIT")
    cellar, both = count_of(here, 3, location="cellar"), count_of(here, 4, category="fruit", location="cellar")
    await begin(here, whole, fruit, cellar, both)
    async with here.writing() as work:
        work.of(PRODUCTS).add_all(
            [
                product_of(here, 1, category="Fruit", elsewhere=4),
                product_of(here, 2, elsewhere=3),
                product_of(here, 3, category="fruit", on_hand=0),
                product_of(here, 4, category="fruit", removed_at=NOON),
                product_of(here, 5, category="fruit", elsewhere=10),
            ]
        )
        for number, amount in ((1, 4), (2, 3), (5, 10)):
            work.of(LEDGER).place(number, {"cellar": amount})
    async with here.writing() as work:
        missing = [dict(await work.of(STOCK_COUNTS).missing(count)) for count in (whole, fruit, cellar, both)]
        assert missing == [{1: 6, 2: 7}, {1: 6}, {1: 4, 2: 3, 5: 10}, {1: 4, 5: 10}]
        left = []
        for count in (whole, fruit, cellar, both):
            await work.of(STOCK_COUNTS).put(count.number, Tally(1, 0, 6, 0))
            left.append((await work.of(STOCK_COUNTS).progress(count)).missing)
        assert left == [1, 0, 2, 1]


async def test_what_moved_behind_an_entry_is_known_by_location(here: Place) -> None:
    async with here.writing() as work:
        assert await work.of(LEDGER).last() == 0
        work.of(PRODUCTS).add_all([product_of(here)])
    async with here.writing() as work:
        since = await work.of(LEDGER).last()
        entries = [
            Movement(1, MovementKind.SALE, -2, NOON, TODAY, here.ann),
            Movement(1, MovementKind.RESERVATION, 5, NOON, TODAY, here.ann),
            Movement(1, MovementKind.RELEASE, -1, NOON, TODAY, here.ann),
            Movement(1, MovementKind.TRANSFER, -3, NOON, TODAY, here.ann),
            Movement(1, MovementKind.TRANSFER, 3, NOON, TODAY, here.ann, location="cellar"),
            Movement(2, MovementKind.SALE, -1, NOON, TODAY, here.ann),
        ]
        work.of(LEDGER).write(entries)
    async with here.writing() as work:
        assert since > 0
        assert [await work.of(LEDGER).moved(1, since, place) for place in ("", "cellar", "attic")] == [-5, 3, 0]
        assert await work.of(LEDGER).moved(1, await work.of(LEDGER).last(), "") == 0
