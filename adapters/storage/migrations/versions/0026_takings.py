"""Money by the day on which it came or went, what goods had cost, and what stands on receipts.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Long, Money, Serial, Words

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns that may be empty are added in place by every database.
    op.add_column("sale_lines", sa.Column("cost", Money(), nullable=True))
    op.add_column("sale_lines", sa.Column("tax_included", sa.Boolean(), nullable=True))
    op.add_column("order_lines", sa.Column("cost", Money(), nullable=True))
    op.add_column("orders", sa.Column("seller", Long(), nullable=True))
    op.add_column("orders", sa.Column("tax_id", Words(64), nullable=True))
    _keep_receipts()
    _make_takings()
    _fill_takings()


def _keep_receipts() -> None:
    """Let receipts that were written out name whom they name now."""
    op.execute(
        """
        UPDATE orders SET
        seller = (SELECT t.seller FROM order_terms t WHERE t.workspace_id = orders.workspace_id),
        tax_id = (SELECT t.tax_id FROM order_terms t WHERE t.workspace_id = orders.workspace_id)
        WHERE receipt > 0
        """
    )


def _make_takings() -> None:
    op.create_table(
        "order_takings",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("method", Words(16), nullable=False),
        sa.Column("currency", Words(3), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "number", "attempt"],
            ["order_payments.workspace_id", "order_payments.number", "order_payments.attempt"],
            name="fk_order_takings_order_payments",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_order_takings_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_order_takings"),
    )
    op.create_index("ix_order_takings_workspace_id_at", "order_takings", ["workspace_id", "at"], unique=False)


def _fill_takings() -> None:
    """Write down what came and went before: all of it when the order was paid, and what went back when it last did."""
    op.execute(
        """
        INSERT INTO order_takings (workspace_id, number, attempt, at, method, currency, units)
        SELECT p.workspace_id, p.number, p.attempt, COALESCE(o.paid_at, p.at), p.method, p.currency, p.units
        FROM order_payments p JOIN orders o ON o.workspace_id = p.workspace_id AND o.number = p.number
        WHERE p.status IN ('paid', 'partly_refunded', 'refunded')
        """
    )
    op.execute(
        """
        INSERT INTO order_takings (workspace_id, number, attempt, at, method, currency, units)
        SELECT workspace_id, number, attempt, at, method, currency, -refunded FROM order_payments WHERE refunded > 0
        """
    )
