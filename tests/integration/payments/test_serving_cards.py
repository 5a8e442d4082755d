"""Cards where the product is served: Stripe calls it, and what it tells is known at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from adapters.payments.stripe.webhook import PATH, RETURN_PATH
from bot.settings.model import (
    ApplicationSettings,
    ServerSettings,
    Settings,
    SlackSettings,
    StorageSettings,
    StripeSettings,
)
from bot.wiring.bootstrap import Tuning
from core.chat.reply import Reply
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.ports.storage import Committed
from tests.support.patience import patiently
from tests.support.running import Running
from tests.support.storage import fresh_url
from tests.support.stripe import GOOD, StripePlatform

PLACE = ChannelRef("general", "general", ChannelKind.PUBLIC)


@asynccontextmanager
async def running(folder: Path, stripe: StripePlatform, *secrets: str) -> AsyncIterator[Running]:
    """The product, serving, with Stripe in its settings."""
    product = Running()
    settings = Settings(
        StorageSettings(data_dir=folder, database_url=fresh_url(folder)),
        ServerSettings(port=0, public_url="https://shop.example"),
        ApplicationSettings(),
        SlackSettings(),
        stripe=StripeSettings(api_key=stripe.api_key, api_url=stripe.url, webhook_secret=secrets),
    )
    # Jobs are not run: to load what runs them takes longer than all of this.
    await product.serve(settings, Tuning(engine_seconds=600.0))
    try:
        yield product
    finally:
        await product.stop()


async def typed(product: Running, *lines: str) -> Reply:
    """The answer to the last of some lines."""
    reply = Reply()
    for line in lines:
        request = Request(Platform.WEB, "console", PLACE, UserRef("owner", "Owner"), text=line)
        reply = await product.served.product.application.handle(request)
        assert reply.problem is None, reply.problem
    return reply


async def test_a_payment_that_stripe_tells_of_is_known_before_anybody_looks(tmp_path: Path) -> None:
    async with StripePlatform() as stripe, running(tmp_path, stripe, stripe.webhook_secret) as product:
        await typed(product, "/stock add Tea 100 10 sku:T", "/order add T 4", "/order checkout card")
        await typed(product, "/order pay 1 card confirm:yes")
        (session,) = stripe.world.sessions.values()
        assert session.asked["success_url"] == f"https://shop.example{RETURN_PATH}"
        paid = asyncio.Event()

        def committed(committed: Committed) -> None:
            if any(event.payload.get("status") == "completed" for event in committed.events):
                paid.set()

        product.served.product.storage.watch(committed)
        stripe.pay(session.id, GOOD)
        body, headers = stripe.signed(stripe.event("checkout.session.completed"))
        async with aiohttp.ClientSession(product.origin) as calls:
            async with calls.post(PATH, data=body, headers=headers) as answer:
                assert answer.status == 200
            async with patiently(20):
                await paid.wait()


async def test_without_a_secret_nobody_is_listened_to(tmp_path: Path) -> None:
    async with (
        StripePlatform() as stripe,
        running(tmp_path, stripe) as product,
        aiohttp.ClientSession(product.origin) as calls,
    ):
        async with calls.post(PATH, data=b"{}") as answer:
            assert answer.status in (404, 405)
        async with calls.get(RETURN_PATH) as answer:
            assert answer.status == 200
