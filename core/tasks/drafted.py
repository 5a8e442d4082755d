"""Tasks as the rows of a file describe them: new ones, and those that are there with what a row says of them."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, cast

from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.shared.errors import InvalidArgumentError
from core.tasks.model import Priority, Status, Task
from core.tasks.rules import reminder_for
from core.tasks.series import repeating, stopped, successor
from core.transfer.columns import Reached
from core.transfer.findings import Findings
from core.transfer.sheet import Absent, Fields, Importer, Merged

OVERDUE, UPCOMING = "overdue", "upcoming"
"""What is counted besides the priorities."""

_LABELS = {priority: priority.label for priority in Priority}


class DueCell(NamedTuple):
    """A due as read, with what follows from it at the time of the import."""

    due: Due
    remind_at: datetime | None
    overdue: bool


class TaskDraft(NamedTuple):
    """A row as read. `ABSENT` is a column that is not there, None an empty cell; an empty number is 0."""

    line: int
    number: int | Absent
    title: str | Absent
    status: Status | Absent | None
    priority: Priority | Absent | None
    due: DueCell | Absent | None
    assignees: tuple[int, ...] | Absent
    notes: str | Absent
    channel: int | Absent | None
    origin: str | Absent
    created: datetime | Absent | None
    completed: Reached | Absent | None
    repeat: Recurrence | Absent | None


def settled(fields: Fields, draft: TaskDraft, before: Task | None, importer: Importer) -> Task:
    """Return the task that a row makes: done or reminded of as it says, and repeating.

    Raises `InvalidArgumentError` if it would end before it begins.
    """
    was, had = (before.status, before.due) if before else (Status.PENDING, None)
    status, due = _status_of(draft) or was, fields["due"]
    done = status is Status.COMPLETED
    if status is not was:
        said = draft.completed.at if draft.completed else None
        fields["status"] = status
        fields["completed_at"] = min(said or importer.now, importer.now) if done else None
        fields["completed_by"] = importer.member_id if done else None
    if status is not was or due != had:
        cell = draft.due
        ahead = cell.remind_at if cell and cell.due is due else reminder_for(due, importer.now)
        fields["remind_at"] = None if done else ahead
    return _repeating(Task(**fields), draft, importer)


def _repeating(task: Task, draft: TaskDraft, importer: Importer) -> Task:
    """Return a task repeating as a row says; the same words leave the rhythm that the series has as it is."""
    if draft.repeat is None and task.repeat:
        return stopped(task)
    if not draft.repeat or task.status is Status.COMPLETED:
        return task
    if task.repeat and task.repeat == (draft.repeat.anchored(task.due.date) if task.due else draft.repeat):
        return task
    try:
        return repeating(task, draft.repeat, importer.now, importer.zone)
    except InvalidArgumentError as error:
        error.details["cell"] = draft.repeat.words()
        raise


def followed(draft: TaskDraft, before: Task, task: Task, number: int, importer: Importer) -> Merged[Task]:
    """Return a changed task with the next of its series, which one that repeats and is completed hands that on to."""
    if before.repeat is None or _status_of(draft) is not Status.COMPLETED:
        return Merged(task)
    coming = successor(replace(task, status=Status.PENDING, completed_at=None, completed_by=None), importer.now)
    return Merged(stopped(task), replace(coming, number=number, batch=importer.batch) if coming else None)


def put_back(task: Task, now: datetime) -> Task:
    """Return a task as it was before an import changed it.

    A reminder whose time has come meanwhile would be sent at once, for a task that has just been put back.
    """
    if task.remind_at is None or task.remind_at > now:
        return task
    return replace(task, remind_at=reminder_for(task.due, now))


def count_task(found: Findings[Task], draft: TaskDraft, task: Task | None, importer: Importer) -> bool:
    """Count a good row by its priority, and as overdue or upcoming; late ones show.

    Without a task it is a new row, and all that counts is in the row.
    """
    said = draft.priority if isinstance(draft.priority, Priority) else Priority.MEDIUM
    found.tallies[_LABELS[task.priority if task else said]] += 1
    due, status = (task.due, task.status) if task else (draft.due, _status_of(draft))
    if not due or status is Status.COMPLETED:
        return False
    cell = draft.due
    is_late = cell.overdue if isinstance(cell, DueCell) else cast("Due", due).is_overdue(importer.now, importer.zone)
    found.tallies[OVERDUE if is_late else UPCOMING] += 1
    return is_late


def _status_of(draft: TaskDraft) -> Status | None:
    """Return the status that a row says, in so many words or by being completed at some time."""
    return draft.status or (Status.COMPLETED if draft.completed else None)
