"""What is not kept for ever, removed in small steps so that nobody waits long for the write lock."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Column, Delete, Table

from adapters.storage.engine.dialects import Dialect
from adapters.storage.schema.import_tables import import_effects, import_rows, imports
from adapters.storage.schema.job_table import jobs
from adapters.storage.schema.lease_table import leases
from adapters.storage.schema.tables import (
    actions,
    codes,
    deliveries,
    events,
    operations,
    outbox,
    undo_entries,
)

LEASES = timedelta(days=1)
"""How long leases stay that are over; longer than clocks differ."""

STEP = 500
"""Rows removed in one transaction."""


def steps(
    dialect: Dialect,
    *,
    deliveries_before: datetime,
    outbox_before: datetime,
    operations_before: datetime,
    events_before: datetime,
    now: datetime,
) -> Sequence[Delete]:
    """Return statements to be repeated, each until it finds nothing, in this order."""
    undo = undo_entries.c
    return (
        dialect.delete_some(deliveries, deliveries.c.kept_at < deliveries_before, STEP),
        dialect.delete_some(outbox, outbox.c.finished_at < outbox_before, STEP),
        # A job's row was what started it, as a post's row is what sends it.
        dialect.delete_some(jobs, jobs.c.ended_at < outbox_before, STEP),
        dialect.delete_some(actions, actions.c.expires_at <= now, STEP),
        dialect.delete_some(codes, codes.c.expires_at <= now, STEP),
        dialect.delete_some(leases, leases.c.until <= now - LEASES, STEP),
        # First what belongs to the imports, which are how it is found.
        dialect.delete_some(import_rows, _over(import_rows, now), STEP),
        dialect.delete_some(import_effects, _over(import_effects, now), STEP),
        dialect.delete_some(imports, imports.c.over_at <= now, STEP),
        # An import's undo that is under way takes its entry to go on.
        dialect.delete_some(undo_entries, (undo.expires_at <= now) & ~is_under_way(), STEP),
        _first(operations, operations.c.ended_at, operations_before),
        _first(events, events.c.at, events_before),
    )


def _over(table: Table, now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a row belongs to an import that nothing needs any more."""
    mine = (imports.c.workspace_id == table.c.workspace_id) & (imports.c.id == table.c.import_id)
    return sa.select(imports.c.id).where(mine, imports.c.over_at <= now).exists()


def is_under_way() -> sa.ColumnElement[bool]:
    """Return the condition that an undo entry is of an import that is not over."""
    undo, theirs = undo_entries.c, imports.c
    mine = (theirs.workspace_id == undo.workspace_id) & (theirs.id == undo.id)
    return sa.select(theirs.id).where(mine, theirs.over_at.is_(None)).exists()


def _first(table: Table, at: Column[datetime], before: datetime) -> Delete:
    """Look at the rows with the lowest numbers only: they are numbered as they come, and need no index by time."""
    rows = sa.select(table.c.id, at.label("at")).order_by(table.c.id).limit(STEP).subquery()
    return sa.delete(table).where(table.c.id.in_(sa.select(rows.c.id).where(rows.c.at < before)))
