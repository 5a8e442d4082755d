"""What Stripe tells by its webhook: it comes late, twice, in any order, or from somebody else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from adapters.payments.stripe.webhook import BODY_LIMIT, PATH, RETURN_PATH, StripeDoor
from core.orders.cards import CARD_HEARD
from core.orders.hearing import hear
from core.ports.payments import Checkout
from core.ports.storage import Committed
from tests.support.clock import HeldClock
from tests.support.stripe import DECLINED, GOOD, Fault, StripePlatform
from tests.unit.bot.paying import left, link, paying, session, told
from tests.unit.bot.stage import Stage, done, said


@dataclass
class Hook:
    """What Stripe calls, on a port of its own."""

    url: str
    stripe: StripePlatform
    calls: aiohttp.ClientSession

    async def send(self, kind: str, *, aged: float = 0.0) -> int:
        """Let Stripe tell of the last event of a kind."""
        return await self.post(*self.stripe.signed(self.stripe.event(kind), aged=aged))

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        async with self.calls.post(f"{self.url}{PATH}", data=body, headers=headers) as answer:
            return answer.status


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


@pytest.fixture
async def hook(stage: Stage, stripe: StripePlatform, clock: HeldClock) -> AsyncIterator[Hook]:
    app = web.Application()
    StripeDoor((stripe.webhook_secret,), clock, partial(hear, stage.parts.storage, clock)).mount(app)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with aiohttp.ClientSession() as calls:
            yield Hook(f"http://127.0.0.1:{runner.addresses[0][1]}", stripe, calls)
    finally:
        await runner.cleanup()


async def test_a_payment_is_known_as_soon_as_stripe_tells_of_it(
    stage: Stage, stripe: StripePlatform, hook: Hook
) -> None:
    happened: list[str] = []

    def committed(committed: Committed) -> None:
        happened.extend(event.kind for event in committed.events)

    stage.parts.storage.watch(committed)
    await link(stage)
    stripe.pay(session(stripe).id, GOOD)
    await stage.see_to_all()
    assert await told(stage) == [], "it would be looked at in half a minute only"
    assert await hook.send("checkout.session.completed") == 200
    assert CARD_HEARD in happened
    assert CARD_HEARD in stage.parts.registry.upkeep_after
    await stage.see_to_all()
    assert await told(stage) == ["Order #1 is paid: 40.00 EUR (card). Receipt 1."]


async def test_an_event_that_comes_twice_is_heard_once_and_old_news_change_nothing(
    stage: Stage, stripe: StripePlatform, hook: Hook
) -> None:
    await link(stage)
    stripe.pay(session(stripe).id, DECLINED)
    stripe.pay(session(stripe).id, GOOD)
    for kind in ("checkout.session.completed", "payment_intent.payment_failed", "payment_intent.succeeded"):
        assert await hook.send(kind) == 200
    await stage.see_to_all()
    asked = len(stripe.requests)
    for kind in ("payment_intent.payment_failed", "checkout.session.completed"):
        assert await hook.send(kind) == 200
    await stage.see_to_all()
    assert len(stripe.requests) == asked
    assert await told(stage) == ["Order #1 is paid: 40.00 EUR (card). Receipt 1."]
    assert await left(stage) == (96, 96)


async def test_an_event_tells_of_a_page_whose_making_was_never_answered(
    stage: Stage, stripe: StripePlatform, hook: Hook
) -> None:
    stripe.faults.append(Fault.BROKEN_AFTER)
    await said(stage, "/order pay 1 card confirm:yes")
    stripe.pay(session(stripe).id, GOOD)
    assert await hook.send("checkout.session.completed") == 200
    await stage.see_to_all()
    assert await told(stage) == ["Order #1 is paid: 40.00 EUR (card). Receipt 1."]


async def test_money_that_comes_after_the_goods_were_let_go_is_given_back_once_and_told(
    stage: Stage, stripe: StripePlatform, hook: Hook
) -> None:
    await link(stage)
    await done(stage, "/order cancel 1")
    late = session(stripe)
    late.status = "open"
    stripe.pay(late.id, GOOD)
    assert await hook.send("checkout.session.completed") == 200
    stripe.faults.append(Fault.CUT_AFTER)
    for _ in range(3):
        await stage.see_to_all()
        stage.clock.forward(seconds=30)
    assert await told(stage) == [
        "40.00 EUR came by card for order #1 after its goods were let go.\nAll of it was given back."
    ]
    (refund,) = stripe.world.refunds.values()
    assert refund.amount == 4000
    assert await left(stage) == (100, 100)


async def test_what_is_given_back_on_stripes_pages_is_heard_of(
    stage: Stage, stripe: StripePlatform, hook: Hook
) -> None:
    await link(stage)
    stripe.pay(session(stripe).id, GOOD)
    await hook.send("checkout.session.completed")
    await stage.see_to_all()
    intent = session(stripe).intent
    assert intent
    stripe.world.create_refund({"payment_intent": intent.id})
    assert await hook.send("charge.refunded") == 200
    await stage.see_to_all()
    assert (await told(stage))[1:] == ["40.00 EUR went back to the card that paid order #1. Nothing of it is left."]


async def test_news_that_come_while_it_is_being_looked_at_are_not_lost(
    stage: Stage, stripe: StripePlatform, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    await link(stage)
    stage.clock.forward(seconds=30)
    assert stage.parts.till
    payments = stage.parts.till.payments
    look = payments.look

    async def look_and_be_late(checkout_id: str) -> Checkout:
        monkeypatch.undo()
        found = await look(checkout_id)
        stripe.pay(session(stripe).id, GOOD)
        stage.clock.forward(seconds=1)
        await hook.send("checkout.session.completed")
        return found

    monkeypatch.setattr(payments, "look", look_and_be_late)
    await stage.see_to_all()
    assert await told(stage) == []
    await stage.see_to_all()
    assert len(await told(stage)) == 1


async def test_what_stripe_did_not_sign_just_now_is_refused(stage: Stage, stripe: StripePlatform, hook: Hook) -> None:
    await link(stage)
    stripe.pay(session(stripe).id, GOOD)
    event = stripe.event("checkout.session.completed")
    body, headers = stripe.signed(event)
    assert await hook.post(body, {}) == 400
    assert await hook.post(body + b" ", headers) == 400
    assert await hook.post(*stripe.signed(event, secret="whsec_of_somebody_else")) == 400
    assert await hook.send("checkout.session.completed", aged=301) == 400
    assert await hook.post(b" " * (BODY_LIMIT + 1), headers) == 413
    await stage.see_to_all()
    assert await told(stage) == []


@pytest.mark.parametrize(
    "event",
    [
        [],
        {"id": "evt_1"},
        {"id": "evt_1", "type": "invoice.paid", "data": {"object": {}}},
        {"id": "evt_1", "type": "charge.refunded", "data": {"object": {"metadata": {}}}},
        *(
            {
                "id": "evt_1",
                "type": "payment_intent.succeeded",
                "data": {"object": {"id": "pi_1", "object": "payment_intent", "metadata": about}},
            }
            for about in (
                None,
                {"scope": "1-other", "payment": "1:1"},
                {"scope": "999999999-x", "payment": "1:1"},
                {"scope": "shop", "payment": "1:1"},
                {"scope": "1-other", "payment": "first"},
                {"scope": 5, "payment": ["1:1"]},
            )
        ),
    ],
)
async def test_other_events_are_taken_and_left_alone(
    stage: Stage, stripe: StripePlatform, hook: Hook, event: Any
) -> None:
    await link(stage)
    happened: list[Committed] = []
    stage.parts.storage.watch(happened.append)
    assert await hook.post(*stripe.signed(event)) == 200
    assert happened == []


async def test_whoever_has_paid_comes_back_to_a_page(hook: Hook) -> None:
    async with hook.calls.get(f"{hook.url}{RETURN_PATH}") as answer:
        assert answer.status == 200
        assert "Thank you" in await answer.text()
