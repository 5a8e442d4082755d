"""Boards of channels.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Words

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "boards",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("id", Words(26), nullable=False),
        sa.Column("grouping", Words(16), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("message", Words(128), nullable=False),
        sa.Column("retired", Words(1200), nullable=False),
        sa.Column("digest", Words(64), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "channel_id"], ["channels.workspace_id", "channels.id"], name="fk_boards_channels"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "made_by"], ["members.workspace_id", "members.id"], name="fk_boards_makers"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"], ["members.workspace_id", "members.id"], name="fk_boards_members"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_boards_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", name="pk_boards"),
        sqlite_with_rowid=False,
    )
