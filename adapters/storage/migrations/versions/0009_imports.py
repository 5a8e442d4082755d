"""Imports that are applied in steps, in place of those of one transaction with their snapshots.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Long, Words

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", Words(26), nullable=False),
        sa.Column("delivery", Words(200), nullable=False),
        sa.Column("state", Words(16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("job", Long(), nullable=False),
        sa.Column("over_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_imports_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_imports"),
        sa.UniqueConstraint("workspace_id", "delivery", name="uq_imports_workspace_id_delivery"),
    )
    op.create_index("ix_imports_over_at", "imports", ["over_at"], unique=False)
    for name, content in (("import_rows", "cells"), ("import_effects", "effect")):
        op.create_table(
            name,
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("import_id", Words(26), nullable=False),
            sa.Column("place", sa.Integer(), nullable=False),
            sa.Column(content, Long(), nullable=False),
            sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=f"fk_{name}_workspaces"),
            sa.PrimaryKeyConstraint("workspace_id", "import_id", "place", name=f"pk_{name}"),
        )
    # They served undo entries of the last quarter of an hour.
    op.drop_table("task_snapshots")
