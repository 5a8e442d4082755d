"""How many tasks there are, in one pass for what they are and one for whose they are."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, bindparam

from adapters.storage import scope
from adapters.storage.dialects.columns import Instant
from adapters.storage.repositories.task_queries import Shape, conditions
from adapters.storage.scope import Scoped
from adapters.storage.tables import task_assignees, tasks
from core.tasks.model import Priority, Status, TaskCounts

_t, _a = tasks.c, task_assignees.c


def counts(db: Scoped, shape: Shape, parameters: dict[str, Any], now: datetime, today: date) -> TaskCounts:
    """Count the tasks of a question, whatever their status; all but `by_status` count pending ones."""
    times = {"at_now": now, "on_day": today}
    by_status: Counter[Status] = Counter()
    by_priority: Counter[Priority] = Counter()
    by_due: Counter[int | None] = Counter()
    for row in db.all(_kinds(replace(shape, status=None)), **parameters, **times):
        by_status[Status(row.status)] += row.amount
        if row.status == Status.PENDING:
            by_priority[Priority(row.priority)] += row.amount
            by_due[row.late] += row.amount
    holders = db.all(_holders(replace(shape, status=Status.PENDING)), **parameters)
    return TaskCounts(
        by_status=dict(by_status),
        by_priority=dict(sorted(by_priority.items())),
        by_assignee={row.member_id or 0: row.amount for row in holders},
        overdue=by_due[1],
        upcoming=by_due[0],
    )


@lru_cache(maxsize=256)
def _kinds(shape: Shape) -> Select[Any]:
    """Select the number of tasks by status, priority, and whether they are late (1), to come (0) or without a due."""
    moment, day = bindparam("at_now", type_=Instant()), bindparam("on_day", type_=sa.Date())
    late = sa.case(
        (_t.due_date.is_(None), sa.null()),
        (_t.due_time.is_(None), sa.case((_t.due_date < day, 1), else_=0)),
        (_t.due_sort < moment, 1),
        else_=0,
    ).label("late")
    inner = scope.select(tasks, _t.status, _t.priority, late).where(*conditions(shape)).subquery()
    columns = (inner.c.status, inner.c.priority, inner.c.late)
    return scope.over(sa.select(*columns, sa.func.count().label("amount")).group_by(*columns))


@lru_cache(maxsize=256)
def _holders(shape: Shape) -> Select[Any]:
    """Select the number of tasks by assignee; None stands for nobody."""
    joined = tasks.outerjoin(task_assignees, (_a.workspace_id == _t.workspace_id) & (_a.number == _t.number))
    return (
        scope.select(tasks, _a.member_id, sa.func.count().label("amount"))
        .select_from(joined)
        .where(*conditions(shape))
        .group_by(_a.member_id)
    )
