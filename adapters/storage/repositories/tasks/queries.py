"""What may be asked of tasks, and in which order they come.

Conditions on the status are written out, for that is what lets the database use the indexes of open and of completed
tasks.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, bindparam, literal_column

from adapters.storage.repositories.audience import IN_CHANNEL, READER
from adapters.storage.repositories.keyset import Order
from adapters.storage.repositories.kinds import CHANNEL, STRAIGHT, Kind, Narrowed, Way
from adapters.storage.repositories.tasks.rows import TASK, row_of, task_of_row
from adapters.storage.schema.column_types import Instant
from adapters.storage.schema.tables import task_assignees, tasks
from adapters.storage.work import scope
from core.tasks.model import Status, Task, TaskFilter
from core.tasks.requests import TaskSort

_t, _a = tasks.c, task_assignees.c

_PRIORITY: ColumnElement[int] = bindparam("in_priority", type_=sa.SmallInteger())
_MEMBER: ColumnElement[int] = bindparam("in_assignee", type_=sa.Integer())
_WITH_TIME = sa.and_(_t.due_time.is_not(None), _t.due_sort <= bindparam("in_due_at", type_=Instant()))
_WITHOUT_TIME = sa.and_(_t.due_time.is_(None), _t.due_date <= bindparam("in_due_day", type_=sa.Date()))

_LONGEST_AFTER = timedelta(days=2)
"""Within so much of the end of a day every zone has ended that day."""


def _assignments() -> Select[Any]:
    return scope.select(task_assignees, _a.member_id).where(_a.number == _t.number).correlate(tasks)


def _assigned_to(member: ColumnElement[int]) -> ColumnElement[bool]:
    return _assignments().where(_a.member_id == member).exists()


TASKS: Kind[Task] = Kind(
    table=tasks,
    row_of=row_of,
    item_of=task_of_row,
    words=_t.title_sort,
    columns=TASK,
    own=(_assigned_to(READER),),
    conditions={
        **{status.value: _t.status == literal_column(f"'{status.value}'") for status in Status},
        "assignee": _t.number.in_(scope.select(task_assignees, _a.number).where(_a.member_id == _MEMBER)),
        "nobody": ~_assignments().exists(),
        # Plainly compared, the column would count as constant, and the index in which it comes second as out of order.
        "priority": _t.priority + literal_column("0") == _PRIORITY,
        "batch": _t.batch == bindparam("in_batch", type_=sa.String()),
        "due_at": sa.or_(_WITH_TIME, _WITHOUT_TIME),
        # Only for the index, which knows no more of a due than when it is late.
        "due_day": _t.due_sort <= bindparam("in_due_late", type_=Instant()),
        "due_late": _t.due_date.is_not(None),
    },
    walk=Way(
        {
            # An addition keeps the database from starting at the channel's index, whose order is another.
            CHANNEL: _t.channel_id + literal_column("0") == IN_CHANNEL,
            "assignee": _assigned_to(_MEMBER),
        }
    ),
)

_BY_DUE = Order((_t.due_sort, _t.priority, _t.number))
# Without an index of its own: among 100,000 open tasks a page takes SQLite 18 ms so (0.5 ms with one), and one would
# make every task that is added half as dear again (measured: 47 % more processor time for 30,000 rows).
_BY_PRIORITY = Order((_t.priority, _t.due_sort, _t.number))
_BY_NUMBER = Order((_t.number,))
_BY_COMPLETION = Order((_t.completed_at, _t.number), descending=True)


def _of_readers() -> tuple[ColumnElement[bool], ...]:
    """Return what makes the task of an assignment the reader's own."""
    same = task_assignees.alias("same")
    theirs = scope.select(same, same.c.member_id).where(same.c.number == _a.number, same.c.member_id == READER)
    wrote = scope.select(tasks, _t.number).where(_t.number == _a.number, _t.author_id == READER)
    return tuple(one.correlate(task_assignees).exists() for one in (theirs, wrote))


_BY_PERSON = Way(
    {
        Status.PENDING.value: _a.due_sort.is_not(None),
        "assignee": _a.member_id == _MEMBER,
        "priority": _a.priority + literal_column("0") == _PRIORITY,
    },
    table=task_assignees,
    own=_of_readers(),
)
"""By the open tasks that somebody has, which lie in the order of lists."""


def narrowed(wanted: TaskFilter) -> Narrowed:
    """Return the conditions of a filter."""
    asked = {
        CHANNEL: wanted.channel_id,
        "assignee": wanted.assignee or None,
        "priority": wanted.priority,
        "batch": wanted.batch,
    }
    found: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    if wanted.due:
        found |= {"due_at": wanted.due.at, "due_day": wanted.due.day, "due_late": wanted.due.at + _LONGEST_AFTER}
    if wanted.status is not None:
        found[wanted.status.value] = None
    if wanted.assignee == 0:
        found["nobody"] = None
    return found


def listed(wanted: TaskFilter, sort: TaskSort = TaskSort.DUE) -> tuple[Order, Way]:
    """Return what a list of tasks is ordered by, open ones by due, completed ones the last first; and the way there."""
    if sort is not TaskSort.DUE:
        return _BY_PRIORITY if sort is TaskSort.PRIORITY else _BY_NUMBER, STRAIGHT
    if wanted.status is Status.COMPLETED:
        return _BY_COMPLETION, STRAIGHT
    is_by_person = wanted.status is Status.PENDING and wanted.assignee and not (wanted.batch or wanted.due)
    return _BY_DUE, _BY_PERSON if is_by_person else STRAIGHT
