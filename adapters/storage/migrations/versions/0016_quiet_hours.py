"""Quiet hours, and the reminders that wait for their end.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Words

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns that may be empty are added in place by every database.
    op.add_column("members", sa.Column("quiet", Words(64), nullable=True))
    op.add_column("workspaces", sa.Column("quiet", Words(64), nullable=True))
    op.create_table(
        "held_reminders",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("area", Words(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"], ["members.workspace_id", "members.id"], name="fk_held_reminders_members"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_held_reminders_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "area", "number", "member_id", name="pk_held_reminders"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_held_reminders_until", "held_reminders", ["until"], unique=False)
