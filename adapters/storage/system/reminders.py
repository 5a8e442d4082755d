"""Tasks that people are to be reminded of, over all workspaces."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import literal_column

from adapters.storage.engine.statements import Statements
from adapters.storage.repositories.tasks.rows import TASK, task_of_row
from adapters.storage.schema.tables import tasks
from core.tasks.model import Status, Task

_t = tasks.c

_DUE = (
    sa.select(*TASK)
    # The words of the index of reminders.
    .where(_t.status == literal_column(f"'{Status.PENDING.value}'"), _t.removed_at.is_(None))
    .where(_t.remind_at.is_not(None), _t.remind_at <= sa.bindparam("moment"))
    .order_by(_t.remind_at, _t.workspace_id, _t.number)
    .limit(sa.bindparam("at_most"))
)


def due(db: Statements, now: datetime, limit: int) -> Sequence[tuple[int, Task]]:
    """Return the tasks to be reminded of, with their workspaces, the longest due first."""
    rows = db.execute(_DUE, {"moment": now, "at_most": limit}).all()
    return [(row.workspace_id, task_of_row(row)) for row in rows]
