"""Reports in Slack that come by themselves, most of them every minute, and what came of each run in the end."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from adapters.storage import SqlStorage
from core.chat.request import Platform
from core.jobs.model import Job, JobFilter, JobState
from core.schedules.model import Ran
from core.workspaces.model import Audience
from tests.support.patience import until
from tests.support.slack import Channel, Message, SlackPlatform
from tests.support.storage import make_storage

ANSWERED = 60.0
REPORT = "Sales, all days"
EVERY_MINUTE, RESTING = "every minute", "0 9 1 1 *"
"""When schedules run; those of the second kind when they are told to."""
_SETTLED = 300.0
"""Seconds in which what a killed copy was doing is over: its posts are looked for, its jobs are taken over."""
_PAGE = 1000


def now() -> datetime:
    """Return the time by which the product's processes run schedules."""
    return datetime.now(UTC)


async def scheduled(slack: SlackPlatform, channels: int, each: int, when: str = EVERY_MINUTE) -> list[Channel]:
    """Let Anna, whose the team is, schedule so many reports in each of several channels."""
    user = slack.world.user("anna", is_owner=True)
    anna, made = slack.person(user), [slack.world.channel(f"shop-{one}", [user]) for one in range(channels)]
    for channel in made:
        for _ in range(each):
            asked = await anna.command(f'/report schedule sales "{when}"', channel=channel)
            assert "scheduled #" in (await asked.answer(ANSWERED)).shown
    return made


async def begun(slack: SlackPlatform, channel: Channel, seconds: int) -> str:
    """Begin a job that takes so long, and return what is said of it when it is over."""
    asked = await slack.person(channel.members[0]).command(f"/job run wait {seconds}", channel=channel)
    await asked.answer(ANSWERED)
    return f"waited {seconds} seconds"


async def settled(slack: SlackPlatform, channel: Channel, count: int, url: str) -> list[Job]:
    """Pause so many schedules and return the jobs that there are once everything is over."""
    anna = slack.person(channel.members[0])
    for number in range(1, count + 1):
        asked = await anna.command(f"/report pause {number}", channel=channel)
        assert "paused" in (await asked.answer(ANSWERED)).shown
    storage = await make_storage(url=url)
    try:

        async def over() -> list[Job] | None:
            await asyncio.sleep(1.0)
            jobs = await _jobs(storage)
            waiting, _ = await storage.outbox.backlog()
            return None if waiting or not all(job.state.is_over for job in jobs) else jobs

        return await until(over, _SETTLED, "all posts to be out")
    finally:
        await storage.close()


def posts_of(channels: Iterable[Channel]) -> Counter[str]:
    """Return how often each report was posted, by the keys under which posts of ours are made."""
    posted = [message for channel in channels for message in channel.messages if REPORT in message.shown]
    return Counter(_key_of(message) for message in posted)


def assert_each_posted_once(jobs: Sequence[Job], posts: Counter[str]) -> None:
    """Assert that each job of a schedule came to its end, and has one post."""
    made = [job for job in jobs if Ran.of(job.key)]
    runs = [run for job in made if (run := Ran.of(job.key))]
    assert {job.state for job in made} == {JobState.COMPLETED}
    assert set(posts.values()) == {1}
    assert len(posts) == len(made) == len(set(runs))


def assert_each_minute_came(jobs: Sequence[Job]) -> None:
    """Assert that schedules of every minute have a job for each one from their first to their last."""
    runs = [run for job in jobs if (run := Ran.of(job.key))]
    for number in {run.number for run in runs}:
        minutes = sorted(run.run for run in runs if run.number == number)
        assert minutes == [minutes[0] + timedelta(minutes=place) for place in range(len(minutes))]


async def _jobs(storage: SqlStorage) -> list[Job]:
    (space,) = [space for space in await storage.system.spaces() if space.platform is Platform.SLACK]
    everything = Audience(0, frozenset(), everything=True)
    found: list[Job] = []
    cursor: str | None = ""
    async with storage.workspace(space.workspace_id).read() as work:
        while cursor is not None:
            page = await work.jobs.page(JobFilter(), everything, cursor=cursor, limit=_PAGE)
            found += page.items
            cursor = page.next_cursor
    return found


def _key_of(message: Message) -> str:
    assert message.metadata is not None
    return str(message.metadata["event_payload"])
