"""Whatever is done to a task is found in its history, by those who may see the task."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields, replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.dates.due import Due
from core.dates.recurrence_rules import recurrence_of
from core.history.model import ChangeEntry, FieldChange
from core.shared.errors import InvalidArgumentError, NotFoundError, UserError
from core.tasks.kind import TASK_KIND
from core.tasks.model import Priority, Task
from core.tasks.requests import AssignMode, NewTask, TaskEdit
from core.tasks.results import Change
from core.workspaces.model import Audience
from tests.unit.core.tasks.world import BERLIN, World

TOMORROW = Due(date(2026, 11, 21), time(9), BERLIN)
FRIDAY = Due(date(2026, 11, 27), None, BERLIN)
WEEKLY = recurrence_of("FREQ=WEEKLY;BYDAY=FR")

Verb = Callable[[World, int], Awaitable[Change]]


def _verb(name: str, *arguments: Any) -> Verb:
    def act(world: World, number: int) -> Awaitable[Change]:
        which = number if name == "edit" else [number]
        given = [world.people[value] for value in arguments if value in world.people]
        rest = [value for value in arguments if value not in world.people]
        people = [given] if given else []
        done: Awaitable[Change] = getattr(world.tasks, name)(world.actor(), world.sees(), which, *people, *rest)
        return done

    return act


VERBS: Mapping[str, Verb] = {
    "done": _verb("done"),
    "reopen": _verb("reopen"),
    "edit": _verb("edit", TaskEdit("Other", "some notes", Priority.LOW)),
    "edit again": _verb("edit", TaskEdit(title="Third")),
    "assign": _verb("assign", "Ben", "Cat"),
    "set": _verb("assign", "Ann", AssignMode.SET),
    "take away": _verb("assign", "Ben", AssignMode.REMOVE),
    "due": _verb("set_due", FRIDAY),
    "no due": _verb("set_due", None),
    "snooze": _verb("snooze", FRIDAY),
    "repeat": _verb("repeat", WEEKLY),
    "stop": _verb("repeat", None),
    "skip": _verb("skip"),
    "remove": _verb("remove"),
}


async def _history(world: World, number: int) -> list[ChangeEntry]:
    found: list[ChangeEntry] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await world.tasks.history(number, world.sees(), cursor=cursor, limit=3)).history.page
        found += page.items
        cursor = page.next_cursor
    return found


def _before(task: Task, entry: ChangeEntry) -> Task:
    """Return a task as it was before an entry, going by what the entry says."""
    values: dict[str, Any] = {}
    for change in entry.fields:
        if change.field == "assignees":
            went, came = change.before, change.after
            held: set[Any] = values.get("assignees", set(task.assignees))
            values["assignees"] = (held | {went}) - {came, None}
        else:
            values[change.field] = TASK_KIND.value(change.field, change.before)
    return replace(task, **{**values, "assignees": tuple(sorted(values.get("assignees", task.assignees)))})


def _content(task: Task | None) -> dict[str, Any]:
    assert task is not None
    values = {field.name: getattr(task, field.name) for field in fields(Task)}
    return {**values, "assignees": tuple(sorted(task.assignees)), "version": 0}


async def test_a_new_task_begins_its_history(world: World) -> None:
    task = await world.add()
    (entry,) = await _history(world, task.number)
    assert entry == ChangeEntry("task", task.number, world.clock.now(), world.people["Ann"], "task add")


@pytest.mark.parametrize("name", [name for name in VERBS if name not in ("reopen", "skip", "stop", "take away")])
async def test_the_history_tells_what_the_task_was_before(world: World, name: str) -> None:
    task = await world.add(due=TOMORROW, assignees=(world.people["Ben"],))
    world.clock.forward(minutes=1)
    await VERBS[name](world, task.number)
    newest, _ = await _history(world, task.number)
    assert (newest.at, newest.member_id) == (world.clock.now(), world.people["Ann"])
    now = await world.stored(task.number)
    assert now is not None
    assert _content(_before(now, newest)) == _content(task)


async def test_what_changes_nothing_is_not_kept(world: World) -> None:
    task = await world.add()
    await VERBS["reopen"](world, task.number)
    assert len(await _history(world, task.number)) == 1


async def test_one_command_is_kept_for_each_task_that_it_changed(world: World) -> None:
    first, second = await world.add("One"), await world.add("Two")
    await world.tasks.done(world.actor(), world.sees(), [first.number, second.number])
    for task in (first, second):
        newest = (await _history(world, task.number))[0]
        assert newest.command == "task done"
        assert newest.fields[0] == FieldChange("status", "pending", "completed")


async def test_a_task_that_follows_another_begins_its_history_with_the_command_that_made_it(world: World) -> None:
    task = await world.add(due=TOMORROW, repeat=recurrence_of("FREQ=DAILY"))
    done = await world.tasks.done(world.actor(), world.sees(), [task.number])
    (entry,) = await _history(world, done.following[task.number].number)
    assert (entry.command, entry.fields) == ("task done", ())


async def test_an_undo_is_kept_as_what_whoever_did_it_did(world: World) -> None:
    task = await world.add()
    edited = await world.tasks.edit(world.actor(), world.sees(), task.number, TaskEdit(title="Other"))
    await world.tasks.undo(world.actor("Ben"), await world.entry(edited))
    newest = (await _history(world, task.number))[0]
    assert (newest.command, newest.member_id) == ("qm undo", world.people["Ben"])
    assert list(newest.fields) == [FieldChange("title", "Other", "Buy milk")]


async def test_a_removed_task_keeps_its_history(world: World) -> None:
    task = await world.add()
    await world.tasks.remove(world.actor(), world.sees(), [task.number])
    found = await world.tasks.history(task.number, world.sees())
    assert found.record.removed_at
    assert [entry.command for entry in found.history.page.items] == ["task remove", "task add"]


async def test_who_may_not_see_a_task_may_not_see_its_history(world: World) -> None:
    task = await world.add("Secret", channel="board", assignees=(world.people["Cat"],))
    await world.tasks.remove(world.actor(), world.sees("Ann", "board"), [task.number])
    for name, channels in (("Ann", ()), ("Cat", ()), ("Ben", ("board",))):
        assert (await world.tasks.history(task.number, world.sees(name, *channels))).history.page.total == 2
    everything = Audience(world.people["Ben"], frozenset(), everything=True)
    assert (await world.tasks.history(task.number, everything)).history.page.total == 2
    with pytest.raises(NotFoundError):
        await world.tasks.history(task.number, world.sees("Ben"))
    with pytest.raises(NotFoundError):
        await world.tasks.history(task.number + 1, everything)


async def test_a_page_that_is_none_is_refused(world: World) -> None:
    task = await world.add()
    with pytest.raises(InvalidArgumentError):
        await world.tasks.history(task.number, world.sees(), cursor="x")


@given(names=st.lists(st.sampled_from([*VERBS, "undo"]), min_size=2, max_size=8))
@settings(max_examples=25, deadline=None)
async def test_whatever_is_done_the_way_back_leads_to_the_beginning(names: list[str]) -> None:
    """The history leads back to each state there was, and undoing everything, to the task as it was added."""
    world = await World.open()
    try:
        added = await world.tasks.add(world.actor(), NewTask("Buy milk", TOMORROW, assignees=(world.people["Ben"],)))
        number = added.task.number
        states, undoable = [added.task], list[Change]()
        for name in names:
            world.clock.forward(minutes=1)
            try:
                if name == "undo":
                    await world.tasks.undo(world.actor(), await world.entry(undoable.pop()))
                else:
                    change = await VERBS[name](world, number)
                    undoable += [change] if change.tasks else []
            except (UserError, IndexError):
                continue
            state = await world.stored(number)
            assert state is not None
            if _content(state) != _content(states[-1]):
                states.append(state)
        told = await _history(world, number)
        assert len(told) == len(states)
        state = states.pop()
        for entry in told[:-1]:
            state, earlier = _before(state, entry), states.pop()
            assert _content(state) == _content(earlier)
        for change in reversed(undoable):
            await world.tasks.undo(world.actor(), await world.entry(change))
        assert _content(await world.stored(number)) == _content(added.task)
    finally:
        await world.storage.close()
