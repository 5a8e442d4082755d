"""Schedules, by which jobs are made at their times.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Long, Words

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.Column("title", Words(200), nullable=False),
        sa.Column("title_sort", Words(200), nullable=False),
        sa.Column("area", Words(64), nullable=False),
        sa.Column("kind", Words(64), nullable=False),
        sa.Column("arguments", Long(), nullable=False),
        sa.Column("times", Words(400), nullable=False),
        sa.Column("zone", Words(64), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("next_at", Instant(), nullable=True),
        sa.Column("state", Words(16), nullable=False),
        sa.Column("skip_empty", sa.Boolean(), nullable=False),
        sa.Column("looked_at", Instant(), nullable=True),
        sa.Column("last_at", Instant(), nullable=True),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("last_error", Words(300), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["members.workspace_id", "members.id"], name="fk_schedules_members"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "channel_id"], ["channels.workspace_id", "channels.id"], name="fk_schedules_channels"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_schedules_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_schedules"),
    )
    op.create_index(
        "ix_schedules_workspace_id_area_number", "schedules", ["workspace_id", "area", "number"], unique=False
    )
    is_due = sa.text("next_at IS NOT NULL")
    op.create_index(
        "ix_schedules_due",
        "schedules",
        ["next_at", "workspace_id", "number"],
        unique=False,
        sqlite_where=is_due,
        postgresql_where=is_due,
        mssql_where=is_due,
    )
