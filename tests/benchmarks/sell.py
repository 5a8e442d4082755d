"""`/stock sell` of one hot product by 100 people at once, beside the bare statements that change what there is.

Of 1,000 pieces exactly 1,000 are sold, whoever else wants one. The reference is the conditional UPDATE and the INSERT
of its entry in a transaction of their own, by the bare driver.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import aiosqlite
import asyncpg

from adapters.storage import migrate
from adapters.storage.engine.dialects.postgres_statements import teach_instants
from bot.application.application import QuartermasterApplication
from bot.cli.serve import spare_collections
from bot.texts.low import became_low
from bot.wiring.bootstrap import Tuning, open_product
from core.chat.request import Platform
from core.shared.errors import RefusedError
from core.stock.model import Shop
from core.stock.service import Line, LowStock, StockService
from tests.benchmarks.figures import PER_SECOND, Figure, Target, compared
from tests.benchmarks.processes import BenchError
from tests.benchmarks.stage import DATABASE, PLENTY, obeyed, said, scratch, settings_in
from tests.support.clock import NOON, HeldClock
from tests.support.postgres import PostgresProcess, remove

CLIENTS, PIECES = 100, 1_000
HALF = Target("ratio", "≥", 0.5)
ALL = Target("ours", "=", PIECES)

_CHANGE = "UPDATE products SET on_hand = on_hand - 1 WHERE workspace_id = 1 AND number = 1 AND on_hand - reserved >= 1"
_ENTRY = (
    "INSERT INTO movements (workspace_id, number, kind, quantity, at, business_date, author_id, reason, reference,"
    " location) VALUES (1, 1, 'sale', -1, {at}, '2026-11-20', 1, '', '', '')"
)

Sell = Callable[[], Awaitable[bool]]


@dataclass(slots=True)
class Side:
    """A way to sell a piece, telling whether there was one, and how to have 1,000 again and count them."""

    sell: Sell
    fill: Callable[[], Awaitable[None]]


async def run(*, is_quick: bool) -> list[Figure]:
    """The sales a second of each way, and how many were sold, on both databases."""
    rounds = 1 if is_quick else 3
    found: list[Figure] = []
    for kind, opened in (("SQLite", _sqlite), ("Postgres", _postgres)):
        async with opened() as (command, service, bare):
            speeds: list[list[float]] = [[], [], []]
            sold = PIECES
            for _ in range(rounds):
                for side, kept in zip((command, service, bare), speeds, strict=True):
                    speed, pieces = await _emptied(side)
                    kept.append(speed)
                    sold = pieces if pieces != PIECES else sold
            found += [
                compared(f"/stock sell by {CLIENTS} at once, {kind}", PER_SECOND, speeds[0], speeds[2], HALF),
                compared(f"  of which the sale itself, {kind}", PER_SECOND, speeds[1], speeds[2], None),
                Figure(f"  pieces sold of {PIECES:,}, {kind}", "", sold, ALL),
            ]
    return found


async def _emptied(side: Side) -> tuple[float, int]:
    """Sell until nobody gets one any more; return how many a second, and how many."""
    await side.fill()

    async def buy() -> int:
        pieces = 0
        while await side.sell():
            pieces += 1
        return pieces

    begin = time.perf_counter()
    pieces = sum(await asyncio.gather(*(buy() for _ in range(CLIENTS))))
    return pieces / (time.perf_counter() - begin), pieces


@asynccontextmanager
async def _sqlite() -> AsyncIterator[tuple[Side, Side, Side]]:
    async with scratch() as folder, AsyncExitStack() as stack:
        file = folder / DATABASE
        command, service = await _ours(stack, folder, f"sqlite+aiosqlite:///{file}")
        bare = folder / "bare.db"
        _copied(file, bare)
        db = await stack.enter_async_context(aiosqlite.connect(bare, isolation_level=None))
        for rule in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            await db.execute(f"PRAGMA {rule}")
        turn, entry = asyncio.Lock(), _ENTRY.format(at="'2026-11-20 12:00:00.000000'")

        async def sell() -> bool:
            async with turn:
                await db.execute("BEGIN IMMEDIATE")
                there = (await db.execute(_CHANGE)).rowcount == 1
                if there:
                    await db.execute(entry)
                await db.execute("COMMIT")
            return there

        async def fill() -> None:
            await db.execute(f"UPDATE products SET on_hand = {PIECES:d}")

        yield command, service, Side(sell, fill)


@asynccontextmanager
async def _postgres() -> AsyncIterator[tuple[Side, Side, Side]]:
    async with scratch() as folder, AsyncExitStack() as stack:
        place = folder / "postgres"
        stack.callback(remove, place)
        server = PostgresProcess(place)
        stack.callback(server.stop)
        url = server.url()
        await migrate(url)
        command, service = await _ours(stack, folder, url)
        free: list[asyncpg.Connection] = []
        for _ in range(10):
            connection = await asyncpg.connect(host=url.partition("host=")[2], user="postgres", database="postgres")
            stack.push_async_callback(connection.close)
            await teach_instants(connection)
            free.append(connection)
        waiting = asyncio.Semaphore(len(free))
        entry = _ENTRY.format(at="now()::timestamp")

        async def sell() -> bool:
            async with waiting:
                db = free.pop()
                try:
                    await db.execute("BEGIN")
                    there = bool((await db.execute(_CHANGE)).endswith(" 1"))
                    if there:
                        await db.execute(entry)
                    await db.execute("COMMIT")
                finally:
                    free.append(db)
            return there

        async def fill() -> None:
            await free[0].execute(f"UPDATE products SET on_hand = {PIECES:d}")

        yield command, service, Side(sell, fill)


async def _ours(stack: AsyncExitStack, folder: Path, url: str) -> tuple[Side, Side]:
    """Our own ways: the command as people type it, and what it has done in a unit of work of its own."""
    settings = settings_in(folder)
    settings = replace(settings, storage=replace(settings.storage, database_url=url))
    product, parts = await stack.enter_async_context(open_product(settings, tuning=Tuning(limits=PLENTY)))
    application, numbers = product.application, count()

    async def typed(line: str) -> bool:
        delivery = f"D{next(numbers):030d}"
        reply = await application.handle(said(line, platform=Platform.SLACK, space="T1", delivery=delivery))
        if reply.problem and reply.problem.field != "quantity":
            raise BenchError(reply.problem.message)
        return reply.problem is None

    await obeyed(application, said("/stock add Hot 1 0.50", platform=Platform.SLACK, space="T1", delivery="first"))
    actor = await application.identify(said("/stock list", platform=Platform.SLACK, space="T1"))
    clock = HeldClock(NOON)
    stock, shop = StockService(clock, LowStock(clock, became_low)), Shop("EUR", "UTC")

    async def sell() -> bool:
        async with parts.storage.workspace(actor.workspace_id).write() as work:
            try:
                await stock.sell(work, actor, shop, [Line(1, 1)])
            except RefusedError:
                return False
            await work.commit()
        return True

    async def fill() -> None:
        await _filled(application, typed)

    # As `serve` does once it is ready.
    spare_collections()
    return Side(lambda: typed("/stock sell #1 1"), fill), Side(sell, fill)


async def _filled(application: QuartermasterApplication, typed: Callable[[str], Awaitable[bool]]) -> None:
    """Have 1,000 pieces, however many there were."""
    reply = await obeyed(application, said("/stock show #1", platform=Platform.SLACK, space="T1"))
    there = next(int(str(field.value)) for field in reply.fields if field.key == "on_hand")
    if there != PIECES and not await typed(f"/stock adjust #1 {PIECES - there}"):
        raise BenchError("could not be filled")


def _copied(source: Path, target: Path) -> None:
    """Copy a database that is in use."""
    reader, copy = sqlite3.connect(source), sqlite3.connect(target)
    with copy:
        reader.backup(copy)
    reader.close()
    copy.close()
