"""Wherever a process dies while an order is checked out and paid: the next one goes on, and the books balance.

It dies before and after every commit and every call of Stripe's, one after the other, until the way is gone to its end;
whoever has the page pays then, or does not. Another process on the same database sees to what is due.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest

from adapters.payments.stripe import StripeOptions, StripePayments
from adapters.storage import SqlStorage
from core.payments.model import Method
from core.ports.payments import CardPayments
from core.ports.storage import Transactions
from tests.contract.storage.world import Place, build_place
from tests.support.card_shop import SHOP, CardShop, pay
from tests.support.clock import HeldClock
from tests.support.databases import DATABASES, fresh_database
from tests.support.dying import DeathError
from tests.support.storage import make_storage
from tests.support.stripe import DECLINED, StripePlatform


@dataclass
class Points:
    """The places where a process can die: at the one of that number it does."""

    at: int
    passed: int = 0

    def pass_by(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            raise DeathError


class Mortal:
    """Whatever it wraps, with a place to die before and after each of some calls."""

    def __init__(self, inner: Any, points: Points, *names: str) -> None:
        self._inner, self._points, self._names = inner, points, names

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._between(found) if name in self._names else found

    def _between(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def dying(*arguments: Any) -> Any:
            self._points.pass_by()
            answer = await call(*arguments)
            self._points.pass_by()
            return answer

        return dying


class MortalTransactions:
    """Units of work whose process may die at their commits."""

    def __init__(self, inner: Transactions, points: Points) -> None:
        self._inner, self._points = inner, points
        self.read = inner.read

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Any]:
        async with self._inner.write() as work:
            yield Mortal(work, self._points, "commit")


Way = Callable[[CardShop, StripePlatform, int], Awaitable[None]]


async def paid_and_given_back(process: CardShop, stripe: StripePlatform, number: int) -> None:
    await process.orders.checkout(*process.who, Method.CARD)
    await process.cards.ask(*process.who, number)
    pay(stripe)
    process.clock.forward(seconds=30)
    await process.see_to_all()
    for delivery, amount in (("d1", Decimal("4.40")), ("d2", None)):
        await process.refunds.refund(*process.who, number, amount, f"{number}-{delivery}")


async def cancelled(process: CardShop, stripe: StripePlatform, number: int) -> None:
    await process.orders.checkout(*process.who, Method.CARD)
    await process.cards.ask(*process.who, number)
    await process.cards.close(process.actor, SHOP, number)
    await process.orders.cancel(*process.who, number)


async def paid_otherwise(process: CardShop, stripe: StripePlatform, number: int) -> None:
    await process.orders.checkout(*process.who, Method.CASH)
    await process.cards.ask(*process.who, number)
    await process.cards.close(process.actor, SHOP, number)
    await process.orders.pay(*process.who, number, Method.CASH)


async def not_paid(process: CardShop, stripe: StripePlatform, number: int) -> None:
    await process.orders.checkout(*process.who, Method.CARD)
    await process.cards.ask(*process.who, number)
    pay(stripe, DECLINED)
    process.clock.forward(seconds=30)
    await process.see_to_all()
    process.clock.forward(minutes=35)
    await process.see_to_all()


@dataclass
class Shops:
    """One shop after the other on one database, each a process of its own, with one Stripe for all of them."""

    place: Place
    clock: HeldClock
    stripe: StripePlatform
    payments: CardPayments
    open: Callable[[], Awaitable[SqlStorage]]

    @asynccontextmanager
    async def process(self, points: Points) -> AsyncIterator[CardShop]:
        """A fresh process, which may die at one of those points."""
        storage = await self.open()
        try:
            yield mortal(replace(self.place, storage=storage), self.clock, self.payments, points)
        finally:
            await storage.close()

    async def one_that_dies(self, way: Way, points: Points) -> bool:
        """Go a way until the process dies; tell whether it did."""
        async with self.process(points) as process:
            number = await process.fill()
            try:
                await way(process, self.stripe, number)
            except DeathError:
                return True
        return False

    async def the_next_one(self) -> None:
        """See to what is due, until all adds up."""
        async with self.process(Points(0)) as process:
            await process.come_to_rest(self.stripe)


def mortal(place: Place, clock: HeldClock, payments: CardPayments, points: Points) -> CardShop:
    """A process that may die at one of those points."""
    transactions = MortalTransactions(place.storage.workspace(place.id), points)
    dying = Mortal(payments, points, "open", "look", "expire", "refund")
    return CardShop(place, clock, cast("CardPayments", dying), cast("Transactions", transactions))


@asynccontextmanager
async def shops(kind: str, folder: Path) -> AsyncIterator[Shops]:
    """Open a shop with enough to sell."""
    clock = HeldClock()
    async with StripePlatform(clock) as stripe, fresh_database(kind, folder) as url:
        payments = StripePayments(StripeOptions(stripe.api_key, stripe.url, retries=0))

        async def open_storage() -> SqlStorage:
            return await make_storage(folder, clock=clock, url=url)

        storage = await open_storage()
        try:
            place = await build_place(storage, "here")
            made = Shops(place, clock, stripe, payments, open_storage)
            await mortal(place, clock, payments, Points(0)).stock_up()
            yield made
        finally:
            await storage.close()
            await payments.close()


@pytest.mark.parametrize("way", [paid_and_given_back, cancelled, paid_otherwise, not_paid])
@pytest.mark.parametrize("kind", DATABASES)
async def test_books_balance_wherever_a_process_dies(kind: str, way: Way, tmp_path: Path) -> None:
    async with shops(kind, tmp_path) as here:
        for at in count(1):
            died = []
            # With a server each life takes longer: there whoever has the page pays every other time.
            for pays in (True, False) if kind == "sqlite" else (at % 2 == 0,):
                died.append(await here.one_that_dies(way, Points(at)))
                if pays:
                    pay(here.stripe)
                await here.the_next_one()
            if not any(died):
                break
        assert at > 10
