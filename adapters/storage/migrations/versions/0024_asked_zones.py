"""Since when people know that they were asked for their time zone.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A column that may be empty is added in place by every database.
    op.add_column("members", sa.Column("zone_asked_at", Instant(), nullable=True))
