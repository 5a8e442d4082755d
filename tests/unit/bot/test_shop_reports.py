"""`/report stock`, `takings` and `margin`, as people type them in a shop that sells."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.chat.reply import Reply, Visibility
from core.chat.text import plain
from core.files.service import file_key
from core.sales.model import SaleLine
from core.sales.repository import SALES
from tests.unit.bot.sample_area import NOW
from tests.unit.bot.stage import Stage, done, field_of, refused, said, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        for line in (
            '"Desk lamp" 10 29.99 sku:A cost:12 reorder:10 category:Lights',
            "Book 5 19.99 sku:B cost:8 category:Paper",
            "Tea 100 10 sku:T",
        ):
            await made.type(f"/stock add {line}")
        for name, role in (("bob", "clerk"), ("max", "member")):
            await made.type("/qm help", by=name)
            await made.type(f"/user role @{name} {role}")
        yield made


def rows(reply: Reply) -> list[tuple[object, ...]]:
    (table,) = reply.tables
    return [row.cells for row in table.rows]


async def imported(stage: Stage, **fields: object) -> None:
    """A line of a sale that came from a file, which does not say what its goods had cost."""
    line = SaleLine(NOW.date(), Decimal(30), Decimal(2), Decimal(15), "EUR", "import", digest="0")
    async with stage.parts.storage.workspace(1).write() as work:
        work.of(SALES).add([replace(line, **fields)])  # type: ignore[arg-type]
        await work.commit()


# --- takings -------------------------------------------------------------------


async def test_takings_are_told_by_method_and_what_went_back_on_its_own_day(stage: Stage) -> None:
    await done(stage, "/order add T 4", "/order checkout", "/order pay 1", "/order add B 1", "/order checkout transfer")
    await done(stage, "/order pay 2", "/order add T 1", "/order checkout", "/order pay 3", "/stock sell T 2")
    stage.clock.moment += timedelta(days=1)
    await done(stage, "/order refund 1 15 confirm:yes")
    today, yesterday = await done(stage, "/report takings"), await done(stage, "/report takings yesterday")
    assert plain(today.text).startswith(
        "Taken Sat 21 Nov 2026: 0.00 EUR in 0 payments; 15.00 EUR given back in 1 refund, which leaves -15.00 EUR."
    )
    assert rows(today) == [("Cash", 0, "0.00", 1, "-15.00", "-15.00")]
    assert plain(yesterday.text) == (
        "Taken Fri 20 Nov 2026: 69.99 EUR in 3 payments.\n"
        "Besides, 20.00 EUR from 1 line was sold without an order, so nobody noted how that was paid.\n"
        "Days are those of Europe/Berlin."
    )
    assert rows(yesterday) == [
        ("Cash", 2, "50.00", 0, "0.00", "50.00"),
        ("Bank transfer", 1, "19.99", 0, "0.00", "19.99"),
    ]
    (chart,) = yesterday.charts
    assert (chart.labels, chart.unit, chart.series[0].values) == (("Cash", "Bank transfer"), "EUR", (50.0, 19.99))
    both = await done(stage, "/report takings this week")
    assert (field_of(both, "total"), field_of(both, "cash")) == ("54.99", "35.00")


async def test_takings_are_of_the_days_of_the_workspace_and_a_payment_that_is_undone_goes_back(stage: Stage) -> None:
    await done(stage, "/qm settings zone:Asia/Tokyo", "/order add T 4", "/order checkout")
    stage.clock.moment += timedelta(hours=6)
    paid = await done(stage, "/order pay 1")
    assert "Sat 21 Nov 2026: 40.00 EUR in 1 payment." in await said(stage, "/report takings")
    await stage.press(next(one for one in paid.actions if one.label == "Undo"))
    assert rows(await done(stage, "/report takings")) == [("Cash", 1, "40.00", 1, "-40.00", "0.00")]
    nothing = await done(stage, "/report takings 2010")
    assert (plain(nothing.text), nothing.is_empty) == ("Nothing was taken or given back 2010.", True)


async def test_what_has_no_rows_is_told_and_is_no_file(stage: Stage) -> None:
    await done(stage, "/stock edit A reorder:none", "/stock sell T 1")
    for name, told in (("takings", "sold without an order"), ("stock", "Nothing is low.")):
        found = await done(stage, f"/report export {name}")
        assert (found.files, found.tables) == ((), ())
        assert told in plain(found.text)


# --- stock ---------------------------------------------------------------------


async def test_the_report_on_stock_tells_what_it_is_worth_what_is_low_and_what_is_dead(stage: Stage) -> None:
    await done(stage, "/stock sell A 4", "/stock ordered A 1", "/order add A 1", "/order checkout")
    stage.clock.moment += timedelta(days=100)
    await done(stage, "/stock add New 3 5 sku:N", "/stock sell T 1")
    found = await done(stage, "/report stock")
    assert plain(found.text).splitlines() == [
        "The stock is worth 1,284.89 EUR (113 pieces of 4 products).",
        "1 product is low, 4 pieces to order.",
        "2 products lay there Dec 2026 – Feb 2027 and sold nothing: 11 pieces, worth 279.89 EUR.",
        "Days are those of Europe/Berlin.",
    ]
    assert rows(found) == [
        ("Desk lamp", "A", "Lights", "low, not sold", 6, 5, 4, "179.94", "2026-11-20"),
        ("Book", "B", "Paper", "not sold", 5, 5, None, "99.95", None),
    ]
    assert [field_of(found, key) for key in ("value", "low", "to_order", "dead", "dead_value")] == [
        *("1284.89", 1, 4, 2, "279.89"),
    ]
    (chart,) = found.charts
    assert chart.labels == ("no category", "Lights", "Paper")
    assert "The first 1 of 2 products." in plain((await done(stage, "/report stock top:1")).tables[0].note)
    assert "something was sold" in await said(stage, "/report stock all"), "nothing lay there before all days"


async def test_goods_that_a_file_says_were_sold_are_not_dead_and_where_nothing_is_there_is_nothing_to_tell(
    stage: Stage,
) -> None:
    stage.clock.moment += timedelta(days=100)
    await imported(stage, business_date=NOW.date() + timedelta(days=99), product="B")
    assert [row[1] for row in rows(await done(stage, "/report stock"))] == ["A", "T"]
    for sku in "ABT":
        await done(stage, f"/stock remove {sku}")
    assert (await done(stage, "/report stock")).is_empty


# --- margin --------------------------------------------------------------------


async def test_a_margin_is_told_from_what_goods_had_cost_when_they_were_sold(stage: Stage) -> None:
    await done(stage, "/order terms tax:8 mode:included", "/stock sell A 2")
    await done(stage, "/order add B 2", "/order add T 1", "/order checkout", "/order pay 1")
    await done(stage, "/stock edit A cost:20", "/stock edit B cost:1", "/order return 1 B 1", "/stock sell A 1")
    await imported(stage, product="A")
    await imported(stage, product="gone", amount=Decimal(7))
    await imported(stage, product="A", currency="USD")
    found = await done(stage, "/report margin")
    # 59.98 - 24, 29.99 - 20 and 30.00 - 40; of the books 37.02 without the tax in it, less 8 for the one that stayed.
    assert rows(found) == [
        ("A", "Desk lamp", "EUR", "35.97", 30.0, "119.97", "84.00", "30.00", None),
        ("B", "Book", "EUR", "29.02", 78.4, "37.02", "8.00", None, None),
        ("T", "Tea", "EUR", "0.00", None, "0.00", "0.00", None, "9.26"),
        ("gone", None, "EUR", "0.00", None, "0.00", "0.00", None, "7.00"),
        ("A", None, "USD", "0.00", None, "0.00", "0.00", None, "30.00"),
    ]
    assert plain(found.text).splitlines()[:3] == [
        "Earned all days: 64.99 EUR (41.4 %) of 156.99 EUR in sales, whose goods had cost 92.00 EUR.",
        "Of 30.00 EUR in sales it was not kept what the goods had cost: what they cost now counts.",
        "Left out: 16.26 EUR in sales of goods whose cost is not known.",
    ]
    assert [field_of(found, key) for key in ("margin_eur", "by_now_eur", "unknown_usd")] == ["64.99", "30.00", "30.00"]
    assert [chart.unit for chart in found.charts] == ["EUR", "USD"]
    assert "The first 1 in each currency of 4 products." in plain(
        (await done(stage, "/report margin 1")).tables[0].note
    )


async def test_a_sale_that_is_undone_and_a_refund_leave_nothing_of_their_margin(stage: Stage) -> None:
    sold = await done(stage, "/stock sell A 2")
    await stage.press(next(one for one in sold.actions if one.label == "Undo"))
    await done(stage, "/order add B 2", "/order checkout", "/order pay 1", "/order cancel 1")
    await done(stage, "/order refund 1 confirm:yes")
    found = await done(stage, "/report margin")
    assert [row[2:] for row in rows(found)] == 2 * [("0.00", None, "0.00", "0.00", None, None)]


async def test_a_margin_is_for_managers_alone_whichever_way_it_is_asked_for(stage: Stage) -> None:
    await done(stage, "/stock sell A 2")
    found = await done(stage, "/report margin")
    assert found.visibility is Visibility.PRIVATE
    assert (await done(stage, "/report stock")).visibility is Visibility.CHANNEL
    lines = ("/report margin", "/report export margin", '/report schedule margin "weekdays 9:00"')
    for line in lines:
        assert (await refused(stage, line, by="bob")).code == "forbidden"
    await done(stage, lines[2])
    await done(stage, '/report schedule sales "weekdays 9:00"', by="bob")
    assert (await refused(stage, "/report change 2 report:margin", by="bob")).code == "forbidden"
    (file,) = (await done(stage, lines[1])).files
    content = b"".join([piece async for piece in stage.parts.files.read(file_key(1, file.id))]).decode("utf-8-sig")
    assert content.splitlines() == [
        "product,name,margin,percent,sales,cost,by_now,unknown",
        "A,Desk lamp,35.98,60.0,59.98,24.00,,",
    ]


async def test_a_margin_that_a_manager_scheduled_comes_into_the_channel_that_they_chose(stage: Stage) -> None:
    await done(stage, "/stock sell A 2", '/report schedule margin "weekdays 9:00"')
    asked = stage.request("/report margin")
    told = await stage.product.application.handle(replace(asked, zone="Europe/Berlin"))
    assert told.visibility is Visibility.CHANNEL
