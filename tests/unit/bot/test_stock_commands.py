"""`/stock`, as people type it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from core.chat.reply import Cell
from core.chat.request import Attachment, Request
from core.chat.spec import Answer
from core.chat.text import plain
from core.sales.model import SaleLine
from core.sales.repository import SALES
from tests.unit.bot.sample_area import NOW
from tests.unit.bot.stage import Stage, button, field_of, refused, said, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        yield made


async def worth(stage: Stage) -> str:
    return str(field_of(await stage.type("/stock value"), "value"))


async def rows(stage: Stage, line: str) -> list[tuple[Cell, ...]]:
    return [row.cells for table in (await stage.type(line)).tables for row in table.rows]


async def names(stage: Stage, line: str) -> list[Cell]:
    return [row[1] for row in await rows(stage, line)]


async def lines(stage: Stage) -> list[SaleLine]:
    async with stage.parts.storage.workspace(1).read() as work:
        return [line async for some in work.of(SALES).between(NOW.date(), NOW.date()) for line in some]


async def test_a_shop_knows_what_its_goods_are_worth(stage: Stage) -> None:
    assert await said(stage, "/stock add Apples 50 0.50") == "Owner added APPLES Apples: 50 at 0.50 EUR."
    await stage.type("/stock add Bananas 30 0.30")
    assert await worth(stage) == "34.00"
    await stage.type("/stock price apples 0.60")
    assert await said(stage, "/stock sell apples 20") == "Owner sold 20 × APPLES Apples for 12.00 EUR. 30 left."
    assert await worth(stage) == "27.00"


async def test_what_the_stock_cost_is_told_as_far_as_it_is_known(stage: Stage) -> None:
    await stage.type("/stock add Apples 50 0.50")
    assert (await said(stage, "/stock value")).splitlines()[-1] == "What it cost is not known."
    await stage.type("/stock add Pears 10 0.50 cost:0.20")
    assert (await said(stage, "/stock value")).splitlines()[-1] == "It cost 2.00 EUR (not known of 1 product)."


async def test_more_than_there_is_can_not_be_sold_and_nothing_changes(stage: Stage) -> None:
    await stage.type("/stock add Apples 5 0.50")
    problem = await refused(stage, "/stock sell apples 6")
    message, at = problem.message, problem.field
    assert message == "Only 5 of Apples are left, so nothing was changed: `quantity` can't be 6."
    assert at == "quantity"
    assert await said(stage, "/stock sell apples 5") == "Owner sold 5 × APPLES Apples for 2.50 EUR. None left."
    assert (await refused(stage, "/stock sell apples 1")).message.startswith("No Apples left")
    assert await names(stage, "/stock list") == ["Apples"], "a product at 0 stays"
    assert await names(stage, "/stock list in-stock") == []


@pytest.mark.parametrize("line", ["/stock add apples 30 0.70", '/stock add "Other apples" 30 0.70 sku:APPLES'])
async def test_what_is_there_already_is_offered_to_be_restocked(stage: Stage, line: str) -> None:
    await stage.type("/stock add Apples 50 0.50")
    reply = await stage.type(line)
    assert reply.problem is not None
    assert reply.problem.message == "There is Apples (APPLES) already: 50 left at 0.50 EUR."
    back = await stage.press(button(reply, "Restock by 30"))
    assert plain(back.text) == "Owner restocked APPLES Apples by 30: 80 now."
    assert len(await rows(stage, "/stock list")) == 1


async def test_a_product_goes_by_its_sku_its_name_or_its_number(stage: Stage) -> None:
    await stage.type("/stock add Green tea 20 4.80 sku:TEA-1")
    for word in ("TEA-1", "tea-1", "green tea", '"Green Tea"', "#1", "1"):
        assert field_of(await stage.type(f"/stock show {word}"), "sku") == "TEA-1", word
    assert (await refused(stage, "/stock sell coffee 1")).message == "There is no product “coffee”."
    offered = await stage.product.application.complete(stage.request(), "/stock sell gre", 15)
    assert [(one.label, one.detail, one.insert) for one in offered] == [("TEA-1", "Green tea", "TEA-1 ")]
    assert field_of(await stage.type("/stock show TEA-1"), "added") == "2026-11-20"


async def test_what_is_called_otherwise_is_asked_about_with_a_button_for_each_that_may_be_meant(stage: Stage) -> None:
    for made in ('"Green tea" 20 4.80 sku:TEA-1', '"Tea pot" 3 19.90 sku:POT', '"Apples" 50 0.50 sku:APL'):
        await stage.type(f"/stock add {made}")
    reply = await stage.type("/stock sell tea 2")
    assert reply.problem is not None
    assert reply.problem.message == "There is no product “tea”."
    assert reply.problem.hint == "Did you mean “Green tea” or “Tea pot”?"
    assert "sold 2 × TEA-1" in plain((await stage.press(button(reply, "Green tea"))).text)
    misspelt = await stage.type("/stock sell aples 3")
    assert [action.label for action in misspelt.actions] == ["Apples"]
    assert "sold 3 × APL" in plain((await stage.press(misspelt.actions[0])).text)
    assert [one.label for one in (await stage.type("/stock sell grene 1")).actions] == ["Green tea"]
    assert (await stage.type("/stock sell coffee 1")).actions == ()


@pytest.mark.parametrize("price", ["30 EUR", "30 eur", "30EUR", "30€", "€30", "30.00 EUR"])
async def test_a_price_may_be_written_with_the_currency_of_the_workspace(stage: Stage, price: str) -> None:
    assert (await said(stage, f"/stock add Yellow lamp 1 {price}")).endswith("1 at 30.00 EUR.")
    assert "costs 31.00 EUR" in await said(stage, "/stock price yellow lamp 31 EUR")
    assert await names(stage, f"/stock list min:{price}") == ["Yellow lamp"]
    message = (await refused(stage, "/stock price yellow lamp 30 USD")).message
    assert message == "`price` is in EUR here, so it can't be “30 USD”."


async def test_a_word_that_is_a_currency_may_end_a_name(stage: Stage) -> None:
    assert (await said(stage, "/stock add Doll all 5 2")).startswith("Owner added DOLL-ALL Doll all: 5 at")
    assert (await said(stage, "/stock add Coin 2 EUR 5 2")).startswith("Owner added COIN-2-EUR Coin 2 EUR: 5 at")
    assert (await refused(stage, "/order discount 10€")).field == "percent"
    assert (await refused(stage, "/stock price coin 2 eur 10%")).field == "price"


async def test_how_many_may_come_first_as_people_say_it(stage: Stage) -> None:
    for made in ("Green apples 50 0.50", '"7 Up" 20 1.20', '"1984" 5 9.90'):
        await stage.type(f"/stock add {made}")
    assert "sold 3 × GREEN-APPLES" in await said(stage, "/stock sell 3 green apples")
    assert "restocked GREEN-APPLES Green apples by 10" in await said(stage, "/stock restock 10 green apples")
    assert "costs 0.60 EUR now" in await said(stage, "/stock price 0.60 green apples")
    assert "sold 2 × 7-UP 7 Up" in await said(stage, "/stock sell 7 up 2")
    assert "sold 1 × 1984" in await said(stage, "/stock sell 1984 1")
    assert (await refused(stage, "/stock sell 1984")).message == "`quantity` is missing."


async def test_a_form_begins_with_amounts_as_people_write_them(stage: Stage) -> None:
    await stage.type("/stock add Apples 50 0.50 cost:20 weight:200g")
    request = replace(stage.request("/stock edit apples"), ask=True)
    form = await stage.product.application.filled(request, stage.product.application.plan(request))
    assert form is not None
    assert {one.name: one.value for one in form.fields if one.name in ("cost", "weight")} == {
        "cost": "20",
        "weight": "0.2 kg",
    }


async def test_a_name_may_have_several_words_and_numbers(stage: Stage) -> None:
    await stage.type("/stock add Cola 330 20 1.20")
    assert await said(stage, "/stock sell cola 330 2") == "Owner sold 2 × COLA-330 Cola 330 for 2.40 EUR. 18 left."
    assert "by -1 (fell down)" in await said(stage, '/stock adjust "cola 330" -1 fell down')
    assert "by +2 (found): 19 now" in await said(stage, '/stock adjust "cola 330" +2 found')
    assert "by -1: 18 now" in await said(stage, '/stock adjust "cola 330" −1')


async def test_products_are_listed_by_category_and_price(stage: Stage) -> None:
    for line in ("A 1 29.99 category:electronics", "B 1 49.99 category:Electronics", "C 1 19.99 category:books"):
        await stage.type(f"/stock add {line}")
    assert plain((await stage.type("/stock list")).text) == "3 products."
    assert await names(stage, "/stock list category:electronics") == ["A", "B"]
    assert await names(stage, "/stock list min:30") == ["B"]
    assert await names(stage, "/stock list max:29.99") == ["A", "C"]
    assert await said(stage, "/stock list min:50") == "No product fits that. All there are: /stock list"


async def test_a_long_list_has_pages_by_name(stage: Stage) -> None:
    for number in range(12):
        await stage.type(f'/stock add "Thing {number:02}" 1 1')
    first = await stage.type("/stock list")
    assert plain(first.text) == "1–10 of 12 products."
    second = await stage.press(button(first, "Next"))
    assert [row.cells[1] for table in second.tables for row in table.rows] == ["Thing 10", "Thing 11"]


async def test_a_sale_is_a_line_of_its_day_and_so_is_what_takes_it_back(stage: Stage) -> None:
    await stage.type("/stock add Apples 50 0.50")
    sold = await stage.type("/stock sell apples 3")
    assert plain((await stage.press(button(sold, "Undo"))).text).endswith("3 × APPLES Apples back: 50 now.")
    found = await lines(stage)
    assert [(line.product, line.quantity, line.amount, line.source) for line in found] == [
        ("APPLES", Decimal(3), Decimal("1.5"), "stock"),
        ("APPLES", Decimal(-3), Decimal("-1.5"), "stock"),
    ]
    entries = await rows(stage, "/stock history apples")
    assert [row[2:5] for row in entries] == [("Sale", 3, "undo of 2"), ("Sale", -3, ""), ("Restock", 50, "")]
    again = await stage.press(button(sold, "Undo"))
    assert await rows(stage, "/stock history apples") == entries
    assert again.problem is None, "a button pressed twice answers the same"
    assert field_of(await stage.type("/stock show apples"), "on_hand") == 50


async def test_a_restock_that_was_sold_since_is_not_taken_back(stage: Stage) -> None:
    await stage.type("/stock add Apples 1 0.50")
    restocked = await stage.type("/stock restock apples 10")
    await stage.type("/stock sell apples 5")
    problem = (await stage.press(button(restocked, "Undo"))).problem
    assert problem is not None
    assert problem.message.startswith("Only 6 of Apples are left")


async def test_what_was_added_is_not_taken_back_once_some_of_it_moved(stage: Stage) -> None:
    added = await stage.type("/stock add Apples 10 0.50")
    await stage.type("/stock sell apples 1")
    problem = (await stage.press(button(added, "Undo"))).problem
    assert problem is not None
    assert "what there is of it" in problem.message


async def test_taking_a_change_back_leaves_the_goods_alone(stage: Stage) -> None:
    await stage.type("/stock add Apples 10 0.50")
    priced = await stage.type("/stock price apples 0.60")
    await stage.type("/stock sell apples 4")
    assert (await stage.press(button(priced, "Undo"))).problem is None
    card = await stage.type("/stock show apples")
    assert (field_of(card, "price"), field_of(card, "on_hand")) == ("0.50", 6)


async def test_the_history_tells_what_goods_came_with(stage: Stage) -> None:
    await stage.type("/stock add Apples 2 0.50")
    await stage.type("/stock restock apples 20 ref:PO-7")
    assert [row[3:5] for row in await rows(stage, "/stock history apples")] == [(20, "PO-7"), (2, "")]


async def test_what_has_come_is_expected_no_more(stage: Stage) -> None:
    await stage.type("/stock add Apples 2 0.50")
    await stage.type("/stock ordered apples 4 by:fri")
    for came, is_expected in ((3, True), (1, False)):
        await stage.type(f"/stock restock apples {came}")
        keys = {one.key for one in (await stage.type("/stock show apples")).fields}
        assert keys & {"on_order", "expected"} == ({"on_order", "expected"} if is_expected else set())


async def test_low_is_what_to_order_less_what_is_on_order(stage: Stage) -> None:
    await stage.type("/stock add Apples 4 0.50 reorder:10")
    await stage.type("/stock add Pears 10 0.50 reorder:10")
    await stage.type("/stock add Plums 11 0.50 reorder:10")
    await stage.type("/stock add Figs 0 0.50 reorder:10")
    await stage.type("/stock edit figs discontinued:yes")
    assert "expected Fri 27 Nov 2026" in await said(stage, "/stock ordered apples 5 by:fri")
    columns = [(row[1], row[2], row[4], row[5]) for row in await rows(stage, "/stock low")]
    assert columns == [("Apples", 4, 5, 1), ("Pears", 10, None, 0)]
    assert (await said(stage, "/stock ordered pears 0")).startswith("Nothing more of PEARS Pears is on order already.")
    await stage.type("/stock restock apples 5")
    assert [row[4] for row in await rows(stage, "/stock low")] == [None, None]
    assert await names(stage, "/stock low 9") == ["Apples"]


@pytest.mark.parametrize(
    ("line", "at", "words"),
    [
        ("/stock sell apples 0", "quantity", "1 or more, not 0"),
        ("/stock sell apples -2", "quantity", "1 or more, not -2"),
        (
            "/stock adjust apples -6",
            "change",
            "Only 5 of Apples are left, so nothing was changed: `change` can't be -6",
        ),
        ("/stock sell apples 99999999999999999999", "quantity", "whole number of 15 digits at most, not “99999"),
        ("/stock price apples 99999999999999", "price", "has 12 digits at most, and 6 behind the point"),
        ("/stock price apples 1e3", "price", "is a number such as `0.60`, not “1e3”"),
        ("/stock sell apples 1 location:cellar", None, "There is no `location:` here."),
        (f"/stock restock apples 1 reference:{'x' * 65}", "reference", "65 characters; at most 64 fit"),
        ("/stock sell apples 1.5", "quantity", "whole number, not “1.5”"),
        ("/stock restock apples 0", "quantity", "1 or more, not 0"),
        ("/stock restock apples 1000001", "quantity", "1,000,000 at most, not 1,000,001"),
        ("/stock restock apples 1000000", "quantity", "more of Apples than can be kept count of"),
        ("/stock adjust apples 0", "change", "more there are, or fewer, not 0"),
        ("/stock price apples 0", "price", "more than 0, not 0"),
        ("/stock price apples -1", "price", "more than 0, not -1"),
        ("/stock price apples 0.333", "price", "EUR has 2 decimal places, so `price` can't be 0.333"),
        ("/stock price apples 1.234,56", "price", "not “1.234,56”"),
        ("/stock price apples 100000000", "price", "below 100,000,000, not 100,000,000"),
        ("/stock add Nuts -1 2", "quantity", "0 or more, not -1"),
        ("/stock add Nuts 1 2 sku:#1", "sku", "“#1” can't be a SKU"),
        ("/stock add Nuts 1 2 reorder:-1", "reorder", "0 or more, not -1"),
        ("/stock add Nuts 1 2 cost:0.001", "cost", "EUR has 2 decimal places"),
        ("/stock add Nuts 1 2 weight:heavy", "weight", "“heavy” is no weight"),
        ("/stock add Nuts 1 2 dimensions:5", "dimensions", "“5” are no dimensions"),
        (f"/stock add {'x' * 201} 1 2", "name", "201 characters; at most 200 fit"),
        ("/stock edit apples", "product", "Say what to change"),
        ("/stock sell unpriced 1", "product", "has no price yet"),
        ("/stock sell old 1", "product", "is discontinued"),
        ("/stock restock old 1", "product", "is discontinued"),
        ("/stock list min:x", "min", "not “x”"),
    ],
)
async def test_what_can_not_be_is_refused_with_the_field_the_value_and_the_rule(
    stage: Stage, line: str, at: str | None, words: str
) -> None:
    for made in ("Apples 5 0.50", "Unpriced 5 none", "Old 5 1"):
        await stage.type(f"/stock add {made}")
    await stage.type("/stock edit old discontinued:yes")
    before = await rows(stage, "/stock list")
    problem = await refused(stage, line)
    message, found = problem.message, problem.field
    assert words in message
    assert found == at
    assert await rows(stage, "/stock list") == before


async def test_a_currency_without_decimals_has_prices_without(stage: Stage) -> None:
    await stage.type("/qm settings currency:JPY")
    message = (await refused(stage, "/stock add Tea 1 100.5")).message
    assert message == "JPY has no decimal places, so `price` can't be 100.5."
    assert "at 1,200 JPY" in await said(stage, "/stock add Tea 1 1200")


async def test_the_currency_stays_once_there_is_a_price(stage: Stage) -> None:
    changed = await stage.type("/qm settings currency:USD")
    await stage.type("/stock add Tea 1 none")
    await said(stage, "/qm settings currency:CHF")
    await stage.type("/stock price tea 5")
    for reply in (await stage.type("/qm settings currency:EUR"), await stage.press(button(changed, "Undo"))):
        assert reply.problem is not None
    assert (await refused(stage, "/qm settings currency:EUR")).field == "currency"


async def test_what_is_missing_is_asked_for_in_a_form(stage: Stage) -> None:
    await stage.type("/stock add Apples 5 0.50")
    request = replace(stage.request("/stock sell apples"), ask=True)
    plan = stage.product.application.plan(request)
    assert plan.answer is Answer.FORM
    assert plan.form is not None
    assert [one.name for one in plan.form.fields] == ["quantity"]


async def test_who_may_do_what(stage: Stage) -> None:
    await stage.type("/stock add Apples 5 0.50 cost:0.20")
    for name, role in (("mia", "manager"), ("cleo", "clerk"), ("max", "member"), ("gus", "guest")):
        await stage.type("/qm help", by=name)
        await stage.type(f"/user role @{name} {role}")
    assert "only a member can do that" in (await refused(stage, "/stock list", by="gus")).message.lower()
    assert "only a clerk can do that" in (await refused(stage, "/stock sell apples 1", by="max")).message.lower()
    assert "only a manager can do that" in (await refused(stage, "/stock price apples 1", by="cleo")).message.lower()
    await said(stage, "/stock sell apples 1", by="cleo")
    for name, knows in (("mia", True), ("cleo", False), ("max", False)):
        shown = [await stage.type(line, by=name) for line in ("/stock show apples", "/stock value")]
        assert {"cost" in {one.key for one in reply.fields} for reply in shown} == {knows}, name
    await stage.type("/stock edit apples cost:0.25")
    for name, knows in (("mia", True), ("max", False)):
        changes = await stage.type("/stock history apples about:details", by=name)
        assert plain(changes.text) == "2 changes, the newest first."
        seen = [str(cell) for table in changes.tables for row in table.rows for cell in row.cells]
        assert any("0.2" in cell for cell in seen) is knows, name


async def test_a_removed_product_comes_back_with_its_goods(stage: Stage) -> None:
    await stage.type("/stock add Apples 5 0.50")
    removed = await stage.type("/stock remove apples")
    assert (await worth(stage), await names(stage, "/stock list")) == ("0.00", [])
    await stage.press(button(removed, "Undo"))
    assert await worth(stage) == "2.50"


async def test_goods_that_lie_elsewhere_count_but_are_not_sold_from_there(stage: Stage) -> None:
    await stage.type("/stock add Apples 10 0.50")
    moved = await stage.type("/stock transfer apples 7 to:Back room")
    assert plain(moved.text) == (
        "Owner moved 7 × APPLES Apples to Back room.\n3 can be sold from here, 7 are elsewhere."
    )
    message = (await refused(stage, "/stock sell apples 4")).message
    assert message == "Only 3 of Apples are left (7 more elsewhere), so nothing was changed: `quantity` can't be 4."
    card = await stage.type("/stock show apples")
    assert (field_of(card, "on_hand"), field_of(card, "elsewhere"), await worth(stage)) == (10, "Back room: 7", "5.00")
    assert (
        "Only 7 of it are at “Back room”" in (await refused(stage, "/stock transfer apples 8 from:back room")).message
    )
    back = await stage.type("/stock transfer apples 5 from:back room")
    assert (await stage.press(button(moved, "Undo"))).problem is not None, "they are not there any more"
    await stage.press(button(back, "Undo"))
    assert (await stage.press(button(moved, "Undo"))).problem is None
    assert {one.key for one in (await stage.type("/stock show apples")).fields}.isdisjoint({"elsewhere"})
    assert (await refused(stage, "/stock transfer apples 1")).field == "to"


async def test_products_come_from_a_file_and_their_quantities_are_their_first_entries(stage: Stage) -> None:
    await stage.type("/stock add Apples 5 0.50")

    def attached(text: str, line: str = "/stock import mode:good") -> Request:
        async def content() -> AsyncIterator[bytes]:
            yield text.encode()

        return replace(stage.request(line), attachments=(Attachment("p.csv", "text/csv", None, content),))

    handle = stage.product.application.handle
    file = 'name,quantity,price,tags\nPlums,20,0.40,"fresh, blue"\nApples,99,0.70,\nNuts,1.5,2,\nKiwi,1,0.333,\n'
    found = await handle(attached(file))
    assert [row.cells[1:] for row in found.tables[0].rows] == [
        ("quantity", "1.5", "Write a whole number from 0 to 1,000,000."),
        ("price", "0.333", "EUR has 2 decimal places."),
    ]
    assert [(row[1], row[2], row[3]) for row in await rows(stage, "/stock list")] == [
        ("Apples", "0.70", 5),
        ("Plums", "0.40", 20),
    ], "what there is of a known product is not what a file says"
    assert [(row[2], row[3]) for row in await rows(stage, "/stock history plums")] == [("Restock", 20)]
    await stage.press(button(found, "Undo"))
    assert [(row[1], row[2]) for row in await rows(stage, "/stock list")] == [("Apples", "0.50")]


async def test_an_export_can_be_imported_again_and_changes_nothing(stage: Stage) -> None:
    await stage.type('/stock add Apples 5 0.50 cost:0.20 tags:"red, sweet" weight:200g reorder:3 dimensions:8x8x7')
    exported = await stage.type("/stock export")
    assert plain(exported.text) == "1 product."
    checked = await stage.type(f"/stock import file:{exported.files[0].id}")
    assert plain(checked.text).splitlines()[-1] == "1 row: 1 unchanged."


async def test_products_are_found_by_name_tags_and_description(stage: Stage) -> None:
    await stage.type('/stock add "MacBook Pro" 1 1999 tags:"apple, laptop"')
    await stage.type('/stock add "iPad Air" 1 599 tags:"apple, tablet"')
    await stage.type('/stock add "Dell Laptop" 1 899 tags:laptop description:"For children"')
    for line, found in (("MacBook", 1), ("apple", 2), ("laptop", 2), ("CHILDREN dell", 1)):
        assert plain((await stage.type(f"/stock search {line}")).text) == f"{found} product{'s' * (found > 1)}.", line
    await stage.type("/stock edit #3 description:none")
    assert plain((await stage.type("/stock search children")).text).startswith("No product has that")
    await stage.press(button(await stage.type("/stock remove #1"), "Undo"))
    assert await names(stage, "/stock search macbook") == ["MacBook Pro"]


async def test_a_search_says_what_comes_near_and_what_there_is_to_look_for(stage: Stage) -> None:
    await stage.type("/stock add Apples 50 0.50")
    near = await stage.type("/stock search aplpes")
    assert plain(near.text) == "Nothing has all of that. 1 product near it."
    assert [row.cells[1] for table in near.tables for row in table.rows] == ["Apples"]
    assert (await refused(stage, "/stock search ?!")).field == "text"
    assert (await refused(stage, f"/stock search {'x' * 201}")).field == "text"


async def test_what_is_found_has_pages(stage: Stage) -> None:
    for number in range(12):
        await stage.type(f'/stock add "Thing {number:02}" 1 1')
    first = await stage.type('/stock search thing "1')
    assert plain(first.text) == "2 products."
    first = await stage.type("/stock search thing")
    second = await stage.press(button(first, "Next"))
    assert plain(second.text) == "11–12 of 12 products."
    assert [row.cells[1] for table in second.tables for row in table.rows] == ["Thing 10", "Thing 11"]
