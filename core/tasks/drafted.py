"""Tasks as the rows of a file describe them: new ones, and those that are there with what a row says of them."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.tasks.cells import ABSENT, Draft
from core.tasks.model import Priority, Status, Task
from core.tasks.rules import reminder_for
from core.tasks.series import repeating, stopped, successor


@dataclass(frozen=True, slots=True)
class Importer:
    """Who imports, when, where to and under which id; dues and overdue are as in `zone`."""

    member_id: int
    channel_id: int
    zone: str
    now: datetime
    batch: str


def new_task(draft: Draft, number: int, importer: Importer) -> Task:
    """Return the task that a row describes; raises `InvalidArgumentError` if it would end before it begins."""
    status = status_of(draft) or Status.PENDING
    done = status is Status.COMPLETED
    due = None if draft.due is ABSENT else draft.due
    task = Task(
        number=number,
        title="" if draft.title is ABSENT else draft.title,
        notes="" if draft.notes is ABSENT else draft.notes,
        status=status,
        priority=priority_of(draft, Priority.MEDIUM),
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
    return repeating(task, draft.repeat, importer.now, importer.zone)


def merged_task(draft: Draft, task: Task, importer: Importer) -> Task:
    """Return a task with what a row says of it; its channel, author and moments stay, and so does what is not said.

    One that the row completes still has its repetition: `handed_on` gives that to the next. Raises as `new_task` does.
    """
    status = status_of(draft) or task.status
    done = status is Status.COMPLETED
    due = _merged_due(draft, task)
    merged = replace(
        task,
        title=task.title if draft.title is ABSENT else draft.title,
        notes=task.notes if draft.notes is ABSENT else draft.notes,
        status=status,
        priority=priority_of(draft, task.priority),
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


def _with_repeat(draft: Draft, merged: Task, importer: Importer) -> Task:
    """Return a task repeating as a row says; the same words leave the rhythm that the series has as it is."""
    if draft.repeat is ABSENT:
        return merged
    if draft.repeat is None:
        return stopped(merged)
    said = draft.repeat.anchored(merged.due.date) if merged.due else draft.repeat
    if merged.status is Status.COMPLETED or said == merged.repeat:
        return merged
    return repeating(merged, draft.repeat, importer.now, importer.zone)


def handed_on(merged: Task, number: int, importer: Importer) -> tuple[Task, Task | None]:
    """Return a task that a row has just completed without its repetition, and the next of its series, if any."""
    coming = successor(replace(merged, status=Status.PENDING, completed_at=None, completed_by=None), importer.now)
    following = replace(coming, number=number, batch=importer.batch) if coming else None
    return stopped(merged), following


def completes_one_that_repeats(draft: Draft, task: Task) -> bool:
    """Tell whether a row completes a task after which another may come."""
    return task.repeat is not None and status_of(draft) is Status.COMPLETED


def priority_of(draft: Draft, unsaid: Priority) -> Priority:
    """Return the priority that a row says."""
    return draft.priority if isinstance(draft.priority, Priority) else unsaid


def status_of(draft: Draft) -> Status | None:
    """Return the status that a row says, in so many words or by being completed at some time."""
    if isinstance(draft.status, Status):
        return draft.status
    return Status.COMPLETED if draft.completed is not ABSENT and draft.completed is not None else None


def _completed_at(draft: Draft, now: datetime) -> datetime:
    said = None if draft.completed is ABSENT or draft.completed is None else draft.completed.at
    return min(said, now) if said else now


def _merged_due(draft: Draft, task: Task) -> Due | None:
    """Return the due of a row; a day without a time stays in the zone that the task has it in."""
    if draft.due is ABSENT:
        return task.due
    if draft.due is None:
        return None
    due, old = draft.due.due, task.due
    same_day = old is not None and old.time is None and due.time is None and old.date == due.date
    return old if same_day else due


def _merged_people(draft: Draft, task: Task) -> tuple[int, ...]:
    """Return the people of a row, in the order that the task has them in if they are the same."""
    if draft.assignees is ABSENT or set(draft.assignees) == set(task.assignees):
        return task.assignees
    return draft.assignees
