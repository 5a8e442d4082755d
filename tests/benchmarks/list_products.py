"""`/stock list`, `low` and `value` with 100,000 products, beside 1,000 of them, and the sum as bare SQL."""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from bot.application.application import QuartermasterApplication
from bot.texts.low import became_low
from bot.wiring.bootstrap import Tuning, open_product
from core.shared.ids import MemberId
from core.stock.model import Product
from core.stock.products import ProductService
from core.stock.repository import PRODUCTS
from core.stock.service import LowStock, StockService
from tests.benchmarks.figures import Figure, Target, compared
from tests.benchmarks.stage import DATABASE, PLENTY, obeyed, said, scratch, settings_in

FEW, MANY = 1_000, 100_000
TWICE = Target("ratio", "≤", 2)
LINES = {
    "/stock list": TWICE,
    "/stock list category:drinks": TWICE,
    "/stock low": TWICE,
    # What there is of a product is in no index, for every sale would have to change that.
    "/stock list in-stock": None,
}
VALUE = Target("ratio", "≤", 1.5)
_SUM = (
    "SELECT count(*), sum(on_hand), sum(on_hand * price), sum(on_hand * cost) FROM products"
    " WHERE workspace_id = 1 AND removed_at IS NULL AND on_hand > 0"
)
_CATEGORIES = ("fruit", "drinks", "bread", "cheese", "sweets")


Make = Callable[[int, MemberId, datetime], Product]
"""Makes the product of a number, of somebody, at a moment."""


@dataclass(frozen=True, slots=True)
class Filled:
    """An application with that many products, and what is asked of it without a command around it."""

    application: QuartermasterApplication
    products: ProductService
    file: Path


async def run(*, is_quick: bool) -> list[Figure]:
    """The times of the lists, and of the sum."""
    rounds, each = (2, 10) if is_quick else (7, 25)
    async with scratch() as folder, AsyncExitStack() as stack:
        many = await stack.enter_async_context(filled(folder / "many", MANY, _product))
        few = await stack.enter_async_context(filled(folder / "few", FEW, _product))
        found = []
        for line, target in LINES.items():
            times: tuple[list[float], list[float]] = ([], [])
            for _ in range(rounds):
                for side, place in ((many, 0), (few, 1)):
                    times[place].append(await _listed(side, line, each))
            found.append(compared(f"{line}, {MANY:,} products (reference: {FEW:,})", "ms", *times, target))
        found.append(await _valued(many, rounds, each))
        return found


@asynccontextmanager
async def filled(folder: Path, count: int, make: Make) -> AsyncIterator[Filled]:
    """Open an application with so many products, made so."""
    async with open_product(settings_in(folder), tuning=Tuning(limits=PLENTY)) as (product, parts):
        actor = await product.application.identify(said("/stock list"))
        now, transactions = parts.clock.now(), parts.storage.workspace(actor.workspace_id)
        async with transactions.write() as work:
            first = await work.of(PRODUCTS).reserve_numbers(count)
            made = [make(number, actor.member_id, now) for number in range(first, first + count)]
            work.of(PRODUCTS).add_all(made)
            await work.commit()
        stock = StockService(parts.clock, LowStock(parts.clock, became_low))
        products = ProductService(transactions, parts.clock, stock)
        yield Filled(product.application, products, folder / DATABASE)


def _product(number: int, author_id: MemberId, now: datetime) -> Product:
    """A product with a price and a cost; one in twenty is low."""
    return Product(
        number=number,
        sku=f"SKU-{number:06}",
        name=f"Thing number {number * 7919 % 100_003}",
        author_id=author_id,
        created_at=now,
        added_on=now.date(),
        category=_CATEGORIES[number % 5],
        price=Decimal(number % 1000 + 1) / 100,
        cost=Decimal(number % 700 + 1) / 100,
        reorder_level=40 if number % 20 == 0 else 5,
        on_hand=number % 30 + 6,
    )


async def _listed(side: Filled, line: str, times: int) -> float:
    """The median time of a command, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        await obeyed(side.application, said(line))
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


async def _valued(filled: Filled, rounds: int, each: int) -> Figure:
    """What the goods are worth, beside the same sums as one statement."""
    times: tuple[list[float], list[float]] = ([], [])
    database = sqlite3.connect(filled.file)
    try:
        for _ in range(rounds):
            for _ in range(max(each // 5, 1)):
                start = time.perf_counter()
                await filled.products.value()
                times[0].append((time.perf_counter() - start) * 1000)
                times[1].append(_timed(lambda: database.execute(_SUM).fetchone()) * 1000)
    finally:
        database.close()
    return compared(f"value of {MANY:,} products (reference: bare SQL)", "ms", *times, VALUE)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
