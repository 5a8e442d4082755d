"""`/report sales by:month` over 541,909 sale lines, beside the bare SQL, beside a tenth of them, and asked again."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from datetime import date, timedelta
from pathlib import Path

from bot.application.application import QuartermasterApplication
from bot.wiring.bootstrap import Tuning, open_product
from core.ports.cache import Cache
from tests.benchmarks.figures import Figure, Target, compared
from tests.benchmarks.stage import DATABASE, PLENTY, obeyed, said, scratch, settings_in

MANY, FEWER = 541_909, 10
LINE = "/report sales by:month"
BARE = Target("ratio", "≤", 1.5)
GROWTH = Target("ratio", "≤", 12)
AGAIN = Target("ratio", "≤", 0.25)

_FIRST, _DAYS, _PRODUCTS, _CUSTOMERS = date(2009, 12, 1), 739, 4_070, 4_372
_SQL = """
    SELECT strftime('%Y-%m', business_date), currency, sum(amount), sum(quantity), count(*)
    FROM sale_lines WHERE workspace_id = 1 GROUP BY 1, 2
"""


async def run(*, is_quick: bool) -> list[Figure]:
    """The time of the report, against the statement alone and a tenth of the lines, and of asking it again."""
    rounds, count = (3, MANY // FEWER) if is_quick else (7, MANY)
    async with scratch() as folder, AsyncExitStack() as stack:
        ours: list[float] = []
        bare: list[float] = []
        less: list[float] = []
        again: list[float] = []
        products = []
        for name, lines in (("many", count), ("less", count // FEWER)):
            await _fill(folder / name, lines)
            opened = open_product(settings_in(folder / name), tuning=Tuning(limits=PLENTY))
            product, parts = await stack.enter_async_context(opened)
            products.append((product.application, parts.cache))
        database = stack.enter_context(closing(sqlite3.connect(folder / "many" / DATABASE)))
        for _ in range(rounds):
            ours.append(await _told(*products[0]))
            again.append(await _asked_again(products[0][0]))
            bare.append(_asked(database))
            less.append(await _told(*products[1]))
    name = f"{LINE}, {count:,} lines"
    return [
        compared(f"{name} (reference: the bare SQL)", "ms", ours, bare, BARE),
        compared(f"{name} (reference: {count // FEWER:,})", "ms", ours, less, GROWTH),
        compared(f"{name}, asked again (reference: asked first)", "ms", again, ours, AGAIN),
    ]


async def _fill(folder: Path, count: int) -> None:
    """Make a database with so many lines, which nobody but its maker has opened."""
    async with open_product(settings_in(folder)) as (product, _):
        await product.application.identify(said(LINE))
    with closing(sqlite3.connect(folder / DATABASE)) as database, database:
        names = [row[1] for row in database.execute("PRAGMA table_info(sale_lines)") if row[1] != "id"]
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO sale_lines ({', '.join(names)}) VALUES ({marks})"
        database.executemany(statement, ([line.get(name) for name in names] for line in _lines(count)))


def _lines(count: int) -> Iterator[dict[str, object]]:
    """Lines of two years, in the order in which they were sold."""
    same: dict[str, object] = {
        "workspace_id": 1, "product_name": "A THING TO BUY", "customer_name": "", "country": "United Kingdom",
        "price": 25_500, "discount": 0, "tax": 0, "currency": "EUR", "source": "import",
        "batch": "01J00000000000000000000000",
    }  # fmt: skip
    for number in range(count):
        pieces = number % 12 + 1
        yield same | {
            "business_date": (_FIRST + timedelta(days=number * _DAYS // count)).isoformat(),
            "product": f"{20_000 + number * 7_919 % _PRODUCTS}",
            "customer": f"{12_346 + number * 104_729 % _CUSTOMERS}" if number % 4 else "",
            "quantity": pieces * 10_000,
            "amount": pieces * 25_500,
            "reference": f"{536_365 + number // 20}",
            "digest": f"{number:016x}",
        }


async def _told(application: QuartermasterApplication, cache: Cache) -> float:
    """The time of the report, in milliseconds, of which nothing was kept."""
    cache.clear(1)
    return await _asked_again(application)


async def _asked_again(application: QuartermasterApplication) -> float:
    """The time of the report, in milliseconds."""
    start = time.perf_counter()
    await obeyed(application, said(LINE))
    return (time.perf_counter() - start) * 1000


def _asked(database: sqlite3.Connection) -> float:
    """The time of the statement alone, in milliseconds."""
    start = time.perf_counter()
    database.execute(_SQL).fetchall()
    return (time.perf_counter() - start) * 1000
