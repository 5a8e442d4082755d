"""What columns are called in files of sales.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Words

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sale_headings",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("heading", Words(200), nullable=False),
        sa.Column("name", Words(64), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_sale_headings_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "heading", name="pk_sale_headings"),
        sqlite_with_rowid=False,
    )
