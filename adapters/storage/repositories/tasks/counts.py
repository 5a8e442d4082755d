"""How many tasks there are: the open ones by what and whose they are, the completed ones in all.

What a channel has is told from the tallies kept of it, and from indexes of its open tasks that are late and of those
that somebody has. Of channels that are closed to the reader only their own tasks count, which are looked at one by one.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, bindparam, literal_column

from adapters.storage.repositories.audience import CLOSED, IN_CHANNEL, Sight, opened, reader_of, sight_of
from adapters.storage.repositories.tasks.queries import TASKS
from adapters.storage.schema.column_types import Instant
from adapters.storage.schema.tables import OPEN, channels, task_assignees, task_tallies, tasks
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.tasks.model import Priority, Status, Task, TaskCounts
from core.workspaces.model import Audience

_t, _a, _n = tasks.c, task_assignees.c, task_tallies.c

_SURELY, _PERHAPS = time(8, tzinfo=UTC), time(14, tzinfo=UTC)
"""A day that ends before the first is an earlier one, whatever its zone, and one that ends after the other is none.

Midnight is 14 hours earlier than in UTC at the earliest and 12 hours later at the latest; the rest is to spare.
"""

_NOBODY = 0


def counts(db: Scoped, channel_id: int | None, audience: Audience, now: datetime, today: date) -> TaskCounts:
    """Count the tasks of a channel, or of all, that the audience may see; all but `by_status` count pending ones."""
    sight, is_one = sight_of(audience, channel_id), channel_id is not None
    reader = {"in_channel": channel_id, **reader_of(audience)}
    found = _Counts(now, today)
    for row in db.all(_tallied(sight, is_one), **reader):
        found.add(Status(row.status), Priority(row.priority), int(row.total), is_due=row.is_due)
    surely, perhaps = (datetime.combine(today, clock) for clock in (_SURELY, _PERHAPS))
    times = {"surely": min(now, surely), "perhaps": max(now, perhaps), "moment": now, "today": today}
    found.overdue += sum(db.all(_late(sight, is_one), **reader, **times)[0])
    assigned = 0
    for row in db.all(_holders(sight, is_one), **reader):
        found.by_assignee[row.member_id] += row.amount
        assigned += row.tasks
    found.by_assignee[_NOBODY] = found.pending - assigned
    if sight is not Sight.ALL:
        for task in _own_elsewhere(db, reader, is_one=is_one):
            found.add_one(task)
    return found.result()


class _Counts:
    """Counts that add up."""

    def __init__(self, now: datetime, today: date) -> None:
        self._now, self._today = now, today
        self.by_status: Counter[Status] = Counter()
        self.by_priority: Counter[Priority] = Counter()
        self.by_assignee: Counter[int] = Counter()
        self.due = self.overdue = 0

    @property
    def pending(self) -> int:
        return self.by_status[Status.PENDING]

    def add(self, status: Status, priority: Priority, amount: int, *, is_due: bool) -> None:
        self.by_status[status] += amount
        if status is Status.PENDING:
            self.by_priority[priority] += amount
            self.due += amount if is_due else 0

    def add_one(self, task: Task) -> None:
        self.add(task.status, task.priority, 1, is_due=task.due is not None)
        if task.status is Status.PENDING:
            self.by_assignee.update(task.assignees or (_NOBODY,))
            self.overdue += _is_late(task, self._now, self._today)

    def result(self) -> TaskCounts:
        return TaskCounts(
            by_status={status: amount for status, amount in self.by_status.items() if amount},
            by_priority={priority: self.by_priority[priority] for priority in Priority if self.by_priority[priority]},
            by_assignee={member: amount for member, amount in self.by_assignee.items() if amount},
            overdue=self.overdue,
            upcoming=self.due - self.overdue,
        )


def _is_late(task: Task, now: datetime, today: date) -> bool:
    if task.due is None:
        return False
    return task.due.at < now if task.due.time else task.due.date < today


def _of_channel(column: ColumnElement[int], sight: Sight, *, is_one: bool) -> list[ColumnElement[bool]]:
    """Return the conditions that a row is of the channel asked for, and of one that the reader may see."""
    asked = [column == IN_CHANNEL] if is_one else []
    return asked if sight is Sight.ALL else [*asked, opened(column, sight)]


@cache
def _tallied(sight: Sight, is_one: bool) -> Select[Any]:
    """Select how many tasks there are of each status and priority, with a due and without."""
    kinds = (_n.status, _n.priority, _n.is_due)
    amounts = scope.select(task_tallies, *kinds, sa.func.sum(_n.amount).label("total"))
    return amounts.where(*_of_channel(_n.channel_id, sight, is_one=is_one)).group_by(*kinds)


@cache
def _late(sight: Sight, is_one: bool) -> Select[Any]:
    """Select the numbers of tasks that are surely late, told from an index alone, and of those that had to be read."""
    here = (literal_column(OPEN), *_of_channel(_t.channel_id, sight, is_one=is_one))
    surely, perhaps, moment = (bindparam(name, type_=Instant()) for name in ("surely", "perhaps", "moment"))
    has_passed = sa.or_(
        sa.and_(_t.due_time.is_(None), _t.due_date < bindparam("today", type_=sa.Date())),
        sa.and_(_t.due_time.is_not(None), _t.due_sort < moment),
    )
    amounts = (
        scope.select(tasks, sa.func.count()).where(*here, _t.due_sort < surely),
        scope.select(tasks, sa.func.count()).where(*here, _t.due_sort >= surely, _t.due_sort < perhaps, has_passed),
    )
    return scope.over(sa.select(*(amount.scalar_subquery() for amount in amounts)))


@cache
def _holders(sight: Sight, is_one: bool) -> Select[Any]:
    """Select how many open tasks everybody has, and how many of these were not met with somebody before them."""
    before = task_assignees.alias("before")
    others = scope.select(before, before.c.member_id).where(before.c.number == _a.number)
    is_met = others.where(before.c.position < _a.position).correlate(task_assignees).exists()
    is_first = sa.or_(_a.position == literal_column("0"), ~is_met)
    return (
        scope.select(
            task_assignees,
            _a.member_id,
            sa.func.count().label("amount"),
            sa.func.sum(sa.case((is_first, 1), else_=0)).label("tasks"),
        )
        .where(_a.due_sort.is_not(None), *_of_channel(_a.channel_id, sight, is_one=is_one))
        .group_by(_a.member_id)
    )


def _own_elsewhere(db: Scoped, reader: dict[str, Any], *, is_one: bool) -> Iterator[Task]:
    """Yield the reader's own tasks in channels that are closed to them."""
    there = [row.id for row in db.all(_closed(is_one), **reader)]
    if there:
        for status in Status:
            yield from (TASKS.item_of(row) for row in db.all(_own(status), **reader, closed=there))


@cache
def _closed(is_one: bool) -> Select[Any]:
    asked = [channels.c.id == IN_CHANNEL] if is_one else []
    return scope.select(channels, channels.c.id).where(CLOSED, *asked)


@cache
def _own(status: Status) -> Select[Any]:
    is_theirs = sa.or_(*TASKS.readers_own)
    closed = bindparam("closed", expanding=True, literal_execute=True, type_=sa.Integer())
    there = (TASKS.conditions[status.value], _t.removed_at.is_(None), _t.channel_id.in_(closed))
    return TASKS.select().where(*there, is_theirs)
