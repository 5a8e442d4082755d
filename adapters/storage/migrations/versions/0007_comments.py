"""What people said about things.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Words

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comments",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", Words(26), nullable=False),
        sa.Column("kind", Words(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", Words(2000), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["members.workspace_id", "members.id"], name="fk_comments_members"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_comments_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_comments"),
    )
    op.create_index(
        "ix_comments_workspace_id_kind_number_id", "comments", ["workspace_id", "kind", "number", "id"], unique=False
    )
    known = sa.text("author_id IS NOT NULL")
    op.create_index(
        "ix_comments_authors",
        "comments",
        ["workspace_id", "author_id"],
        unique=False,
        sqlite_where=known,
        postgresql_where=known,
        mssql_where=known,
    )
