"""Schedules of every minute on two copies of which one is killed now and then: each time is posted, and posted once."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.databases import fresh_database
from tests.support.every_minute import assert_each_minute_came, assert_each_posted_once, posts_of, scheduled, settled
from tests.support.product_process import ProductProcess
from tests.support.slack import SlackPlatform
from tests.support.slack_product import slack_process

SECONDS = float(os.environ.get("SOAK_SCHEDULE_SECONDS", "900"))
"""For how long copies are killed; at least one minute."""
CHANNELS, EACH = 8, 3
BETWEEN_KILLS = (3.0, 12.0)


@pytest.mark.timeout(SECONDS + 900)
async def test_every_minute_of_every_schedule_is_posted_once(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    moment, kills = random.Random(10), 0
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database("postgresql", tmp_path))
        slack = await stack.enter_async_context(SlackPlatform())
        copies = [await stack.enter_async_context(slack_process(slack, tmp_path, url)) for _ in range(2)]
        channels = await scheduled(slack, CHANNELS, EACH)
        end = time.monotonic() + SECONDS
        while (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(moment.uniform(*BETWEEN_KILLS), left))
            kills += 1
            await _killed_and_started(slack, copies, moment.randrange(2))
        jobs = await settled(slack, channels[0], CHANNELS * EACH, url)
        for copy in copies:
            assert await copy.end(signal.SIGTERM) == 0
    posts = posts_of(channels)
    record_property("schedules, minutes of them, kills", f"{CHANNELS * EACH} {len(jobs)} {kills}")
    record_property("posted", posts.total())
    record_property("posted more than once", posts.total() - len(posts))
    record_property("jobs begun more than once", sum(job.attempts > 1 for job in jobs))
    assert_each_posted_once(jobs, posts)
    assert_each_minute_came(jobs)


async def _killed_and_started(slack: SlackPlatform, copies: list[ProductProcess], which: int) -> None:
    await copies[which].end(signal.SIGKILL)
    await copies[which].start()
    slack.connect(f"{copies[which].origin}/slack/events")
