"""Jobs in processes that are killed by the hundred: each is done, its effects are there once, and it is told once."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from adapters.storage import migrate
from bot.wiring.bootstrap import open_product
from bot.wiring.serving import console_space
from core.jobs.model import Job, JobFilter, JobState, JobValue, NewJob
from core.ports.storage import Transactions
from core.tasks.model import TaskFilter
from core.tasks.repository import TASKS
from core.workspaces.model import Audience
from tests.support.databases import fresh_database
from tests.support.job_lives import Lives, lives, settings_of, tuning
from tests.support.patience import until
from tests.support.storage import fresh_url
from tests.support.typed import typed

SECONDS = float(os.environ.get("SOAK_JOB_SECONDS", "25"))
"""For how long processes are killed."""
UNITS = 4
BETWEEN_JOBS, BETWEEN_KILLS = 0.1, (0.0, 0.3)
"""Seconds; a kill comes after something was begun since the one before it."""
STOPPED = 2
"""How many leases a process is stopped for: it is taken for dead, and finds out when it goes on."""
EVERYTHING = Audience(0, frozenset(), everything=True)
SETTLED = 120.0


@pytest.mark.timeout(SECONDS + 900)
@pytest.mark.parametrize(("kind", "count"), [("sqlite", 1), ("postgresql", 3)], ids=["a file", "three on a Postgres"])
async def test_jobs_are_done_once_however_often_processes_are_killed(
    kind: str, count: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with AsyncExitStack() as stack:
        if kind == "sqlite":
            url = fresh_url(tmp_path)
            await migrate(url)
        else:
            url = await stack.enter_async_context(fresh_database(kind, tmp_path))
        product, parts = await stack.enter_async_context(open_product(settings_of(tmp_path, url), tuning=tuning()))
        await console_space(parts)
        actor = await product.application.identify(typed("/job list"))
        under_way = await stack.enter_async_context(lives(tmp_path, url))
        for _ in range(count):
            await under_way.begin()
        shop, wanted, enough = parts.storage.workspace(actor.workspace_id), 0, asyncio.Event()

        async def ask_for_jobs() -> None:
            nonlocal wanted
            while not enough.is_set():
                async with shop.write() as work:
                    given: dict[str, JobValue] = {"label": f"box{wanted}", "count": UNITS}
                    new = NewJob("units", given, actor.member_id, actor.channel_id, key=f"soak:{wanted}")
                    assert await work.jobs.queue(new, parts.clock.now())
                    await work.commit()
                wanted += 1
                await asyncio.sleep(BETWEEN_JOBS)

        asking = asyncio.create_task(ask_for_jobs())
        kills, stops = await _killed(under_way, shop, is_shared=count > 1)
        enough.set()
        await asking
        jobs = await until(lambda: _over(shop), SETTLED, "all jobs to be over")
        titles = Counter(await _titles(shop))
        posts, _ = await parts.storage.outbox.backlog()
    expected = {f"box{job}-{unit}" for job in range(wanted) for unit in range(UNITS)}
    record_property("jobs asked, kills, stops", f"{wanted} {kills} {stops}")
    record_property("done, posts", f"{sum(job.state is JobState.COMPLETED for job in jobs)} {posts}")
    record_property("effects lost, effects twice", f"{len(expected - set(titles))} {titles.total() - len(titles)}")
    record_property("begun more than once, most often", f"{sum(job.attempts > 1 for job in jobs)} {_most(jobs)}")
    assert Counter((job.state, job.reason) for job in jobs) == {(JobState.COMPLETED, ""): wanted}
    assert titles == Counter(expected)
    assert posts == wanted


async def _killed(under_way: Lives, shop: Transactions, *, is_shared: bool) -> tuple[int, int]:
    """Kill one process after the other, and stop some for longer than they can be missed; return how many."""
    moment, kills, stops, end = random.Random(10), 0, 0, time.monotonic() + SECONDS
    stopped: list[tuple[float, int]] = []
    seen: set[str] = set()
    while time.monotonic() < end:
        await asyncio.sleep(moment.uniform(*BETWEEN_KILLS))
        runs = {job.executor for job in await _jobs(shop, JobFilter(state=JobState.RUNNING))}
        is_new, seen = not runs <= seen, seen | runs
        while stopped and stopped[0][0] < time.monotonic():
            under_way.send(stopped.pop(0)[1], signal.SIGCONT)
        if not is_new:
            continue
        busy = [life for life in under_way.alive if life not in [one for _, one in stopped]]
        life = moment.choice(busy)
        if is_shared and len(busy) > 1 and moment.random() < 0.3:
            under_way.send(life, signal.SIGSTOP)
            stopped.append((time.monotonic() + STOPPED * under_way.lease, life))
            stops += 1
        else:
            under_way.send(life, signal.SIGKILL)
            await under_way.begin()
            kills += 1
    for _, life in stopped:
        under_way.send(life, signal.SIGCONT)
    return kills, stops


async def _over(shop: Transactions) -> list[Job] | None:
    """Return all jobs once all are over."""
    await asyncio.sleep(0.5)
    jobs = await _jobs(shop, JobFilter())
    return jobs if all(job.state.is_over for job in jobs) else None


async def _jobs(shop: Transactions, wanted: JobFilter) -> list[Job]:
    jobs: list[Job] = []
    cursor: str | None = ""
    async with shop.read() as work:
        while cursor is not None:
            page = await work.jobs.page(wanted, EVERYTHING, cursor=cursor, limit=1000)
            jobs, cursor = [*jobs, *page.items], page.next_cursor
    return jobs


async def _titles(shop: Transactions) -> list[str]:
    async with shop.read() as work:
        return [task.title async for chunk in work.of(TASKS).stream(TaskFilter(), EVERYTHING) for task in chunk]


def _most(jobs: list[Job]) -> int:
    return max(job.attempts for job in jobs)
