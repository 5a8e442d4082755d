"""Lines of sales.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Money, Serial, Words

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sale_lines",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("sold_at", Instant(), nullable=True),
        sa.Column("product", Words(64), nullable=False),
        sa.Column("product_name", Words(200), nullable=False),
        sa.Column("customer", Words(64), nullable=False),
        sa.Column("customer_name", Words(200), nullable=False),
        sa.Column("country", Words(64), nullable=False),
        sa.Column("quantity", Money(), nullable=False),
        sa.Column("price", Money(), nullable=False),
        sa.Column("discount", Money(), nullable=False),
        sa.Column("tax", Money(), nullable=False),
        sa.Column("amount", Money(), nullable=False),
        sa.Column("currency", Words(3), nullable=False),
        sa.Column("source", Words(16), nullable=False),
        sa.Column("reference", Words(64), nullable=False),
        sa.Column("batch", Words(26), nullable=False),
        sa.Column("digest", Words(20), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_sale_lines_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_sale_lines"),
    )
    op.create_index(
        "ix_sale_lines_workspace_id_business_date",
        "sale_lines",
        ["workspace_id", "business_date"],
        unique=False,
    )
    op.create_index(
        "ix_sale_lines_digests",
        "sale_lines",
        ["workspace_id", "digest"],
        unique=False,
        sqlite_where=sa.text("digest <> ''"),
        postgresql_where=sa.text("digest <> ''"),
        mssql_where=sa.text("digest <> ''"),
    )
