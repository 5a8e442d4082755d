"""The application where cards are taken, with a Stripe of this machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from adapters.payments.stripe import StripeOptions, StripePayments
from core.chat.reply import Cell, Reply
from core.chat.text import Link, plain
from core.ports.payments import Till
from tests.support.clock import HeldClock
from tests.support.stripe import StripePlatform
from tests.support.stripe.objects import Session
from tests.unit.bot.stage import Stage, done, field_of, staged

EVERY = timedelta(seconds=30)


@asynccontextmanager
async def paying(folder: Path, stripe: StripePlatform, clock: HeldClock, key: str = "") -> AsyncIterator[Stage]:
    """The application where cards are taken; no try is repeated, so that each fault is met."""
    payments = StripePayments(StripeOptions(key or stripe.api_key, stripe.url, retries=0))
    try:
        async with staged(folder, clock=clock, till=Till(payments, EVERY, "https://shop.example/back")) as stage:
            yield stage
    finally:
        await payments.close()


def session(stripe: StripePlatform) -> Session:
    """The page to pay on, which is the only one."""
    (found,) = stripe.world.sessions.values()
    return found


async def later(stage: Stage, **by: float) -> None:
    """Time goes by, and what has to be done by then is done."""
    stage.clock.forward(**(by or {"seconds": 30}))
    await stage.see_to_all()


async def told(stage: Stage) -> list[str]:
    """What was posted since, in the order in which it was queued."""
    posts: list[str] = []
    now = stage.clock.now() + timedelta(hours=1)
    while items := await stage.parts.storage.outbox.claim(now, 10, []):
        for item in items:
            posts.append(plain(item.post.reply.text))
            await stage.parts.storage.outbox.sent(item.id, "m", now, timedelta())
    return posts


async def left(stage: Stage) -> tuple[Cell, Cell]:
    """How many can be had, and how many there are."""
    shown = await done(stage, "/stock show T")
    return field_of(shown, "available"), field_of(shown, "on_hand")


async def link(stage: Stage, **more: str) -> str:
    """The page that `/order pay` answers with, once it is confirmed."""
    return link_of(await done(stage, "/order pay 1 card confirm:yes", **more))


def link_of(reply: Reply) -> str:
    return next(span.url for span in reply.text if isinstance(span, Link))
