"""300 adds at once through the application: none lost, and how long the event loop stands still meanwhile."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from adapters.telemetry.stalls import StallMeter
from bot.application.application import QuartermasterApplication
from bot.cli.serve import spare_collections
from bot.wiring.bootstrap import Tuning, open_product
from core.chat.request import Platform
from tests.benchmarks.bare import Replay, connect
from tests.benchmarks.figures import Figure, Target, percentile
from tests.benchmarks.stage import DATABASE, PLENTY, TITLE, obeyed, said, scratch, settings_in
from tests.benchmarks.statements import Recorded, Recorder, Statement, learn

ADDS = 300
INTERVAL = 0.001
"""How often the loop is looked at, in seconds."""
STALL = Target("ours", "<", 20)
LOST = Target("ours", "=", 0)


@dataclass(slots=True)
class Adder:
    """Adds tasks through an application, each by a delivery of its own."""

    application: QuartermasterApplication
    count: int = 0

    async def add(self) -> None:
        """Add one; it has to succeed."""
        self.count += 1
        delivery = f"D{self.count:030d}"
        await obeyed(
            self.application, said(f"/task add {TITLE}", platform=Platform.SLACK, space="T1", delivery=delivery)
        )

    async def learn(self, recorder: Recorder) -> list[Statement]:
        """The statements of an add, once everybody is known."""
        await self.add()
        recordings: list[list[Recorded]] = []
        for _ in range(2):
            with recorder.recording() as found:
                await self.add()
            recordings.append(found)
        return learn(recordings[0], self.count - 1, recordings[1], self.count)


async def run(*, is_quick: bool) -> list[Figure]:
    """Stalls and losses, ours in turn with as many bare transactions on a loop like ours."""
    stalls: tuple[list[float], list[float]] = ([], [])
    seconds: tuple[list[float], list[float]] = ([], [])
    async with AsyncExitStack() as stack:
        folder = await stack.enter_async_context(scratch())
        recorder = Recorder()
        stack.enter_context(recorder.watching())
        product, _ = await stack.enter_async_context(
            open_product(settings_in(folder / "ours"), tuning=Tuning(limits=PLENTY))
        )
        adder = Adder(product.application)
        statements = await adder.learn(recorder)
        bare = await connect(_copy(folder))
        stack.push_async_callback(bare.close)
        replay = Replay(bare, statements)
        spare_collections()
        for _ in range(2 if is_quick else 10):
            for work, place in ((adder.add, 0), (replay.run, 1)):
                seconds[place].append(await _at_once(work, stalls[place]))
        kept = _kept(folder / "ours" / DATABASE)
    return _figures(stalls, seconds, lost=adder.count - kept)


def _figures(
    stalls: tuple[list[float], list[float]], seconds: tuple[list[float], list[float]], *, lost: int
) -> list[Figure]:
    ours, bare = (percentile(found, 0.99) for found in stalls)
    most, bare_most = (max(found) for found in stalls)
    note = (
        f"longest {most:.0f} ms (reference {bare_most:.0f} ms), {len(stalls[0]):,} looks; "
        f"{ADDS / (sum(seconds[0]) / len(seconds[0])):.0f} adds/s "
        f"(reference {ADDS / (sum(seconds[1]) / len(seconds[1])):.0f}/s)"
    )
    return [
        Figure(
            f"loop stall p99, {ADDS} adds at once",
            "ms",
            ours,
            STALL,
            bare,
            ours / bare if bare else None,
            note=note,
            samples=tuple(stalls[0]),
            reference_samples=tuple(stalls[1]),
        ),
        Figure("adds lost", "", lost, LOST),
    ]


async def _at_once(work: Callable[[], Awaitable[object]], stalls: list[float]) -> float:
    """Do it 300 times at once; stalls in milliseconds are added to `stalls`, the seconds it took returned."""
    async with StallMeter(lambda late: stalls.append(late * 1000), INTERVAL):
        await asyncio.sleep(10 * INTERVAL)
        start = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(ADDS)))
        return time.perf_counter() - start


def _copy(folder: Path) -> Path:
    """A copy of our database as it is now."""
    target = folder / "bare.db"
    source, copy = sqlite3.connect(folder / "ours" / DATABASE), sqlite3.connect(target)
    with copy:
        source.backup(copy)
    source.close()
    copy.close()
    return target


def _kept(path: Path) -> int:
    reader = sqlite3.connect(path)
    try:
        return int(reader.execute("SELECT count(*) FROM tasks").fetchone()[0])
    finally:
        reader.close()
