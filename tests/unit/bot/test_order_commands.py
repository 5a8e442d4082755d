"""`/order`, as people type it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.chat.reply import Cell, Visibility
from core.chat.text import plain
from core.files.service import file_key
from core.sales.model import SaleLine
from core.sales.repository import SALES
from tests.support.fitting import misfits
from tests.unit.bot.sample_area import NOW
from tests.unit.bot.stage import Stage, button, done, field_of, refused, said, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        for line in ('"Desk lamp" 10 29.99 sku:A', "Book 5 19.99 sku:B", "Tea 100 10 sku:T"):
            await made.type(f"/stock add {line}")
        for name, role in (("bob", "clerk"), ("max", "member")):
            await made.type("/qm help", by=name)
            await made.type(f"/user role @{name} {role}")
        yield made


async def total(stage: Stage, line: str = "/order cart") -> str:
    return str(field_of(await done(stage, line), "total"))


async def left(stage: Stage, sku: str) -> tuple[Cell, Cell]:
    """How much of a product can be had, and how much there is."""
    shown = await done(stage, f"/stock show {sku}")
    return field_of(shown, "available"), field_of(shown, "on_hand")


async def lines(stage: Stage) -> list[SaleLine]:
    async with stage.parts.storage.workspace(1).read() as work:
        return [line async for some in work.of(SALES).between(NOW.date(), NOW.date()) for line in some]


async def test_a_cart_becomes_an_order_that_is_paid_and_cancelled(stage: Stage) -> None:
    await done(stage, "/order terms tax:8 mode:added", "/order add A 2", "/order add B 1")
    cart = await done(stage, "/order cart")
    assert [field_of(cart, key) for key in ("subtotal", "tax", "total")] == ["79.97", "6.40", "86.37"]
    placed = await done(stage, "/order checkout")
    assert plain(placed.text).startswith(
        "Owner placed order #1: 3 pieces of 2 products for 86.37 EUR, to be paid by cash"
    )
    assert placed.visibility is Visibility.CHANNEL
    assert (await left(stage, "A"), await left(stage, "B")) == ((8, 10), (4, 5))
    paid = await stage.press(button(placed, "Paid: Cash"))
    assert plain(paid.text) == "Order #1 is paid: 86.37 EUR (cash). Receipt 1."
    assert (await left(stage, "A"), await left(stage, "B")) == ((8, 8), (4, 4))
    assert [(line.product, line.amount, line.tax, line.source) for line in await lines(stage)] == [
        ("A", Decimal("59.98"), Decimal("4.80"), "order"),
        ("B", Decimal("19.99"), Decimal("1.60"), "order"),
    ]
    cancelled = await said(stage, "/order cancel 1")
    assert "Its goods are back in stock." in cancelled
    assert "86.37 EUR was paid and not given back yet" in cancelled
    assert (await left(stage, "A"), await left(stage, "B")) == ((10, 10), (5, 5))
    assert (await refused(stage, "/order pay 1")).message == ("`order` #1 is cancelled, so that can't be done with it.")


@pytest.mark.parametrize(
    ("added", "sum_"),
    [
        (("/order add T 2", "/order add A 1"), "49.99"),
        (("/order add T 1", "/order add T 1"), "20.00"),
        (("/order add T 2", "/order add V 1"), "40.00"),
        (("/order add T 3", "/order add V 2"), "70.00"),
    ],
)
async def test_a_cart_adds_up(stage: Stage, added: tuple[str, ...], sum_: str) -> None:
    await done(stage, "/stock add Vase 10 20 sku:V", *added)
    assert await total(stage) == sum_


async def test_a_cart_belongs_to_a_person(stage: Stage) -> None:
    await done(stage, "/order add T 1")
    assert "empty" in await said(stage, "/order cart", by="bob")


async def test_goods_are_taken_out_again_and_every_step_is_taken_back(stage: Stage) -> None:
    added = await done(stage, "/order add T 3")
    await done(stage, "/order take T 1")
    assert await total(stage) == "20.00"
    assert (await stage.press(button(added, "Undo"))).problem is not None, "something was done since"
    taken = await done(stage, "/order take T")
    assert "Your cart is empty now" in plain(taken.text)
    await stage.press(button(taken, "Undo"))
    assert await total(stage) == "20.00"
    assert (await refused(stage, "/order take A")).message == "`product` #1 is not in your cart."
    assert "only 2 of Tea" in (await refused(stage, "/order take T 5")).message


@pytest.mark.parametrize(
    ("percent", "expected"), [("10", "90.00"), ("0", "100.00"), ("100", "0.00"), ("12.5", "87.50")]
)
async def test_a_discount_is_taken_off_all_of_it(stage: Stage, percent: str, expected: str) -> None:
    await done(stage, "/order add T 10", "/order discount 5", f"/order discount {percent}")
    assert await total(stage) == expected


@pytest.mark.parametrize("percent", ["-1", "100.01", "101", "1.234"])
async def test_a_discount_goes_from_0_to_100(stage: Stage, percent: str) -> None:
    await done(stage, "/order add T 1")
    assert (await refused(stage, f"/order discount {percent}")).message == (
        f"`percent` goes from 0 to 100 with 2 decimal places at most, not {percent}."
    )


@pytest.mark.parametrize(
    ("quantity", "percent", "expected"),
    [(10, 10, "90.00"), (5, 10, "45.00"), (5, 20, "40.00"), (10, 0, "100.00"), (10, 100, "0.00")],
)
async def test_a_discount_on_a_product_is_taken_off_its_line(
    stage: Stage, quantity: int, percent: int, expected: str
) -> None:
    await done(stage, f"/order add T {quantity}", "/order discount 5 product:T")
    told = await said(stage, f"/order discount {percent} product:T")
    assert told.startswith(f"{percent} % off Tea." if percent else "There is no discount on Tea any more.")
    assert await total(stage) == expected


async def test_percentages_and_amounts_may_have_their_signs(stage: Stage) -> None:
    await done(stage, "/order code SPRING 15%", "/order terms tax:8% mode:added shipping:4.90€", "/order add T 1")
    assert (await said(stage, "/order discount 10 %")).startswith("10 % off your cart.")
    cart = await done(stage, "/order cart")
    assert [field_of(cart, key) for key in ("tax", "shipping", "total")] == ["0.72", "4.90", "14.62"]
    await done(stage, "/order checkout", "/order pay 1", "/order refund 1 2.50 EUR confirm:yes")
    assert field_of(await done(stage, "/order show 1"), "refunded") == "-2.50"


async def test_a_discount_may_be_on_one_product_and_a_code_on_all(stage: Stage) -> None:
    await done(stage, "/order code summer 10", "/order add T 5", "/order add B 1", "/order discount 50 product:T")
    assert await total(stage) == "44.99"
    assert (await said(stage, "/order redeem Summer")).startswith("10 % off your cart with SUMMER.")
    assert await total(stage) == "42.99", "the larger one counts on each line, 2.00 off the book"
    assert (await refused(stage, "/order redeem WINTER")).message == "There is no discount code “WINTER”."
    assert (await refused(stage, "/order code WINTER")).message == "There is no discount code “WINTER”."
    await done(stage, "/order code SUMMER 0")
    assert "No codes" in await said(stage, "/order code")


async def test_more_than_there_is_can_not_be_put_in_and_the_last_piece_is_had_once(stage: Stage) -> None:
    assert (await refused(stage, "/order add A 11")).message == (
        "Only 10 of Desk lamp are left, so nothing was changed: `quantity` can't be 11."
    )
    await done(stage, "/order add A 6")
    more = await refused(stage, "/order add A 5")
    assert more.message == (
        "Only 10 of Desk lamp are left, so nothing was changed: `quantity` can't be 5 beside the 6 in your cart."
    )
    assert more.hint.startswith("Take 4 or fewer, or `/stock restock #1 1`")
    await done(stage, "/order add A 4")
    await done(stage, "/order add A 6", by="bob")
    await done(stage, "/order checkout")
    late = await refused(stage, "/order checkout", by="bob")
    assert late.message == "Order #2 is not checked out: only 0 of Desk lamp are left, and 6 are in it."
    assert late.hint == "It is still your cart."
    shown = await done(stage, "/order show 2", by="bob")
    assert field_of(shown, "status") == "Could not be checked out (insufficient stock)"
    failed = await done(stage, "/order list failed")
    assert [row.cells[0] for table in failed.tables for row in table.rows] == [2]
    await done(stage, "/stock restock A 1")
    assert "only 1 of Desk lamp is left, and 6 are" in (await refused(stage, "/order checkout", by="bob")).message
    await done(stage, "/order cancel 1")
    assert "placed" in await said(stage, "/order checkout", by="bob")


async def test_a_cart_whose_prices_changed_is_told_of_before_it_is_an_order(stage: Stage) -> None:
    await done(stage, "/order add T 2", "/stock price T 12")
    assert "it comes to 24.00 EUR now, not 20.00 EUR" in (await refused(stage, "/order checkout")).message
    assert "for 24.00 EUR" in await said(stage, "/order checkout")


async def test_what_is_not_set_aside_is_not_paid(stage: Stage) -> None:
    assert (await refused(stage, "/order checkout")).message == "Your cart is empty here."
    await done(stage, "/order add T 1")
    assert (
        await refused(stage, "/order pay 1")
    ).message == "`order` #1 is still a cart, so that can't be done with it."
    for quantity in ("0", "-1"):
        assert "1 or more" in (await refused(stage, f"/order add T {quantity}")).message


async def test_a_payment_is_taken_back_and_the_order_waits_again(stage: Stage) -> None:
    await done(stage, "/order add T 4", "/order checkout transfer")
    paid = await done(stage, "/order pay 1")
    assert "bank transfer" in plain(paid.text)
    await stage.press(button(paid, "Undo"))
    assert await left(stage, "T") == (96, 100)
    assert sum(line.amount for line in await lines(stage)) == 0
    assert "Receipt 1" in await said(stage, "/order pay 1 cash")


async def test_a_cancelled_order_comes_back_only_while_its_goods_are_free(stage: Stage) -> None:
    await done(stage, "/order add B 5", "/order checkout")
    cancelled = await done(stage, "/order cancel 1")
    await done(stage, "/stock sell B 1")
    assert (await stage.press(button(cancelled, "Undo"))).problem is not None
    await done(stage, "/stock restock B 1")
    back = await stage.press(button(cancelled, "Undo"))
    assert back.problem is None
    assert await left(stage, "B") == (0, 5)


async def test_some_goods_come_back_and_some_money(stage: Stage) -> None:
    await done(stage, "/order add T 4", "/order add B 1", "/order checkout", "/order return 1 B")
    assert await total(stage, "/order show 1") == "40.00"
    await done(stage, "/order pay 1", "/order return 1 T 1")
    assert await left(stage, "T") == (97, 97)
    assert await left(stage, "B") == (5, 5)
    asked = await stage.type("/order refund 1 10")
    assert asked.problem is not None
    assert asked.problem.message == "10.00 EUR of order #1 is given back, and no Undo takes that back."
    given = await stage.press(button(asked, "Yes, go ahead"))
    assert plain(given.text) == "Owner gave 10.00 EUR back for order #1. 30.00 EUR of it is left."
    found = await lines(stage)
    assert (sum(line.amount for line in found), sum(line.quantity for line in found)) == (30, 3)
    assert "`amount` goes up to 30.00 EUR" in (await refused(stage, "/order refund 1 40")).message
    assert await said(stage, "/order refund 1 confirm:yes") == (
        "Owner gave 30.00 EUR back for order #1. Nothing of it is left."
    )
    assert "left to give back" in (await refused(stage, "/order refund 1")).message


async def test_goods_that_do_not_come_back_into_stock(stage: Stage) -> None:
    await done(stage, "/order add T 4", "/order checkout", "/order pay 1", "/order cancel 1 restock:no")
    assert await left(stage, "T") == (96, 96)


async def test_a_cart_is_dropped(stage: Stage) -> None:
    await done(stage, "/order add T 4")
    assert (await refused(stage, "/order new Ann")).message.startswith("You have a cart here")
    dropped = await done(stage, "/order cancel 1")
    assert "empty" in await said(stage, "/order cart")
    await done(stage, "/order add T 1")
    assert (await stage.press(button(dropped, "Undo"))).problem is not None, "there is another cart since"


async def test_names_and_addresses_are_answered_to_the_asker_alone(stage: Stage) -> None:
    noted = await done(stage, "/order address 5 Market Street, Springfield customer:Ann email:ann@example.com")
    assert noted.visibility is Visibility.PRIVATE
    assert plain(noted.text) == "Noted.\nFor Ann.\nIt goes to 5 Market Street, Springfield; mail to ann@example.com."
    await done(stage, "/order add T 1")
    placed = await said(stage, "/order checkout")
    assert "Ann" not in placed
    assert "Springfield" not in placed
    shown = await done(stage, "/order show 1")
    assert (field_of(shown, "customer"), field_of(shown, "address")) == ("Ann", "5 Market Street, Springfield")
    assert "no e-mail address" in (await refused(stage, "/order address email:ann")).message


async def test_orders_are_listed_and_have_a_timeline_and_a_receipt(stage: Stage) -> None:
    await done(stage, "/order terms seller:Corner-Shop tax:19 mode:included", "/order address customer:Ann")
    assert "was not paid" in (await refused(stage, "/order receipt 1")).message
    await done(stage, "/order add T 1", "/order checkout", "/order pay 1", "/order add B 1", "/order checkout")
    listed = await done(stage, "/order list")
    assert [row.cells[0] for row in listed.tables[0].rows] == [2, 1]
    assert [row.cells[0] for row in (await done(stage, "/order list pending")).tables[0].rows] == [2]
    assert [row.cells[0] for row in (await done(stage, "/order list customer:an")).tables[0].rows] == [1]
    history = await done(stage, "/order history 1")
    commands = [row.cells[2] for row in history.tables[0].rows]
    assert list(dict.fromkeys(commands)) == [
        *("/order pay", "/order checkout", "/order add", "/order address"),
    ]
    assert "Discount" not in str(history)
    receipt = await done(stage, "/order receipt 1")
    assert (field_of(receipt, "receipt"), field_of(receipt, "tax"), field_of(receipt, "total")) == (1, "1.60", "10.00")


async def test_a_bill_goes_where_the_goods_go_unless_told_otherwise(stage: Stage) -> None:
    for more, billing in (("", "7 Bridge Street"), (' billing:"1 Bank Street"', "1 Bank Street")):
        await done(stage, "/order add T 1", f'/order address "7 Bridge Street"{more}')
        placed = await done(stage, "/order checkout")
        await stage.press(button(placed, "Paid: Cash"))
        assert field_of(await done(stage, f"/order receipt {field_of(placed, 'number')}"), "billing") == billing


async def test_the_history_of_an_order_tells_its_discount_in_percent(stage: Stage) -> None:
    await done(stage, "/order add T 1", "/order discount 12.5", "/order discount 0")
    changes = [row.cells[3:] for row in (await done(stage, "/order history 1")).tables[0].rows]
    assert [cells for cells in changes if cells[0] == "Discount"] == [
        ("Discount", "12.5 %", ""),
        ("Discount", "", "12.5 %"),
    ]


async def test_a_list_that_nothing_fits_does_not_say_that_there_is_nothing(stage: Stage) -> None:
    assert "No orders here" in await said(stage, "/order list")
    await done(stage, "/order add T 1", "/order checkout")
    assert await said(stage, "/order list cancelled") == "No order fits that. All there are: /order list"


async def test_members_look_clerks_sell_and_managers_give_discounts_and_money_back(stage: Stage) -> None:
    await done(stage, "/order add T 1", "/order checkout", "/order pay 1")
    await done(stage, "/order list", "/order show 1", by="max")
    assert (await refused(stage, "/order add T 1", by="max")).code == "forbidden"
    await done(stage, "/order add T 1", by="bob")
    assert (await refused(stage, "/order discount 10", by="bob")).code == "forbidden"
    assert (await refused(stage, "/order refund 1", by="bob")).code == "forbidden"


async def test_an_order_has_a_hundred_lines_at_most(stage: Stage) -> None:
    for number in range(101):
        await done(stage, f'/stock add "{"日本語 long name " * 12}{number}" 5 1 sku:N{number}')
    await done(stage, *(f"/order add N{number}" for number in range(100)))
    assert await total(stage) == "100.00"
    assert "100 lines at most" in (await refused(stage, "/order add N100")).message
    assert misfits(await done(stage, "/order cart")) == []
    placed = await done(stage, "/order checkout")
    assert "100 pieces of 100 products" in plain(placed.text)
    assert misfits(placed) == misfits(await done(stage, "/order show 1")) == []


async def test_goods_that_nobody_pays_for_are_free_again_and_the_channel_hears_of_it(stage: Stage) -> None:
    await done(stage, "/order terms cash-hours:2", "/order add T 4", "/order checkout", "/order add A 1")
    await done(stage, "/order checkout transfer")
    assert await left(stage, "T") == (96, 100)
    await stage.see_to_all()
    assert await left(stage, "T") == (96, 100)
    stage.clock.moment += timedelta(hours=2)
    await stage.see_to_all()
    await stage.see_to_all()
    assert await left(stage, "T") == (100, 100)
    assert await left(stage, "A") == (9, 10), "a bank transfer may take days"
    shown = await done(stage, "/order show 1")
    assert field_of(shown, "status") == "Not paid (nobody paid in time)"
    assert (await stage.parts.storage.outbox.backlog())[0] == 1
    again = await done(stage, "/order checkout order:1")
    assert "placed order #1" in plain(again.text)


async def test_an_order_of_a_registered_customer_has_what_is_known_until_they_are_forgotten(stage: Stage) -> None:
    await done(stage, '/customer register ann_m ann@example.org 30 address:"3 Mill Lane, Ely"')
    await done(stage, "/order new ann_m", "/order add T 2", "/order checkout", "/order pay 1")
    shown = await done(stage, "/order show 1")
    assert [field_of(shown, key) for key in ("customer", "email", "address")] == [
        *("ann_m", "ann@example.org", "3 Mill Lane, Ely"),
    ]
    assert [(line.customer, line.customer_name) for line in await lines(stage)] == [("#1", "ann_m")]
    await done(stage, "/customer forget ann_m confirm:yes")
    shown = await done(stage, "/order show 1")
    assert {field.key for field in shown.fields} & {"customer", "email", "address"} == set()
    assert field_of(shown, "total") == "20.00"
    history = await done(stage, "/order history 1")
    assert "ann_m" not in str(history)
    assert "Mill Lane" not in str(history)
    assert [(line.customer, line.customer_name) for line in await lines(stage)] == [("#1", "")]


async def test_steps_are_taken_back_one_after_the_other_down_to_the_first(stage: Stage) -> None:
    typed = ["/order add T 4", "/order add A 1", "/order take A", "/order discount 10", "/order address 1-Main-Street"]
    typed += ["/order checkout", "/order return 1 T 1", "/order pay 1", "/order return 1 T 1", "/order cancel 1"]
    buttons = [button(await done(stage, line), "Undo") for line in typed]
    for line, step in reversed(list(zip(typed, buttons, strict=True))):
        undone = await stage.press(step)
        assert undone.problem is None
        of_cart = line.split()[1] in ("add", "take", "discount", "address")
        assert undone.visibility is (Visibility.PRIVATE if of_cart else Visibility.CHANNEL)
    assert "empty" in await said(stage, "/order cart")
    assert await left(stage, "T") == (100, 100)
    assert sum(line.amount for line in await lines(stage)) == sum(line.quantity for line in await lines(stage)) == 0


async def test_refunds_in_parts_come_to_what_was_sold_tax_and_all(stage: Stage) -> None:
    await done(
        stage, "/order terms tax:8 mode:added shipping:4.90", "/order add A 1", "/order add B 1", "/order add T 1"
    )
    await done(stage, "/order checkout", "/order pay 1", "/order return 1 B", "/order cancel 1")
    given = ("0.01", "20", "7.77", "13.33", "")
    await done(stage, *(f"/order refund 1 {amount} confirm:yes" for amount in given))
    found = await lines(stage)
    assert all(amount == round(amount, 2) for line in found for amount in (line.amount, line.tax))
    for sku in "ABT":
        theirs = [line for line in found if line.product == sku]
        assert [sum(getattr(one, name) for one in theirs) for name in ("amount", "tax", "quantity")] == [0, 0, 0]


async def test_a_product_that_is_removed_is_taken_out_of_a_cart(stage: Stage) -> None:
    await done(stage, "/order add T 2", "/order add B 1", "/stock remove T")
    refusal = await stage.type("/order checkout")
    assert refusal.problem is not None
    assert refusal.problem.message == "Order #1 is not checked out: Tea is in the catalogue no more."
    assert refusal.problem.hint == "It is still your cart."
    assert "a product that is in the catalogue no more" in str(field_of(await done(stage, "/order show 1"), "status"))
    await stage.press(button(refusal, "Take Tea out"))
    assert "19.99 EUR" in await said(stage, "/order checkout")


async def test_what_is_removed_after_its_sale_does_not_come_back_and_the_rest_does(stage: Stage) -> None:
    await done(stage, "/order add T 2", "/order add B 1", "/order checkout", "/order pay 1", "/stock remove T")
    returned = await done(stage, "/order return 1 #3 1")
    assert "Tea is in the catalogue no more, so nothing of that comes back into stock." in plain(returned.text)
    await stage.press(button(returned, "Undo"))
    cancelled = await done(stage, "/order cancel 1")
    assert "Its other goods are back in stock.\nTea is in the catalogue no more" in plain(cancelled.text)
    assert await left(stage, "B") == (5, 5)
    await stage.press(button(cancelled, "Undo"))
    assert await left(stage, "B") == (4, 4)
    assert "gave 39.99 EUR back" in await said(stage, "/order cancel 1", "/order refund 1 confirm:yes")


async def test_a_cart_for_somebody_else_has_nothing_of_whom_it_was_for(stage: Stage) -> None:
    await done(stage, '/customer register ann_m ann@example.org 30 address:"3 Mill Lane, Ely"')
    await done(stage, "/customer register bob_m bob@example.org 30")
    await done(stage, "/order new ann_m", "/order address billing:Bank-1", "/order address customer:Carl")
    shown = await done(stage, "/order show 1")
    assert field_of(shown, "customer") == "Carl"
    assert {field.key for field in shown.fields} & {"email", "address", "billing"} == set()
    await done(stage, "/order address 7-Bridge-Street", "/order address customer:bob_m")
    shown = await done(stage, "/order show 1")
    assert [field_of(shown, key) for key in ("email", "address")] == ["bob@example.org", "7-Bridge-Street"]


async def test_a_cart_that_is_begun_anew_has_no_discount_of_the_one_before(stage: Stage) -> None:
    await done(stage, "/order new Ann", "/order add T 1", "/order discount 50", "/order take T")
    begun = await done(stage, "/order new Bob")
    assert plain(begun.text) == "Your cart for Bob is ready: order #1."
    await done(stage, "/order add T 1")
    assert await total(stage) == "10.00"


async def test_a_code_gives_what_it_gives_at_the_checkout(stage: Stage) -> None:
    made = await done(stage, "/order code OOPS 90")
    await done(stage, "/order add T 1", "/order redeem OOPS", "/order code OOPS 9")
    assert "it comes to 9.10 EUR now, not 1.00 EUR" in (await refused(stage, "/order checkout")).message
    await done(stage, "/order code OOPS 0")
    assert "it comes to 10.00 EUR now, not 9.10 EUR" in (await refused(stage, "/order checkout")).message
    assert "for 10.00 EUR" in await said(stage, "/order checkout")
    assert (await stage.press(button(made, "Undo"))).problem is not None


async def test_an_order_is_never_more_than_can_be_paid(stage: Stage) -> None:
    await done(stage, "/stock add Yacht 1000000 99999999.99 sku:Y", "/order add Y 100")
    assert "less than 10,000,000,000" in (await refused(stage, "/order add Y 1")).message
    await done(
        stage, "/order take Y 99", "/order checkout", "/order pay 1", "/stock price Y 10000", "/order add Y 900000"
    )
    await done(stage, "/stock price Y 99999999")
    assert "less than 10,000,000,000" in (await refused(stage, "/order checkout")).message


async def test_a_name_that_lists_are_asked_for_by_may_hold_quotes(stage: Stage) -> None:
    for _ in range(11):
        await done(stage, '/order address customer:="An \\"Q\\" b"', "/order add T 1", "/order checkout")
    listed = await done(stage, '/order list customer:="\\"q\\""')
    older = next(one for one in listed.actions if "page:" in one.command)
    assert [row.cells[0] for row in (await stage.press(older)).tables[0].rows] == [1]


async def test_a_payment_that_was_taken_back_has_no_receipt_and_is_told_from_the_next(stage: Stage) -> None:
    paid = await done(stage, "/order add T 4", "/order checkout", "/order pay 1")
    await stage.press(button(paid, "Undo"))
    assert "was not paid" in (await refused(stage, "/order receipt 1")).message
    await done(stage, "/order pay 1 paypal", "/order refund 1 5 confirm:yes")
    shown = await done(stage, "/order show 1")
    assert field_of(shown, "payments") == "Cash: 40.00 EUR (given back); PayPal: 40.00 EUR (5.00 EUR given back)"
    assert field_of(await done(stage, "/order receipt 1"), "receipt") == 1


async def test_words_fit_the_way_it_is_paid_and_the_currency(stage: Stage) -> None:
    await done(stage, "/order add T 1")
    assert "with 1 product in it: #1" in (await refused(stage, "/order new")).message
    assert "to be paid by PayPal" in await said(stage, "/order checkout paypal")
    assert "(PayPal)" in await said(stage, "/order pay 1")
    reply = await stage.type("/order terms shipping:4.999")
    assert reply.problem is not None
    assert reply.problem.hint == "Try `4.90`."


async def test_who_buys_is_told_neither_to_a_channel_nor_to_guests(stage: Stage) -> None:
    await done(stage, "/order add T 1", '/order address customer:"Ann Miller"', "/order checkout")
    commented = await done(stage, "/order comment 1 Friday")
    undone = await stage.press(button(commented, "Undo"))
    assert "Ann" not in str(commented) + str(undone)
    assert "Ann Miller" in str(await done(stage, "/order history 1", by="max"))
    await done(stage, "/user role @max guest")
    for line in ("/order history 1", "/order show 1", "/order list", "/order receipt 1", "/order comment 1 me"):
        assert (await refused(stage, line, by="max")).code == "forbidden"


async def test_a_cart_is_checked_out_by_whose_it_is(stage: Stage) -> None:
    await done(stage, "/order add T 1")
    assert "cart of somebody else" in (await refused(stage, "/order checkout order:1", by="bob")).message
    assert await total(stage) == "10.00"
    await done(stage, "/order checkout order:1")


async def test_a_cart_is_dropped_by_whose_it_is_or_by_a_manager(stage: Stage) -> None:
    await done(stage, "/order add T 1")
    assert "cart of somebody else" in (await refused(stage, "/order cancel 1", by="bob")).message
    await done(stage, "/order checkout", "/order cancel 1", by="owner")
    await done(stage, "/order add T 1", by="bob")
    await done(stage, "/order cancel 2")


async def test_who_may_not_see_the_codes_is_told_who_can(stage: Stage) -> None:
    await done(stage, "/order add T 1", by="bob")
    assert (await refused(stage, "/order redeem WINTER", by="bob")).hint.startswith("Managers know which there are")


async def test_a_receipt_names_whom_it_named_when_the_order_was_paid(stage: Stage) -> None:
    await done(stage, "/order terms seller:Corner-Shop tax-id:DE1", "/order add T 1", "/order checkout", "/order pay 1")
    await done(stage, "/order terms seller:Market-Hall tax-id:DE2")
    receipt = await done(stage, "/order receipt 1")
    assert (plain(receipt.text).splitlines()[0], field_of(receipt, "tax_id")) == ("Corner-Shop", "DE1")


async def test_what_goods_had_cost_goes_with_their_sale_and_comes_back_with_them(stage: Stage) -> None:
    await done(stage, "/stock edit T cost:4", "/order terms tax:8 mode:included", "/order add T 3", "/order checkout")
    await done(
        stage, "/stock edit T cost:5", "/order pay 1", "/order return 1 T 1", "/order add T 1", "/order checkout"
    )
    undone = await done(stage, "/order pay 2")
    await stage.press(button(undone, "Undo"))
    assert [line.cost for line in await lines(stage)] == [Decimal(12), Decimal(-4), Decimal(5), Decimal(-5)]
    assert all(line.tax_included for line in await lines(stage))


async def test_a_receipt_says_what_was_taken_off_each_line_and_what_was_paid_and_comes_as_a_pdf(stage: Stage) -> None:
    await done(stage, "/order terms seller:Corner-Shop tax:8 mode:added", "/order add T 4", "/order add B 1")
    await done(stage, "/order discount 10 product:T", "/order address customer:山田", "/order checkout", "/order pay 1")
    await done(stage, "/order refund 1 5 confirm:yes")
    shown = await done(stage, "/order receipt 1")
    sold, paid = ([row.cells for row in table.rows] for table in shown.tables)
    assert sold == [("Tea", "T", 4, "10.00", "-4.00", "36.00"), ("Book", "B", 1, "19.99", None, "19.99")]
    assert paid == [("Cash", "60.47", "-5.00")]
    told = await stage.press(button(shown, "PDF"))
    (file,) = told.files
    assert (file.name, file.media_type, told.visibility) == ("receipt-1.pdf", "application/pdf", Visibility.PRIVATE)
    content = b"".join([piece async for piece in stage.parts.files.read(file_key(1, file.id))])
    assert content.startswith(b"%PDF-")
    assert told.tables == shown.tables
    async with stage.parts.storage.workspace(1).read() as work:
        kept = await work.files.get(file.id)
    assert kept is not None
    assert kept.only == kept.author_id


async def test_some_lines_are_cancelled_each_with_how_many_and_the_rest_of_the_order_stays(stage: Stage) -> None:
    await done(stage, "/order add A 3", "/order add B 2", "/order add T 5", "/order checkout")
    told = await done(stage, '/order cancel 1 lines:"desk lamp 1, B, t 2"')
    assert plain(told.text) == ("1 × Desk lamp, 2 × Book, 2 × Tea taken out of order #1.\nIt comes to 89.98 EUR now.")
    assert (await left(stage, "A"), await left(stage, "B"), await left(stage, "T")) == ((8, 10), (5, 5), (97, 100))
    for lines, words in (
        ("B", "Nothing called “B” is left in order #1."),
        ("A 3", "`quantity` can't be 3: there are only 2 of Desk lamp in it."),
        ("A 1, A 2", "`quantity` can't be 3: there are only 2 of Desk lamp in it."),
        (" , ", "`lines` has to name what is cancelled."),
    ):
        assert (await refused(stage, f'/order cancel 1 lines:"{lines}"')).message == words
    await stage.press(button(told, "Undo"))
    assert (await left(stage, "A"), await total(stage, "/order show 1")) == ((7, 10), "179.95")
    await done(stage, "/order pay 1")
    back = await said(stage, '/order cancel 1 lines:"A 1" restock:no')
    assert back.splitlines()[:2] == ["1 × Desk lamp came back of order #1.", "None of it comes back into stock."]
    assert await left(stage, "A") == (7, 7)
    all_of_it = await done(stage, '/order cancel 1 lines:"A, B, T"')
    assert field_of(all_of_it, "status") == "cancelled"
    assert await left(stage, "T") == (100, 100)


async def test_lines_to_cancel_are_chosen_in_a_form_or_one_of_them_from_a_select(stage: Stage) -> None:
    await done(stage, '/stock add "Cup, blue" 9 3 sku:C', "/order add T 5", "/order add C 2", "/order checkout")
    shown = await done(stage, "/order show 1")
    asked = await stage.press(button(shown, "Cancel some"))
    assert asked.form is not None
    (what,) = asked.form.fields
    assert what.value == "Tea 5\n#4 2"
    submitted = stage.request(command=asked.form.command, arguments={**asked.form.fixed, "lines": "Tea 2\n#4"})
    assert "2 × Tea, 2 × Cup, blue taken out" in plain((await stage.product.application.handle(submitted)).text)
    await done(stage, "/order add T 1", "/order add C 2", "/order checkout")
    select = next(one for one in (await done(stage, "/order show 2")).actions if one.choices)
    assert [(one.label, one.command) for one in select.choices] == [
        ("1 × Tea", "/order cancel #2 lines:#3"),
        ("2 × Cup, blue", "/order cancel #2 lines:#4"),
    ]
    assert "2 × Cup, blue taken out" in await said(stage, select.choices[1].command)
    last = await done(stage, "/order show 2")
    assert not [one.label for one in last.actions if one.label.startswith("Cancel ")]
    await done(stage, "/order pay 1")
    assert [one.name for one in (await stage.type("/order cancel 1 choose:yes")).form.fields] == ["lines", "restock"]  # type: ignore[union-attr]


async def test_out_of_what_is_cancelled_nothing_comes_back_and_it_is_said_when_it_does(stage: Stage) -> None:
    await done(stage, "/order add T 2", "/order checkout", "/order cancel 1")
    problem = await refused(stage, "/order return 1 T 1")
    assert problem.message == "`order` #1 is cancelled, so that can't be done with it."
    assert problem.hint == "Goods come back out of an order that waits for its payment, or was paid."


async def test_the_history_tells_a_code_from_a_discount(stage: Stage) -> None:
    await done(stage, "/order code SPRING 20", "/order add T 2", "/order redeem SPRING")
    (table,) = (await stage.type("/order history 1")).tables
    assert "/order redeem" in {cell for row in table.rows for cell in row.cells}
