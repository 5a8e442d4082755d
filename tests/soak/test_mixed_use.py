"""Mixed use for a while: memory stays, and so does the time that a command takes."""

import gc
import os
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.chat.reply import Reply
from core.chat.text import plain
from tests.support.plain_engine import PlainEngine
from tests.unit.bot.stage import Stage, button, staged

ROUNDS, OPERATIONS = 30, 100
GROWTH = 50.0
"""Megabytes that ten rounds may add."""

_NUMBER = re.compile(r"#(\d+)")


def megabytes() -> float:
    """The memory that this process has now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def go_round(stage: Stage) -> list[float]:
    """A hundred commands of all kinds; return how long each took, in milliseconds."""
    took: list[float] = []

    async def say(line: str) -> Reply:
        before = time.perf_counter()
        reply = await stage.type(line)
        took.append((time.perf_counter() - before) * 1000)
        assert reply.problem is None or line.startswith("/task show no"), (line, reply.problem)
        return reply

    for _ in range(OPERATIONS // 10):
        number = _NUMBER.findall(plain((await say("/task add Sweep the yard due:tomorrow")).text))[0]
        for line in (
            f"/task show {number}",
            f"/task edit {number} notes:Behind the shed too",
            f"/task assign {number} @me",
            "/task list",
            "/task mine",
            "/task summary",
            f"/task done {number}",
            "/task show no-such",
            "/report tasks",
            "/report sales last week",
            "/job run command /task list",
            "/qm status",
            "/qm stats",
        ):
            await say(line)
        removed = await say(f"/task remove {number}")
        assert (await stage.press(button(removed, "Undo"))).problem is None
        await say(f"/task remove {number}")
    return took


@pytest.mark.timeout(900)
async def test_memory_stays_over_thousands_of_operations(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with staged(tmp_path, engine=PlainEngine()) as stage:
        jobs = stage.product.jobs
        assert jobs.launcher
        jobs.launcher.start(jobs.runner.run)
        first, before = await go_round(stage), megabytes()
        took, after_ten = [], 0.0
        for number in range(1, ROUNDS + 1):
            took = await go_round(stage)
            if number == 10:
                after_ten = megabytes()
        after = megabytes()
        await jobs.launcher.stop()
    record_property("operations", (ROUNDS + 1) * OPERATIONS)
    record_property("megabytes more after 10 rounds", f"{after_ten - before:.1f}")
    record_property(f"megabytes more after {ROUNDS} rounds", f"{after - before:.1f}")
    record_property("median milliseconds, first and last round", f"{_median(first)} {_median(took)}")
    assert after_ten - before < GROWTH
    assert after - before < GROWTH


def _median(took: list[float]) -> str:
    return f"{statistics.median(took):.1f}"
