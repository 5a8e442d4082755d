"""Time zones of channels.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Words

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A column that may be empty is added in place by every database.
    op.add_column("channels", sa.Column("zone", Words(64), nullable=True))
