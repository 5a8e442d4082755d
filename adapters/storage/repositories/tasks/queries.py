"""What may be asked of tasks, and in which order they come.

Conditions on the status are written out, for that is what lets the database use the indexes of open and of completed
tasks.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, bindparam, literal_column

from adapters.storage.repositories.audience import IN_CHANNEL, READER
from adapters.storage.repositories.keyset import Order
from adapters.storage.repositories.kinds import CHANNEL, Kind, Narrowed
from adapters.storage.repositories.tasks.rows import TASK, row_of, task_of_row
from adapters.storage.schema.tables import task_assignees, tasks
from adapters.storage.work import scope
from core.tasks.model import Status, Task, TaskFilter

_t, _a = tasks.c, task_assignees.c

_MEMBER: ColumnElement[int] = bindparam("in_assignee", type_=sa.Integer())


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
        "priority": _t.priority + literal_column("0") == bindparam("in_priority", type_=sa.SmallInteger()),
        "batch": _t.batch == bindparam("in_batch", type_=sa.String()),
    },
    walking={
        # An addition keeps the database from starting at the channel's index, whose order is another.
        CHANNEL: _t.channel_id + literal_column("0") == bindparam(IN_CHANNEL, type_=sa.Integer()),
        "assignee": _assigned_to(_MEMBER),
    },
)

_BY_DUE = Order((_t.due_sort, _t.priority, _t.number))
_BY_COMPLETION = Order((_t.completed_at, _t.number), descending=True)


def narrowed(wanted: TaskFilter) -> Narrowed:
    """Return the conditions of a filter."""
    asked = {
        CHANNEL: wanted.channel_id,
        "assignee": wanted.assignee or None,
        "priority": wanted.priority,
        "batch": wanted.batch,
    }
    found: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    if wanted.status is not None:
        found[wanted.status.value] = None
    if wanted.assignee == 0:
        found["nobody"] = None
    return found


def order_of(status: Status | None) -> Order:
    """Return what tasks of a status are ordered by: open ones by due, completed ones the last first."""
    return _BY_COMPLETION if status is Status.COMPLETED else _BY_DUE
