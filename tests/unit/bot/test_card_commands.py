"""`/order pay card`, as people type it, with a Stripe of this machine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.payments.stripe import StripePayments
from core.chat.reply import Visibility
from core.chat.text import plain
from core.ports.payments import Checkout
from tests.support.clock import HeldClock
from tests.support.stripe import BROKE, DECLINED, GOOD, SECURE, Fault, StripePlatform
from tests.unit.bot.paying import later, left, link, link_of, paying, session, told
from tests.unit.bot.stage import Stage, button, done, field_of, refused, said, staged


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
async def stripe(clock: HeldClock) -> AsyncIterator[StripePlatform]:
    async with StripePlatform(clock) as platform:
        yield platform


@pytest.fixture
async def stage(tmp_path: Path, stripe: StripePlatform, clock: HeldClock) -> AsyncIterator[Stage]:
    async with paying(tmp_path, stripe, clock) as made:
        await done(made, "/stock add Tea 100 10 sku:T", "/order add T 4", "/order checkout card")
        yield made


async def test_an_order_is_paid_by_card_after_its_sum_was_confirmed(stage: Stage, stripe: StripePlatform) -> None:
    asked = await stage.type("/order pay 1")
    assert asked.problem is not None
    assert asked.problem.message == ("40.00 EUR is asked for by card for order #1, and no Undo takes a payment back.")
    linked = await stage.press(button(asked, "Yes, go ahead"))
    assert linked.visibility is Visibility.PRIVATE
    assert link_of(linked) == session(stripe).url == field_of(linked, "url")
    assert await left(stage) == (96, 100)
    stripe.pay(session(stripe).id, GOOD)
    await later(stage)
    await later(stage)
    assert await told(stage) == ["Order #1 is paid: 40.00 EUR (card). Receipt 1."]
    assert await left(stage) == (96, 96)
    shown = await done(stage, "/order show 1")
    assert field_of(shown, "payments") == "Card: 40.00 EUR"
    assert {"Receipt", "Refund"} <= {action.label for action in shown.actions}
    assert "is completed" in (await refused(stage, "/order pay 1 card")).message


async def test_two_clicks_are_two_deliveries_of_one_payment(stage: Stage, stripe: StripePlatform) -> None:
    first = await link(stage)
    stage.clock.forward(minutes=20)
    assert await link(stage, by="owner") == first
    assert session(stripe).url == first


async def test_what_happens_on_the_page_is_told_once(stage: Stage, stripe: StripePlatform) -> None:
    await link(stage)
    for card in (DECLINED, DECLINED, BROKE, SECURE):
        stripe.pay(session(stripe).id, card)
        await later(stage)
        await later(stage)
    until = "The link is good until Fri 20 Nov 2026 13:35 (Europe/Berlin)."
    assert [post.splitlines() for post in await told(stage)] == [
        ["A card for order #1 was declined: its bank declined it.", f"Another one can be tried. {until}"],
        ["A card for order #1 was declined: there is not enough money on it.", f"Another one can be tried. {until}"],
        ["Whoever pays order #1 by card has to confirm that with their bank now.", until],
    ]
    stripe.authenticate(session(stripe).id)
    await later(stage)
    assert await told(stage) == ["Order #1 is paid: 40.00 EUR (card). Receipt 1."]


async def test_goods_are_free_again_when_the_link_has_ended(stage: Stage, stripe: StripePlatform) -> None:
    await link(stage)
    await later(stage, minutes=34)
    assert await left(stage) == (96, 100)
    await later(stage, minutes=1)
    assert session(stripe).status == "expired"
    assert await left(stage) == (100, 100)
    assert await told(stage) == [
        "Order #1 is not paid by card: nobody paid before its link ended.\n"
        "Nothing was charged, and its goods are free again."
    ]
    shown = await done(stage, "/order show 1")
    assert field_of(shown, "status") == "Not paid (nobody paid by card in time)"
    await done(stage, "/order checkout card order:1")
    await link(stage)
    assert len(stripe.world.sessions) == 2


async def test_a_link_that_stripe_does_not_answer_with_is_told_when_it_does(
    stage: Stage, stripe: StripePlatform
) -> None:
    stripe.faults.append(Fault.CUT_AFTER)
    assert "no link for order #1 yet" in await said(stage, "/order pay 1 card confirm:yes")
    await later(stage)
    (post,) = await told(stage)
    assert f"pay here ({session(stripe).url})" in post
    assert await link(stage) == session(stripe).url


async def test_goods_that_nobody_could_pay_are_free_after_a_while(stage: Stage, stripe: StripePlatform) -> None:
    stripe.faults.append(Fault.BROKEN_AFTER)
    await said(stage, "/order pay 1 card confirm:yes")
    await later(stage, minutes=36)
    assert await left(stage) == (96, 100)
    await later(stage, minutes=5)
    assert await left(stage) == (100, 100)
    assert "Stripe did not answer" in (await told(stage))[0]


async def test_an_order_is_cancelled_once_its_link_is_closed(stage: Stage, stripe: StripePlatform) -> None:
    await link(stage)
    assert "Its goods are free again." in await said(stage, "/order cancel 1")
    assert session(stripe).status == "expired"
    assert await left(stage) == (100, 100)
    await later(stage, minutes=40)
    assert await told(stage) == []


async def test_an_order_that_can_not_be_closed_is_not_cancelled(stage: Stage, stripe: StripePlatform) -> None:
    await link(stage)
    stripe.faults.append(Fault.BROKEN_BEFORE)
    assert "Stripe does not answer" in (await refused(stage, "/order cancel 1")).message
    assert await left(stage) == (96, 100)
    await done(stage, "/order cancel 1")


async def test_whoever_pays_is_faster_than_a_cancel(stage: Stage, stripe: StripePlatform) -> None:
    await link(stage)
    stripe.pay(session(stripe).id, GOOD)
    assert "40.00 EUR was paid and not given back yet." in await said(stage, "/order cancel 1")
    assert await told(stage) == ["Order #1 is paid: 40.00 EUR (card). Receipt 1."]
    await done(stage, "/order refund 1 confirm:yes")
    (refund,) = stripe.world.refunds.values()
    assert refund.amount == 4000


async def test_another_way_to_pay_closes_the_link(stage: Stage, stripe: StripePlatform) -> None:
    await link(stage)
    await done(stage, "/order return 1 T 1")
    assert session(stripe).status == "expired"
    assert await left(stage) == (97, 100)
    await link(stage)
    paid = await done(stage, "/order pay 1 cash")
    assert plain(paid.text) == "Order #1 is paid: 30.00 EUR (cash). Receipt 1."
    assert {one.status for one in stripe.world.sessions.values()} == {"expired"}
    await stage.press(button(paid, "Undo"))
    await link(stage)


@pytest.mark.parametrize(
    ("line", "status", "there"),
    [("/order cancel 1", "Cancelled", (100, 100)), ("/order pay 1 cash", "Completed", (96, 96))],
)
async def test_a_link_that_somebody_closes_meanwhile_is_no_card_that_was_refused(
    stage: Stage,
    stripe: StripePlatform,
    monkeypatch: pytest.MonkeyPatch,
    line: str,
    status: str,
    there: tuple[int, int],
) -> None:
    await link(stage)
    stage.clock.forward(minutes=36)
    expire, somebody = StripePayments.expire, [line]

    async def overtaken(payments: StripePayments, checkout_id: str) -> Checkout:
        if somebody:
            await done(stage, somebody.pop())
        return await expire(payments, checkout_id)

    monkeypatch.setattr(StripePayments, "expire", overtaken)
    ended = await done(stage, "/order pay 1 card confirm:yes")
    assert plain(ended.text) == (
        "Order #1 is not paid by card: its link was closed, since somebody did something else.\nNothing was charged."
    )
    assert [action.label for action in ended.actions] == ["Order"]
    assert field_of(await stage.press(button(ended, "Order")), "status") == status
    assert await left(stage) == there


async def test_money_goes_back_to_the_card_in_parts(stage: Stage, stripe: StripePlatform) -> None:
    await link(stage)
    stripe.pay(session(stripe).id, GOOD)
    await later(stage)
    asked = await stage.type("/order refund 1 15")
    assert asked.problem is not None
    assert asked.problem.message == "15.00 EUR of order #1 is given back, and no Undo takes that back."
    given = await stage.press(button(asked, "Yes, go ahead"))
    assert plain(given.text) == "15.00 EUR went back to the card that paid order #1. 25.00 EUR of it is left."
    assert "`amount` goes up to 25.00 EUR" in (await refused(stage, "/order refund 1 25.01")).message
    await done(stage, "/order refund 1 confirm:yes")
    assert [refund.amount for refund in stripe.world.refunds.values()] == [1500, 2500]
    assert field_of(await done(stage, "/order show 1"), "payments") == "Card: 40.00 EUR (given back)"


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.BROKEN_BEFORE, Fault.BROKEN_AFTER])
async def test_a_refund_of_which_nothing_is_heard_is_made_once(
    stage: Stage, stripe: StripePlatform, fault: Fault
) -> None:
    await link(stage)
    stripe.pay(session(stripe).id, GOOD)
    await later(stage)
    await told(stage)
    stripe.faults.append(fault)
    line = "/order refund 1 15 confirm:yes"
    first = plain((await stage.type(line, delivery="d1")).text)
    assert ("not confirmed yet" in first) is (fault is Fault.BROKEN_BEFORE)
    if fault is Fault.BROKEN_BEFORE:
        assert "on its way back already" in (await refused(stage, "/order refund 1 5 confirm:yes")).message
        await later(stage)
        (post,) = await told(stage)
        assert post == "15.00 EUR went back to the card that paid order #1. 25.00 EUR of it is left."
    again = await stage.type(line, delivery="d1")
    assert again.problem is None
    assert [refund.amount for refund in stripe.world.refunds.values()] == [1500]
    assert field_of(await done(stage, "/order show 1"), "refunded") == "-15.00"


async def test_what_is_given_back_on_stripes_own_pages_is_written_down(stage: Stage, stripe: StripePlatform) -> None:
    await link(stage)
    found = session(stripe)
    stripe.pay(found.id, GOOD)
    assert found.intent
    stripe.world.create_refund({"payment_intent": found.intent.id, "amount": "700"})
    await later(stage)
    await stage.see_to_all()
    assert await told(stage) == [
        "Order #1 is paid: 40.00 EUR (card). Receipt 1.",
        "7.00 EUR went back to the card that paid order #1. 33.00 EUR of it is left.",
    ]


async def test_a_key_that_is_not_accepted_frees_the_goods_and_says_who_mends_it(
    tmp_path: Path, stripe: StripePlatform, clock: HeldClock
) -> None:
    async with paying(tmp_path, stripe, clock, stripe.reading_key) as stage:
        await done(stage, "/stock add Tea 100 10 sku:T", "/order add T 4", "/order checkout card")
        answer = await said(stage, "/order pay 1 confirm:yes")
        assert "Stripe does not accept this shop's key; quartermaster doctor says more" in answer.replace("`", "")
        assert await left(stage) == (100, 100)


async def test_where_no_cards_are_taken_it_is_said_who_can_mend_that(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await done(stage, "/stock add Tea 100 10 sku:T", "/order add T 4")
        problem = await refused(stage, "/order checkout card")
        assert problem.message == "No cards are taken here: there is no key of Stripe's."
        assert "STRIPE_API_KEY" in problem.hint
        await done(stage, "/order checkout")
        assert (await refused(stage, "/order pay 1 card")).message == problem.message


@pytest.mark.parametrize(
    ("price", "message"),
    [
        ("free", "`order` #1 can't be paid by card: it costs nothing."),
        ("0.49", "`order` #1 can't be paid by card: the least that cards are charged is 0.50 EUR."),
    ],
)
async def test_what_no_card_is_charged_is_said_before_anything_is_stored(
    tmp_path: Path, stripe: StripePlatform, clock: HeldClock, price: str, message: str
) -> None:
    async with paying(tmp_path, stripe, clock) as stage:
        await done(stage, f"/stock add Tea 100 {'1' if price == 'free' else price} sku:T", "/order add T 1")
        await done(stage, f"/order discount {100 if price == 'free' else 0}", "/order checkout")
        assert (await refused(stage, "/order pay 1 card")).message == message
        assert (await refused(stage, "/order pay 1 card confirm:yes")).message == message
        assert not stripe.requests
