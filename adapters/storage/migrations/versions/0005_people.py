"""E-mail addresses of members, members who are forgotten, and members by name.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Words

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns that may be empty are added in place by every database.
    op.add_column("members", sa.Column("email", Words(254), nullable=True))
    op.add_column("members", sa.Column("forgotten_at", Instant(), nullable=True))
    op.create_index("ix_members_workspace_id_sort_key", "members", ["workspace_id", "sort_key"], unique=False)
