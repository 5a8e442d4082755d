"""Whose overviews a change may look different in."""

from core.shared.events import Event
from core.tasks.events import TASK_EVENTS
from core.tasks.requests import AssignMode, NewTask
from tests.support.clock import NOON
from tests.unit.core.tasks.world import World


def _heard(world: World, kind: str) -> frozenset[int] | None:
    return TASK_EVENTS.concerned([event for event in world.events if event.kind == kind])


async def test_those_who_have_a_task_had_it_or_are_given_it_are_concerned(world: World) -> None:
    ann, ben, cat = (world.people[name] for name in ("Ann", "Ben", "Cat"))
    task = await world.add(assignees=(ann, ben))
    assert _heard(world, "task.added") == frozenset({ann, ben})
    await world.tasks.assign(world.actor(), world.sees(), [task.number], [cat], AssignMode.SET)
    assert _heard(world, "task.assigned") == frozenset({ann, ben, cat})
    await world.tasks.done(world.actor(), world.sees(), [task.number])
    assert _heard(world, "task.completed") == frozenset({cat})


async def test_an_undo_concerns_those_who_get_a_task_back_and_those_who_lose_it(world: World) -> None:
    ann, ben, cat = (world.people[name] for name in ("Ann", "Ben", "Cat"))
    task = await world.add(assignees=(ann, ben))
    change = await world.tasks.assign(world.actor(), world.sees(), [task.number], [cat], AssignMode.SET)
    await world.tasks.undo(world.actor(), await world.entry(change))
    assert _heard(world, "task.restored") == frozenset({ann, ben, cat})


async def test_an_undone_addition_concerns_whom_it_was_for(world: World) -> None:
    ben = world.people["Ben"]
    added = await world.tasks.add(world.actor(), NewTask("Buy milk", assignees=(ben,)))
    await world.tasks.undo(world.actor(), await world.entry(added))
    assert _heard(world, "task.removed") == frozenset({ben})


def test_what_names_nobody_may_concern_anybody_unless_nothing_shows() -> None:
    assert TASK_EVENTS.concerned([Event("task.imported", NOON, 1, 1, {"added": 3})]) is None
    assert TASK_EVENTS.concerned([Event("task.reminded", NOON, 1, None, {"number": 1})]) == frozenset()
    assert TASK_EVENTS.concerned([Event("member.renamed", NOON, None, 1, {})]) == frozenset()
    assert TASK_EVENTS.concerned([]) == frozenset()
