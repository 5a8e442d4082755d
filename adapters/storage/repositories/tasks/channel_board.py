"""What the board of a channel shows, by one statement: the first open tasks, those done last today, and the counts."""

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, bindparam, literal_column

from adapters.storage.schema.column_types import Instant
from adapters.storage.schema.tables import DONE, OPEN, task_assignees, tasks
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.dates.due import Due
from core.shared.paging import COUNT_LIMIT
from core.tasks.boards import DONE_SHOWN, OPEN_SHOWN, BoardContent, BoardTask
from core.tasks.model import Priority, Status

_t, _a = tasks.c, task_assignees.c

_HERE = _t.channel_id == bindparam("in_channel", type_=sa.Integer())
_NOW: ColumnElement[datetime] = bindparam("moment", type_=Instant())
_TODAY: ColumnElement[datetime] = bindparam("today", type_=Instant())


def content(db: Scoped, channel_id: int, now: datetime, today: datetime) -> BoardContent:
    """Return what the board of a channel shows; `today` is when the day began."""
    rows = db.all(_statement(), in_channel=channel_id, moment=now, today=today)
    first = rows[0] if rows else None
    opened = [row for row in rows if row.status == Status.PENDING]
    done = [row for row in rows if row.status == Status.COMPLETED]
    # A union keeps no order.
    opened.sort(key=lambda row: (row.due_sort, row.priority, row.number))
    done.sort(key=lambda row: (row.completed_at, row.number), reverse=True)
    return BoardContent(
        open=[_task(row) for row in opened],
        done=[_task(row) for row in done],
        open_total=first.open_total if first else 0,
        overdue_total=first.overdue_total if first else 0,
        done_total=first.done_total if first else 0,
    )


@cache
def _statement() -> Select[Any]:
    opened = _shown().where(_HERE, literal_column(OPEN)).order_by(_t.due_sort, _t.priority, _t.number).limit(OPEN_SHOWN)
    done = (
        _shown()
        .where(_HERE, literal_column(DONE), _t.completed_at >= _TODAY)
        .order_by(_t.completed_at.desc(), _t.number.desc())
        .limit(DONE_SHOWN)
    )
    # Each in a subquery of its own: not every database takes an order and a limit within a union.
    parts = [scope.over(sa.select(part.subquery())) for part in (opened, done)]
    both = sa.union_all(*parts).subquery()
    counts = (
        _count(literal_column(OPEN)).label("open_total"),
        _count(literal_column(OPEN), _t.due_sort <= _NOW).label("overdue_total"),
        _count(literal_column(DONE), _t.completed_at >= _TODAY).label("done_total"),
    )
    return scope.over(sa.select(both, *counts))


def _shown() -> Select[Any]:
    own = scope.select(task_assignees, sa.func.aggregate_strings(sa.cast(_a.member_id, sa.UnicodeText()), " "))
    people = own.where(_a.number == _t.number).correlate(tasks).scalar_subquery()
    due = (_t.due_date, _t.due_time, _t.due_zone, _t.due_fold, _t.due_sort)
    return scope.select(
        tasks, _t.number, _t.title, _t.status, _t.priority, *due, _t.completed_at, people.label("people")
    )


def _count(*conditions: ColumnElement[Any]) -> ScalarSelect[Any]:
    one = scope.select(tasks, literal_column("1").label("one")).where(_HERE, *conditions)
    return scope.count(one, COUNT_LIMIT + 1).scalar_subquery()


def _task(row: Row[Any]) -> BoardTask:
    return BoardTask(
        number=row.number,
        title=row.title,
        priority=Priority(row.priority),
        due=_due(row),
        assignees=tuple(sorted(map(int, (row.people or "").split()))),
        is_done=row.status == Status.COMPLETED,
    )


def _due(row: Row[Any]) -> Due | None:
    if row.due_date is None:
        return None
    return Due(row.due_date, row.due_time.replace(fold=1) if row.due_fold else row.due_time, row.due_zone)
