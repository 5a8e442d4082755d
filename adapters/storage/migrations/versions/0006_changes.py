"""What happened to things.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Long, Serial, Words

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("kind", Words(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("command", Words(64), nullable=False),
        sa.Column("field", Words(64), nullable=False),
        sa.Column("before", Long(), nullable=True),
        sa.Column("after", Long(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"], ["members.workspace_id", "members.id"], name="fk_changes_members"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"], ["members.workspace_id", "members.id"], name="fk_changes_people"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_changes_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
    )
    op.create_index(
        "ix_changes_workspace_id_kind_number_id", "changes", ["workspace_id", "kind", "number", "id"], unique=False
    )
    for name, column in (("ix_changes_members", "member_id"), ("ix_changes_people", "person_id")):
        known = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            name,
            "changes",
            ["workspace_id", column],
            unique=False,
            sqlite_where=known,
            postgresql_where=known,
            mssql_where=known,
        )
