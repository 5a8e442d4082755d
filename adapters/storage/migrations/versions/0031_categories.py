"""What is known of categories of products: their names in addresses, and whether they are active.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Words

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "categories",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.Column("name", Words(100), nullable=False),
        sa.Column("address", Words(64), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["members.workspace_id", "members.id"], name="fk_categories_members"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_categories_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_categories"),
    )
    where = sa.text("removed_at IS NULL")
    for column in ("name", "address"):
        op.create_index(
            f"uq_categories_{column}",
            "categories",
            ["workspace_id", column],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
            mssql_where=where,
        )
