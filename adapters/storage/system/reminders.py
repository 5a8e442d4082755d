"""What people are to be reminded of, over all workspaces."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, Table

from adapters.storage.engine.statements import Statements
from adapters.storage.schema.reminder_table import held_reminders
from adapters.storage.schema.reminding import is_reminding

_HELD = (
    sa.select(held_reminders.c.workspace_id)
    .where(held_reminders.c.until <= sa.bindparam("moment", type_=held_reminders.c.until.type))
    .distinct()
)


def due(db: Statements, table: Table, now: datetime, limit: int) -> Sequence[tuple[int, int]]:
    """Return the workspace and number of rows that are to remind people by now, the longest due first."""
    rows = db.execute(_due(table), {"moment": now, "at_most": limit}).all()
    return [(row.workspace_id, row.number) for row in rows]


def held(db: Statements, now: datetime) -> Sequence[int]:
    """Return the workspaces in which reminders have waited long enough."""
    return [row.workspace_id for row in db.execute(_HELD, {"moment": now}).all()]


@lru_cache(maxsize=16)
def _due(table: Table) -> Select[Any]:
    columns = table.c
    return (
        sa.select(columns.workspace_id, columns.number)
        .where(is_reminding(table), columns.remind_at <= sa.bindparam("moment"))
        .order_by(columns.remind_at, columns.workspace_id, columns.number)
        .limit(sa.bindparam("at_most"))
    )
