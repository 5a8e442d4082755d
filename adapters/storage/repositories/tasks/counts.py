"""How many tasks there are: the open ones by what and whose they are, the completed ones in all."""

from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, bindparam

from adapters.storage.repositories.kinds import Question, conditions, question
from adapters.storage.repositories.tasks.queries import TASKS, narrowed
from adapters.storage.schema.column_types import Instant
from adapters.storage.schema.tables import task_assignees, tasks
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.tasks.model import Priority, Status, TaskCounts, TaskFilter
from core.workspaces.model import Audience

_t, _a = tasks.c, task_assignees.c


def counts(db: Scoped, wanted: TaskFilter, audience: Audience, now: datetime, today: date) -> TaskCounts:
    """Count the tasks asked for, whatever their status; all but `by_status` count pending ones."""
    times = {"at_now": now, "on_day": today}
    asked = [narrowed(replace(wanted, status=status)) for status in (Status.PENDING, Status.COMPLETED)]
    (pending, parameters), (completed, _) = (question(TASKS, each, audience) for each in asked)
    (kinds,) = db.all(_kinds(pending), **parameters, **times)
    found = {name: int(getattr(kinds, name) or 0) for name in _FIGURES}
    by_priority = {priority: found[_name(priority)] for priority in Priority if found[_name(priority)]}
    by_status = {
        Status.PENDING: sum(by_priority.values()),
        Status.COMPLETED: int(db.scalar(_amount(completed), **parameters)),
    }
    holders = db.all(_holders(pending), **parameters)
    return TaskCounts(
        by_status={status: amount for status, amount in by_status.items() if amount},
        by_priority=by_priority,
        by_assignee={row.member_id or 0: row.amount for row in holders},
        overdue=found["overdue"],
        upcoming=found["upcoming"],
    )


def _name(priority: Priority) -> str:
    return f"of_{priority.name.lower()}"


_FIGURES = (*map(_name, Priority), "overdue", "upcoming")


@lru_cache(maxsize=256)
def _amount(asked: Question) -> Select[Any]:
    """Select the number of tasks; of one status, it is told from an index alone."""
    return scope.select(tasks, sa.func.count()).where(*conditions(asked))


@lru_cache(maxsize=256)
def _kinds(asked: Question) -> Select[Any]:
    """Select the number of tasks of each priority, of late ones and of those to come, added up in one pass.

    Groups would have the database sort all of them first.
    """
    moment, day = bindparam("at_now", type_=Instant()), bindparam("on_day", type_=sa.Date())
    late = sa.or_(
        sa.and_(_t.due_time.is_(None), _t.due_date < day), sa.and_(_t.due_time.is_not(None), _t.due_sort < moment)
    )
    return scope.select(
        tasks,
        *(_sum(_t.priority == int(priority)).label(_name(priority)) for priority in Priority),
        _sum(sa.and_(_t.due_date.is_not(None), late)).label("overdue"),
        _sum(sa.and_(_t.due_date.is_not(None), sa.not_(late))).label("upcoming"),
    ).where(*conditions(asked))


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


@lru_cache(maxsize=256)
def _holders(asked: Question) -> Select[Any]:
    """Select the number of tasks by assignee; None stands for nobody."""
    joined = tasks.outerjoin(task_assignees, (_a.workspace_id == _t.workspace_id) & (_a.number == _t.number))
    return (
        scope.select(tasks, _a.member_id, sa.func.count().label("amount"))
        .select_from(joined)
        .where(*conditions(asked))
        .group_by(_a.member_id)
    )
