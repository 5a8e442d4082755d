"""Processes killed or stopped when Slack has a post and they have not yet kept that: it stays the only one."""

import asyncio
import os
import random
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.databases import fresh_database
from tests.support.every_minute import (
    ANSWERED,
    RESTING,
    assert_each_minute_came,
    assert_each_posted_once,
    begun,
    posts_of,
    scheduled,
    settled,
)
from tests.support.patience import patiently
from tests.support.slack import SlackPlatform
from tests.support.slack_product import slack_process
from tests.support.storage import url_of

KILLS = 8
AFTER_THE_ANSWER = (0.0, 0.01)
"""Seconds after Slack's answer in which a process keeps that there is a post."""
STOPPED = float(os.environ.get("SOAK_STOPPED_SECONDS", "600"))
"""For how long a process is stopped; after 90 seconds others look for what it was posting."""
WAITED = 60
"""Seconds that a job takes which it runs meanwhile."""
LATE = 10.0
"""Seconds in which a process that goes on has found out what others did meanwhile."""


@pytest.mark.timeout(600)
async def test_a_post_that_its_killed_process_did_not_keep_is_found_by_the_next_one(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    moment = random.Random(10)
    async with SlackPlatform() as slack, slack_process(slack, tmp_path) as product:
        (channel,) = await scheduled(slack, 1, 1, RESTING)
        for number in range(KILLS):
            fault = slack.faults.hang("chat.postMessage", after_effect=True)
            asked = await slack.person(channel.members[0]).command("/report run 1", channel=channel)
            assert "runs now" in (await asked.answer(ANSWERED)).shown
            async with patiently(ANSWERED):
                await fault.reached.wait()
            if number % 2:
                fault.release()
                await asyncio.sleep(moment.uniform(*AFTER_THE_ANSWER))
            await product.end(signal.SIGKILL)
            slack.faults.clear()
            await product.start()
            slack.connect(f"{product.origin}/slack/events")
        jobs = await settled(slack, channel, 1, url_of(tmp_path / "quartermaster.db"))
        assert await product.end(signal.SIGTERM) == 0
    posts = posts_of([channel])
    record_property("kills, posts", f"{KILLS} {posts.total()}")
    record_property("looked for", len(slack.calls_of("conversations.history")))
    assert len(jobs) == KILLS
    assert_each_posted_once(jobs, posts)


@pytest.mark.timeout(STOPPED + 600)
async def test_what_a_stopped_process_was_doing_another_one_does_and_both_go_on(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database("postgresql", tmp_path))
        slack = await stack.enter_async_context(SlackPlatform())
        stopped = await stack.enter_async_context(slack_process(slack, tmp_path, url))
        channels = await scheduled(slack, 2, 2)
        fault = slack.faults.hang("chat.postMessage", after_effect=True)
        running = await begun(slack, channels[0], WAITED)
        async with patiently(2 * ANSWERED):
            await fault.reached.wait()
        assert stopped.process
        stopped.process.send_signal(signal.SIGSTOP)
        other = await stack.enter_async_context(slack_process(slack, tmp_path, url))
        await asyncio.sleep(STOPPED)
        slack.faults.clear()
        stopped.process.send_signal(signal.SIGCONT)
        await asyncio.sleep(LATE)
        slack.connect(f"{stopped.origin}/slack/events")
        jobs = await settled(slack, channels[0], 4, url)
        assert [await one.end(signal.SIGTERM) for one in (stopped, other)] == [0, 0]
    posts = posts_of(channels)
    record_property("seconds stopped, posts", f"{STOPPED:.0f} {posts.total()}")
    record_property("jobs begun more than once", sum(job.attempts > 1 for job in jobs))
    assert_each_posted_once(jobs, posts)
    assert_each_minute_came(jobs)
    assert len([message for message in channels[0].messages if running in message.shown]) == 1
