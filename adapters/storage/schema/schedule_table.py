"""The table of schedules: what runs by itself, when it runs next, and how that went."""

from sqlalchemy import Boolean, Column, Index, Integer, Table

from adapters.storage.schema.column_types import Instant, Long, Words
from adapters.storage.schema.common_columns import filed, index_where
from adapters.storage.schema.tables import WORD, ZONE, metadata
from core.schedules.model import ERROR_LIMIT, TITLE_LIMIT
from core.schedules.rules import LONGEST_RULE

schedules = Table(
    "schedules",
    metadata,
    *filed(),
    Column("title", Words(TITLE_LIMIT), nullable=False),
    Column("title_sort", Words(TITLE_LIMIT), nullable=False),
    Column("area", Words(WORD), nullable=False),
    Column("kind", Words(WORD), nullable=False),
    # JSON.
    Column("arguments", Long(), nullable=False),
    Column("times", Words(LONGEST_RULE), nullable=False),
    Column("zone", Words(ZONE), nullable=False),
    Column("since", Instant, nullable=False),
    Column("next_at", Instant),
    Column("state", Words(16), nullable=False),
    Column("skip_empty", Boolean, nullable=False),
    Column("looked_at", Instant),
    Column("last_at", Instant),
    Column("runs", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("streak", Integer, nullable=False),
    Column("skipped", Integer, nullable=False),
    Column("last_error", Words(ERROR_LIMIT), nullable=False),
    Column("personal", Boolean),
    Index(None, "workspace_id", "area", "number"),
)

_s = schedules.c
index_where("next_at IS NOT NULL", "ix_schedules_due", _s.next_at, _s.workspace_id, _s.number)
