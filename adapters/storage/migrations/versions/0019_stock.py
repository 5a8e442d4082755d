"""Products, and the ledger of what comes, goes and is set aside.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Long, Money, Serial, Words

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_products()
    _make_movements()


def _make_products() -> None:
    op.create_table(
        "products",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.Column("sku", Words(64), nullable=False),
        sa.Column("sku_sort", Words(64), nullable=False),
        sa.Column("name", Words(200), nullable=False),
        sa.Column("name_sort", Words(200), nullable=False),
        sa.Column("words", Words(265), nullable=False),
        sa.Column("description", Long(), nullable=False),
        sa.Column("category", Words(100), nullable=False),
        sa.Column("category_sort", Words(100), nullable=False),
        sa.Column("tags", Long(), nullable=False),
        sa.Column("price", Money(), nullable=True),
        sa.Column("cost", Money(), nullable=True),
        sa.Column("reorder_level", sa.Integer(), nullable=True),
        sa.Column("is_discontinued", sa.Boolean(), nullable=False),
        sa.Column("on_order", sa.Integer(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("weight", Money(), nullable=True),
        sa.Column("dimensions", Words(64), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("elsewhere", sa.Integer(), nullable=False),
        sa.Column("shortfall", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["members.workspace_id", "members.id"], name="fk_products_members"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_products_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_products"),
    )
    here = sa.text("removed_at IS NULL")
    _index("uq_products_sku", ["workspace_id", "sku"], here, unique=True)
    _index("ix_products_names", ["workspace_id", "name_sort", "number"], here)
    _index("ix_products_skus", ["workspace_id", "sku_sort"], here)
    _index("ix_products_categories", ["workspace_id", "category_sort", "name_sort", "number"], here)
    low = sa.text("removed_at IS NULL AND shortfall >= 0")
    _index("ix_products_low", ["workspace_id", "shortfall", "number"], low)


def _index(name: str, columns: list[str], where: "sa.TextClause", *, unique: bool = False) -> None:
    op.create_index(
        name,
        "products",
        columns,
        unique=unique,
        sqlite_where=where,
        postgresql_where=where,
        mssql_where=where,
    )


def _make_movements() -> None:
    op.create_table(
        "movements",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", Words(64), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("reason", Words(200), nullable=False),
        sa.Column("reference", Words(64), nullable=False),
        sa.Column("location", Words(64), nullable=False),
        sa.Column("price", Money(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["members.workspace_id", "members.id"], name="fk_movements_members"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_movements_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_movements"),
    )
    op.create_index("ix_movements_workspace_id_number_id", "movements", ["workspace_id", "number", "id"], unique=False)
