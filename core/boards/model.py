"""The words of boards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.dates.due import Due
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


@dataclass(frozen=True, slots=True)
class Board:
    """The board of a channel; it has one at most.

    That of a person's conversation with the bot has a `member_id`: it shows that member's open tasks, wherever those
    are, in place of the channel's.
    `id` is new each time the board is put up, and what its message is posted under. `message` is the platform's id of
    that message, empty until it is there; `retired` are ids of former ones, still to be taken away. `digest` tells what
    the message showed when that was last kept. A board that is not `is_on` has only its messages left to lose.
    """

    id: str
    workspace_id: int
    channel_id: int
    grouping: Grouping
    made_by: int
    created_at: datetime
    message: str = ""
    retired: tuple[str, ...] = ()
    digest: str = ""
    is_on: bool = True
    member_id: int | None = None

    @property
    def messages(self) -> tuple[str, ...]:
        """Return the ids of all messages that this board has in the channel."""
        return (*self.retired, self.message) if self.message else self.retired


@dataclass(frozen=True, slots=True)
class BoardTask:
    """What a board tells of a task."""

    number: int
    title: str
    priority: Priority
    due: Due | None
    assignees: tuple[int, ...]
    is_done: bool


@dataclass(frozen=True, slots=True)
class BoardContent:
    """The tasks of a channel as its board shows them: the first of each kind, and how many there are.

    Counts stop where those of lists do (`core.shared.paging.COUNT_LIMIT`).
    """

    open: Sequence[BoardTask]
    done: Sequence[BoardTask]
    open_total: int
    overdue_total: int
    done_total: int


@dataclass(frozen=True, slots=True)
class Work:
    """The open tasks of a person as their board shows them: the first by due, and how many there are in all."""

    tasks: Sequence[Task]
    total: int
