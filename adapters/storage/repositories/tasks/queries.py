"""Which tasks a question is about: the asker's filter and what the asker may see, as statements made once a shape.

A shape is which conditions a question has; what they compare with are parameters. Conditions on the status are written
out, for that is what lets the database use the indexes of open and of completed tasks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, bindparam, literal_column

from adapters.storage.repositories.tasks.rows import TASK
from adapters.storage.schema.tables import channels, task_assignees, tasks
from adapters.storage.work import scope
from core.chat.request import ChannelKind
from core.tasks.model import Status, TaskFilter
from core.workspaces.model import Audience

_t, _a, _c = tasks.c, task_assignees.c, channels.c
_PUBLIC: ColumnElement[str] = literal_column(f"'{ChannelKind.PUBLIC.value}'")


class Sight(Enum):
    """How an audience's limits are put."""

    ALL = auto()
    """No limit: everything, or one channel of which they are known to see all."""
    CHANNEL = auto()
    """One channel: all of it if it is public, which is asked once and not of every task."""
    EACH = auto()
    """Several channels: asked of every task."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Which conditions a question has. `walk`: it goes through all tasks by number, and no index may tempt it away."""

    status: Status | None
    channel: bool
    assignee: bool
    nobody: bool
    priority: bool
    batch: bool
    sight: Sight
    walk: bool = False


def shape_of(wanted: TaskFilter, audience: Audience, *, walk: bool = False) -> Shape:
    """Return the shape of a question."""
    if audience.everything or wanted.channel_id in audience.channels:
        sight = Sight.ALL
    else:
        sight = Sight.EACH if wanted.channel_id is None else Sight.CHANNEL
    return Shape(
        status=wanted.status,
        channel=wanted.channel_id is not None,
        assignee=bool(wanted.assignee),
        nobody=wanted.assignee == 0,
        priority=wanted.priority is not None,
        batch=wanted.batch is not None,
        sight=sight,
        walk=walk,
    )


def parameters_of(wanted: TaskFilter, audience: Audience) -> dict[str, Any]:
    """Return what the conditions compare with; a statement takes those that it has."""
    return {
        "in_channel": wanted.channel_id,
        "by_member": wanted.assignee,
        "of_priority": wanted.priority,
        "of_batch": wanted.batch,
        **reader_of(audience),
    }


def reader_of(audience: Audience) -> dict[str, Any]:
    """Return what the conditions on who reads compare with."""
    return {"reader": audience.member_id, "seen": sorted(audience.channels)}


@lru_cache(maxsize=512)
def conditions(shape: Shape) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a question, those of the workspace aside."""
    found: list[ColumnElement[bool]] = [_t.removed_at.is_(None)]
    if shape.status is not None:
        found.append(_t.status == literal_column(f"'{shape.status.value}'"))
    if shape.channel:
        # An addition keeps the database from starting at the channel's index, whose order is another.
        column = _t.channel_id + literal_column("0") if shape.walk else _t.channel_id
        found.append(column == bindparam("in_channel", type_=sa.Integer()))
    if shape.assignee:
        found.append(_assigned_to("by_member") if shape.walk else _t.number.in_(_numbers_of("by_member")))
    if shape.nobody:
        found.append(~_assignments().exists())
    if shape.priority:
        # Plainly compared, the column would count as constant, and the index in which it comes second as out of order.
        found.append(_t.priority + literal_column("0") == bindparam("of_priority", type_=sa.SmallInteger()))
    if shape.batch:
        found.append(_t.batch == bindparam("of_batch", type_=sa.String()))
    if shape.sight is not Sight.ALL:
        found.append(visible(shape.sight))
    return tuple(found)


def visible(sight: Sight) -> ColumnElement[bool]:
    """Return the condition that the reader may see a task: by its channel, or as its author or assignee."""
    own = (_t.author_id == bindparam("reader", type_=sa.Integer()), _assigned_to("reader"))
    if sight is Sight.CHANNEL:
        kind = scope.select(channels, _c.kind).where(_c.id == bindparam("in_channel", type_=sa.Integer()))
        return sa.or_(kind.scalar_subquery() == _PUBLIC, *own)
    public = scope.select(channels, _c.id).where(_c.kind == _PUBLIC)
    # Numbers of our own, written out: somebody may be in more channels than a statement takes parameters.
    seen = bindparam("seen", expanding=True, literal_execute=True, type_=sa.Integer())
    return sa.or_(_t.channel_id.in_(public), _t.channel_id.in_(seen), *own)


def order_of(status: Status | None) -> tuple[Sequence[ColumnElement[Any]], bool]:
    """Return the columns that tasks of a status are ordered by, and whether the largest comes first."""
    if status is Status.COMPLETED:
        return (_t.completed_at, _t.number), True
    return (_t.due_sort, _t.priority, _t.number), False


@lru_cache(maxsize=512)
def matching(shape: Shape) -> Select[Any]:
    """Select the tasks that a question is about."""
    return scope.select(tasks, *TASK).where(*conditions(shape))


def _assignments() -> Select[Any]:
    return scope.select(task_assignees, _a.member_id).where(_a.number == _t.number).correlate(tasks)


def _assigned_to(parameter: str) -> ColumnElement[bool]:
    return _assignments().where(_a.member_id == bindparam(parameter, type_=sa.Integer())).exists()


def _numbers_of(parameter: str) -> Select[Any]:
    return scope.select(task_assignees, _a.number).where(_a.member_id == bindparam(parameter, type_=sa.Integer()))
