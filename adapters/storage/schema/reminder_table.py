"""The table of reminders that wait for the end of somebody's quiet hours."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table

from adapters.storage.schema.assigning import assigning
from adapters.storage.schema.column_types import Instant, Words
from adapters.storage.schema.common_columns import of_workspace, within
from adapters.storage.schema.tables import WORD, metadata

held_reminders = Table(
    "held_reminders",
    metadata,
    of_workspace(),
    Column("area", Words(WORD), nullable=False),
    Column("number", Integer, nullable=False),
    Column("member_id", Integer, nullable=False),
    Column("until", Instant, nullable=False),
    PrimaryKeyConstraint("workspace_id", "area", "number", "member_id"),
    within("member_id", "members"),
    Index(None, "until"),
    sqlite_with_rowid=False,
)

assigning(held_reminders)
