"""Schedules of every minute on two copies of which one is killed now and then: each time is posted, and posted once."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.storage import SqlStorage
from core.chat.request import Platform
from core.jobs.model import Job, JobFilter, JobState
from core.schedules.model import Ran
from core.workspaces.model import Audience
from tests.support.databases import fresh_database
from tests.support.patience import until
from tests.support.product_process import ProductProcess
from tests.support.slack import Channel, SlackPlatform
from tests.support.slack.messages import Json
from tests.support.slack_product import slack_process
from tests.support.storage import make_storage

SECONDS = float(os.environ.get("SOAK_SCHEDULE_SECONDS", "120"))
"""For how long copies are killed; at least one minute, 900 for a night's worth."""
CHANNELS, EACH = 8, 3
BETWEEN_KILLS = (3.0, 12.0)
REPORT = "No sales yet."
ANSWERED = 60.0
SETTLED = 300.0
"""Seconds in which what a killed copy was doing is over: its posts are looked for, its jobs are taken over."""
PAGE = 1000


@pytest.mark.timeout(SECONDS + 900)
async def test_every_minute_of_every_schedule_is_posted_once(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    moment, kills = random.Random(10), 0
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database("postgresql", tmp_path))
        slack = await stack.enter_async_context(SlackPlatform())
        copies = [await stack.enter_async_context(slack_process(slack, tmp_path, url)) for _ in range(2)]
        channels = await _scheduled(slack)
        end = time.monotonic() + SECONDS
        while (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(moment.uniform(*BETWEEN_KILLS), left))
            kills += 1
            await _killed_and_started(slack, copies, moment.randrange(2))
        jobs = await _settled(slack, channels[0], url)
        for copy in copies:
            assert await copy.end(signal.SIGTERM) == 0
    posted = [message for channel in channels for message in channel.messages if REPORT in message.shown]
    ids = Counter(_id_of(message.metadata) for message in posted)
    runs = [Ran.of(job.key) for job in jobs]
    record_property("schedules, minutes of them, kills", f"{CHANNELS * EACH} {len(jobs)} {kills}")
    record_property("posted", ids.total())
    record_property("posted more than once", sum(ids.values()) - len(ids))
    record_property("jobs begun more than once", sum(job.attempts > 1 for job in jobs))
    assert {job.state for job in jobs} == {JobState.COMPLETED}
    assert set(ids.values()) == {1}
    assert len(ids) == len(jobs) == len(set(runs))
    _assert_no_gap([run for run in runs if run])


async def _scheduled(slack: SlackPlatform) -> list[Channel]:
    """Let somebody schedule reports of every minute in several channels."""
    user = slack.world.user("anna")
    anna, channels = slack.person(user), [slack.world.channel(f"shop-{one}", [user]) for one in range(CHANNELS)]
    for channel in channels:
        for _ in range(EACH):
            asked = await anna.command('/report schedule sales "every minute"', channel=channel)
            assert "scheduled #" in (await asked.answer(ANSWERED)).shown
    return channels


async def _killed_and_started(slack: SlackPlatform, copies: list[ProductProcess], which: int) -> None:
    await copies[which].end(signal.SIGKILL)
    await copies[which].start()
    slack.connect(f"{copies[which].origin}/slack/events")


async def _settled(slack: SlackPlatform, channel: Channel, url: str) -> list[Job]:
    """Stop all schedules and return the jobs they made once everything is over."""
    anna = slack.person(channel.members[0])
    for number in range(1, CHANNELS * EACH + 1):
        asked = await anna.command(f"/report pause {number}", channel=channel)
        assert "paused" in (await asked.answer(ANSWERED)).shown
    storage = await make_storage(url=url)
    try:

        async def over() -> list[Job] | None:
            await asyncio.sleep(1.0)
            jobs = await _jobs(storage)
            waiting, _ = await storage.outbox.backlog()
            return None if waiting or not all(job.state.is_over for job in jobs) else jobs

        return await until(over, SETTLED, "all posts to be out")
    finally:
        await storage.close()


async def _jobs(storage: SqlStorage) -> list[Job]:
    (space,) = [space for space in await storage.system.spaces() if space.platform is Platform.SLACK]
    everything = Audience(0, frozenset(), everything=True)
    found: list[Job] = []
    cursor: str | None = ""
    async with storage.workspace(space.workspace_id).read() as work:
        while cursor is not None:
            page = await work.jobs.page(JobFilter(), everything, cursor=cursor, limit=PAGE)
            found += page.items
            cursor = page.next_cursor
    return found


def _id_of(metadata: Json | None) -> str:
    """The key under which a post of ours was made."""
    assert metadata is not None
    return str(metadata["event_payload"])


def _assert_no_gap(runs: list[Ran]) -> None:
    """Each schedule ran at each of its minutes, from its first to its last."""
    for number in {run.number for run in runs}:
        minutes = sorted(run.run for run in runs if run.number == number)
        assert minutes == [minutes[0] + timedelta(minutes=place) for place in range(len(minutes))]
