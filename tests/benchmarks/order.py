"""`/order checkout` and `/order pay` of 100 lines, beside the bare statements that move as many goods; and of 10 lines.

The reference, in one transaction of the bare driver: the lines of the order read; for each of them the conditional
UPDATE, its entries in the ledger and, where it is paid, the line of the sale; the rows of the order and its payment.
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
from core.chat.actor import Actor
from core.orders.model import Order, OrderLine
from core.orders.repository import ORDERS
from core.orders.sums import Taxed, with_sums
from core.stock.model import Product
from core.stock.repository import PRODUCTS
from tests.benchmarks.figures import Figure, Target, compared
from tests.benchmarks.stage import DATABASE, PLENTY, obeyed, said, scratch, settings_in

FEW, MANY = 10, 100
THREE, AS_LINES = Target("ratio", "≤", 3), Target("ratio", "≤", MANY / FEW)
PIECES = 1_000_000

_AT = "'2026-11-20 12:00:00.000000'"
_LINES = "SELECT * FROM order_lines WHERE workspace_id = 1 AND number = ? ORDER BY position"
_RESERVE = (
    "UPDATE products SET reserved = reserved + 1, version = version + 1 WHERE workspace_id = 1 AND number = ?"
    " AND removed_at IS NULL AND on_hand - reserved - elsewhere >= 1"
)
_SELL = (
    "UPDATE products SET on_hand = on_hand - 1, reserved = reserved - 1, version = version + 1 WHERE workspace_id = 1"
    " AND number = ? AND removed_at IS NULL AND reserved >= 1"
)
_ENTRY = (
    "INSERT INTO movements (workspace_id, number, kind, quantity, at, business_date, author_id, reason, reference,"
    f" location) VALUES (1, ?, ?, 1, {_AT}, '2026-11-20', 1, '', 'order 1', '')"
)
_SALE = (
    "INSERT INTO sale_lines (workspace_id, business_date, sold_at, product, product_name, customer, customer_name,"
    " country, quantity, price, discount, tax, amount, currency, source, reference, batch, digest)"
    f" VALUES (1, '2026-11-20', {_AT}, ?, 'Thing', '', '', '', 10000, 25000, 0, 0, 25000, 'EUR', 'order', 'order 1',"
    " '', '')"
)
_STATUS = "UPDATE orders SET status = ?, version = version + 1 WHERE workspace_id = 1 AND number = ?"
_PAYMENT = (
    "INSERT INTO order_payments (workspace_id, number, attempt, method, currency, units, refunded, status, at,"
    f" author_id) VALUES (1, ?, 1, 'cash', 'EUR', 25000, 0, 'paid', {_AT}, 1)"
)


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
            await work.of(ORDERS).add_many([filled.order])
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
    async with scratch() as folder, open_product(settings_in(folder), tuning=Tuning(limits=PLENTY)) as (product, parts):
        shop, numbers = await _shop(product.application, parts), count(1)
        for place in range(rounds + 1):
            for name, lines in (("many", MANY), ("few", FEW), ("bare", MANY)):
                number = next(numbers)
                await shop.cart(number, lines)
                if name == "bare":
                    found = _bare(folder / DATABASE, number)
                else:
                    found = (
                        await shop.typed(f"/order checkout order:#{number}"),
                        await shop.typed(f"/order pay #{number}"),
                    )
                for verb, seconds in zip(("checkout", "pay"), found, strict=True) if place else ():
                    times.setdefault((verb, name), []).append(seconds * 1000)
    figures = []
    for verb in ("checkout", "pay"):
        many = times[verb, "many"]
        figures += [
            compared(f"/order {verb}, {MANY} lines", "ms", many, times[verb, "bare"], THREE),
            compared(f"  beside {FEW} lines", "ms", many, times[verb, "few"], AS_LINES),
        ]
    return figures


async def _shop(application: QuartermasterApplication, parts: Equipment) -> Shop:
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
        await work.of(PRODUCTS).add_many(goods)
        await work.commit()
    return Shop(application, parts, actor)


def _bare(file: Path, number: int) -> tuple[float, float]:
    """Return how long the statements of a checkout take, and those of a payment."""
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        for rule in ("synchronous = FULL", "foreign_keys = ON"):
            db.execute(f"PRAGMA {rule}")
        return _moved(db, number, _RESERVE, ("reservation",), "pending"), _moved(
            db, number, _SELL, ("sale", "release"), "completed"
        )


def _moved(db: sqlite3.Connection, number: int, change: str, kinds: Sequence[str], status: str) -> float:
    begin = time.perf_counter()
    db.execute("BEGIN IMMEDIATE")
    products = [row[3] for row in db.execute(_LINES, (number,)).fetchall()]
    for product in products:
        db.execute(change, (product,))
    db.executemany(_ENTRY, [(product, kind) for product in products for kind in kinds])
    if status == "completed":
        db.executemany(_SALE, [(f"SKU-{product}",) for product in products])
        db.execute(_PAYMENT, (number,))
    db.execute(_STATUS, (status, number))
    db.execute("COMMIT")
    return time.perf_counter() - begin
