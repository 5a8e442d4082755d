"""However people add, complete, reopen, rename, skip, stop, remove and undo, tasks are as a simple model says."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from core.dates.recurrence import Every, Recurrence
from core.ports.storage import UndoEntry
from core.shared.errors import ConflictError, NotFoundError, RefusedError
from core.tasks.model import Status, TaskFilter
from core.tasks.requests import TaskEdit
from core.tasks.results import Change
from tests.unit.core.tasks.world import World

T = TypeVar("T")
titles = st.sampled_from(("Buy milk", "Call Ben", "Sweep"))
DAILY = Recurrence(Every.DAY)
TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class State:
    """What the model knows of a task; `completed` and `removed` are the steps at which that happened.

    `due` counts days from today, None without one; it `repeats` daily, in the `series` begun at that step.
    """

    title: str
    completed: int = 0
    removed: int = 0
    due: int | None = None
    repeats: bool = False
    series: int = 0


@dataclass(frozen=True)
class Step:
    """An undo entry with what the model held before and after the change."""

    entry: UndoEntry
    before: dict[int, State | None]
    after: dict[int, State]


class TaskLife(RuleBasedStateMachine):
    """Runs the same steps on the service and on a dictionary."""

    numbers: Bundle[int] = Bundle("numbers")
    steps: Bundle[Step] = Bundle("steps")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.world = self.run(World.open())
        self.model: dict[int, State] = {}
        self.tick = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run(self.world.storage.close())
        self.runner.close()

    def next_moment(self) -> int:
        self.tick += 1
        self.world.clock.forward(seconds=1)
        return self.tick

    def visible(self, number: int) -> bool:
        return not self.model[number].removed

    def changed(self, change: Change, after: dict[int, State]) -> Step:
        before = {number: self.model.get(number) for number in after}
        self.model |= after
        return Step(self.run(self.world.entry(change)), before, after)

    def attempt(self, work: Coroutine[Any, Any, Change], wanted: list[int]) -> Change | None:
        """Run a command; it must say that a task is not there exactly if one is removed."""
        if all(self.visible(number) for number in wanted):
            return self.run(work)
        with pytest.raises(NotFoundError):
            self.run(work)
        return None

    @rule(target=numbers, title=titles, repeats=st.booleans())
    def add(self, title: str, repeats: bool) -> int:
        now = self.next_moment()
        task = self.run(self.world.add(title, repeat=DAILY if repeats else None))
        assert task.number == len(self.model) + 1
        self.model[task.number] = State(title, due=0, repeats=True, series=now) if repeats else State(title)
        return task.number

    @rule(target=numbers)
    def meet_the_newest(self) -> Any:
        """Let the steps find the tasks that others have made."""
        return len(self.model) or multiple()

    @rule(target=steps, wanted=st.lists(numbers, min_size=1, max_size=3, unique=True), completes=st.booleans())
    def set_done(self, wanted: list[int], completes: bool) -> Any:
        now = self.next_moment()
        service = self.world.tasks
        verb = service.done if completes else service.reopen
        change = self.attempt(verb(self.world.actor(), self.world.sees(), wanted), wanted)
        if change is None:
            return multiple()
        affected = [number for number in wanted if bool(self.model[number].completed) is not completes]
        assert [task.number for task in change.tasks] == affected
        if not affected:
            assert not change.undo_id
            return multiple()
        after = {
            number: replace(self.model[number], completed=now if completes else 0, repeats=False) for number in affected
        }
        coming = [number for number in affected if completes and self.model[number].repeats]
        assert list(change.following) == coming
        for place, number in enumerate(coming, len(self.model) + 1):
            after[place] = replace(self.model[number], due=(self.model[number].due or 0) + 1)
        return self.changed(change, after)

    @rule(target=steps, number=numbers)
    def skip(self, number: int) -> Any:
        self.next_moment()
        work = self.world.tasks.skip(self.world.actor(), self.world.sees(), [number])
        state = self.model[number]
        if not state.removed and not state.repeats:
            with pytest.raises(RefusedError):
                self.run(work)
            return multiple()
        change = self.attempt(work, [number])
        return self.changed(change, {number: replace(state, due=(state.due or 0) + 1)}) if change else multiple()

    @rule(target=steps, number=numbers, repeats=st.booleans())
    def repeat_or_stop(self, number: int, repeats: bool) -> Any:
        now = self.next_moment()
        state = self.model[number]
        work = self.world.tasks.repeat(self.world.actor(), self.world.sees(), [number], DAILY if repeats else None)
        if repeats and state.completed and not state.removed:
            with pytest.raises(RefusedError):
                self.run(work)
            return multiple()
        change = self.attempt(work, [number])
        if change is None or not change.tasks:
            return multiple()
        due = (state.due or 0) if repeats else state.due
        series = now if repeats and not state.repeats else state.series
        return self.changed(change, {number: replace(state, repeats=repeats, due=due, series=series)})

    @rule(target=steps, number=numbers, title=titles)
    def rename(self, number: int, title: str) -> Any:
        self.next_moment()
        edit = TaskEdit(title=title)
        change = self.attempt(self.world.tasks.edit(self.world.actor(), self.world.sees(), number, edit), [number])
        if change is None or not change.tasks:
            return multiple()
        return self.changed(change, {number: replace(self.model[number], title=title)})

    @rule(target=steps, wanted=st.lists(numbers, min_size=1, max_size=3, unique=True))
    def remove(self, wanted: list[int]) -> Any:
        now = self.next_moment()
        change = self.attempt(self.world.tasks.remove(self.world.actor(), self.world.sees(), wanted), wanted)
        if change is None:
            return multiple()
        return self.changed(change, {number: replace(self.model[number], removed=now) for number in wanted})

    @rule(step=consumes(steps))
    def undo(self, step: Step) -> None:
        now = self.next_moment()
        work = self.world.tasks.undo(self.world.actor(), step.entry)
        if any(self.model[number] != state for number, state in step.after.items()):
            with pytest.raises(ConflictError):
                self.run(work)
            return
        self.run(work)
        for number, state in step.before.items():
            self.model[number] = state or replace(self.model[number], removed=now)

    @invariant()
    def lists_what_the_model_holds(self) -> None:
        found = self.run(self.world.tasks.list(TaskFilter(None), self.world.sees(), limit=100)).page.items
        held = {
            number: (
                state.title,
                Status.COMPLETED if state.completed else Status.PENDING,
                None if state.due is None else TODAY + timedelta(days=state.due),
                DAILY if state.repeats else None,
            )
            for number, state in self.model.items()
            if not state.removed
        }
        assert {
            task.number: (task.title, task.status, task.due and task.due.date, task.repeat) for task in found
        } == held

    @invariant()
    def of_each_series_at_most_one_goes_on(self) -> None:
        found = self.run(self.world.tasks.list(TaskFilter(None), self.world.sees(), limit=100)).page.items
        carriers = [task.series for task in found if task.repeat]
        assert len(carriers) == len(set(carriers))
        assert all(task.status is Status.PENDING and task.series and task.planned for task in found if task.repeat)


TaskLife.TestCase.settings = settings(
    max_examples=25, stateful_step_count=20, suppress_health_check=[HealthCheck.too_slow], deadline=None
)
TestTaskLife = TaskLife.TestCase
