"""Schedules: kept as they are, shown to whom they are for, and each of their times makes one job."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.jobs.model import Job, JobFilter
from core.ports.storage import Storage
from core.schedules.model import Ran, Schedule, ScheduleCounts, ScheduleFilter, ScheduleState, written
from core.schedules.outcomes import Outcome, let_rest, record_outcome
from core.schedules.repository import SCHEDULES
from core.schedules.tick import BATCH, Ticking
from core.shared.errors import InvalidArgumentError
from core.workspaces.model import Audience
from tests.contract.storage.world import NOON, Place, build_place
from tests.support.clock import HeldClock
from tests.support.databases import DATABASES, fresh_database
from tests.support.storage import make_storage

LATER = NOON + timedelta(minutes=5)


def schedule_of(place: Place, number: int = 0, **fields: Any) -> Schedule:
    """Return one of Ann's in `general` that is due at noon, and each minute from then on."""
    schedule = Schedule(
        number=number,
        title="sales last week",
        area="report",
        kind="command",
        arguments=written({"line": "/report sales last week Käse 🧀", "loud": True}),
        rule="PT60S",
        zone="Europe/Berlin",
        channel_id=place.general.id,
        author_id=place.ann,
        created_at=NOON,
        since=NOON,
        next_at=NOON,
    )
    return replace(schedule, **fields)


async def add(place: Place, *schedules: Schedule) -> list[Schedule]:
    async with place.writing() as work:
        first = await work.of(SCHEDULES).reserve_numbers(len(schedules))
        kept = [replace(one, number=first + index) for index, one in enumerate(schedules)]
        work.of(SCHEDULES).add_all(kept)
    return kept


async def stored(place: Place, number: int) -> Schedule:
    async with place.reading() as work:
        found = await work.of(SCHEDULES).find(number)
    assert found
    return found


async def jobs(place: Place) -> Sequence[Job]:
    async with place.reading() as work:
        return (await work.jobs.page(JobFilter(), place.everything, limit=1000)).items


async def test_a_schedule_comes_back_as_it_was_kept(here: Place) -> None:
    full = schedule_of(
        here,
        state=ScheduleState.PAUSED,
        next_at=None,
        skip_empty=True,
        looked_at=LATER,
        last_at=NOON,
        runs=3,
        errors=2,
        streak=1,
        skipped=4,
        last_error="It was “late” 🧀",
    )
    [kept] = await add(here, full)
    assert await stored(here, kept.number) == kept
    assert kept.given == {"line": "/report sales last week Käse 🧀", "loud": True}


async def test_due_is_what_has_come_of_what_is_to_come(here: Place, there: Place) -> None:
    system = here.storage.system
    assert await system.next_schedule() is None
    due, ahead, _none = await add(
        here, schedule_of(here), schedule_of(here, next_at=LATER), schedule_of(here, next_at=None)
    )
    [other] = await add(there, schedule_of(there, next_at=NOON - timedelta(hours=1)))
    assert await system.due_schedules(NOON, 10) == [(there.id, other.number), (here.id, due.number)]
    assert await system.due_schedules(NOON, 1) == [(there.id, other.number)]
    assert await system.next_schedule() == other.next_at
    async with here.reading() as work:
        assert await work.of(SCHEDULES).due([1, 2, 3, 9], NOON) == [due]
        assert await work.of(SCHEDULES).due([1, 2, 3, 9], LATER) == [due, ahead]


async def test_due_and_late_are_counted_over_all_workspaces(here: Place, there: Place) -> None:
    await add(here, schedule_of(here), schedule_of(here, next_at=LATER), schedule_of(here, next_at=None))
    await add(there, schedule_of(there, next_at=NOON - timedelta(hours=1)))
    counted = await here.storage.system.to_do(NOON, NOON - timedelta(minutes=1))
    assert (counted.schedules, counted.due, counted.late) == (3, 2, 1)


async def test_ahead_is_what_was_made_or_dealt_with_by_a_later_clock(here: Place, there: Place) -> None:
    later: dict[str, Any] = dict.fromkeys(("since", "looked_at", "next_at"), LATER)
    made = await add(
        here, *(schedule_of(here, **{name: moment}) for name, moment in later.items()), schedule_of(here, next_at=None)
    )
    [other] = await add(there, schedule_of(there, **later))
    ahead = [(here.id, made[0].number), (here.id, made[1].number), (there.id, other.number)]
    assert sorted(await here.storage.system.schedules_ahead(NOON)) == sorted(ahead)
    assert await here.storage.system.schedules_ahead(LATER) == []


