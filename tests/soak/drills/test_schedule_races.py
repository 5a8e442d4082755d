"""People pause, change, run and remove schedules on two copies as these come due: every run is posted once."""

import asyncio
import os
import random
import re
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.jobs.model import JobState
from core.schedules.model import Ran
from tests.support.databases import fresh_database
from tests.support.every_minute import ANSWERED, EVERY_MINUTE, now, posts_of, scheduled, settled
from tests.support.slack import Channel, Person, SlackPlatform
from tests.support.slack.delivery import HttpTransport
from tests.support.slack_product import slack_process

SECONDS = float(os.environ.get("SOAK_RACE_SECONDS", "130"))
"""For how long people are at it; at least two minutes."""
OWNERS, COMMON = 10, 6
"""People with a schedule of their own, and schedules that two people change as they like."""
AT_ONCE, LATER, LEAVES = (0.0, 0.2), (13.0, 30.0), 0.04
"""Seconds between two things that somebody does around the full minute and else, and how likely they leave it there."""
THINGS = [*["turn"] * 6, *["change"] * 2, *["run"] * 2, "unschedule"]
LATEST = timedelta(seconds=10)
"""How long after its time a run is surely made."""
FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Span:
    """A time in which a schedule of every minute surely ran, or surely did not."""

    number: int
    runs: bool
    since: datetime
    until: datetime

    @property
    def minutes(self) -> Iterator[Ran]:
        """Return the full minutes in it, of which is known what came of them."""
        minute = self.since.replace(second=0, microsecond=0) + timedelta(minutes=1)
        end = min(self.until, now()) - (LATEST if self.runs else timedelta(0))
        while minute < end:
            yield Ran(self.number, minute)
            minute += timedelta(minutes=1)


@dataclass
class Owner:
    """Somebody who has a schedule of every minute, one after the other, in a channel of their own."""

    person: Person
    channel: Channel
    moment: random.Random
    number: int = 0
    runs: bool = True
    since: datetime = FOR_EVER
    spans: list[Span] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """What was asked when, and what was answered."""

    async def act(self) -> None:
        """Do something to it, or make a new one."""
        if not self.number:
            await self._becomes(True, f'schedule sales "{EVERY_MINUTE}"', "scheduled #")
            return
        what = self.moment.choice(THINGS)
        if what == "turn":
            await self._becomes(not self.runs, f"{'pause' if self.runs else 'resume'} {self.number}", "let|paused")
        elif what == "change":
            zone = self.moment.choice(["UTC", "Europe/Berlin", "Asia/Kathmandu"])
            await self._becomes(self.runs, f'change {self.number} when:"{EVERY_MINUTE}" zone:{zone}', "now runs")
        elif what == "unschedule":
            await self._becomes(False, f"unschedule {self.number}", "removed #")
            self._tell(FOR_EVER)
            self.number = 0
        elif self.runs:
            await self._say(f"run {self.number}")

    async def rest(self) -> None:
        """Leave no schedule that runs."""
        if self.number:
            await self._becomes(False, f"pause {self.number}", "paused")
            self._tell(FOR_EVER)

    async def _becomes(self, runs: bool, line: str, answer: str) -> None:
        if self.number:
            self._tell(now())
        shown = await self._say(line)
        assert re.search(answer, shown), shown
        self.number = self.number or int(re.findall(r"scheduled #(\d+)", shown)[0])
        self.runs, self.since = runs, now()

    async def _say(self, line: str) -> str:
        asked = now()
        shown = await said(self.person, self.channel, line)
        self.told.append(f"{asked:%H:%M:%S.%f} to {now():%H:%M:%S.%f}: {line}: {shown}")
        return shown

    def _tell(self, until: datetime) -> None:
        self.spans.append(Span(self.number, self.runs, self.since, until))


