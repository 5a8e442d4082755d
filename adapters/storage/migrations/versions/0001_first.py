"""The first schema.

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Long, Serial, Words

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _workspaces()
    _actions()
    _audit()
    _codes()
    _counters()
    _deliveries()
    _events()
    _members()
    _operations()
    _outbox()
    _spaces()
    _task_snapshots()
    _undo_entries()
    _channels()
    _identities()
    _installations()
    _files()
    _message_counters()
    _messages()
    _tasks()
    _task_assignees()


def _workspaces() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", Words(200), nullable=False),
        sa.Column("zone", Words(64), nullable=False),
        sa.Column("currency", Words(3), nullable=False),
        sa.Column("locale", Words(64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
        sa.UniqueConstraint("name", name="uq_workspaces_name"),
    )


def _actions() -> None:
    op.create_table(
        "actions",
        sa.Column("set_id", Words(64), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("actions", Long(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_actions_workspaces"),
        sa.PrimaryKeyConstraint("set_id", name="pk_actions"),
    )
    op.create_index("ix_actions_expires_at", "actions", ["expires_at"], unique=False)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("command", Words(64), nullable=False),
        sa.Column("target", Words(200), nullable=False),
        sa.Column("overrode", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_audit_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_workspace_id_id", "audit", ["workspace_id", "id"], unique=False)


def _codes() -> None:
    op.create_table(
        "codes",
        sa.Column("digest", Words(64), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("purpose", Words(16), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_codes_workspaces"),
        sa.PrimaryKeyConstraint("digest", name="pk_codes"),
    )
    op.create_index("ix_codes_expires_at", "codes", ["expires_at"], unique=False)


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", Words(64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_counters_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "name", name="pk_counters"),
        sqlite_with_rowid=False,
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", Words(200), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("kept_at", Instant(), nullable=False),
        sa.Column("reply", Long(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_deliveries_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_kept_at", "deliveries", ["kept_at"], unique=False)


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("kind", Words(64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("payload", Long(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_events_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_workspace_id_at", "events", ["workspace_id", "at"], unique=False)


def _members() -> None:
    op.create_table(
        "members",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", Words(200), nullable=False),
        sa.Column("sort_key", Words(200), nullable=False),
        sa.Column("role", sa.SmallInteger(), nullable=False),
        sa.Column("zone", Words(64), nullable=False),
        sa.Column("locale", Words(64), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_members_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_members_workspace_id_id"),
    )


def _operations() -> None:
    op.create_table(
        "operations",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("command", Words(64), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=False),
        sa.Column("error", Words(64), nullable=False),
        sa.Column("reference", Words(64), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_operations_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_operations"),
    )
    op.create_index(
        "ix_operations_failed",
        "operations",
        ["workspace_id", "id"],
        unique=False,
        sqlite_where=sa.text("error <> ''"),
        postgresql_where=sa.text("error <> ''"),
        mssql_where=sa.text("error <> ''"),
    )
    op.create_index("ix_operations_workspace_id_id", "operations", ["workspace_id", "id"], unique=False)


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("position", Serial, autoincrement=True, nullable=False),
        sa.Column("id", Words(26), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("destination", Words(64), nullable=False),
        sa.Column("post", Long(), nullable=False),
        sa.Column("state", Words(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("external_id", Words(128), nullable=False),
        sa.Column("reason", Words(64), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_outbox_workspaces"),
        sa.PrimaryKeyConstraint("position", name="pk_outbox"),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["due_at", "position"],
        unique=False,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
        mssql_where=sa.text("finished_at IS NULL"),
    )
    op.create_index("ix_outbox_finished_at", "outbox", ["finished_at"], unique=False)
    op.create_index(
        "ix_outbox_lines",
        "outbox",
        ["workspace_id", "destination", "position"],
        unique=False,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
        mssql_where=sa.text("finished_at IS NULL"),
    )


def _spaces() -> None:
    op.create_table(
        "spaces",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("platform", Words(16), nullable=False),
        sa.Column("external_id", Words(64), nullable=False),
        sa.Column("name", Words(200), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_spaces_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_spaces"),
        sa.UniqueConstraint("platform", "external_id", name="uq_spaces_platform_external_id"),
    )
    op.create_index("ix_spaces_workspace_id", "spaces", ["workspace_id"], unique=False)


def _task_snapshots() -> None:
    op.create_table(
        "task_snapshots",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("undo_id", Words(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("task", Long(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_task_snapshots_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "undo_id", "number", name="pk_task_snapshots"),
    )


def _undo_entries() -> None:
    op.create_table(
        "undo_entries",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", Words(26), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("command", Words(64), nullable=False),
        sa.Column("kind", Words(64), nullable=False),
        sa.Column("payload", Long(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_undo_entries_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_undo_entries"),
    )
    op.create_index("ix_undo_entries_expires_at", "undo_entries", ["expires_at"], unique=False)
    op.create_index(
        "ix_undo_entries_workspace_id_author_id_created_at",
        "undo_entries",
        ["workspace_id", "author_id", "created_at"],
        unique=False,
    )


def _channels() -> None:
    op.create_table(
        "channels",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("external_id", Words(128), nullable=False),
        sa.Column("name", Words(200), nullable=False),
        sa.Column("kind", Words(16), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_channels_spaces"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_channels_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_channels"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_channels_workspace_id_id"),
        sa.UniqueConstraint(
            "workspace_id", "space_id", "external_id", name="uq_channels_workspace_id_space_id_external_id"
        ),
        sqlite_autoincrement=True,
    )


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("platform", Words(16), nullable=False),
        sa.Column("space_id", sa.Integer(), nullable=False),
        sa.Column("external_id", Words(64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_identities_spaces"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"], ["members.workspace_id", "members.id"], name="fk_identities_members"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_identities_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "space_id", "platform", "external_id", name="pk_identities"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_identities_workspace_id_member_id", "identities", ["workspace_id", "member_id"], unique=False)


def _installations() -> None:
    op.create_table(
        "installations",
        sa.Column("space_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_token", Long(), nullable=False),
        sa.Column("bot_user_id", Words(64), nullable=False),
        sa.Column("app_id", Words(64), nullable=False),
        sa.Column("scopes", Long(), nullable=False),
        sa.Column("status", Words(16), nullable=False),
        sa.Column("reason", Words(64), nullable=False),
        sa.Column("installed_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_installations_spaces"),
        sa.PrimaryKeyConstraint("space_id", name="pk_installations"),
    )


def _files() -> None:
    op.create_table(
        "files",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", Words(26), nullable=False),
        sa.Column("name", Words(255), nullable=False),
        sa.Column("media_type", Words(127), nullable=False),
        sa.Column("size", Serial, nullable=False),
        sa.Column("sha256", Words(64), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("only_member", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "channel_id"], ["channels.workspace_id", "channels.id"], name="fk_files_channels"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_files_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_files"),
    )
    op.create_index("ix_files_workspace_id_channel_id", "files", ["workspace_id", "channel_id"], unique=False)


def _message_counters() -> None:
    op.create_table(
        "message_counters",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "channel_id"],
            ["channels.workspace_id", "channels.id"],
            name="fk_message_counters_channels",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_message_counters_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", name="pk_message_counters"),
        sqlite_with_rowid=False,
    )


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("only_member", sa.Integer(), nullable=True),
        sa.Column("words", Long(), nullable=False),
        sa.Column("reply", Long(), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=True),
        sa.Column("post_key", Words(200), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "channel_id"], ["channels.workspace_id", "channels.id"], name="fk_messages_channels"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_messages_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", "seq", name="pk_messages"),
        sa.UniqueConstraint("workspace_id", "channel_id", "change", name="uq_messages_workspace_id_channel_id_change"),
    )
    op.create_index(
        "uq_messages_post_key",
        "messages",
        ["workspace_id", "channel_id", "post_key"],
        unique=True,
        sqlite_where=sa.text("post_key IS NOT NULL"),
        postgresql_where=sa.text("post_key IS NOT NULL"),
        mssql_where=sa.text("post_key IS NOT NULL"),
    )


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", Words(500), nullable=False),
        sa.Column("title_sort", Words(500), nullable=False),
        sa.Column("notes", Words(4000), nullable=False),
        sa.Column("status", Words(16), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("due_time", sa.Time(), nullable=True),
        sa.Column("due_zone", Words(64), nullable=True),
        sa.Column("due_fold", sa.SmallInteger(), nullable=False),
        sa.Column("due_sort", Instant(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("origin", Words(500), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("completed_at", Instant(), nullable=True),
        sa.Column("completed_by", sa.Integer(), nullable=True),
        sa.Column("remind_at", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch", Words(26), nullable=True),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["members.workspace_id", "members.id"], name="fk_tasks_members"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "channel_id"], ["channels.workspace_id", "channels.id"], name="fk_tasks_channels"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_tasks_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_tasks"),
    )
    op.create_index(
        "ix_tasks_done",
        "tasks",
        ["workspace_id", "completed_at", "number"],
        unique=False,
        sqlite_where=sa.text("status = 'completed' AND removed_at IS NULL"),
        postgresql_where=sa.text("status = 'completed' AND removed_at IS NULL"),
        mssql_where=sa.text("status = 'completed' AND removed_at IS NULL"),
    )
    op.create_index(
        "ix_tasks_done_channel",
        "tasks",
        ["workspace_id", "channel_id", "completed_at", "number"],
        unique=False,
        sqlite_where=sa.text("status = 'completed' AND removed_at IS NULL"),
        postgresql_where=sa.text("status = 'completed' AND removed_at IS NULL"),
        mssql_where=sa.text("status = 'completed' AND removed_at IS NULL"),
    )
    op.create_index(
        "ix_tasks_imported",
        "tasks",
        ["workspace_id", "batch", "number"],
        unique=False,
        sqlite_where=sa.text("batch IS NOT NULL"),
        postgresql_where=sa.text("batch IS NOT NULL"),
        mssql_where=sa.text("batch IS NOT NULL"),
    )
    op.create_index(
        "ix_tasks_open",
        "tasks",
        ["workspace_id", "due_sort", "priority", "number"],
        unique=False,
        sqlite_where=sa.text("status = 'pending' AND removed_at IS NULL"),
        postgresql_where=sa.text("status = 'pending' AND removed_at IS NULL"),
        mssql_where=sa.text("status = 'pending' AND removed_at IS NULL"),
    )
    op.create_index(
        "ix_tasks_open_channel",
        "tasks",
        ["workspace_id", "channel_id", "due_sort", "priority", "number"],
        unique=False,
        sqlite_where=sa.text("status = 'pending' AND removed_at IS NULL"),
        postgresql_where=sa.text("status = 'pending' AND removed_at IS NULL"),
        mssql_where=sa.text("status = 'pending' AND removed_at IS NULL"),
    )
    op.create_index(
        "ix_tasks_reminders",
        "tasks",
        ["remind_at"],
        unique=False,
        sqlite_where=sa.text("status = 'pending' AND removed_at IS NULL AND remind_at IS NOT NULL"),
        postgresql_where=sa.text("status = 'pending' AND removed_at IS NULL AND remind_at IS NOT NULL"),
        mssql_where=sa.text("status = 'pending' AND removed_at IS NULL AND remind_at IS NOT NULL"),
    )


def _task_assignees() -> None:
    op.create_table(
        "task_assignees",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"], ["members.workspace_id", "members.id"], name="fk_task_assignees_members"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "number"], ["tasks.workspace_id", "tasks.number"], name="fk_task_assignees_tasks"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_task_assignees_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "number", "member_id", name="pk_task_assignees"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_task_assignees_workspace_id_member_id_number",
        "task_assignees",
        ["workspace_id", "member_id", "number"],
        unique=False,
    )
