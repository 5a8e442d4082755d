"""What the task service needs of storage."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Protocol

from core.ports.kept import Kept
from core.ports.numbered import NumberedRepository
from core.reminders.model import RemindingRepository
from core.shared.paging import Page
from core.tasks.boards import BoardContent, Work
from core.tasks.model import Done, Task, TaskCounts, TaskFilter
from core.tasks.requests import TaskSort
from core.workspaces.model import Audience


class TaskRepository(NumberedRepository[Task], RemindingRepository[Task], Protocol):
    """The tasks of one workspace, each with its assignees."""

    async def page(
        self,
        wanted: TaskFilter,
        audience: Audience,
        *,
        sort: TaskSort = TaskSort.DUE,
        cursor: str = "",
        limit: int = 10,
    ) -> Page[Task]:
        """Return a page: by due (none last), then priority, then number; completed ones by completion, newest first.

        By `sort` their priority comes before their due, or only the number counts.
        """
        ...

    async def board(self, channel_id: int, *, now: datetime, today: datetime) -> BoardContent:
        """Return what the board of a channel shows, by one statement; `today` is when the day began.

        It is for the channel itself: all its tasks and no others, for everybody who is there.
        """
        ...

    async def own_work(self, audience: Audience) -> Work | None:
        """Return the open tasks of the audience's member as far as the audience may see them, by one statement.

        None if that is no active member of the workspace.
        """
        ...

    async def counts(self, channel_id: int | None, audience: Audience, *, now: datetime, today: date) -> TaskCounts:
        """Count the tasks of a channel, or of all.

        Overdue is meant as of `now`, or of `today` in the reader's zone for dues without a time of day.
        """
        ...

    async def done_between(
        self, edges: Sequence[datetime], channel_id: int | None, audience: Audience
    ) -> Sequence[Done]:
        """Count the completed tasks of a channel, or of all, between each two of the instants, which rise.

        Only those count that the audience may see.
        """
        ...

    async def first_done(self, channel_id: int | None, audience: Audience) -> datetime | None:
        """Return when the first of the tasks of a channel, or of all, was completed that the audience may see."""
        ...

    def stream(self, wanted: TaskFilter, audience: Audience, *, chunk: int = 1000) -> AsyncIterator[Sequence[Task]]:
        """Yield all matching tasks by number, in chunks, without holding more than one chunk."""
        ...


TASKS: Kept[TaskRepository] = Kept("tasks")
