"""Boards of several areas in a channel.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Words

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("workspace_id", sa.Integer()),
    ("channel_id", sa.Integer()),
    ("area", Words(64)),
    ("id", Words(26)),
    ("grouping", Words(16)),
    ("made_by", sa.Integer()),
    ("member_id", sa.Integer()),
    ("message", Words(128)),
    ("retired", Words(1200)),
    ("digest", Words(64)),
    ("is_on", sa.Boolean()),
    ("created_at", Instant()),
)


def upgrade() -> None:
    # There is no board of anything but tasks, and few of them; not every database gives a table another primary key.
    # In the files of SQLite the key comes first: its quick check takes other orders for damage.
    former = sa.table("boards", *(sa.column(name, kind) for name, kind in _COLUMNS if name != "area"))
    boards = [dict(row) for row in op.get_bind().execute(sa.select(former)).mappings()]
    op.drop_table("boards")
    made = op.create_table(
        "boards",
        *(sa.Column(name, kind, nullable=name == "member_id") for name, kind in _COLUMNS),
        sa.ForeignKeyConstraint(
            ["workspace_id", "channel_id"], ["channels.workspace_id", "channels.id"], name="fk_boards_channels"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "made_by"], ["members.workspace_id", "members.id"], name="fk_boards_makers"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"], ["members.workspace_id", "members.id"], name="fk_boards_members"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_boards_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", "area", name="pk_boards"),
        sqlite_with_rowid=False,
    )
    op.bulk_insert(made, [{**board, "area": "task"} for board in boards])
