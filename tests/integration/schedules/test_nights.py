"""Schedules through the real engine, on the nights when clocks change and where nothing ran for a while."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.chat.request import Platform
from core.chat.text import plain
from core.jobs.model import Job, JobFilter
from core.schedules.model import Ran
from core.schedules.repository import SCHEDULES
from core.schedules.tick import Ticking
from core.workspaces.model import Audience
from tests.support.clock import HeldClock
from tests.support.engines import closing_engine, file_place, make_engine
from tests.support.patience import until
from tests.unit.bot.stage import Stage, staged


@asynccontextmanager
async def life(folder: Path, clock: HeldClock) -> AsyncIterator[Stage]:
    """A process that runs jobs with the real engine; it ticks and posts when told."""
    async with (
        closing_engine(make_engine(file_place(folder))) as engine,
        staged(folder, clock=clock, engine=engine) as at,
    ):
        jobs = at.product.jobs
        assert jobs.launcher
        jobs.launcher.start(jobs.runner.run)
        try:
            await until(lambda: engine.state.is_ready, what="the engine to be ready")
            yield at
        finally:
            await at.product.drain()
            await jobs.launcher.stop()


async def schedule(stage: Stage, when: str) -> None:
    reply = await stage.type(f'/report schedule sales "{when}" zone:Europe/Berlin', platform=Platform.SLACK)
    assert reply.problem is None, reply.problem


async def ran(stage: Stage) -> list[str]:
    """Tick, let what that made be run and posted, and give the times of all runs, each by whose posts there are."""
    await Ticking(stage.parts.storage, stage.clock).run()

    async def over() -> tuple[Sequence[Job]] | None:
        async with stage.parts.storage.workspace(1).read() as work:
            page = await work.jobs.page(JobFilter(), Audience(0, frozenset(), everything=True), limit=100)
        return (page.items,) if all(job.state.is_over for job in page.items) else None

    (jobs,) = await until(over, what="all jobs to be over")
    await stage.deliver_posts()
    return sorted(f"{found.run:%d %H:%M}" for job in jobs if (found := Ran.of(job.key)))


NIGHTS = {
    # 02:30 is left out, and is the first instant after that.
    ("2027-03-28", "daily 2:30"): ["28 01:00"],
    ("2027-03-28", "*/30 2,3 * * *"): ["28 01:00", "28 01:30"],
    # 02:30 comes twice, at 00:30 and at 01:30, and is the first.
    ("2026-10-25", "daily 2:30"): ["25 00:30"],
    ("2026-10-25", "*/30 * * * *"): ["25 00:30", "25 01:00", "25 01:30", "25 02:00"],
}


@pytest.mark.parametrize("night", [pytest.param("2027-03-28", id="spring"), pytest.param("2026-10-25", id="autumn")])
async def test_on_a_night_when_clocks_change_each_time_is_posted_once(tmp_path: Path, night: str) -> None:
    whens = [when for day, when in NIGHTS if day == night]
    clock = HeldClock(datetime.fromisoformat(night).replace(tzinfo=UTC))
    async with life(tmp_path, clock) as stage:
        for when in whens:
            await schedule(stage, when)
        clock.moment = clock.moment.replace(minute=0, second=10)
        for _ in range(4):
            clock.forward(minutes=30)
            found = await ran(stage)
        assert found == sorted(run for when in whens for run in NIGHTS[night, when])
        assert len(stage.chat.posts) == len(found)


async def test_what_was_missed_while_nothing_ran_is_posted_once_and_said_to_be_late(tmp_path: Path) -> None:
    clock = HeldClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
    async with life(tmp_path, clock) as stage:
        await schedule(stage, "every hour")
        clock.forward(hours=1)
        assert await ran(stage) == ["20 13:00"]
    clock.forward(hours=3, minutes=10)
    async with life(tmp_path, clock) as stage:
        assert await ran(stage) == ["20 13:00", "20 16:00"]
        [(_, reply, _)] = stage.chat.posts
        assert plain(reply.text).startswith("Late: this was for Fri 20 Nov 2026 17:00 (Europe/Berlin).")
        async with stage.parts.storage.workspace(1).read() as work:
            kept = await work.of(SCHEDULES).find(1)
        assert kept
        assert (kept.skipped, kept.runs, kept.next_at) == (2, 2, datetime(2026, 11, 20, 17, tzinfo=UTC))
        clock.forward(minutes=1)
        assert len(await ran(stage)) == 2
