"""`/order checkout` and `/order pay` of 100 lines, beside the bare SQL of the same, and beside those of 10 lines.

The reference runs the statements that the command ran, row for row, on a copy of the database as it was before, in one
transaction of the bare driver.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path

from bot.application.application import QuartermasterApplication
from bot.wiring.bootstrap import Equipment, Tuning, open_product
from bot.wiring.product import Product as Served
from core.chat.actor import Actor
from core.orders.model import Order, OrderLine
from core.orders.repository import ORDERS
from core.orders.sums import Taxed, with_sums
from core.stock.model import Product
from core.stock.repository import PRODUCTS
from tests.benchmarks.figures import Figure, Target, compared
from tests.benchmarks.stage import DATABASE, PLENTY, obeyed, said, scratch, settings_in
from tests.benchmarks.statements import Recorded, Recorder

FEW, MANY = 10, 100
THREE, AS_LINES = Target("ratio", "≤", 3), Target("ratio", "≤", MANY / FEW)
PIECES = 1_000_000


@dataclass(frozen=True, slots=True)
class Shop:
    """An application with goods, and who asks it."""

    application: QuartermasterApplication
    parts: Equipment
    actor: Actor

    async def cart(self, number: int, lines: int) -> None:
        """Fill a cart."""
        order = Order(number, self.actor.member_id, self.parts.clock.now(), self.actor.channel_id, "EUR")
        goods = [OrderLine(product, f"SKU-{product}", "Thing", 1, Decimal("2.50")) for product in range(1, lines + 1)]
        filled = with_sums(order, goods, Decimal(0), Taxed(Decimal(0), is_included=False))
        async with self.parts.storage.workspace(self.actor.workspace_id).write() as work:
            work.of(ORDERS).add_all([filled.order])
            await work.of(ORDERS).put_lines(number, filled.lines)
            await work.commit()

    async def typed(self, line: str) -> float:
        """Return how long a command takes."""
        begin = time.perf_counter()
        await obeyed(self.application, said(line))
        return time.perf_counter() - begin


async def run(*, is_quick: bool) -> list[Figure]:
    """The times of both commands, beside bare statements and beside fewer lines."""
    rounds = 3 if is_quick else 25
    times: dict[tuple[str, str], list[float]] = {}
    recorder = Recorder()
    with recorder.watching():
        async with scratch() as folder, open_product(settings_in(folder), tuning=Tuning(limits=PLENTY)) as opened:
            shop, numbers = await _shop(*opened), count(1)
            for place in range(rounds + 1):
                for name, lines in (("many", MANY), ("few", FEW)):
                    number = next(numbers)
                    await shop.cart(number, lines)
                    for verb, which in (("checkout", f"order:#{number}"), ("pay", f"#{number}")):
                        copy = folder / f"{verb}-{number}.db"
                        _copied(folder / DATABASE, copy)
                        with recorder.recording() as found:
                            ours = await shop.typed(f"/order {verb} {which}")
                        bare = _replayed(copy, found)
                        if place:
                            times.setdefault((verb, name), []).append(ours * 1000)
                            times.setdefault((verb, f"bare {name}"), []).append(bare * 1000)
    figures = []
    for verb in ("checkout", "pay"):
        many = times[verb, "many"]
        figures += [
            compared(f"/order {verb}, {MANY} lines", "ms", many, times[verb, "bare many"], THREE),
            compared(f"  beside {FEW} lines", "ms", many, times[verb, "few"], AS_LINES),
        ]
    return figures


async def _shop(product: Served, parts: Equipment) -> Shop:
    application = product.application
    actor = await application.identify(said("/order list"))
    now = parts.clock.now()
    goods = [
        Product(
            number=number,
            sku=f"SKU-{number}",
            name="Thing",
            author_id=actor.member_id,
            created_at=now,
            added_on=now.date(),
            price=Decimal("2.50"),
            on_hand=PIECES,
        )
        for number in range(1, MANY + 1)
    ]
    async with parts.storage.workspace(actor.workspace_id).write() as work:
        work.of(PRODUCTS).add_all(goods)
        await work.commit()
    return Shop(application, parts, actor)


def _copied(source: Path, target: Path) -> None:
    """Copy a database that is in use."""
    with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(target)) as copy:
        reader.backup(copy)
        copy.execute("PRAGMA journal_mode = WAL")


def _replayed(file: Path, statements: Sequence[Recorded]) -> float:
    """Return how long statements take, which change the database for good."""
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        for rule in ("synchronous = FULL", "foreign_keys = ON"):
            db.execute(f"PRAGMA {rule}")
        begin = time.perf_counter()
        db.execute("BEGIN IMMEDIATE")
        for one in statements:
            if len(one.rows) > 1:
                db.executemany(one.sql, one.rows)
            else:
                db.execute(one.sql, one.rows[0]).fetchall()
        db.execute("COMMIT")
        return time.perf_counter() - begin
