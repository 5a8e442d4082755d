"""Tasks that people are to be reminded of, over all workspaces."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, literal_column

from adapters.storage.dialects import Dialect
from adapters.storage.repositories.task_rows import tasks_of
from adapters.storage.scope import Scoped
from adapters.storage.tables import tasks
from core.tasks.model import Status, Task

_t = tasks.c

_DUE = (
    sa.select(tasks)
    # The words of the index of reminders.
    .where(_t.status == literal_column(f"'{Status.PENDING.value}'"), _t.removed_at.is_(None))
    .where(_t.remind_at.is_not(None), _t.remind_at <= sa.bindparam("moment"))
    .order_by(_t.remind_at, _t.workspace_id, _t.number)
    .limit(sa.bindparam("at_most"))
)


def due(db: Connection, dialect: Dialect, now: datetime, limit: int) -> Sequence[tuple[int, Task]]:
    """Return the tasks to be reminded of, with their workspaces, the longest due first."""
    rows = db.execute(_DUE, {"moment": now, "at_most": limit}).all()
    by_workspace: dict[int, list[Row[Any]]] = {}
    for row in rows:
        by_workspace.setdefault(row.workspace_id, []).append(row)
    found = {
        (workspace, task.number): task
        for workspace, own in by_workspace.items()
        for task in tasks_of(Scoped(db, workspace, dialect), own)
    }
    return [(row.workspace_id, found[row.workspace_id, row.number]) for row in rows]
