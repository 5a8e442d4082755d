"""`/task add` beside an import of 100,000 rows, against the same when nothing else goes on.

Somebody adds a task every few milliseconds, as a busy team does; the slowest hundredth of them is what counts. The
import is typed with its file: staged, applied step by step, answered.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.application.application import QuartermasterApplication
from bot.cli.serve import spare_collections
from bot.wiring.bootstrap import Tuning, open_product
from core.chat.request import Attachment
from tests.benchmarks.figures import Figure, Target, compared, percentile
from tests.benchmarks.import_tasks import sample
from tests.benchmarks.stage import PLENTY, TITLE, obeyed, said, scratch, settings_in

ROWS = 100_000
TARGET = Target("ratio", "≤", 3)
IDLE = 300
"""Tasks added while nothing else goes on."""

_BETWEEN = 0.01


@dataclass(slots=True)
class Adding:
    """Somebody who adds tasks one after the other, and how long each took in milliseconds."""

    application: QuartermasterApplication
    times: list[float] = field(default_factory=list)

    async def one(self) -> None:
        """Add a task and take a breath."""
        start = time.perf_counter()
        await obeyed(self.application, said(f"/task add {TITLE}"))
        self.times.append((time.perf_counter() - start) * 1000)
        await asyncio.sleep(_BETWEEN)

    @property
    def slowest(self) -> float:
        """The time that 99 of 100 do not exceed."""
        return percentile(self.times, 0.99)


async def run(*, is_quick: bool) -> list[Figure]:
    """The slowest hundredth of adds, beside the import and alone, in turn on fresh databases."""
    beside, alone, counts = [], [], []
    for _ in range(1 if is_quick else 3):
        async with scratch() as folder:
            found = await _round(folder)
        beside.append(found[0].slowest)
        alone.append(found[1].slowest)
        counts.append(len(found[0].times))
    name = f"task add beside an import of {ROWS:,} rows, p99"
    return [compared(name, "ms", beside, alone, TARGET, f"{min(counts):,} or more tasks added meanwhile")]


async def _round(folder: Path) -> tuple[Adding, Adding]:
    async with open_product(settings_in(folder), tuning=Tuning(limits=PLENTY)) as (product, _):
        application = product.application
        # As `serve` does once it is ready.
        spare_collections()
        warm, alone, beside = (Adding(application) for _ in range(3))
        for _ in range(50):
            await warm.one()
        for _ in range(IDLE):
            await alone.one()
        data = sample(ROWS)
        attachment = Attachment("tasks.csv", "text/csv", len(data), lambda: _chunks(data))
        request = replace(said("/task import mode:good"), attachments=(attachment,))
        importing = asyncio.create_task(obeyed(application, request))
        while not importing.done():
            await beside.one()
        await importing
    return beside, alone


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 256 * 1024):
        yield data[start : start + 256 * 1024]
