"""What people do with schedules: each change moves what is due, can be taken back, and is refused where it can't be."""

from datetime import UTC, datetime, timedelta

import pytest

from core.jobs.model import JobFilter
from core.ports.storage import UndoEntry
from core.schedules.model import Schedule, ScheduleFilter, ScheduleState
from core.schedules.requests import ScheduleEdit
from core.schedules.service import ScheduleService, Which
from core.schedules.tick import Ticking
from core.shared.errors import InvalidArgumentError, NotFoundError, RefusedError
from tests.contract.storage.world import Place
from tests.integration.schedules.asked import actor_of, daily, rule_of
from tests.support.clock import NOON, HeldClock

SALES = Which("report", "1")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def entry(here: Place, undo_id: str) -> UndoEntry:
    async with here.reading() as work:
        found = await work.undo.get(undo_id)
    assert found
    return found


async def shown(here: Place, service: ScheduleService) -> Schedule:
    return (await service.show(SALES, here.everything)).schedule


async def test_a_new_one_is_its_makers_and_due_at_its_next_time(here: Place, service: ScheduleService) -> None:
    made = await service.add(actor_of(here), daily(here), "report schedule")
    assert made.runs == [at(21, 8), at(22, 8), at(23, 8)]
    assert (made.schedule.next_at, made.schedule.author_id) == (at(21, 8), here.ann)
    assert await shown(here, service) == made.schedule
    page = await service.list(ScheduleFilter("report"), here.everything)
    assert [*page.items] == [made.schedule]


async def test_an_interval_is_counted_from_the_minute_it_was_made_in(
    here: Place, service: ScheduleService, clock: HeldClock
) -> None:
    clock.forward(seconds=40)
    made = await service.add(actor_of(here), daily(here, rule=rule_of("every 2 hours")), "report schedule")
    assert made.runs == [at(20, 14), at(20, 16), at(20, 18)]


async def test_times_that_are_over_are_refused(here: Place, service: ScheduleService) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        await service.add(actor_of(here), daily(here, rule=rule_of("daily until 2026-11-20")), "report schedule")
    assert caught.value.reason == "schedule_over"


async def test_a_name_is_one_schedules_where_it_is_to_be(here: Place, service: ScheduleService) -> None:
    sync = daily(here, area="job", title="Sync", channel_id=here.board.id)
    await service.add(actor_of(here), sync, "job every", unique=True)
    with pytest.raises(RefusedError) as caught:
        await service.add(actor_of(here), daily(here, area="job", title="sync"), "job every", unique=True)
    assert caught.value.reason == "name_taken"
    await service.add(actor_of(here), daily(here, title="sync"), "report schedule")
    assert (await service.show(Which("job", "SYNC"), here.everything)).schedule.number == 1


@pytest.mark.parametrize("called", ["2", "#9", "other", "0", "99999999999", "²"])
async def test_what_is_not_there_is_not_found(here: Place, service: ScheduleService, called: str) -> None:
    await service.add(actor_of(here), daily(here, channel_id=here.board.id), "report schedule")
    await service.add(actor_of(here), daily(here, area="job"), "job every")
    with pytest.raises(NotFoundError):
        await service.show(Which("report", called), here.everything)
    with pytest.raises(NotFoundError):
        await service.show(SALES, here.public)


async def test_a_paused_one_goes_on_in_its_rhythm_and_makes_nothing_up(
    here: Place, service: ScheduleService, clock: HeldClock
) -> None:
    await service.add(actor_of(here), daily(here, rule=rule_of("every 2 days 9:00")), "report schedule")
    paused = await service.pause(actor_of(here), here.everything, SALES, "report pause")
    assert (paused.schedule.state, paused.schedule.next_at, paused.runs) == (ScheduleState.PAUSED, None, ())
    assert (await service.pause(actor_of(here), here.everything, SALES, "report pause")).undo_id == ""
    clock.forward(days=3)
    assert await Ticking(here.storage, clock).run() == 0
    resumed = await service.resume(actor_of(here), here.everything, SALES, "report resume")
    assert resumed.runs[0] == at(24, 8)
    assert (await service.resume(actor_of(here), here.everything, SALES, "report resume")).undo_id == ""


