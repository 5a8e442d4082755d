"""The table of jobs: what is to be done in the background, how far it is, and what came of it."""

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from adapters.storage.schema.column_types import Instant, Long, Words
from adapters.storage.schema.common_columns import filed, index_where
from adapters.storage.schema.tables import DELIVERY, WORD, metadata
from core.jobs.model import NOTE_LIMIT

KEY = DELIVERY + WORD
"""Characters of a key: that of a delivery, and what it is the key of."""

jobs = Table(
    "jobs",
    metadata,
    *filed(),
    Column("job_key", Words(KEY), nullable=False),
    Column("kind", Words(WORD), nullable=False),
    # JSON.
    Column("arguments", Long(), nullable=False),
    Column("state", Words(16), nullable=False),
    # The process that runs it, or ran it last.
    Column("executor", Words(WORD), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("rounds", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("note", Words(NOTE_LIMIT), nullable=False),
    Column("reason", Words(WORD), nullable=False),
    Column("result", Long()),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    UniqueConstraint("workspace_id", "job_key"),
    Index(None, "workspace_id", "state", "number"),
    Index(None, "ended_at"),
)

_j = jobs.c
index_where("ended_at IS NULL", "ix_jobs_open", _j.created_at, _j.workspace_id, _j.number)
