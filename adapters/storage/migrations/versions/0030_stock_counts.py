"""Stock-takes, and what was counted in them.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Words

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_counts",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.Column("category", Words(100), nullable=False),
        sa.Column("location", Words(64), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("state", Words(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["members.workspace_id", "members.id"], name="fk_stock_counts_members"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_stock_counts_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_stock_counts"),
    )
    where = sa.text("state = 'open' AND removed_at IS NULL")
    op.create_index(
        "ix_stock_counts_open",
        "stock_counts",
        ["workspace_id", "number"],
        sqlite_where=where,
        postgresql_where=where,
        mssql_where=where,
    )
    op.create_table(
        "stock_count_lines",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("product", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "number"],
            ["stock_counts.workspace_id", "stock_counts.number"],
            name="fk_stock_count_lines_stock_counts",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_stock_count_lines_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "number", "product", name="pk_stock_count_lines"),
        sqlite_with_rowid=False,
    )