@dataclass
class Crowd:
    """Everybody does what they do until it is over, most of it around the full minute."""

    seconds: float
    moment: random.Random
    count: int = 0

    async def go_on(self, act: Callable[[], Awaitable[object]]) -> None:
        """Do so again and again."""
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            await act()
            self.count += 1
            stays = not 2 < now().second < 57 and self.moment.random() > LEAVES
            await asyncio.sleep(self.moment.uniform(*(AT_ONCE if stays else LATER)))


async def said(person: Person, channel: Channel, line: str) -> str:
    """Return what is answered; whatever that is, nothing went wrong."""
    asked = await person.command(f"/report {line}", channel=channel)
    # Where the machine is busy it is first said that it takes a while: what was asked may happen after that.
    shown = await person.platform.until(
        lambda: next((one.shown for one in asked.messages if "Working on it" not in one.shown), None), ANSWERED, line
    )
    assert "went wrong" not in shown, shown
    return shown


@pytest.mark.timeout(SECONDS + 600)
async def test_what_people_do_to_schedules_as_these_come_due_posts_nothing_twice_and_loses_nothing(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    crowd = Crowd(SECONDS, random.Random(10))
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database("postgresql", tmp_path))
        slack = await stack.enter_async_context(SlackPlatform())
        copies = [await stack.enter_async_context(slack_process(slack, tmp_path, url)) for _ in range(2)]
        ways = [slack.connect(f"{copy.origin}/slack/events") for copy in copies]
        common = await scheduled(slack, 2, COMMON // 2)
        owners = [_owner(slack, number, ways[number % 2]) for number in range(OWNERS)]
        async with asyncio.TaskGroup() as acting:
            for owner in owners:
                acting.create_task(crowd.go_on(owner.act))
            for way in ways:
                anna = slack.person(common[0].members[0], way)
                acting.create_task(crowd.go_on(lambda anna=anna: _quarrel(anna, common[0], crowd.moment)))  # type: ignore[misc]
        for owner in owners:
            await owner.rest()
        jobs = await settled(slack, common[0], COMMON, url)
        for copy in copies:
            assert await copy.end(signal.SIGTERM) == 0
    posts = posts_of([*common, *(owner.channel for owner in owners)])
    spans = [span for owner in owners for span in owner.spans]
    runs = [run for job in jobs if (run := Ran.of(job.key))]
    certain = {minute: span.runs for span in spans for minute in span.minutes}
    least = len(_left(runs, owners))
    record_property("things done, schedules", f"{crowd.count} {COMMON + len({span.number for span in spans})}")
    record_property("runs, those of what was removed, posts", f"{len(runs)} {len(runs) - least} {posts.total()}")
    record_property(
        "minutes that surely ran, and did not", f"{sum(certain.values())} {sum(not runs for runs in certain.values())}"
    )
    assert {job.state for job in jobs} == {JobState.COMPLETED}
    assert set(posts.values()) == {1}
    assert least <= len(posts) <= len(runs) == len(set(runs))
    wrong = [minute for minute, comes in certain.items() if (minute in runs) != comes]
    theirs = [owner for owner in owners if {span.number for span in owner.spans} & {one.number for one in wrong}]
    assert wrong == [], "\n".join(line for owner in theirs for line in (*owner.told, *map(str, owner.spans)))


def _owner(slack: SlackPlatform, number: int, way: HttpTransport) -> Owner:
    person = slack.person(slack.world.user(f"user-{number}"), way)
    return Owner(person, slack.world.channel(f"yard-{number}", [person.user]), random.Random(number))


async def _quarrel(anna: Person, channel: Channel, moment: random.Random) -> None:
    """Do something to any of the common schedules, whatever somebody else just did to it."""
    what = moment.choice(["pause {}", "resume {}", "run {}", 'change {} when:"every 2 minutes"'])
    await said(anna, channel, what.format(moment.randrange(1, COMMON + 1)))


def _left(runs: Sequence[Ran], owners: Sequence[Owner]) -> list[Ran]:
    """Return the runs of schedules that were not removed: of the others only what was over by then is posted."""
    gone = {span.number for owner in owners for span in owner.spans} - {owner.number for owner in owners}
    return [run for run in runs if run.number not in gone]
