"""Where it is told that products are low, what is low already, and which products are books.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Words

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_KNOWN = sa.text(
    "INSERT INTO alerts (workspace_id, kind, number, told, streak, version) "
    "SELECT workspace_id, 'product', number, 'alerted', 1, 1 FROM products "
    "WHERE removed_at IS NULL AND shortfall >= 0"
)
_BOOKS = sa.text(
    "UPDATE products SET source = 'book' WHERE EXISTS (SELECT 1 FROM books "
    "WHERE books.workspace_id = products.workspace_id AND books.product = products.number)"
)


def upgrade() -> None:
    op.add_column("products", sa.Column("source", Words(64), nullable=True))
    op.execute(_BOOKS)
    op.create_table(
        "alert_places",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.Column("category", Words(100), nullable=False),
        sa.Column("told_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["members.workspace_id", "members.id"], name="fk_alert_places_members"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_alert_places_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_alert_places"),
    )
    _index("uq_alert_places_category", "alert_places", ["workspace_id", "category"], "removed_at IS NULL", unique=True)
    _index("ix_alerts_due", "alerts", ["workspace_id", "kind", "number"], "told = 'due'", unique=False)
    # Nobody is told of what was low before anybody could be.
    op.execute(_KNOWN)


def _index(name: str, table: str, columns: list[str], words: str, *, unique: bool) -> None:
    where = sa.text(words)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where, mssql_where=where)
