"""Tasks that repeat: how a series begins, goes on and ends.

One open task at a time stands for a series and carries how it repeats. Done, it hands that on to the task that comes
next, so that opening it again makes no second series. What is changed of it (title, people, priority, notes) the next
one takes over; when it is due, or reminded of, is moved for this one alone, for the next is reckoned from when it was
planned. Times that were missed are not made up for: the next one lies after today.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.shared.errors import InvalidArgumentError, RefusedError
from core.shared.ids import new_id
from core.shared.zones import zone as zone_named
from core.tasks.model import Status, Task
from core.tasks.rules import reminder_for, rescheduled


def repeating(task: Task, repeat: Recurrence, now: datetime, zone: str) -> Task:
    """Return the task repeating from its due on; without one, from the first day that fits, today in `zone` included.

    A due without a time gets the one at which it repeats.

    Raises `RefusedError` with reason `repeat_completed`, `InvalidArgumentError` with reason `repeat_over` (details
    `until`, `due`) for what would end before it begins.
    """
    if task.status is Status.COMPLETED:
        raise RefusedError("repeat_completed", number=task.number, title=task.title)
    due = task.due or _first_due(repeat, now, zone)
    if repeat.until and repeat.until < due.date:
        raise InvalidArgumentError("repeat", "repeat_over", until=repeat.until, due=due.date)
    if repeat.time and due.time is None:
        due = replace(due, time=repeat.time)
    begun = task if task.due == due else rescheduled(task, due, now)
    # A task that was done and opened again may have left its series to another one.
    series = task.series if task.repeat else new_id(now)
    return replace(begun, repeat=repeat.anchored(due.date), series=series, planned=due)


def _first_due(repeat: Recurrence, now: datetime, zone: str) -> Due:
    where = zone_named(zone)
    today = now.astimezone(where).date()
    due = Due(repeat.first(today), repeat.time, where.key)
    if due.time and due.at <= now:
        return replace(due, date=repeat.first(today + timedelta(days=1)))
    return due


def stopped(task: Task) -> Task:
    """Return the task as one that does not repeat any more; what was done of its series stays as it is."""
    return replace(task, repeat=None, planned=None)


def successor(task: Task, now: datetime) -> Task | None:
    """Return the task that comes after one that is being completed, without a number; None if there is none."""
    due = next_due(task, now)
    if due is None or task.repeat is None:
        return None
    return replace(
        task,
        number=0,
        due=due,
        planned=due,
        repeat=task.repeat.rest(),
        created_at=now,
        remind_at=reminder_for(due, now),
        version=1,
        batch="",
    )


def skipped(task: Task, now: datetime) -> Task:
    """Return the task moved on to its next time.

    Raises `RefusedError` with reason `skip_completed`, `not_repeating` or `skip_last`.
    """
    if task.status is Status.COMPLETED:
        raise RefusedError("skip_completed", number=task.number, title=task.title)
    if task.repeat is None:
        raise RefusedError("not_repeating", number=task.number, title=task.title)
    due = task.repeat.next_after(task.planned or task.due, now, task.due) if task.due else None
    if due is None:
        raise RefusedError("skip_last", number=task.number, title=task.title)
    return replace(rescheduled(task, due, now), planned=due, repeat=task.repeat.rest())


def next_due(task: Task, now: datetime) -> Due | None:
    """Return when the task after this one will be due if this one is done now; None if there will be none."""
    planned = task.planned or task.due
    if task.repeat is None or planned is None:
        return None
    return task.repeat.next_after(planned, now, None if task.repeat.after_done else task.due)
