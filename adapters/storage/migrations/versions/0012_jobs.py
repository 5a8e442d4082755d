"""Jobs that go on in the background.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Long, Words

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.Column("job_key", Words(264), nullable=False),
        sa.Column("kind", Words(64), nullable=False),
        sa.Column("arguments", Long(), nullable=False),
        sa.Column("state", Words(16), nullable=False),
        sa.Column("executor", Words(64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("note", Words(200), nullable=False),
        sa.Column("reason", Words(64), nullable=False),
        sa.Column("result", Long(), nullable=True),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["members.workspace_id", "members.id"], name="fk_jobs_members"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "channel_id"], ["channels.workspace_id", "channels.id"], name="fk_jobs_channels"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_jobs_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_jobs"),
        sa.UniqueConstraint("workspace_id", "job_key", name="uq_jobs_workspace_id_job_key"),
    )
    op.create_index("ix_jobs_workspace_id_state_number", "jobs", ["workspace_id", "state", "number"], unique=False)
    op.create_index("ix_jobs_ended_at", "jobs", ["ended_at"], unique=False)
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_jobs_open",
        "jobs",
        ["created_at", "workspace_id", "number"],
        unique=False,
        sqlite_where=is_open,
        postgresql_where=is_open,
        mssql_where=is_open,
    )
