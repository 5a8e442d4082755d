"""What the data of a workspace goes by, so that answers made of it can be kept until it changes.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Words

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_versions",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", Words(64), nullable=False),
        sa.Column("version", Words(26), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_data_versions_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "name", name="pk_data_versions"),
        sqlite_with_rowid=False,
    )
