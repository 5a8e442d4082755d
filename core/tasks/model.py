"""The words of task tracking."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import IntEnum, StrEnum

from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.people.model import TOGETHER_LIMIT
from core.shared.ids import ChannelId, MemberId
from core.shared.value_objects import value_object

TITLE_LIMIT = 500
NOTES_LIMIT = 4000
ASSIGNEES_LIMIT = TOGETHER_LIMIT


class Status(StrEnum):
    """Where a task stands."""

    PENDING = "pending"
    COMPLETED = "completed"

    @property
    def label(self) -> str:
        """Return the word people type and read; the value is what is stored."""
        return "done" if self is Status.COMPLETED else "open"


class Priority(IntEnum):
    """How pressing a task is; the smaller number comes first in lists."""

    URGENT = 0
    HIGH = 1
    MEDIUM = 2
    LOW = 3

    @property
    def label(self) -> str:
        """Return the word people type and read."""
        return self.name.lower()


@value_object
class Task:
    """A task as stored; `number` is unique in its workspace and never used again.

    `version` grows with every change; a reminder that goes out is none. `remind_at` is when its people hear of it next,
    None when nothing is to come.
    `batch` is the id of the import that made it. `removed_at` marks a removed task: out of every list, kept for undo.

    `repeat` is how it goes on once it is done; of the tasks of a `series` (an id, empty for none) only the one that is
    next carries it. `planned` is the due that the series gave that one, whatever its own due was moved to.
    """

    number: int
    title: str
    notes: str
    status: Status
    priority: Priority
    due: Due | None
    channel_id: ChannelId
    author_id: MemberId
    assignees: tuple[MemberId, ...]
    origin: str
    created_at: datetime
    completed_at: datetime | None = None
    completed_by: MemberId | None = None
    remind_at: datetime | None = None
    version: int = 1
    batch: str = ""
    removed_at: datetime | None = None
    repeat: Recurrence | None = None
    series: str = ""
    planned: Due | None = None


@value_object
class DueBy:
    """What is due until then: with a time of day up to that instant, without one up to that day."""

    day: date
    at: datetime


@value_object
class TaskFilter:
    """Which tasks a list shows; None means any. `assignee` 0 means nobody."""

    status: Status | None = Status.PENDING
    channel_id: int | None = None
    assignee: int | None = None
    priority: Priority | None = None
    batch: str | None = None
    due: DueBy | None = None


@value_object
class TaskCounts:
    """How many tasks there are by status, and the pending ones by priority, by assignee (0 is nobody) and by due."""

    by_status: Mapping[Status, int]
    by_priority: Mapping[Priority, int]
    by_assignee: Mapping[int, int]
    overdue: int
    upcoming: int


@value_object
class Done:
    """How many tasks were completed in a while, and how many of them later than they were due."""

    amount: int = 0
    late: int = 0
