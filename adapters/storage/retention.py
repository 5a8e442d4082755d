"""What is not kept for ever, removed in small steps so that nobody waits long for the write lock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Delete, Select, Table, tuple_

from adapters.storage.tables import actions, codes, deliveries, outbox, task_snapshots, undo_entries

STEP = 500
"""Rows removed in one transaction."""


def steps(*, deliveries_before: datetime, outbox_before: datetime, now: datetime) -> Sequence[Delete]:
    """Return statements to be repeated, each until it finds nothing, in this order."""
    live: Select[Any] = sa.select(sa.literal_column("1")).where(
        undo_entries.c.workspace_id == task_snapshots.c.workspace_id, undo_entries.c.id == task_snapshots.c.undo_id
    )
    return (
        _some(deliveries, deliveries.c.kept_at < deliveries_before),
        _some(outbox, outbox.c.finished_at < outbox_before),
        _some(actions, actions.c.expires_at <= now),
        _some(codes, codes.c.expires_at <= now),
        _some(undo_entries, undo_entries.c.expires_at <= now),
        _some(task_snapshots, ~live.exists()),
    )


def _some(table: Table, gone: ColumnElement[bool]) -> Delete:
    key = list(table.primary_key.columns)
    rows = sa.select(*key).where(gone).limit(STEP)
    return sa.delete(table).where((key[0] if len(key) == 1 else tuple_(*key)).in_(rows))
