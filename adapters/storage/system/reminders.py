"""What people are to be reminded of, over all workspaces."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, Table

from adapters.storage.engine.statements import Statements
from adapters.storage.schema.reminding import is_reminding


def due(db: Statements, table: Table, now: datetime, limit: int) -> Sequence[tuple[int, int]]:
    """Return the workspace and number of rows that are to remind people by now, the longest due first."""
    rows = db.execute(_due(table), {"moment": now, "at_most": limit}).all()
    return [(row.workspace_id, row.number) for row in rows]


@lru_cache(maxsize=16)
def _due(table: Table) -> Select[Any]:
    columns = table.c
    return (
        sa.select(columns.workspace_id, columns.number)
        .where(is_reminding(table), columns.remind_at <= sa.bindparam("moment"))
        .order_by(columns.remind_at, columns.workspace_id, columns.number)
        .limit(sa.bindparam("at_most"))
    )
