"""The table of boards: one a channel."""

from sqlalchemy import Boolean, Column, ForeignKey, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, String, Table

from adapters.storage.tables import EXTERNAL, ID, WORD, metadata
from adapters.storage.types import Instant

RETIRED = 1200

boards = Table(
    "boards",
    metadata,
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("channel_id", Integer, nullable=False),
    Column("id", String(ID), nullable=False),
    Column("grouping", String(16), nullable=False),
    Column("made_by", Integer, nullable=False),
    Column("member_id", Integer),
    Column("message", String(EXTERNAL), nullable=False),
    Column("retired", String(RETIRED), nullable=False),
    Column("digest", String(WORD), nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("workspace_id", "channel_id"),
    ForeignKeyConstraint(["workspace_id", "channel_id"], ["channels.workspace_id", "channels.id"]),
    ForeignKeyConstraint(["workspace_id", "made_by"], ["members.workspace_id", "members.id"], name="fk_boards_makers"),
    ForeignKeyConstraint(["workspace_id", "member_id"], ["members.workspace_id", "members.id"]),
    sqlite_with_rowid=False,
)
