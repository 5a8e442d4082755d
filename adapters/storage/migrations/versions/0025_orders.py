"""Orders with their lines and payments, terms and discount codes.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Long, Money, Words

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_orders()
    _make_lines()
    _make_payments()
    _make_terms()
    _make_codes()


def _filed(table: str) -> list[sa.Column[object] | sa.Constraint]:
    return [
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["members.workspace_id", "members.id"], name=f"fk_{table}_members"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=f"fk_{table}_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name=f"pk_{table}"),
    ]


def _money(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, Money(), nullable=False) for name in names]


def _of_order(table: str, *key: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["workspace_id", "number"], ["orders.workspace_id", "orders.number"], name=f"fk_{table}_orders"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=f"fk_{table}_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "number", *key, name=f"pk_{table}"),
    ]


def _make_orders() -> None:
    op.create_table(
        "orders",
        *_filed("orders"),
        sa.Column("placed_in", sa.Integer(), nullable=False),
        sa.Column("status", Words(16), nullable=False),
        sa.Column("payment", Words(16), nullable=False),
        sa.Column("method", Words(16), nullable=True),
        sa.Column("customer", Words(64), nullable=False),
        sa.Column("customer_name", Words(200), nullable=False),
        sa.Column("customer_sort", Words(200), nullable=False),
        sa.Column("email", Long(), nullable=False),
        sa.Column("address", Long(), nullable=False),
        sa.Column("billing", Long(), nullable=False),
        sa.Column("currency", Words(3), nullable=False),
        sa.Column("percent", Money(), nullable=False),
        sa.Column("code", Words(32), nullable=False),
        sa.Column("tax_rate", Money(), nullable=False),
        sa.Column("tax_included", sa.Boolean(), nullable=False),
        *_money("subtotal", "discount", "tax", "shipping", "total", "refunded"),
        sa.Column("reason", Words(64), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.Column("placed_at", Instant(), nullable=True),
        sa.Column("paid_at", Instant(), nullable=True),
        sa.Column("receipt", sa.Integer(), nullable=False),
    )
    carts = sa.text("status IN ('cart', 'failed') AND removed_at IS NULL")
    _index("ix_orders_carts", ["workspace_id", "author_id", "placed_in"], carts)
    _index("ix_orders_until", ["workspace_id", "until", "number"], sa.text("until IS NOT NULL"))


def _index(
    name: str, columns: list[str], where: "sa.TextClause", table: str = "orders", *, unique: bool = False
) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where, mssql_where=where)


def _make_lines() -> None:
    op.create_table(
        "order_lines",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("product", sa.Integer(), nullable=False),
        sa.Column("sku", Words(64), nullable=False),
        sa.Column("name", Words(200), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price", Money(), nullable=False),
        sa.Column("percent", Money(), nullable=True),
        *_money("amount", "discount", "tax"),
        sa.Column("gone", sa.Integer(), nullable=False),
        *_of_order("order_lines", "position"),
        sqlite_with_rowid=False,
    )


def _make_payments() -> None:
    op.create_table(
        "order_payments",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("method", Words(16), nullable=False),
        sa.Column("currency", Words(3), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("status", Words(16), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["members.workspace_id", "members.id"], name="fk_order_payments_members"
        ),
        *_of_order("order_payments", "attempt"),
        sqlite_with_rowid=False,
    )


def _make_terms() -> None:
    op.create_table(
        "order_terms",
        *_filed("order_terms"),
        sa.Column("tax_rate", Money(), nullable=False),
        sa.Column("tax_included", sa.Boolean(), nullable=False),
        sa.Column("shipping", Money(), nullable=False),
        sa.Column("cash_hours", sa.Integer(), nullable=False),
        sa.Column("transfer_days", sa.Integer(), nullable=False),
        sa.Column("seller", Long(), nullable=False),
        sa.Column("tax_id", Words(64), nullable=False),
    )


def _make_codes() -> None:
    op.create_table(
        "discount_codes",
        *_filed("discount_codes"),
        sa.Column("code", Words(32), nullable=False),
        sa.Column("percent", Money(), nullable=False),
    )
    here = sa.text("removed_at IS NULL")
    _index("uq_discount_codes_code", ["workspace_id", "code"], here, "discount_codes", unique=True)