async def test_of_what_is_due_at_a_time_each_workspace_has_its_turn(here: Place, there: Place) -> None:
    many = await add(here, *[schedule_of(here)] * 4)
    [one] = await add(there, schedule_of(there))
    due = await here.storage.system.due_schedules(NOON, 3)
    assert sorted(due) == sorted([(here.id, many[0].number), (there.id, one.number), (here.id, many[1].number)])


async def test_pages_come_by_number_of_an_area_a_channel_and_a_state(here: Place) -> None:
    one, two, three = await add(
        here,
        schedule_of(here),
        schedule_of(here, channel_id=here.board.id, state=ScheduleState.PAUSED),
        schedule_of(here, area="job", title="Sync Stock"),
    )

    async def numbers(audience: Audience, *wanted: Any, **fields: Any) -> list[int]:
        async with here.reading() as work:
            page = await work.of(SCHEDULES).page(ScheduleFilter(*wanted, **fields), audience)
        assert page.total == len(page.items)
        return [found.number for found in page.items]

    assert await numbers(here.everything, "report") == [one.number, two.number]
    assert await numbers(here.everything, "job") == [three.number]
    assert await numbers(here.everything, "report", channel_id=here.board.id) == [two.number]
    assert await numbers(here.everything, "report", state=ScheduleState.ACTIVE) == [one.number]
    # Another one's in a private channel.
    assert await numbers(here.public, "report") == [one.number]
    async with here.reading() as work:
        schedules = work.of(SCHEDULES)
        page = await schedules.page(ScheduleFilter("report"), here.everything, limit=1)
        assert page.next_cursor
        rest = await schedules.page(ScheduleFilter("report"), here.everything, cursor=page.next_cursor)
        assert [found.number for found in rest.items] == [two.number]
        with pytest.raises(InvalidArgumentError):
            await schedules.page(ScheduleFilter("report"), here.everything, cursor="x")
        assert await schedules.named("SYNC  stock", "job", here.everything) == [three]
        assert await schedules.named("sync stock", "report", here.everything) == []
        assert [await schedules.has("Sync stock", area) for area in ("job", "report")] == [True, False]
        assert await schedules.suggest("st", here.public) == [three]
        assert await schedules.get(two.number, here.public) is None


async def test_a_time_makes_one_job_and_the_schedule_moves_on(here: Place) -> None:
    [kept] = await add(here, schedule_of(here))
    ticking = Ticking(here.storage, HeldClock(NOON))
    assert await ticking.run() == 1
    assert await ticking.run() == 0
    assert await ticking.seconds_left() == 60
    [job] = await jobs(here)
    assert (job.kind, job.member_id, job.channel_id, job.arguments) == (
        "command",
        here.ann,
        here.general.id,
        kept.given,
    )
    assert Ran.of(job.key) == Ran(kept.number, NOON.replace(microsecond=0))
    moved = await stored(here, kept.number)
    assert moved == replace(kept, next_at=NOON + timedelta(minutes=1), looked_at=NOON, last_at=NOON)


async def test_a_time_that_comes_again_makes_no_other_job(here: Place) -> None:
    [kept] = await add(here, schedule_of(here))
    ticking = Ticking(here.storage, HeldClock(NOON))
    await ticking.run()
    # As after an undo, or by a clock that was put back.
    async with here.writing() as work:
        await work.of(SCHEDULES).change_many([replace(kept, looked_at=None)])
    await ticking.run()
    assert len(await jobs(here)) == 1


async def test_of_missed_times_the_latest_is_made_up_for(here: Place) -> None:
    [kept] = await add(here, schedule_of(here))
    await Ticking(here.storage, HeldClock(NOON + timedelta(minutes=10, seconds=5))).run()
    assert [Ran.of(job.key) for job in await jobs(here)] == [
        Ran(kept.number, (NOON + timedelta(minutes=10)).replace(microsecond=0))
    ]
    assert (await stored(here, kept.number)).skipped == 10


async def test_a_rule_that_can_not_be_read_pauses_its_schedule_and_harms_no_other(here: Place) -> None:
    strange, plain = await add(here, schedule_of(here, rule="BY MOON"), schedule_of(here))
    await Ticking(here.storage, HeldClock(NOON)).run()
    assert (await stored(here, strange.number)).state is ScheduleState.PAUSED
    assert [Ran.of(job.key) for job in await jobs(here)] == [Ran(plain.number, NOON.replace(microsecond=0))]


