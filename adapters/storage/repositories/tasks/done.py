"""How many tasks were completed from one instant to the next, and how many of them late."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, bindparam, literal_column

from adapters.storage.repositories.audience import IN_CHANNEL, READER, Sight, opened, reader_of, sight_of
from adapters.storage.schema.column_types import Instant
from adapters.storage.schema.tables import DONE, task_assignees, tasks
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.tasks.model import Done
from core.workspaces.model import Audience

_t, _a = tasks.c, task_assignees.c


def done_between(db: Scoped, edges: Sequence[datetime], channel_id: int | None, audience: Audience) -> Sequence[Done]:
    """Count tasks between each two of the instants, by one statement."""
    statement = _counted(len(edges), sight_of(audience, channel_id), channel_id is not None)
    given = {f"edge_{place}": edge for place, edge in enumerate(edges)}
    rows = db.all(statement, in_channel=channel_id, **reader_of(audience), **given)
    found = {row.place: Done(row.amount, row.late) for row in rows}
    return [found.get(place, Done()) for place in range(1, len(edges))]


def first_done(db: Scoped, channel_id: int | None, audience: Audience) -> datetime | None:
    """Return when the first task was completed."""
    statement = _first(sight_of(audience, channel_id), channel_id is not None)
    found: datetime | None = db.scalar(statement, in_channel=channel_id, **reader_of(audience))
    return found


@lru_cache(maxsize=64)
def _first(sight: Sight, is_one: bool) -> Select[Any]:
    first = scope.select(tasks, sa.func.min(_t.completed_at))
    return first.where(literal_column(DONE), *_seen(sight, is_one=is_one))


def _edge(place: int) -> ColumnElement[datetime]:
    return bindparam(f"edge_{place}", type_=Instant())


@lru_cache(maxsize=64)
def _counted(edges: int, sight: Sight, is_one: bool) -> Select[Any]:
    """Select how many were done, and how many late, by the place of the first edge behind their completion."""
    place = sa.case(*((_t.completed_at < _edge(number), number) for number in range(1, edges)))
    is_late = sa.case((_t.completed_at > _t.due_sort, 1), else_=0)
    done = (
        scope.select(tasks, place.label("place"), is_late.label("is_late"))
        .where(literal_column(DONE), _t.completed_at >= _edge(0), _t.completed_at < _edge(edges - 1))
        .where(*_seen(sight, is_one=is_one))
        .subquery()
    )
    amounts = sa.func.count().label("amount"), sa.func.sum(done.c.is_late).label("late")
    return scope.over(sa.select(done.c.place, *amounts).group_by(done.c.place))


def _seen(sight: Sight, *, is_one: bool) -> list[ColumnElement[bool]]:
    """Return the conditions that a task is of the channel asked for, and that the reader may see it."""
    asked = [_t.channel_id == IN_CHANNEL] if is_one else []
    if sight is Sight.ALL:
        return asked
    is_theirs = scope.select(task_assignees, _a.member_id).where(_a.number == _t.number, _a.member_id == READER)
    own = (_t.author_id == READER, is_theirs.correlate(tasks).exists())
    return [*asked, sa.or_(opened(_t.channel_id, sight), *own)]
