"""Schedules that are for one person alone, on the clock of where they are.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns that may be empty are added in place by every database.
    op.add_column("schedules", sa.Column("personal", sa.Boolean(), nullable=True))