async def test_a_rule_that_has_ended_is_due_no_more(here: Place) -> None:
    [kept] = await add(
        here, schedule_of(here, rule="FREQ=DAILY;UNTIL=20261120@13:00", next_at=NOON.replace(microsecond=0))
    )
    await Ticking(here.storage, HeldClock(NOON)).run()
    assert (await stored(here, kept.number)).next_at is None
    assert len(await jobs(here)) == 1


@pytest.fixture(params=DATABASES)
async def copies(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Storage, Storage]]:
    """Two processes' storages on one database."""
    async with fresh_database(request.param, tmp_path) as url:
        one, other = [await make_storage(url=url, clock=HeldClock(NOON)) for _ in range(2)]
        yield one, other
        await other.close()
        await one.close()


async def test_two_processes_make_each_job_once(copies: tuple[Storage, Storage]) -> None:
    place = await build_place(copies[0], "here")
    count = BATCH + 50
    await add(place, *(schedule_of(place, title=f"Report {index}") for index in range(count)))
    clock = HeldClock(NOON)

    async def tick(storage: Storage) -> None:
        while await Ticking(storage, clock).run():
            pass

    for _ in range(2):
        await asyncio.gather(*(tick(storage) for storage in (*copies, *copies)))
        clock.forward(minutes=1)
    made = [Ran.of(job.key) for job in await jobs(place)]
    assert len(made) == len(set(made)) == 2 * count


async def test_what_quiet_hours_put_off_is_made_once_at_their_end_by_two_processes(
    copies: tuple[Storage, Storage],
) -> None:
    place = await build_place(copies[0], "here")
    async with place.writing() as work:
        # Noon in UTC is 13:00 in Berlin.
        await work.members.set_quiet(place.ann, "12:00-14:30")
    await add(place, schedule_of(place, rule="FREQ=DAILY@13:00", personal=True))
    clock = HeldClock(NOON)
    for moment in (NOON, NOON + timedelta(minutes=89), NOON + timedelta(minutes=90), NOON + timedelta(hours=3)):
        clock.moment = moment
        await asyncio.gather(*(Ticking(storage, clock).run() for storage in (*copies, *copies)))
    [job] = await jobs(place)
    assert Ran.of(job.key) == Ran(1, NOON.replace(microsecond=0) + timedelta(minutes=90))


async def test_how_jobs_went_is_kept_with_the_schedule_and_a_first_failure_and_its_end_are_news(here: Place) -> None:
    [kept] = await add(here, schedule_of(here))
    key = kept.job(NOON).key

    async def ended(error: str) -> Outcome:
        async with here.writing() as work:
            found = await record_outcome(work, key, error, NOON)
        assert found
        return found

    told = [(await ended(error)).news for error in ("", "It broke.", "Again.", "", "Once more.")]
    assert [news and (news.is_over, news.streak) for news in told] == [None, (False, 1), None, (True, 2), (False, 1)]
    after = await stored(here, kept.number)
    assert (after.runs, after.errors, after.streak, after.last_error) == (5, 3, 1, "Once more.")
    async with here.writing() as work:
        assert await record_outcome(work, "command:1", "It broke.", NOON) is None
        assert await record_outcome(work, "schedule:99:2026-11-20T12:00:00Z", "It broke.", NOON) is None


async def test_what_can_not_run_any_more_rests_and_that_is_said_once(here: Place) -> None:
    [kept] = await add(here, schedule_of(here))
    async with here.writing() as work:
        paused = await let_rest(work, kept.number)
        assert paused
        assert await let_rest(work, kept.number) is None
    assert await stored(here, kept.number) == paused
    assert (paused.state, paused.next_at) == (ScheduleState.PAUSED, None)


async def test_a_schedule_goes_with_its_owners_accounts(here: Place) -> None:
    [kept] = await add(here, schedule_of(here))
    async with here.writing() as work:
        await work.members.move_identities(here.ann, here.ben)
    assert (await stored(here, kept.number)).author_id == here.ben


async def test_schedules_are_counted_by_whether_they_run_and_are_late(here: Place, there: Place) -> None:
    await add(there, schedule_of(there))
    async with here.reading() as work:
        assert await work.of(SCHEDULES).counts(NOON) == ScheduleCounts()
    resting = schedule_of(here, state=ScheduleState.PAUSED, next_at=None)
    await add(here, schedule_of(here), schedule_of(here, next_at=LATER), resting)
    async with here.reading() as work:
        assert await work.of(SCHEDULES).counts(NOON) == ScheduleCounts(2, 1, 0, NOON)
        assert await work.of(SCHEDULES).counts(LATER) == ScheduleCounts(2, 1, 1, NOON)
