"""Whose time has come, over all workspaces."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from adapters.storage.engine.statements import Statements
from adapters.storage.schema.schedule_table import schedules

_s = schedules.c
_MOMENT = sa.bindparam("moment", type_=_s.next_at.type)
_DUE = (
    sa.select(_s.workspace_id, _s.number)
    .where(_s.next_at.is_not(None), _s.next_at <= _MOMENT)
    # In turns, so that a workspace that has many does not let the others wait for them.
    .order_by(_s.next_at, _s.number, _s.workspace_id)
    .limit(sa.bindparam("at_most"))
)
_AHEAD = (
    sa.select(_s.workspace_id, _s.number)
    .where(_s.next_at.is_not(None), sa.or_(_s.looked_at > _MOMENT, _s.since > _MOMENT))
    .order_by(_s.workspace_id, _s.number)
)
_COUNTED = sa.select(
    sa.func.count(),
    sa.func.count(sa.case((_s.next_at <= _MOMENT, _s.number))),
    sa.func.count(sa.case((_s.next_at < sa.bindparam("late_before", type_=_s.next_at.type), _s.number))),
).where(_s.next_at.is_not(None))
_NEXT = sa.select(sa.func.min(_s.next_at)).where(_s.next_at.is_not(None))


def due(db: Statements, now: datetime, limit: int) -> Sequence[tuple[int, int]]:
    """Return the workspace and number of schedules whose time has come, the longest due first."""
    return [(row.workspace_id, row.number) for row in db.execute(_DUE, {"moment": now, "at_most": limit}).all()]


def ahead(db: Statements, now: datetime) -> Sequence[tuple[int, int]]:
    """Return the workspace and number of schedules that were made or dealt with by a clock that was ahead of now."""
    return [(row.workspace_id, row.number) for row in db.execute(_AHEAD, {"moment": now}).all()]


def next_at(db: Statements) -> datetime | None:
    """Return when the next one's time comes, or came."""
    found: datetime | None = db.execute(_NEXT).scalar()
    return found


def counted(db: Statements, now: datetime, late_before: datetime) -> tuple[int, int, int]:
    """Return how many have a time to come, of how many it has come, and of how many it came before then."""
    every, due_now, late = db.execute(_COUNTED, {"moment": now, "late_before": late_before}).one()
    return every, due_now, late


def look_no_further_back(db: Statements, now: datetime) -> None:
    """Let nothing make up for what was due until now: after a restore nobody knows what ran since the backup."""
    db.execute(sa.update(schedules).where(_s.next_at.is_not(None), _s.next_at <= now).values(looked_at=now))
