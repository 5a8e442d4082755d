"""What boards tell of tasks."""

from collections.abc import Sequence
from enum import StrEnum

from core.dates.due import Due
from core.shared.value_objects import value_object
from core.tasks.model import Priority, Task

OPEN_SHOWN = 20
"""Open tasks that a board names; the rest is counted."""
DONE_SHOWN = 5
"""Tasks done today that a board names."""
WORK_SHOWN = 10
"""Tasks on the board of a person; each has its buttons."""


class Grouping(StrEnum):
    """What the tasks on a board are grouped by."""

    STATUS = "status"
    ASSIGNEE = "assignee"


@value_object
class BoardTask:
    """What a board tells of a task."""

    number: int
    title: str
    priority: Priority
    due: Due | None
    assignees: tuple[int, ...]
    is_done: bool


@value_object
class BoardContent:
    """The tasks of a channel as its board shows them: the first of each kind, and how many there are.

    Counts stop where those of lists do (`core.shared.paging.COUNT_LIMIT`).
    """

    open: Sequence[BoardTask]
    done: Sequence[BoardTask]
    open_total: int
    overdue_total: int
    done_total: int


@value_object
class Work:
    """The open tasks of a person as their board shows them: the first by due, and how many there are in all."""

    tasks: Sequence[Task]
    total: int
