"""Goods in figures, on every database: what is low, what lies there unsold, and what is earned."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.dates.ranges import ALL, Range
from core.sales.model import SaleLine
from core.sales.repository import SALES
from core.stock.figures import AttentionSums, SoldGoods
from core.stock.repository import LEDGER, STOCK_FIGURES
from tests.contract.storage.test_stock import TODAY, add, product_of, sold
from tests.contract.storage.world import NOON, Place

BEFORE = TODAY - timedelta(days=30)
WEEK = Range(TODAY - timedelta(days=6), TODAY)
LINE = SaleLine(TODAY, Decimal(5), Decimal(2), Decimal("2.50"), "EUR", "stock", "SECRET", "Secret sauce")


async def line(place: Place, **fields: Any) -> None:
    async with place.writing() as work:
        work.of(SALES).add([replace(LINE, **fields)])


async def test_what_is_low_comes_first_and_what_nothing_was_sold_of_lay_there_before(here: Place, there: Place) -> None:
    old: dict[str, Any] = {"added_on": BEFORE, "reorder_level": None}
    await add(
        here,
        product_of(here, 1, added_on=BEFORE, on_hand=4, on_order=1),
        product_of(here, 2, **old, price=Decimal("99999999.9999"), on_hand=1_000_000),
        product_of(here, 3, **old, price=None, on_hand=2),
        product_of(here, 4, **old),
        product_of(here, 5, reorder_level=None),
        product_of(here, 6, added_on=BEFORE, is_discontinued=True, on_hand=0),
        product_of(here, 7, **old, removed_at=NOON),
        product_of(here, 8, added_on=BEFORE, on_hand=3, on_order=20),
    )
    await add(there, product_of(there))
    await line(here, product="SECRET-4")
    await line(here, product="SECRET-2", quantity=Decimal(-1))
    await line(here, product="SECRET-2", business_date=BEFORE)
    async with here.writing() as work:
        for day, back in ((BEFORE, 1), (BEFORE + timedelta(days=1), 1), (TODAY, -1)):
            work.of(LEDGER).write([sold(here, back, number=1, business_date=day)])
    async with here.reading() as work:
        figures = work.of(STOCK_FIGURES)
        found, first = await figures.attention(WEEK, 10), await figures.attention(WEEK, 1)
        sums = await figures.sums(WEEK)
    assert [(one.product.number, one.is_low, one.is_dead, one.sold_on) for one in found] == [
        (8, True, True, None),
        (1, True, True, date(2026, 10, 22)),
        (2, False, True, None),
        (3, False, True, None),
    ]
    assert first == found[:1]
    worth = Decimal("99999999999900.0000") + Decimal("17.50")
    assert sums == AttentionSums(worth, products=4, low=2, to_order=5, dead=4, dead_pieces=1_000_009)


async def test_categories_are_worth_what_is_in_them_whichever_way_they_are_written(here: Place) -> None:
    await add(
        here,
        product_of(here, 1, category="Sauces"),
        product_of(here, 2, category="sauces", on_hand=2),
        product_of(here, 3, price=None),
        product_of(here, 4, category="Tea", on_hand=0),
    )
    async with here.reading() as work:
        found = await work.of(STOCK_FIGURES).categories()
    assert [(name.casefold(), amount) for name, amount in found] == [("sauces", Decimal(30)), ("", Decimal(0))]


async def test_what_was_sold_is_told_without_tax_and_by_what_its_goods_had_cost(here: Place) -> None:
    await add(here, product_of(here, cost=Decimal("0.75")), product_of(here, 2, removed_at=NOON))
    kept: dict[str, Any] = {"cost": Decimal("1.50"), "tax": Decimal("0.40")}
    await line(here, **kept)
    await line(here, **kept, tax_included=True)
    await line(here, quantity=Decimal("0.5"), amount=Decimal(1))
    await line(here, product="SECRET-2", currency="KWD", product_name="")
    await line(here, business_date=BEFORE)
    async with here.reading() as work:
        found = sorted(await work.of(STOCK_FIGURES).sold(WEEK), key=lambda one: one.product)
        everything = await work.of(STOCK_FIGURES).sold(ALL)
    none = Decimal(0)
    assert found == [
        SoldGoods(
            *("SECRET", "Secret sauce", "EUR", Decimal("9.60"), Decimal(3), Decimal(1), Decimal("0.5"), 3),
            cost_now=Decimal("0.75"),
        ),
        SoldGoods("SECRET-2", "", "KWD", none, none, Decimal(5), Decimal(2), 1, None),
    ]
    assert sum(one.lines for one in everything) == 5
