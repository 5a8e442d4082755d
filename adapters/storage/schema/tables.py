"""Every table, once; the migrations bring a database to this state.

Rows that belong to a workspace have `workspace_id`, and what they refer to is found within the same workspace. Text
that is looked up is bounded. Ids that people never see are numbers given by the database, others are texts made by us.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Time,
    UniqueConstraint,
)

from adapters.storage.schema.assigning import assigning
from adapters.storage.schema.column_types import Instant, Long, Serial, Words
from adapters.storage.schema.common_columns import filed, index_where, numbered, of_workspace, within
from adapters.storage.schema.reminding import reminding
from core.dates.recurrence_rules import LONGEST_RULE
from core.people.model import EMAIL_LIMIT, QUIET_LIMIT
from core.tasks.model import NOTES_LIMIT, TITLE_LIMIT

ID, NAME, SPACE_EXTERNAL, EXTERNAL, DELIVERY, ZONE, WORD = 26, 200, 64, 128, 200, 64, 64

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# ---------------------------------------------------------------- whose data

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", Words(NAME), nullable=False, unique=True),
    Column("zone", Words(ZONE), nullable=False),
    Column("currency", Words(3), nullable=False),
    Column("locale", Words(WORD), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("quiet", Words(QUIET_LIMIT)),
)

counters = Table(
    "counters",
    metadata,
    of_workspace(),
    Column("name", Words(WORD), nullable=False),
    Column("value", Integer, nullable=False),
    PrimaryKeyConstraint("workspace_id", "name"),
    sqlite_with_rowid=False,
)

spaces = Table(
    "spaces",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    of_workspace(),
    Column("platform", Words(16), nullable=False),
    Column("external_id", Words(SPACE_EXTERNAL), nullable=False),
    Column("name", Words(NAME), nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("platform", "external_id"),
    Index(None, "workspace_id"),
)

installations = Table(
    "installations",
    metadata,
    Column("space_id", Integer, ForeignKey("spaces.id"), primary_key=True, autoincrement=False),
    Column("sealed_token", Long(), nullable=False),
    Column("bot_user_id", Words(SPACE_EXTERNAL), nullable=False),
    Column("app_id", Words(SPACE_EXTERNAL), nullable=False),
    Column("scopes", Long(), nullable=False),
    Column("status", Words(16), nullable=False),
    Column("reason", Words(WORD), nullable=False),
    Column("installed_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    of_workspace(),
    Column("name", Words(NAME), nullable=False),
    Column("sort_key", Words(NAME), nullable=False),
    Column("role", SmallInteger, nullable=False),
    Column("zone", Words(ZONE), nullable=False),
    Column("locale", Words(WORD), nullable=False),
    Column("active", Boolean, nullable=False),
    # The platform has not told who they are yet.
    Column("provisional", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("email", Words(EMAIL_LIMIT)),
    # Since when the row is nobody's: it stays for what refers to it, and says nothing of the person any more.
    Column("forgotten_at", Instant),
    Column("quiet", Words(QUIET_LIMIT)),
    Column("zone_asked_at", Instant),
    UniqueConstraint("workspace_id", "id"),
    Index(None, "workspace_id", "sort_key"),
)

identities = Table(
    "identities",
    metadata,
    of_workspace(),
    Column("platform", Words(16), nullable=False),
    Column("space_id", Integer, ForeignKey("spaces.id"), nullable=False),
    Column("external_id", Words(SPACE_EXTERNAL), nullable=False),
    Column("member_id", Integer, nullable=False),
    PrimaryKeyConstraint("workspace_id", "space_id", "platform", "external_id"),
    within("member_id", "members"),
    Index(None, "workspace_id", "member_id"),
    sqlite_with_rowid=False,
)

channels = Table(
    "channels",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    of_workspace(),
    Column("space_id", Integer, ForeignKey("spaces.id"), nullable=False),
    Column("external_id", Words(EXTERNAL), nullable=False),
    Column("name", Words(NAME), nullable=False),
    Column("kind", Words(16), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("zone", Words(ZONE)),
    UniqueConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "space_id", "external_id"),
    # A channel's number is not given again after the channel went to another workspace.
    sqlite_autoincrement=True,
)

codes = Table(
    "codes",
    metadata,
    Column("digest", Words(WORD), primary_key=True),
    of_workspace(),
    Column("purpose", Words(16), nullable=False),
    Column("member_id", Integer, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index(None, "expires_at"),
)

# ---------------------------------------------------------------- tasks

tasks = Table(
    "tasks",
    metadata,
    *filed(),
    Column("title", Words(TITLE_LIMIT), nullable=False),
    Column("title_sort", Words(TITLE_LIMIT), nullable=False),
    Column("notes", Words(NOTES_LIMIT), nullable=False),
    Column("status", Words(16), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("due_date", Date),
    Column("due_time", Time),
    Column("due_zone", Words(ZONE)),
    # Which of the two times it is when the clocks go back and an hour comes twice.
    Column("due_fold", SmallInteger, nullable=False),
    # When it is late; far in the future without a due, so that one index orders all.
    Column("due_sort", Instant, nullable=False),
    Column("origin", Words(500), nullable=False),
    Column("completed_at", Instant),
    Column("completed_by", Integer),
    Column("remind_at", Instant),
    Column("batch", Words(ID)),
    # How the task goes on once it is done, as an RRULE; the series it belongs to, and the due that gave it (ISO 8601).
    Column("repeat", Words(LONGEST_RULE)),
    Column("series", Words(ID)),
    Column("planned", Words(NAME)),
)

OPEN = "status = 'pending' AND removed_at IS NULL"
DONE = "status = 'completed' AND removed_at IS NULL"

_t = tasks.c
index_where(OPEN, "ix_tasks_open_channel", _t.workspace_id, _t.channel_id, _t.due_sort, _t.priority, _t.number)
index_where(OPEN, "ix_tasks_open", _t.workspace_id, _t.due_sort, _t.priority, _t.number)
index_where(DONE, "ix_tasks_done_channel", _t.workspace_id, _t.channel_id, _t.completed_at, _t.number)
index_where(DONE, "ix_tasks_done", _t.workspace_id, _t.completed_at, _t.number)
reminding(tasks, OPEN, moment="due_sort")
index_where("batch IS NOT NULL", "ix_tasks_imported", _t.workspace_id, _t.batch, _t.number)

task_assignees = Table(
    "task_assignees",
    metadata,
    of_workspace(),
    Column("number", Integer, nullable=False),
    Column("member_id", Integer, nullable=False),
    Column("position", SmallInteger, nullable=False),
    # Where the task stands among the open ones, and nothing while it is none of them.
    Column("channel_id", Integer),
    Column("due_sort", Instant),
    Column("priority", SmallInteger),
    PrimaryKeyConstraint("workspace_id", "number", "member_id"),
    ForeignKeyConstraint(["workspace_id", "number"], ["tasks.workspace_id", "tasks.number"]),
    within("member_id", "members"),
    Index(None, "workspace_id", "member_id", "number"),
    sqlite_with_rowid=False,
)

assigning(task_assignees)

_a = task_assignees.c
index_where(
    "due_sort IS NOT NULL",
    "ix_task_assignees_open",
    *(_a.workspace_id, _a.member_id, _a.due_sort, _a.priority, _a.number, _a.channel_id, _a.position),
)

# How many tasks there are that are not removed, kept as they change.
task_tallies = Table(
    "task_tallies",
    metadata,
    of_workspace(),
    Column("channel_id", Integer, nullable=False),
    Column("status", Words(16), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("is_due", Boolean, nullable=False),
    Column("amount", Integer, nullable=False),
    PrimaryKeyConstraint("workspace_id", "channel_id", "status", "priority", "is_due"),
    within("channel_id", "channels"),
    sqlite_with_rowid=False,
)

# ---------------------------------------------------------------- messages of the console, files

messages = Table(
    "messages",
    metadata,
    of_workspace(),
    Column("channel_id", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("change", Integer, nullable=False),
    Column("author_id", Integer),
    Column("only_member", Integer),
    Column("words", Long(), nullable=False),
    Column("reply", Long()),
    Column("answers", Integer),
    Column("post_key", Words(DELIVERY)),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    PrimaryKeyConstraint("workspace_id", "channel_id", "seq"),
    within("channel_id", "channels"),
    UniqueConstraint("workspace_id", "channel_id", "change"),
)

_m = messages.c
index_where("post_key IS NOT NULL", "uq_messages_post_key", _m.workspace_id, _m.channel_id, _m.post_key, unique=True)

message_counters = Table(
    "message_counters",
    metadata,
    of_workspace(),
    Column("channel_id", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("change", Integer, nullable=False),
    PrimaryKeyConstraint("workspace_id", "channel_id"),
    within("channel_id", "channels"),
    sqlite_with_rowid=False,
)

files = Table(
    "files",
    metadata,
    of_workspace(),
    Column("id", Words(ID), nullable=False),
    Column("name", Words(255), nullable=False),
    Column("media_type", Words(127), nullable=False),
    Column("size", Serial, nullable=False),
    Column("sha256", Words(64), nullable=False),
    Column("author_id", Integer, nullable=False),
    Column("channel_id", Integer, nullable=False),
    Column("only_member", Integer),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("workspace_id", "id"),
    within("channel_id", "channels"),
    Index(None, "workspace_id", "channel_id"),
)

# ---------------------------------------------------------------- requests: what was answered, pressed, undone

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Words(DELIVERY), primary_key=True),
    of_workspace(),
    Column("kept_at", Instant, nullable=False),
    Column("reply", Long()),
    Index(None, "kept_at"),
)

actions = Table(
    "actions",
    metadata,
    Column("set_id", Words(WORD), primary_key=True),
    of_workspace(),
    Column("channel_id", Integer, nullable=False),
    Column("actions", Long(), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index(None, "expires_at"),
)

undo_entries = Table(
    "undo_entries",
    metadata,
    of_workspace(),
    Column("id", Words(ID), nullable=False),
    Column("author_id", Integer, nullable=False),
    Column("channel_id", Integer, nullable=False),
    Column("command", Words(WORD), nullable=False),
    Column("kind", Words(WORD), nullable=False),
    Column("payload", Long(), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    PrimaryKeyConstraint("workspace_id", "id"),
    Index(None, "workspace_id", "author_id", "created_at"),
    Index(None, "expires_at"),
)

# ---------------------------------------------------------------- what happened, what is to be sent

events = Table(
    "events",
    metadata,
    numbered(),
    of_workspace(),
    Column("kind", Words(WORD), nullable=False),
    Column("at", Instant, nullable=False),
    Column("channel_id", Integer),
    Column("actor_id", Integer),
    Column("payload", Long(), nullable=False),
    Index(None, "workspace_id", "at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("position", Serial, primary_key=True, autoincrement=True),
    Column("id", Words(ID), nullable=False, unique=True),
    of_workspace(),
    Column("destination", Words(WORD), nullable=False),
    Column("post", Long(), nullable=False),
    Column("state", Words(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("external_id", Words(EXTERNAL), nullable=False),
    Column("reason", Words(WORD), nullable=False),
)
_o = outbox.c
index_where("finished_at IS NULL", "ix_outbox_lines", _o.workspace_id, _o.destination, _o.position)
index_where("finished_at IS NULL", "ix_outbox_due", _o.due_at, _o.position)
Index("ix_outbox_finished_at", _o.finished_at)

audit = Table(
    "audit",
    metadata,
    numbered(),
    of_workspace(),
    Column("at", Instant, nullable=False),
    Column("member_id", Integer, nullable=False),
    Column("channel_id", Integer, nullable=False),
    Column("command", Words(WORD), nullable=False),
    Column("target", Words(NAME), nullable=False),
    Column("overrode", Boolean, nullable=False),
    Index(None, "workspace_id", "id"),
)

operations = Table(
    "operations",
    metadata,
    numbered(),
    of_workspace(),
    Column("member_id", Integer),
    Column("command", Words(WORD), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=False),
    Column("error", Words(WORD), nullable=False),
    Column("reference", Words(WORD), nullable=False),
    Index(None, "workspace_id", "id"),
)
index_where("error <> ''", "ix_operations_failed", operations.c.workspace_id, operations.c.id)
