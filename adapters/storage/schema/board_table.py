"""The table of boards: one of each area a channel."""

from sqlalchemy import Boolean, Column, ForeignKey, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Table

from adapters.storage.schema.column_types import Instant, Words
from adapters.storage.schema.tables import EXTERNAL, ID, WORD, metadata

RETIRED = 1200

boards = Table(
    "boards",
    metadata,
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("channel_id", Integer, nullable=False),
    Column("id", Words(ID), nullable=False),
    Column("area", Words(WORD), nullable=False),
    Column("grouping", Words(16), nullable=False),
    Column("made_by", Integer, nullable=False),
    Column("member_id", Integer),
    Column("message", Words(EXTERNAL), nullable=False),
    Column("retired", Words(RETIRED), nullable=False),
    Column("digest", Words(WORD), nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("workspace_id", "channel_id", "area"),
    ForeignKeyConstraint(["workspace_id", "channel_id"], ["channels.workspace_id", "channels.id"]),
    ForeignKeyConstraint(["workspace_id", "made_by"], ["members.workspace_id", "members.id"], name="fk_boards_makers"),
    ForeignKeyConstraint(["workspace_id", "member_id"], ["members.workspace_id", "members.id"]),
    sqlite_with_rowid=False,
)
