"""Tasks that repeat: done makes the next, exactly one of a series is open, and what is moved is moved for one alone."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.dates.recurrence_grammar import parse_recurrence
from core.shared.errors import ConflictError, InvalidArgumentError, RefusedError
from core.tasks.model import Priority, Status, Task, TaskFilter
from core.tasks.requests import AssignMode, NewTask, TaskEdit
from core.tasks.results import Change
from tests.support.clock import NOON
from tests.unit.core.tasks.world import BERLIN, World

FRIDAY = date(2026, 11, 20)
"""Today."""
AT_NINE = Due(date(2026, 11, 27), time(9), BERLIN)


def rule(text: str) -> Recurrence:
    return parse_recurrence(text, today=FRIDAY)


def day(iso: str) -> Due:
    return Due(date.fromisoformat(iso), None, BERLIN)


async def repeating(world: World, text: str = "weekly", due: Due | None = AT_NINE, **more: Any) -> Task:
    return await world.add("Water plants", due=due, repeat=rule(text), **more)


async def done(world: World, *numbers: int) -> Change:
    return await world.tasks.done(world.actor(), world.sees(), numbers)


async def still_open(world: World) -> list[Task]:
    return list((await world.tasks.list(TaskFilter(), world.sees(), limit=100)).page.items)


async def test_a_task_keeps_the_rule_it_repeats_by_anchored_where_it_begins(world: World) -> None:
    task = await repeating(world)
    stored = await world.stored(task.number)
    assert stored == task
    assert (task.repeat, task.planned) == (rule("every friday"), AT_NINE)
    assert len(task.series) == 26


async def test_without_a_due_it_begins_on_the_first_day_that_fits_today_included(world: World) -> None:
    today, monday = await repeating(world, "weekly", None), await repeating(world, "every mon and thu", None)
    assert (today.due, monday.due) == (day("2026-11-20"), day("2026-11-23"))
    assert monday.remind_at == datetime(2026, 11, 23, 8, tzinfo=UTC), "9:00 in Berlin"


async def test_what_would_end_before_it_begins_is_refused(world: World) -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        await repeating(world, "daily until 2026-11-26")
    assert refused.value.details["reason"] == "repeat_over"


async def test_done_makes_the_next_with_all_that_the_task_had(world: World) -> None:
    people = (world.people["Ben"], world.people["Ann"])
    task = await repeating(
        world, assignees=people, notes="the fern too", priority=Priority.HIGH, origin="https://chat.example/1"
    )
    world.clock.forward(days=7)
    change = await done(world, task.number)
    following = change.following[task.number]
    due = Due(date(2026, 12, 4), time(9), BERLIN)
    assert following == replace(
        task, number=2, due=due, planned=due, remind_at=due.at, created_at=world.clock.now(), version=1
    )
    assert await world.stored(2) == following
    assert change.task.status is Status.COMPLETED
    assert (change.task.repeat, change.task.planned, change.task.series) == (None, None, task.series)
    assert world.kinds()[-2:] == ["task.completed", "task.added"]
    assert world.events[-1].payload == {"number": 2, "assignees": list(people), "follows": 1}


async def test_the_people_of_a_series_are_not_told_anew_of_each_task(world: World) -> None:
    task = await repeating(world, assignees=(world.people["Ben"],))
    assert len(await world.posts()) == 1
    await done(world, task.number)
    assert await world.posts() == []


async def test_done_at_once_or_twice_makes_one_next(world: World) -> None:
    first, second = await repeating(world), await repeating(world, "daily", day("2026-11-20"))
    single = await world.add("Once")
    change = await done(world, first.number, single.number, second.number)
    assert {old: task.number for old, task in change.following.items()} == {1: 4, 2: 5}
    again = await done(world, first.number, second.number)
    assert (again.tasks, again.following) == ((), {})
    assert [task.number for task in await still_open(world)] == [5, 4]


async def test_people_who_complete_it_at_the_same_moment_make_one_next(world: World) -> None:
    task = await repeating(world)
    audience = world.sees()
    changes = await asyncio.gather(
        *(world.tasks.done(world.actor(name), audience, [task.number]) for name in ("Ann", "Ben", "Cat"))
    )
    assert sorted(len(change.following) for change in changes) == [0, 0, 1]
    assert [found.number for found in await still_open(world)] == [2]


async def test_a_long_overdue_task_leaves_no_backlog(world: World) -> None:
    task = await repeating(world, "every fri", day("2026-10-16"))
    change = await done(world, task.number)
    assert change.following[1].due == day("2026-11-27"), "today's was the one just done"
    assert len(await still_open(world)) == 1


async def test_done_early_is_followed_by_the_one_after(world: World) -> None:
    task = await repeating(world)
    assert (await done(world, task.number)).following[1].due == Due(date(2026, 12, 4), time(9), BERLIN)


async def test_the_next_is_due_at_the_same_time_when_the_clocks_have_changed(world: World) -> None:
    world.clock.moment = datetime(2027, 3, 27, 12, tzinfo=UTC)
    task = await repeating(world, "daily", Due(date(2027, 3, 27), time(9), BERLIN))
    assert task.due
    assert task.due.at == datetime(2027, 3, 27, 8, tzinfo=UTC)
    following = (await done(world, task.number)).following[1]
    assert following.remind_at == datetime(2027, 3, 28, 7, tzinfo=UTC)


async def test_a_series_ends_after_its_last_time_or_day(world: World) -> None:
    counted, dated = await repeating(world, "weekly, 2 times"), await repeating(world, "weekly until 2026-11-28")
    following = (await done(world, counted.number)).following[1]
    assert following.repeat == rule("every friday, 1 time")
    assert (await done(world, following.number, dated.number)).following == {}
    assert await still_open(world) == []


async def test_one_undo_takes_back_the_completion_and_the_next(world: World) -> None:
    task = await repeating(world)
    change = await done(world, task.number)
    undone = await world.tasks.undo(world.actor(), await world.entry(change))
    assert ([found.number for found in undone.restored], [found.number for found in undone.withdrawn]) == ([1], [2])
    assert [replace(found, version=1) for found in await still_open(world)] == [task]
    assert (await done(world, task.number)).following[1].number == 3


async def test_an_undo_is_refused_once_the_next_has_been_worked_on(world: World) -> None:
    change = await done(world, (await repeating(world)).number)
    await done(world, 2)
    with pytest.raises(ConflictError) as refused:
        await world.tasks.undo(world.actor(), await world.entry(change))
    assert refused.value.details["number"] == 2


async def test_opening_a_done_task_again_makes_no_second_series(world: World) -> None:
    task = await repeating(world)
    await done(world, task.number)
    reopened = (await world.tasks.reopen(world.actor(), world.sees(), [1])).task
    assert (reopened.repeat, reopened.series) == (None, task.series)
    assert (await done(world, 1)).following == {}
    assert [found.number for found in await still_open(world)] == [2]


async def test_snoozing_one_leaves_the_series_alone(world: World) -> None:
    task = await repeating(world)
    await world.tasks.snooze(world.actor(), world.sees(), [1], Due(date(2026, 12, 1), time(15), BERLIN))
    following = (await done(world, 1)).following[1]
    assert (following.due, following.remind_at) == (
        Due(date(2026, 12, 4), time(9), BERLIN),
        datetime(2026, 12, 4, 8, tzinfo=UTC),
    )
    assert following.series == task.series


@pytest.mark.parametrize(
    ("moved", "following"),
    [
        (Due(date(2026, 11, 25), time(15), BERLIN), "2026-12-04"),
        (Due(date(2026, 11, 30), time(15), BERLIN), "2026-12-04"),
        (Due(date(2026, 12, 7), None, "UTC"), "2026-12-11"),
        (None, "2026-12-04"),
    ],
)
async def test_moving_the_due_of_one_moves_no_other(world: World, moved: Due | None, following: str) -> None:
    await repeating(world)
    await world.tasks.set_due(world.actor(), world.sees(), [1], moved)
    assert (await done(world, 1)).following[1].due == Due(date.fromisoformat(following), time(9), BERLIN)


async def test_what_is_changed_of_the_open_one_carries_over_to_the_next(world: World) -> None:
    await repeating(world, assignees=(world.people["Ben"],))
    edit = TaskEdit("Water the cactus", "not much", Priority.LOW)
    await world.tasks.edit(world.actor(), world.sees(), 1, edit)
    await world.tasks.assign(world.actor(), world.sees(), [1], [world.people["Cat"]], AssignMode.SET)
    following = (await done(world, 1)).following[1]
    assert (following.title, following.notes, following.priority) == ("Water the cactus", "not much", Priority.LOW)
    assert following.assignees == (world.people["Cat"],)


async def test_skipping_moves_on_without_doing(world: World) -> None:
    await repeating(world, "weekly, 3 times")
    change = await world.tasks.skip(world.actor(), world.sees(), [1])
    due = Due(date(2026, 12, 4), time(9), BERLIN)
    assert (change.task.number, change.task.due, change.task.planned, change.task.remind_at) == (1, due, due, due.at)
    assert change.task.repeat == rule("every friday, 2 times")
    assert change.task.status is Status.PENDING
    assert world.events[-1].payload["from"] == AT_NINE.iso()
    undone = await world.tasks.undo(world.actor(), await world.entry(change))
    assert undone.restored[0].due == AT_NINE


async def test_skipping_what_was_put_off_goes_past_that(world: World) -> None:
    await repeating(world)
    await world.tasks.set_due(world.actor(), world.sees(), [1], day("2026-12-07"))
    change = await world.tasks.skip(world.actor(), world.sees(), [1])
    assert change.task.due == Due(date(2026, 12, 11), time(9), BERLIN)


async def test_what_can_not_be_skipped_says_why(world: World) -> None:
    await world.add("Once")
    await repeating(world, "weekly, 1 time")
    for number, reason in ((1, "not_repeating"), (2, "skip_last")):
        with pytest.raises(RefusedError) as refused:
            await world.tasks.skip(world.actor(), world.sees(), [number])
        assert refused.value.details["reason"] == reason


async def test_a_task_is_made_to_repeat_from_its_due_or_today(world: World) -> None:
    await world.add("Dated", due=AT_NINE)
    await world.add("Undated")
    change = await world.tasks.repeat(world.actor(), world.sees(), [1, 2], rule("weekly"))
    assert [(task.due, task.repeat) for task in change.tasks] == [
        (AT_NINE, rule("every friday")),
        (day("2026-11-20"), rule("every friday")),
    ]
    assert change.tasks[0].series != change.tasks[1].series
    again = await world.tasks.repeat(world.actor(), world.sees(), [1], rule("every fri"))
    assert (again.tasks, again.undo_id) == ((), "")


async def test_another_rule_goes_on_from_where_the_due_is_now(world: World) -> None:
    task = await repeating(world)
    moved = Due(date(2026, 12, 1), time(15), BERLIN)
    await world.tasks.set_due(world.actor(), world.sees(), [1], moved)
    change = await world.tasks.repeat(world.actor(), world.sees(), [1], rule("weekly"))
    assert (change.task.planned, change.task.series) == (moved, task.series)
    assert (await done(world, 1)).following[1].due == Due(date(2026, 12, 8), time(15), BERLIN)


async def test_a_stopped_task_stays_and_nothing_follows_it(world: World) -> None:
    task = await repeating(world)
    change = await world.tasks.repeat(world.actor(), world.sees(), [1], None)
    assert (change.task.repeat, change.task.due) == (None, AT_NINE)
    assert (await world.tasks.repeat(world.actor(), world.sees(), [1], None)).tasks == ()
    undone = await world.tasks.undo(world.actor(), await world.entry(change))
    assert undone.restored[0].repeat == task.repeat
    await world.tasks.repeat(world.actor(), world.sees(), [1], None)
    assert (await done(world, 1)).following == {}


async def test_a_completed_task_is_not_made_to_repeat(world: World) -> None:
    await world.add("Once")
    await done(world, 1)
    with pytest.raises(RefusedError) as refused:
        await world.tasks.repeat(world.actor(), world.sees(), [1], rule("daily"))
    assert refused.value.details["reason"] == "repeat_completed"


async def test_removing_the_open_one_ends_the_series_until_it_is_undone(world: World) -> None:
    task = await repeating(world)
    change = await world.tasks.remove(world.actor(), world.sees(), [1])
    assert await still_open(world) == []
    await world.tasks.undo(world.actor(), await world.entry(change))
    assert [found.repeat for found in await still_open(world)] == [task.repeat]


async def test_people_are_reminded_of_each_in_turn(world: World) -> None:
    await repeating(world, "daily", Due(FRIDAY, time(14), BERLIN), assignees=(world.people["Ben"],))
    await world.posts()
    world.clock.forward(hours=2)
    assert (await world.reminders.run(), len(await world.posts())) == (1, 1)
    await done(world, 1)
    world.clock.forward(hours=24)
    assert (await world.reminders.run(), len(await world.posts())) == (1, 1)
    assert world.clock.now() > NOON


async def test_an_undo_of_adding_takes_the_whole_series_away(world: World) -> None:
    change = await world.tasks.add(world.actor(), NewTask("Water plants", repeat=rule("daily")))
    await world.tasks.undo(world.actor(), await world.entry(change))
    assert await still_open(world) == []
