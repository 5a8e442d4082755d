"""What people ask of the task service, where it takes more than a few values."""

from enum import StrEnum

from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.shared.value_objects import value_object
from core.tasks.model import Priority


@value_object
class NewTask:
    """A task to be added; texts as typed, `origin` a permanent link to the message it comes from, or empty.

    One that repeats and has no due begins on the first day that fits, today included.
    """

    title: str
    due: Due | None = None
    priority: Priority = Priority.MEDIUM
    assignees: tuple[int, ...] = ()
    notes: str = ""
    origin: str = ""
    repeat: Recurrence | None = None


@value_object
class TaskEdit:
    """New texts and priority of a task; None leaves as it is, empty notes take the notes away."""

    title: str | None = None
    notes: str | None = None
    priority: Priority | None = None


class TaskSort(StrEnum):
    """What a list of tasks is ordered by: the most pressing comes first, whichever page it is on."""

    DUE = "due"
    PRIORITY = "priority"
    NUMBER = "number"


class AssignMode(StrEnum):
    """What happens to those who have the task already: they keep it, they alone lose it, or all others do."""

    ADD = "add"
    REMOVE = "remove"
    SET = "set"
