"""Everything that changes a task can be taken back, unless somebody has changed it since."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, time

import pytest

from core.dates.due import Due
from core.shared.errors import ConflictError, NotFoundError
from core.tasks.model import Priority, Status, Task
from core.tasks.requests import AssignMode, NewTask, TaskEdit
from core.tasks.results import Change
from tests.unit.core.tasks.world import BERLIN, World

SOON = Due(date(2026, 11, 20), time(13, 10), BERLIN)
TOMORROW = Due(date(2026, 11, 21), time(9), BERLIN)

Verb = Callable[[World, int], Awaitable[Change]]


def content(task: Task | None) -> Task:
    """Return a task without its count of changes."""
    assert task is not None
    return replace(task, version=0)


VERBS: dict[str, Verb] = {
    "done": lambda world, number: world.tasks.done(world.actor(), world.sees(), [number]),
    "edit": lambda world, number: world.tasks.edit(
        world.actor(), world.sees(), number, TaskEdit("Other", "other", Priority.LOW)
    ),
    "assign": lambda world, number: world.tasks.assign(
        world.actor(), world.sees(), [number], [world.people["Cat"]], AssignMode.SET
    ),
    "due": lambda world, number: world.tasks.set_due(world.actor(), world.sees(), [number], SOON),
    "no due": lambda world, number: world.tasks.set_due(world.actor(), world.sees(), [number], None),
    "snooze": lambda world, number: world.tasks.snooze(world.actor(), world.sees(), [number], SOON),
    "remove": lambda world, number: world.tasks.remove(world.actor(), world.sees(), [number]),
}


@pytest.mark.parametrize("name", list(VERBS))
async def test_an_undo_puts_the_task_back_as_it_was(world: World, name: str) -> None:
    task = await world.add(notes="n", due=TOMORROW, assignees=(world.people["Ann"], world.people["Ben"]))
    change = await VERBS[name](world, task.number)
    assert content(change.task) != content(task)
    undone = await world.tasks.undo(world.actor(), await world.entry(change))
    assert [content(found) for found in undone.restored] == [content(task)]
    assert content(await world.stored(task.number)) == content(task)
    assert world.kinds()[-1] == "task.restored"
    assert (await world.tasks.show(task.number, world.sees())).task.number == task.number


async def test_an_undo_of_reopening_completes_again_as_it_was(world: World) -> None:
    task = await world.add()
    done = await world.tasks.done(world.actor("Ben"), world.sees("Ben"), [task.number])
    change = await world.tasks.reopen(world.actor(), world.sees(), [task.number])
    await world.tasks.undo(world.actor(), await world.entry(change))
    assert content(await world.stored(task.number)) == content(done.task)


async def test_an_undo_of_adding_takes_the_task_away_but_not_its_number(world: World) -> None:
    change = await world.tasks.add(world.actor(), NewTask("Buy milk", TOMORROW))
    undone = await world.tasks.undo(world.actor(), await world.entry(change))
    assert [task.number for task in undone.withdrawn] == [change.task.number]
    with pytest.raises(NotFoundError):
        await world.tasks.show(change.task.number, world.sees())
    assert (await world.add()).number == change.task.number + 1


async def test_one_undo_takes_back_all_that_one_command_did(world: World) -> None:
    numbers = [(await world.add(f"Task {number}")).number for number in range(3)]
    change = await world.tasks.done(world.actor(), world.sees(), numbers)
    undone = await world.tasks.undo(world.actor(), await world.entry(change))
    assert [task.status for task in undone.restored] == [Status.PENDING] * 3


async def test_an_undo_is_refused_naming_what_has_changed_since(world: World) -> None:
    first, second = await world.add("One"), await world.add("Two")
    change = await world.tasks.done(world.actor(), world.sees(), [first.number, second.number])
    await world.tasks.edit(world.actor("Ben"), world.sees("Ben"), second.number, TaskEdit(title="Zwei"))
    with pytest.raises(ConflictError) as refused:
        await world.tasks.undo(world.actor(), await world.entry(change))
    assert refused.value.details == {
        "reason": "changed_since",
        "noun": "task",
        "number": second.number,
        "title": "Two",
        "changed": ("title",),
    }
    for number in (first.number, second.number):
        assert (await world.tasks.show(number, world.sees())).task.status is Status.COMPLETED


async def test_an_undo_holds_when_a_change_in_between_was_itself_taken_back(world: World) -> None:
    task = await world.add()
    done = await world.tasks.done(world.actor(), world.sees(), [task.number])
    edited = await world.tasks.edit(world.actor(), world.sees(), task.number, TaskEdit(title="Other"))
    await world.tasks.undo(world.actor(), await world.entry(edited))
    await world.tasks.undo(world.actor(), await world.entry(done))
    assert content(await world.stored(task.number)) == content(task)


async def test_a_reminder_that_went_out_is_no_reason_to_refuse_and_does_not_come_again(world: World) -> None:
    added = await world.tasks.add(world.actor(), NewTask("Buy milk", SOON))
    edited = await world.tasks.edit(world.actor(), world.sees(), added.task.number, TaskEdit(title="Buy oat milk"))
    world.clock.forward(minutes=11)
    assert await world.reminders.run() == 1
    await world.tasks.undo(world.actor(), await world.entry(edited))
    assert await world.reminders.run() == 0
    await world.tasks.undo(world.actor(), await world.entry(added))


async def test_an_undo_brings_back_the_reminder_that_the_change_had_taken_away(world: World) -> None:
    task = await world.add(due=SOON)
    change = await world.tasks.done(world.actor(), world.sees(), [task.number])
    world.clock.forward(minutes=12)
    await world.tasks.undo(world.actor(), await world.entry(change))
    assert await world.reminders.run() == 1


async def test_others_may_undo_in_the_channel_where_it_was_done_only(world: World) -> None:
    change = await world.tasks.add(world.actor("Ann", "board"), NewTask("Secret"))
    entry = await world.entry(change)
    with pytest.raises(NotFoundError):
        await world.tasks.undo(world.actor("Ben", "general"), entry)
    assert (await world.tasks.undo(world.actor("Ben", "board"), entry)).withdrawn
