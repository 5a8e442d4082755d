"""A process that sells by card until it is killed, with a Stripe that lives on and people who pay."""

import asyncio
import os
import random
import signal
import sys
from decimal import Decimal
from pathlib import Path

from adapters.payments.stripe import StripeOptions, StripePayments
from core.payments.model import Method
from core.shared.errors import RefusedError
from tests.contract.storage.world import build_place
from tests.support.card_shop import SHOP, CardShop, opened_again, pay
from tests.support.clock import HeldClock
from tests.support.storage import make_storage
from tests.support.stripe import DECLINED, GOOD, SECURE, StripePlatform

_SELLS = "import asyncio, sys; from tests.support.killed_card_shop import sell; asyncio.run(sell(*sys.argv[1:]))"


async def sell(url: str, name: str, stripe_url: str, seed: str) -> None:
    """Sell in a workspace of its own and tell of each step; it never ends by itself."""
    clock, dice = HeldClock(), random.Random(int(seed))
    payments = StripePayments(StripeOptions(StripePlatform.api_key, stripe_url, retries=0))
    storage = await make_storage(url=url, clock=clock)
    place = await build_place(storage, name)
    shop = CardShop(place, clock, payments, storage.workspace(place.id))
    await shop.stock_up()
    while True:
        number = await shop.fill()
        await shop.orders.checkout(*shop.who, Method.CARD)
        await shop.cards.ask(*shop.who, number)
        _tell("asked")
        if dice.random() < 0.3:
            await shop.cards.close(shop.actor, SHOP, number)
            await shop.orders.cancel(*shop.who, number)
        clock.forward(seconds=31)
        await shop.see_to_all()
        _tell("seen")
        if dice.random() < 0.5:
            try:
                await shop.refunds.refund(*shop.who, number, Decimal(1), str(number))
            except RefusedError:
                _tell("unpaid")


def _tell(step: str) -> None:
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


async def kill_a_shop(url: str, name: str, stripe: StripePlatform, dice: random.Random) -> int:
    """Let a shop sell, people pay there, and the process be killed; return how many orders balance afterwards."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", _SELLS, url, name, stripe.url, str(dice.randrange(1000))),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None
    for _ in range(dice.randrange(1, 20)):
        await child.stdout.readline()
        pay(stripe, dice.choice((GOOD, GOOD, DECLINED, SECURE)))
    await asyncio.sleep(dice.random() / 20)
    os.kill(child.pid, signal.SIGKILL)
    await child.stdout.read()
    await child.wait()
    if dice.random() < 0.5:
        pay(stripe)
    return await _come_to_rest(url, name, stripe)


async def _come_to_rest(url: str, name: str, stripe: StripePlatform) -> int:
    """See to what is due in another process."""
    clock = HeldClock()
    payments = StripePayments(StripeOptions(stripe.api_key, stripe.url, retries=0))
    storage = await make_storage(url=url, clock=clock)
    try:
        place = await opened_again(storage, name)
        return await CardShop(place, clock, payments, storage.workspace(place.id)).come_to_rest(stripe)
    finally:
        await storage.close()
        await payments.close()
