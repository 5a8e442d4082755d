"""`/stock count` and `/stock scan`: what is there is counted by several people while the shop sells on."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.chat.reply import Cell, Reply
from tests.unit.bot.stage import Stage, button, done, field_of, refused, said, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        await done(made, "/stock add Apples 10 0.50 category:fruit", "/stock add Pears 5 0.50 category:Fruit")
        await done(made, "/stock add Tea 7 4.80 sku:4006381333931", "/stock add Cups 0 2")
        yield made


async def on_hand(stage: Stage, product: str) -> Cell:
    return field_of(await done(stage, f"/stock show {product}"), "on_hand")


def rows(reply: Reply) -> list[tuple[Cell, ...]]:
    return [row.cells[1:] for table in reply.tables for row in table.rows]


async def test_each_scan_is_one_more_a_quantity_so_many_and_a_mistype_is_mended(stage: Stage) -> None:
    await done(stage, "/stock count start")
    assert await said(stage, "/stock scan 4006381333931") == "4006381333931 Tea: 1 counted (+1)."
    assert await said(stage, "/stock scan tea 5") == "4006381333931 Tea: 6 counted (+5)."
    assert await said(stage, "/stock scan tea -2") == "4006381333931 Tea: 4 counted (-2)."
    assert await said(stage, "/stock scan tea exactly:12") == "4006381333931 Tea: 12 counted (+8)."
    last = await done(stage, "/stock scan tea 3")
    await done(stage, "/stock scan tea")
    await stage.press(button(last, "Undo"))
    assert field_of(await done(stage, "/stock scan tea 0"), "counted") == 13, "what others counted since stays"
    assert (await refused(stage, "/stock scan tea -14")).field == "quantity"


async def test_what_moves_meanwhile_is_no_difference(stage: Stage) -> None:
    await done(stage, "/stock count start", "/stock sell apples 2", "/stock scan apples 8", "/stock sell apples 3")
    await done(stage, "/stock scan pears 5", "/stock restock pears 4")
    shown = await done(stage, "/stock count")
    assert [field_of(shown, key) for key in ("products", "pieces", "differing", "missing")] == [2, 13, 0, 1]
    await done(stage, "/stock sell tea 1", "/stock scan tea 4")
    shown = await done(stage, "/stock count")
    assert rows(shown) == [("Tea", 7, -1, 4, -2)]
    posted = await done(stage, "/stock count post")
    assert [await on_hand(stage, name) for name in ("apples", "pears", "tea")] == [5, 9, 4]
    kinds = [row.cells[2:4] for row in (await done(stage, "/stock history tea")).tables[0].rows]
    assert kinds == [("Count", -2), ("Sale", -1), ("Restock", 7)]
    await stage.press(button(posted, "Undo"))
    assert await on_hand(stage, "tea") == 6
    await done(stage, "/stock scan tea")
    assert rows(await done(stage, "/stock count")) == [("Tea", 7, -1, 5, -1)], "it goes on"


async def test_what_was_not_counted_is_said_and_stays_unless_there_is_to_be_none(stage: Stage) -> None:
    await done(stage, "/stock count start category:fruit", "/stock scan apples 9")
    posted = await done(stage, "/stock count post")
    assert "1 product not counted stays as it was." in str(posted.text)
    assert await on_hand(stage, "pears") == 5
    await stage.press(button(posted, "Undo"))
    posted = await done(stage, "/stock count post missing:zero")
    assert "6 fewer than expected, of 2 products" in str(posted.text)
    assert [await on_hand(stage, name) for name in ("apples", "pears", "tea")] == [9, 0, 7]


async def test_two_who_count_the_same_at_once_both_count(stage: Stage) -> None:
    await done(stage, "/stock count start")
    await asyncio.gather(*(stage.product.application.handle(stage.request("/stock scan apples 2")) for _ in range(10)))
    assert field_of(await done(stage, "/stock scan apples"), "counted") == 21


async def test_one_stock_take_at_a_time_counts_the_same(stage: Stage) -> None:
    fruit = await done(stage, "/stock count start category:fruit")
    assert "fruit goes on" in (await refused(stage, "/stock count start")).message
    assert "fruit goes on" in (await refused(stage, "/stock count start category:FRUIT")).message
    assert "not of it" in (await refused(stage, "/stock scan tea")).message
    await done(stage, "/stock edit tea category:drinks", "/stock count start category:drinks", "/stock scan tea")
    listed = await done(stage, "/stock count")
    assert [row.cells[0] for row in listed.tables[0].rows] == ["fruit", "drinks"]
    assert (await refused(stage, "/stock count cancel")).message == "Several stock-takes go on."
    cancelled = await done(stage, "/stock count cancel category:drinks")
    await stage.press(button(fruit, "Undo"))
    await done(stage, "/stock count start")
    problem = (await stage.press(button(cancelled, "Undo"))).problem
    assert problem is not None
    assert "everything goes on" in problem.message


async def test_what_lies_elsewhere_is_counted_there(stage: Stage) -> None:
    await done(stage, "/stock transfer apples 6 to:cellar", "/stock count start location:Cellar", "/stock count start")
    assert (await refused(stage, "/stock scan apples")).message == "Several stock-takes go on."
    await done(stage, "/stock scan apples 5 location:cellar", "/stock transfer apples 1 to:cellar")
    await done(stage, "/stock count post location:cellar", "/stock scan apples 4", "/stock count post")
    shown = await done(stage, "/stock show apples")
    assert (field_of(shown, "on_hand"), field_of(shown, "elsewhere")) == (10, "cellar: 6")
    assert (await refused(stage, "/stock count start location:attic")).field == "location"


async def test_fewer_than_are_reserved_can_not_be_posted(stage: Stage) -> None:
    await done(stage, "/order add apples 8", "/order checkout", "/stock count start", "/stock scan apples 7")
    problem = await refused(stage, "/stock count post")
    assert "Fewer of Apples were counted than are set aside (8 reserved" in problem.message
    assert await on_hand(stage, "apples") == 10
    await done(stage, "/order cancel 1", "/stock count post")
    assert await on_hand(stage, "apples") == 7


async def test_what_went_since_it_was_counted_is_no_more_than_was_counted(stage: Stage) -> None:
    await done(stage, "/stock count start", "/stock scan apples 3", "/stock sell apples 9")
    assert (await refused(stage, "/stock count post")).message == (
        "More of Apples went since it was counted than were counted, so nothing was posted."
    )
    await done(stage, "/stock scan apples exactly:1", "/stock count post")
    assert await on_hand(stage, "apples") == 1


@pytest.mark.parametrize("line", ["/stock count post", "/stock count cancel", "/stock scan apples"])
async def test_without_a_stock_take_there_is_nothing_to_do(stage: Stage, line: str) -> None:
    assert "`/stock count start`" in (await refused(stage, line)).hint


async def test_clerks_count_and_managers_begin_and_end(stage: Stage) -> None:
    await stage.type("/task list", by="bob")
    await done(stage, "/user role @bob clerk")
    assert (await refused(stage, "/stock count start", by="bob")).code == "forbidden"
    await done(stage, "/stock count start")
    assert (await refused(stage, "/stock count post")).message == "Nothing is counted yet."
    await done(stage, "/stock scan apples 9", "/stock count", by="bob")
    for step in ("post", "cancel"):
        assert (await refused(stage, f"/stock count {step}", by="bob")).code == "forbidden"


async def test_an_undo_of_the_only_scan_leaves_a_product_uncounted(stage: Stage) -> None:
    await done(stage, "/stock count start")
    scan = await done(stage, "/stock scan apples 3")
    await stage.press(button(scan, "Undo"))
    assert field_of(await done(stage, "/stock count"), "products") == 0


async def test_the_form_of_a_scan_is_filled_in_over_and_over(stage: Stage) -> None:
    form = (await stage.type("/stock scan")).form
    assert form is not None
    assert (form.repeats, form.fields[0].name) == (True, "product")