async def test_a_stopped_one_begins_anew(here: Place, service: ScheduleService, clock: HeldClock) -> None:
    await service.add(actor_of(here), daily(here, rule=rule_of("every 2 hours")), "report schedule")
    stopped = await service.stop(actor_of(here), here.everything, SALES, "job stop")
    assert stopped.schedule.state is ScheduleState.STOPPED
    clock.forward(minutes=47)
    started = await service.resume(actor_of(here), here.everything, SALES, "job start")
    assert started.runs[0] == NOON + timedelta(hours=2, minutes=47)


async def test_a_removed_one_is_gone_until_that_is_taken_back(
    here: Place, service: ScheduleService, clock: HeldClock
) -> None:
    made = await service.add(actor_of(here), daily(here), "report schedule")
    removed = await service.remove(actor_of(here), here.everything, SALES, "report unschedule")
    clock.forward(days=1)
    assert await Ticking(here.storage, clock).run() == 0
    with pytest.raises(NotFoundError):
        await shown(here, service)
    await service.undo(actor_of(here), await entry(here, removed.undo_id), here.everything)
    assert (await shown(here, service)).next_at == made.schedule.next_at


async def test_a_new_one_that_is_taken_back_runs_no_more(
    here: Place, service: ScheduleService, clock: HeldClock
) -> None:
    made = await service.add(actor_of(here), daily(here), "report schedule")
    await service.undo(actor_of(here), await entry(here, made.undo_id), here.everything)
    clock.forward(days=1)
    assert await Ticking(here.storage, clock).run() == 0


async def test_that_it_ran_is_no_reason_to_refuse_an_undo_and_it_runs_no_time_twice(
    here: Place, service: ScheduleService, clock: HeldClock
) -> None:
    await service.add(actor_of(here), daily(here, rule=rule_of("every minute")), "report schedule")
    changed = await service.change(
        actor_of(here), here.everything, SALES, ScheduleEdit(rule=rule_of("every 5 minutes")), "report change"
    )
    assert changed.runs[0] == NOON + timedelta(minutes=5)
    clock.forward(minutes=5)
    ticking = Ticking(here.storage, clock)
    await ticking.run()
    await service.undo(actor_of(here), await entry(here, changed.undo_id), here.everything)
    await ticking.run()
    async with here.reading() as work:
        assert (await work.jobs.page(JobFilter(), here.everything)).total == 1
    assert (await shown(here, service)).next_at == NOON + timedelta(minutes=6)


async def test_whoever_changes_one_owns_it(here: Place, service: ScheduleService) -> None:
    await service.add(actor_of(here), daily(here), "report schedule")
    edit = ScheduleEdit(zone="UTC", title="sales ytd", arguments={"text": "/report sales ytd"}, skip_empty=True)
    ben = actor_of(here, here.ben)
    changed = (await service.change(ben, here.everything, SALES, edit, "report change")).schedule
    assert (changed.author_id, changed.title, changed.given) == (here.ben, "sales ytd", {"text": "/report sales ytd"})
    assert (changed.next_at, changed.skip_empty) == (at(21, 9), True)
    with pytest.raises(InvalidArgumentError):
        await service.change(ben, here.everything, SALES, ScheduleEdit(), "report change")


async def test_what_rests_stays_at_rest_when_it_is_changed(here: Place, service: ScheduleService) -> None:
    await service.add(actor_of(here), daily(here), "report schedule")
    await service.pause(actor_of(here), here.everything, SALES, "report pause")
    edit = ScheduleEdit(rule=rule_of("daily 10:00"))
    assert (await service.change(actor_of(here), here.everything, SALES, edit, "report change")).runs == ()
    resumed = await service.resume(actor_of(here), here.everything, SALES, "report resume")
    assert resumed.runs[0] == at(21, 9)


async def test_it_can_be_run_now_once_a_second(here: Place, service: ScheduleService) -> None:
    await service.add(actor_of(here), daily(here), "report schedule")
    schedule, job = await service.run_now(actor_of(here), here.everything, SALES)
    assert job.key == schedule.job(NOON).key
    with pytest.raises(RefusedError):
        await service.run_now(actor_of(here), here.everything, SALES)
