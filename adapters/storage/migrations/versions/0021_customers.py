"""Customers.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Words

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customers",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.Column("code", Words(11), nullable=False),
        sa.Column("username", Words(20), nullable=False),
        sa.Column("username_sort", Words(60), nullable=False),
        sa.Column("email", Words(254), nullable=False),
        sa.Column("email_sort", Words(254), nullable=False),
        sa.Column("words", Words(315), nullable=False),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("address", Words(500), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["members.workspace_id", "members.id"], name="fk_customers_members"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_customers_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_customers"),
    )
    _index("uq_customers_username_sort", "username_sort", unique=True)
    _index("uq_customers_email_sort", "email_sort", unique=True)
    _index("ix_customers_newest", "number")


def _index(name: str, column: str, *, unique: bool = False) -> None:
    here = sa.text("removed_at IS NULL")
    op.create_index(
        name,
        "customers",
        ["workspace_id", column],
        unique=unique,
        sqlite_where=here,
        postgresql_where=here,
        mssql_where=here,
    )
