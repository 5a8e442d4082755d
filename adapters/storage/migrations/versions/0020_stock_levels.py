"""What of the goods lies at other locations than the first.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Words

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_levels",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("location", Words(64), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_stock_levels_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "number", "location", name="pk_stock_levels"),
        sqlite_with_rowid=False,
    )
