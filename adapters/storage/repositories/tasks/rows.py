"""Tasks as rows and back."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row

from adapters.storage.schema.tables import task_assignees, tasks
from adapters.storage.schema.text_forms import FAR_FUTURE, HELD_BACK, sort_key, storable
from adapters.storage.work import scope
from adapters.storage.work.scope import Key
from core.dates.due import Due
from core.dates.recurrence_rules import recurrence_of, rule_of
from core.tasks.model import TITLE_LIMIT, Priority, Status, Task

_a = task_assignees.c
_PLACE = 1 << 32
# A person's place among those of the task, and in the lower half of the number who it is.
_PERSON = sa.cast(_a.position, sa.BigInteger) * sa.literal_column(str(_PLACE)) + _a.member_id
# Written out: a text among the parameters would be put into the statement anew each time.
_BETWEEN: Any = sa.literal_column("' '", sa.Unicode())
_PEOPLE = scope.beside(task_assignees, sa.func.aggregate_strings(sa.cast(_PERSON, sa.Unicode(20)), _BETWEEN), tasks)

TASK = (*tasks.c, _PEOPLE.where(_a.number == tasks.c.number).scalar_subquery().label("people"))
"""The columns that make a task: its own, and its people by their places, in any order."""


def row_of(task: Task) -> dict[str, Any]:
    """Return the columns of a task, its assignees aside."""
    due, title = task.due, storable(task.title)
    return {
        "number": task.number,
        "title": title,
        "title_sort": sort_key(title, TITLE_LIMIT),
        "notes": storable(task.notes),
        "status": task.status.value,
        "priority": int(task.priority),
        "due_date": due.date if due else None,
        "due_time": due.time if due else None,
        "due_zone": due.zone if due else None,
        "due_fold": due.time.fold if due and due.time else 0,
        "due_sort": due.at if due else FAR_FUTURE,
        "channel_id": task.channel_id,
        "author_id": task.author_id,
        "origin": storable(task.origin),
        "created_at": task.created_at,
        "completed_at": task.completed_at,
        "completed_by": task.completed_by,
        "remind_at": task.remind_at,
        "version": task.version,
        "batch": task.batch or None,
        "removed_at": task.removed_at,
        "repeat": rule_of(task.repeat) if task.repeat else None,
        "series": task.series or None,
        "planned": task.planned.iso() if task.planned else None,
    }


def assignee_rows(task: Task) -> Iterator[dict[str, Any]]:
    """Return a row for each assignee of a task, in their order, with its place in lists while it is open."""
    if not task.assignees:
        return
    place: dict[str, Any] = {"channel_id": None, "due_sort": None, "priority": None}
    if task.status is Status.PENDING and task.removed_at is None:
        due = task.due.at if task.due else FAR_FUTURE
        place = {"channel_id": task.channel_id, "due_sort": due, "priority": int(task.priority)}
    for position, member in enumerate(task.assignees):
        yield {"number": task.number, "member_id": member, "position": position, **place}


def tally_of(task: Task) -> Key | None:
    """Return the key of the tally that a task counts in, None for a removed one."""
    if task.removed_at is not None:
        return None
    return task.channel_id, task.status.value, int(task.priority), task.due is not None


def _due(row: Row[Any]) -> Due | None:
    if row.due_date is None:
        return None
    time = row.due_time.replace(fold=1) if row.due_fold else row.due_time
    return Due(row.due_date, time, row.due_zone)


def _people(text: str | None) -> tuple[int, ...]:
    return tuple(person % _PLACE for person in sorted(map(int, text.split()))) if text else ()


def task_of_row(row: Row[Any]) -> Task:
    """Return the task of a row that has the columns of `TASK`."""
    return Task(
        number=row.number,
        title=row.title,
        notes=row.notes,
        status=Status(row.status),
        priority=Priority(row.priority),
        due=_due(row),
        channel_id=row.channel_id,
        author_id=row.author_id,
        assignees=_people(row.people),
        origin=row.origin,
        created_at=row.created_at,
        completed_at=row.completed_at,
        completed_by=row.completed_by,
        remind_at=None if row.remind_at == HELD_BACK else row.remind_at,
        version=row.version,
        batch=row.batch or "",
        removed_at=row.removed_at,
        repeat=recurrence_of(row.repeat) if row.repeat else None,
        series=row.series or "",
        planned=Due.from_iso(row.planned) if row.planned else None,
    )
