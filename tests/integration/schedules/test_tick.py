"""The loop that makes the jobs of schedules: it sleeps until the next is due, and is woken when another one may be."""

from datetime import timedelta

import pytest

from bot.jobs.schedules import SHORTEST_SLEEP, SchedulesTick, changes_schedules
from core.chat.reply import Reply
from core.jobs.model import JobFilter
from core.ports.storage import Committed, Post
from core.schedules.repository import SCHEDULES
from core.schedules.service import ScheduleService, Which
from core.schedules.tick import LOOKED_AHEAD_EVERY, Ticking
from tests.contract.storage.test_schedules import add, schedule_of
from tests.contract.storage.world import Place
from tests.integration.schedules.asked import actor_of, daily, rule_of
from tests.support.clock import NOON, HeldClock


@pytest.fixture
def asked() -> list[float]:
    """In how many seconds the loop asked to be woken."""
    return []


@pytest.fixture
def tick(here: Place, clock: HeldClock, asked: list[float]) -> SchedulesTick:
    return SchedulesTick(Ticking(here.storage, clock), asked.append)


async def test_with_nothing_to_come_it_asks_for_nothing(tick: SchedulesTick, asked: list[float]) -> None:
    assert not await tick.step()
    assert asked == []


async def test_it_asks_to_be_woken_when_the_next_is_due(
    here: Place, clock: HeldClock, tick: SchedulesTick, asked: list[float]
) -> None:
    soon = clock.now() + timedelta(seconds=20)
    [kept] = await add(here, schedule_of(here, since=soon, next_at=soon))
    assert not await tick.step()
    clock.forward(seconds=19.999)
    assert not await tick.step()
    assert asked == [20, SHORTEST_SLEEP]
    clock.forward(seconds=0.001)
    assert await tick.step()
    async with here.reading() as work:
        moved = await work.of(SCHEDULES).find(kept.number)
    assert moved
    assert moved.last_at == kept.next_at


async def test_what_is_far_ahead_is_looked_at_again_later(
    here: Place, clock: HeldClock, tick: SchedulesTick, asked: list[float]
) -> None:
    await add(here, schedule_of(here, next_at=clock.now() + timedelta(days=3)))
    assert not await tick.step()
    assert asked == []


async def test_only_commits_that_change_schedules_wake_it(here: Place, service: ScheduleService) -> None:
    heard: list[Committed] = []
    here.storage.watch(heard.append)
    await service.add(actor_of(here), daily(here), "report schedule")
    async with here.writing() as work:
        work.outbox.add(Post(Reply(title="hello"), here.general.id), NOON)
    assert [changes_schedules(committed) for committed in heard] == [True, False]


@pytest.mark.parametrize("hours", [1, 24])
async def test_a_clock_that_was_ahead_puts_nothing_off_once_it_is_right(
    here: Place, service: ScheduleService, clock: HeldClock, hours: int
) -> None:
    for rule in ("every 10 minutes", "daily 13:30"):
        await service.add(actor_of(here), daily(here, rule=rule_of(rule)), "report schedule")
    tick = Ticking(here.storage, clock)
    await tick.run()
    right = clock.now()
    clock.forward(hours=hours)
    await tick.run()
    early = await _made(here)
    clock.moment = right + timedelta(seconds=1)
    for by in (tick, Ticking(here.storage, clock)):
        await by.run()
        assert await _due(here) == [timedelta(minutes=10), timedelta(minutes=30)]
    while clock.now() < right + timedelta(hours=hours):
        clock.forward(minutes=10)
        await tick.run()
    made = await _made(here)
    assert set(early) <= set(made)
    assert len(made) == len(set(made)) == hours * 6 + 1


@pytest.mark.parametrize("typed", ["every 10 minutes", "daily 13:30", "every 2 weeks on fri 13:30", "30 13 * * *"])
async def test_what_was_made_or_resumed_by_a_clock_that_was_ahead_comes_by_the_right_one(
    here: Place, service: ScheduleService, clock: HeldClock, typed: str
) -> None:
    expected = timedelta(minutes=10 if "minutes" in typed else 30)
    tick = Ticking(here.storage, clock)
    await tick.run()
    ann, new = actor_of(here), daily(here, rule=rule_of(typed))
    await service.add(ann, new, "report schedule")
    await service.pause(ann, here.everything, Which("report", "1"), "report pause")
    clock.forward(days=400, minutes=7)
    await service.add(ann, new, "report schedule")
    await service.resume(ann, here.everything, Which("report", "1"), "report resume")
    # Another process made them: none that ticks has ever seen that time.
    clock.moment = NOON
    await tick.run()
    assert min(await _due(here)) > timedelta(days=390)
    clock.forward(seconds=LOOKED_AHEAD_EVERY.total_seconds() / 2)
    await tick.run()
    clock.moment = NOON + LOOKED_AHEAD_EVERY - timedelta(seconds=1)
    await Ticking(here.storage, clock).run()
    first, second = await _due(here)
    assert first == expected
    assert second - (clock.now() - NOON) <= expected


async def _due(here: Place) -> list[timedelta]:
    async with here.reading() as work:
        found = [await work.of(SCHEDULES).find(number) for number in (1, 2)]
    return [schedule.next_at - NOON for schedule in found if schedule and schedule.next_at]


async def _made(here: Place) -> list[str]:
    async with here.reading() as work:
        page = await work.jobs.page(JobFilter(), here.everything, limit=1000)
    return [job.key for job in page.items]
