"""What people know of the things that are watched; of schedules that fail they were told already.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Words

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_TOLD = sa.text(
    "INSERT INTO alerts (workspace_id, kind, number, told, streak, version) "
    "SELECT workspace_id, 'schedule', number, 'alerted', streak, 1 FROM schedules "
    "WHERE streak > 0 AND state = 'active' AND removed_at IS NULL"
)


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("kind", Words(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("told", Words(16), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("since", Instant(), nullable=True),
        sa.Column("muted_until", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_alerts_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "number", name="pk_alerts"),
        sqlite_with_rowid=False,
    )
    op.execute(_TOLD)
