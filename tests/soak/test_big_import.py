"""A hundred thousand rows, while people go on adding."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.chat.request import Attachment
from core.tasks.model import TaskFilter
from core.tasks.repository import TASKS
from core.workspaces.model import Audience
from tests.benchmarks.import_tasks import BAD_EVERY, ROWS, sample
from tests.benchmarks.importing import Stall
from tests.unit.bot.stage import Stage, staged

PIECE = 256 * 1024


async def imported(stage: Stage, data: bytes) -> str:
    """Import what is good of a file, and return the answer."""

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(data), PIECE):
            yield data[start : start + PIECE]

    request = replace(
        stage.request("/task import mode:good"), attachments=(Attachment("tasks.csv", "text/csv", None, pieces),)
    )
    reply = await stage.product.application.handle(request)
    assert reply.problem is None
    return reply.title


async def timed_add(stage: Stage, number: int) -> float:
    """Add a task by hand; return how many milliseconds it took."""
    before = time.perf_counter()
    reply = await stage.product.application.handle(stage.request(f"/task add By hand {number}"))
    assert reply.problem is None
    return (time.perf_counter() - before) * 1000


@pytest.mark.timeout(900)
async def test_everything_of_a_large_file_is_there_and_so_is_what_was_added_meanwhile(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    data = await asyncio.to_thread(sample, ROWS)
    async with staged(tmp_path) as stage:
        stall = Stall()
        watching = asyncio.create_task(stall.watch())
        idle = [await timed_add(stage, number) for number in range(50)]
        begun = time.perf_counter()
        importing = asyncio.create_task(imported(stage, data))
        beside: list[float] = []
        while not importing.done():
            beside.append(await timed_add(stage, len(idle) + len(beside)))
            await asyncio.sleep(0.05)
        await importing
        took = time.perf_counter() - begun
        watching.cancel()
        good = ROWS - ROWS // BAD_EVERY
        async with stage.parts.storage.workspace(1).read() as work:
            every = work.of(TASKS).stream(TaskFilter(), Audience(0, frozenset(), everything=True))
            assert sum([len(chunk) async for chunk in every]) == good + len(idle) + len(beside)
    record_property("rows a second", f"{ROWS / took:,.0f}")
    record_property("/task add alone, median and longest ms", _figures(idle))
    record_property("/task add beside it, median and longest ms", _figures(beside))
    record_property("longest stall of the event loop, ms", f"{stall.longest * 1000:.0f}")


def _figures(took: list[float]) -> str:
    return f"{statistics.median(took):.1f} {max(took):.1f}"
