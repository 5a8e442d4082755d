"""Reminding people of tasks, from a timer."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from core.ports.storage import Post, Storage, UnitOfWork
from core.shared.clock import Clock
from core.shared.events import Event
from core.tasks.model import Status, Task
from core.tasks.notices import Notices, Reader
from core.tasks.repository import TASKS
from core.tasks.rules import LATEST_REMINDER

BATCH = 200
"""Reminders handled in one go."""


class TaskReminders:
    """Sends what is due, over all workspaces."""

    def __init__(self, storage: Storage, clock: Clock, notices: Notices) -> None:
        """Bind to the database, the time and the words."""
        self._storage = storage
        self._clock = clock
        self._notices = notices

    async def run(self) -> int:
        """Queue the reminders that are due and return how many tasks were dealt with; at most `BATCH`, so call again.

        Each task is reminded of once, however many copies of this run: a reminder counts only if the task is still as
        it was read. One workspace's trouble leaves the others alone and is raised at the end, in an `ExceptionGroup`.
        """
        now = self._clock.now()
        due = sorted(await self._storage.system.due_reminders(now, BATCH), key=itemgetter(0))
        errors: list[Exception] = []
        count = 0
        for workspace_id, entries in groupby(due, key=itemgetter(0)):
            try:
                count += await self._remind(workspace_id, [task for _, task in entries], now)
            except Exception as error:  # why: the other workspaces' people still want to be reminded
                errors.append(error)
        if errors:
            raise ExceptionGroup("reminders failed", errors)
        return count

    async def _remind(self, workspace_id: int, tasks: Sequence[Task], now: datetime) -> int:
        """Clear the reminders of a workspace's tasks and queue their posts, in one transaction."""
        async with self._storage.workspace(workspace_id).write() as work:
            taken = [task for task in tasks if await work.of(TASKS).clear_reminder(task)]
            fresh = [task for task in taken if _is_wanted(task, now)]
            if fresh:
                await self._post(work, fresh, now)
            for task in taken:
                work.events.record(
                    Event("task.reminded", now, task.channel_id, None, {"number": task.number, "sent": task in fresh})
                )
            await work.commit()
        return len(taken)

    async def _post(self, work: UnitOfWork, tasks: Sequence[Task], now: datetime) -> None:
        """Queue one post for each person and channel, however many tasks it speaks of."""
        members = {member.id: member for member in await work.members.all() if member.active}
        home = (await work.settings.get()).zone
        posts: dict[tuple[int, int | None], list[Task]] = {}
        for task in tasks:
            people = [member for member in task.assignees if member in members]
            for member_id in people or (None,):
                posts.setdefault((task.channel_id, member_id), []).append(task)
        for (channel_id, member_id), wanted in posts.items():
            member = None if member_id is None else members[member_id]
            reader = Reader(member, home if member is None else member.zone or home)
            reply = self._notices.reminder(wanted, reader, now)
            work.outbox.add(Post(reply, channel_id=channel_id, member_id=member_id), now)


def _is_wanted(task: Task, now: datetime) -> bool:
    """Tell whether anybody still wants to hear of it: it is open, and its reminder no more than a day late."""
    is_open = task.status is Status.PENDING and task.removed_at is None
    return is_open and task.remind_at is not None and now - task.remind_at <= LATEST_REMINDER
