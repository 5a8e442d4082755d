"""Payments of orders by card, and refunds of them, as far as they were asked for.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Long, Money, Words

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_attempts()
    _make_refunds()


def _make_attempts() -> None:
    op.create_table(
        "order_cards",
        *_keyed(),
        sa.Column("scope", Words(64), nullable=False),
        sa.Column("title", Words(100), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("return_url", Long(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("checkout_id", Words(255), nullable=False),
        sa.Column("url", Long(), nullable=False),
        sa.Column("payment_id", Words(255), nullable=False),
        sa.Column("decline", Words(64), nullable=False),
        sa.Column("look_at", Instant(), nullable=True),
        *_bound("order_cards", "order_payments"),
        sa.PrimaryKeyConstraint("workspace_id", "number", "attempt", name="pk_order_cards"),
        sqlite_with_rowid=False,
    )
    _index("order_cards")


def _make_refunds() -> None:
    op.create_table(
        "order_card_refunds",
        *_keyed(),
        sa.Column("refund", sa.Integer(), nullable=False),
        sa.Column("given", Money(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("delivery", Words(64), nullable=False),
        sa.Column("state", Words(16), nullable=False),
        sa.Column("look_at", Instant(), nullable=True),
        *_bound("order_card_refunds", "order_cards"),
        sa.PrimaryKeyConstraint("workspace_id", "number", "attempt", "refund", name="pk_order_card_refunds"),
        sqlite_with_rowid=False,
    )
    _index("order_card_refunds")


def _keyed() -> list[sa.Column[object]]:
    return [
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("currency", Words(3), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
    ]


def _bound(table: str, to: str) -> list[sa.Constraint]:
    key = ["workspace_id", "number", "attempt"]
    return [
        sa.ForeignKeyConstraint(key, [f"{to}.{name}" for name in key], name=f"fk_{table}_{to}"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["members.workspace_id", "members.id"], name=f"fk_{table}_members"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=f"fk_{table}_workspaces"),
    ]


def _index(table: str) -> None:
    where = sa.text("look_at IS NOT NULL")
    op.create_index(
        f"ix_{table}_look_at",
        table,
        ["workspace_id", "look_at"],
        sqlite_where=where,
        postgresql_where=where,
        mssql_where=where,
    )
