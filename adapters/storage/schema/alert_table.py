"""The table of alerts: what people know of the things that are watched."""

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Table

from adapters.storage.schema.column_types import Instant, Words
from adapters.storage.schema.common_columns import index_where, of_workspace
from adapters.storage.schema.tables import WORD, metadata

alerts = Table(
    "alerts",
    metadata,
    of_workspace(),
    Column("kind", Words(WORD), nullable=False),
    Column("number", Integer, nullable=False),
    Column("told", Words(16), nullable=False),
    Column("streak", Integer, nullable=False),
    Column("since", Instant),
    Column("muted_until", Instant),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("workspace_id", "kind", "number"),
    sqlite_with_rowid=False,
)

DUE = "told = 'due'"

_a = alerts.c
index_where(DUE, "ix_alerts_due", _a.workspace_id, _a.kind, _a.number)
