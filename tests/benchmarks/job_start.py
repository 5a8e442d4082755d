"""How soon a job begins that somebody waits for, beside the engine's own start of the same."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from itertools import count
from pathlib import Path
from threading import Event

from adapters.jobs import DurableEngine, place_of
from adapters.jobs.transact import Transact
from core.ports.jobs import JobRef, Steps
from tests.benchmarks.figures import Figure, Target, compared
from tests.support.engines import OwnLeases

BEYOND = Target("ours", "≤", 10)
JOBS, ROUNDS = 40, 3
PAUSE = 0.01


async def run(*, is_quick: bool) -> list[Figure]:
    """Begin jobs one after the other, in turns by the engine alone and through the port."""
    beyond: list[float] = []
    bare: list[float] = []
    for _ in range(1 if is_quick else ROUNDS):
        theirs = await asyncio.to_thread(_by_the_engine_alone)
        ours = await _through_the_port()
        bare += theirs
        beyond += [mine - other for mine, other in zip(sorted(ours), sorted(theirs), strict=True)]
    return [compared("direct job start, beyond the engine's", "ms", beyond, bare, BEYOND, "reference: its own start")]


def _by_the_engine_alone() -> list[float]:
    folder, begun, took = Path(tempfile.mkdtemp()), Event(), []
    engine = Transact(place_of("", "", folder), "local", lambda _: begun.set())
    engine.launch()
    for number in range(JOBS):
        began = time.perf_counter()
        engine.begin(JobRef(f"bare {number}", 1, number, "wait"))
        begun.wait()
        took.append((time.perf_counter() - began) * 1000)
        begun.clear()
        time.sleep(PAUSE)
    engine.close()
    shutil.rmtree(folder)
    return took


async def _through_the_port() -> list[float]:
    folder, begun, names, took = Path(tempfile.mkdtemp()), asyncio.Event(), count(), []

    async def work(_job: JobRef, _steps: Steps) -> None:
        begun.set()

    engine = DurableEngine(place_of("", "", folder), OwnLeases(), lambda: str(next(names)), lease_seconds=10.0)
    await engine.start(work)
    for number in range(JOBS):
        began = time.perf_counter()
        await engine.begin(JobRef(f"ours {number}", 1, number, "wait"))
        await begun.wait()
        took.append((time.perf_counter() - began) * 1000)
        begun.clear()
        await asyncio.sleep(PAUSE)
    await engine.close()
    await asyncio.to_thread(shutil.rmtree, folder)
    return took
