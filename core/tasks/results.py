"""What the task service hands back."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from core.history.model import Discussion
from core.shared.paging import Page
from core.shared.value_objects import value_object
from core.tasks.model import Task, TaskCounts, TaskFilter


@value_object
class Change:
    """What a command did: the tasks as they are now, as they were before, and those that were that way already.

    `before` is in the order of `tasks` and empty for a new one. `undo_id` is empty when nothing changed. `following`
    are the tasks that go on with a series, each by the number of the task that it comes after.
    """

    tasks: tuple[Task, ...]
    before: tuple[Task, ...] = ()
    unchanged: tuple[Task, ...] = ()
    undo_id: str = ""
    following: Mapping[int, Task] = field(default_factory=dict)

    @property
    def task(self) -> Task:
        """Return the first task concerned, changed or not."""
        return (self.tasks or self.unchanged)[0]


@value_object
class TaskList:
    """A page of tasks, what was asked for, and when it was looked up (which decides what is overdue)."""

    page: Page[Task]
    wanted: TaskFilter
    now: datetime


@value_object
class TaskCard:
    """A task, and what was said about it."""

    task: Task
    discussion: Discussion


@value_object
class Summary:
    """Counts of the tasks of a channel, or of all, as of `now`."""

    counts: TaskCounts
    channel_id: int | None
    now: datetime
