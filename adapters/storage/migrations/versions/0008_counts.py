"""How many tasks there are, kept; and those that somebody has, in the order of lists.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Words

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_OPEN = sa.text("due_sort IS NOT NULL")


def upgrade() -> None:
    _tallies()
    _places()


def _tallies() -> None:
    tallies = op.create_table(
        "task_tallies",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("status", Words(16), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("is_due", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_task_tallies_workspaces"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "channel_id"], ["channels.workspace_id", "channels.id"], name="fk_task_tallies_channels"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", "status", "priority", "is_due", name="pk_task_tallies"),
        sqlite_with_rowid=False,
    )
    names = ("workspace_id", "channel_id", "status", "priority", "due_date", "removed_at")
    tasks = sa.table("tasks", *map(sa.column, names))
    there = (
        sa.select(
            *(tasks.c[name] for name in names[:4]),
            sa.case((tasks.c.due_date.is_(None), sa.false()), else_=sa.true()).label("is_due"),
        )
        .where(tasks.c.removed_at.is_(None))
        .subquery()
    )
    counted = sa.select(*there.c, sa.func.count()).group_by(*there.c)
    op.execute(tallies.insert().from_select([*there.c.keys(), "amount"], counted))


def _places() -> None:
    # Columns that may be empty are added in place by every database.
    op.add_column("task_assignees", sa.Column("channel_id", sa.Integer(), nullable=True))
    op.add_column("task_assignees", sa.Column("due_sort", Instant(), nullable=True))
    op.add_column("task_assignees", sa.Column("priority", sa.SmallInteger(), nullable=True))
    names = ("channel_id", "due_sort", "priority")
    assignees = sa.table("task_assignees", *map(sa.column, ("workspace_id", "number", *names)))
    tasks = sa.table("tasks", *map(sa.column, ("workspace_id", "number", "status", "removed_at", *names)))
    its = sa.and_(
        tasks.c.workspace_id == assignees.c.workspace_id,
        tasks.c.number == assignees.c.number,
        tasks.c.status == sa.literal_column("'pending'"),
        tasks.c.removed_at.is_(None),
    )
    values = {name: sa.select(tasks.c[name]).where(its).scalar_subquery() for name in names}
    op.execute(assignees.update().values(values))
    op.create_index(
        "ix_task_assignees_open",
        "task_assignees",
        ["workspace_id", "member_id", "due_sort", "priority", "number", "channel_id", "position"],
        unique=False,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
        mssql_where=_OPEN,
    )
