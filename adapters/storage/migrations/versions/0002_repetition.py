"""Tasks that repeat.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Words

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns that may be empty are added in place by every database.
    op.add_column("tasks", sa.Column("repeat", Words(200), nullable=True))
    op.add_column("tasks", sa.Column("series", Words(26), nullable=True))
    op.add_column("tasks", sa.Column("planned", Words(200), nullable=True))
