"""Tasks as the rows of a file describe them: new ones, and those that are there with what a row says of them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.shared.errors import InvalidArgumentError
from core.tasks.model import Priority, Status, Task
from core.tasks.rules import reminder_for
from core.tasks.series import repeating, stopped, successor
from core.transfer.findings import Findings, Sort
from core.transfer.sheet import ABSENT, Absent, Importer, Merged

OVERDUE, UPCOMING, ELSEWHERE = "overdue", "upcoming", "elsewhere"
"""What is counted besides the priorities."""

_LABELS = {priority: priority.label for priority in Priority}
_SAME_MOMENT = timedelta(seconds=1)


class DueCell(NamedTuple):
    """A due as read, with what follows from it at the time of the import."""

    due: Due
    remind_at: datetime | None
    overdue: bool


class Completion(NamedTuple):
    """What a completed column says; `at` is None when only that it is done."""

    at: datetime | None


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
    completed: Completion | Absent | None
    repeat: Recurrence | Absent | None


def new_task(draft: TaskDraft, number: int, importer: Importer) -> Task:
    """Return the task that a row describes; raises `InvalidArgumentError` if it would end before it begins."""
    status = _status_of(draft) or Status.PENDING
    done = status is Status.COMPLETED
    due = None if draft.due is ABSENT else draft.due
    task = Task(
        number=number,
        title="" if draft.title is ABSENT else draft.title,
        notes="" if draft.notes is ABSENT else draft.notes,
        status=status,
        priority=_priority_of(draft, Priority.MEDIUM),
        due=due.due if due else None,
        channel_id=importer.channel_id if draft.channel is ABSENT or not draft.channel else draft.channel,
        author_id=importer.member_id,
        assignees=() if draft.assignees is ABSENT else draft.assignees,
        origin="" if draft.origin is ABSENT else draft.origin,
        created_at=draft.created if isinstance(draft.created, datetime) else importer.now,
        completed_at=_completed_at(draft, importer.now) if done else None,
        completed_by=importer.member_id if done else None,
        remind_at=due.remind_at if due and not done else None,
        batch=importer.batch,
    )
    if done or not isinstance(draft.repeat, Recurrence):
        return task
    return _repeating(task, draft.repeat, importer)


def merged_task(draft: TaskDraft, task: Task, number: int, importer: Importer) -> Merged[Task]:
    """Return a task with what a row says of it; its channel, author and moments stay, and so does what is not said.

    One that repeats and that the row completes is followed by the next of its series. Raises as `new_task` does.
    """
    merged = _merged(draft, task, importer)
    if merged == task:
        return Merged(task)
    following = None
    if _may_be_followed(draft, task):
        merged, following = _handed_on(merged, number, importer)
    return Merged(replace(merged, version=task.version + 1), following)


def _merged(draft: TaskDraft, task: Task, importer: Importer) -> Task:
    status = _status_of(draft) or task.status
    done = status is Status.COMPLETED
    due = _merged_due(draft, task)
    merged = replace(
        task,
        title=task.title if draft.title is ABSENT else draft.title,
        notes=task.notes if draft.notes is ABSENT else draft.notes,
        status=status,
        priority=_priority_of(draft, task.priority),
        due=due,
        assignees=_merged_people(draft, task),
        origin=task.origin if draft.origin is ABSENT else draft.origin,
    )
    if status is not task.status:
        merged = replace(
            merged,
            completed_at=_completed_at(draft, importer.now) if done else None,
            completed_by=importer.member_id if done else None,
        )
    if status is not task.status or due != task.due:
        merged = replace(merged, remind_at=None if done else reminder_for(due, importer.now))
    return _with_repeat(draft, merged, importer)


def _with_repeat(draft: TaskDraft, merged: Task, importer: Importer) -> Task:
    """Return a task repeating as a row says; the same words leave the rhythm that the series has as it is."""
    if draft.repeat is ABSENT:
        return merged
    if draft.repeat is None:
        return stopped(merged)
    said = draft.repeat.anchored(merged.due.date) if merged.due else draft.repeat
    if merged.status is Status.COMPLETED or said == merged.repeat:
        return merged
    return _repeating(merged, draft.repeat, importer)


def _repeating(task: Task, repeat: Recurrence, importer: Importer) -> Task:
    try:
        return repeating(task, repeat, importer.now, importer.zone)
    except InvalidArgumentError as error:
        error.details["cell"] = repeat.words()
        raise


def _handed_on(merged: Task, number: int, importer: Importer) -> tuple[Task, Task | None]:
    """Return a task that a row has just completed without its repetition, and the next of its series, if any."""
    coming = successor(replace(merged, status=Status.PENDING, completed_at=None, completed_by=None), importer.now)
    following = replace(coming, number=number, batch=importer.batch) if coming else None
    return stopped(merged), following


def _may_be_followed(draft: TaskDraft, task: Task) -> bool:
    """Tell whether a row completes a task after which another may come."""
    return task.repeat is not None and _status_of(draft) is Status.COMPLETED


def put_back(task: Task, now: datetime) -> Task:
    """Return a task as it was before an import changed it.

    A reminder whose time has come meanwhile would be sent at once, for a task that has just been put back.
    """
    ahead = task.remind_at is not None and task.remind_at > now
    remind_at = task.remind_at if ahead or task.remind_at is None else reminder_for(task.due, now)
    return replace(task, version=task.version + 2, remind_at=remind_at)


def is_about(draft: TaskDraft, task: Task) -> bool:
    """Tell whether a row is about that task, and not about one of another workspace that has the same number.

    Only our own exports say when a task was made, which tells them apart.
    """
    created = draft.created
    return not isinstance(created, datetime) or abs(created - task.created_at) < _SAME_MOMENT


def is_sure(draft: TaskDraft) -> bool:
    """Tell whether a new row surely makes a task: only how it repeats may turn out to be impossible."""
    return not isinstance(draft.repeat, Recurrence)


def count_task(found: Findings[Task], draft: TaskDraft, sort: Sort, task: Task | None, importer: Importer) -> bool:
    """Count a good row by its priority, as overdue or upcoming, and as one whose channel is not here; late ones show.

    Without a task it is a new row, and all that counts is in the row.
    """
    tallies = found.tallies
    if sort is Sort.NEW:
        tallies[ELSEWHERE] += draft.channel == 0
    priority = task.priority if task else _priority_of(draft, Priority.MEDIUM)
    tallies[_LABELS[priority]] += 1
    due = task.due if task else draft.due
    status = task.status if task else _status_of(draft)
    if not due or status is Status.COMPLETED:
        return False
    cell = draft.due
    is_late = cell.overdue if isinstance(cell, DueCell) else cast("Due", due).is_overdue(importer.now, importer.zone)
    tallies[OVERDUE if is_late else UPCOMING] += 1
    return is_late


def _priority_of(draft: TaskDraft, unsaid: Priority) -> Priority:
    return draft.priority if isinstance(draft.priority, Priority) else unsaid


def _status_of(draft: TaskDraft) -> Status | None:
    """Return the status that a row says, in so many words or by being completed at some time."""
    if isinstance(draft.status, Status):
        return draft.status
    return Status.COMPLETED if draft.completed is not ABSENT and draft.completed is not None else None


def _completed_at(draft: TaskDraft, now: datetime) -> datetime:
    said = None if draft.completed is ABSENT or draft.completed is None else draft.completed.at
    return min(said, now) if said else now


def _merged_due(draft: TaskDraft, task: Task) -> Due | None:
    """Return the due of a row; a day without a time stays in the zone that the task has it in."""
    if draft.due is ABSENT:
        return task.due
    if draft.due is None:
        return None
    due, old = draft.due.due, task.due
    same_day = old is not None and old.time is None and due.time is None and old.date == due.date
    return old if same_day else due


def _merged_people(draft: TaskDraft, task: Task) -> tuple[int, ...]:
    """Return the people of a row, in the order that the task has them in if they are the same."""
    if draft.assignees is ABSENT or set(draft.assignees) == set(task.assignees):
        return task.assignees
    return draft.assignees
