"""The tables of what happened to things and what was said about them, by the kind and number of each."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, PrimaryKeyConstraint, SmallInteger, Table

from adapters.storage.schema.column_types import Instant, Long, Words
from adapters.storage.schema.common_columns import index_where, numbered, of_workspace, within
from adapters.storage.schema.tables import ID, WORD, metadata
from core.history.model import COMMENT_LIMIT

KIND = 16

changes = Table(
    "changes",
    metadata,
    numbered(),
    of_workspace(),
    Column("kind", Words(KIND), nullable=False),
    Column("number", Integer, nullable=False),
    # Which of the fields that changed together it is; the entry begins with 0.
    Column("place", SmallInteger, nullable=False),
    # Null once the member was forgotten.
    Column("member_id", Integer),
    Column("at", Instant, nullable=False),
    Column("command", Words(WORD), nullable=False),
    # Empty for how the thing came to be.
    Column("field", Words(WORD), nullable=False),
    # JSON, null for nothing. Where the field holds people, a mark for the person, who can thus be forgotten at once.
    Column("before", Long()),
    Column("after", Long()),
    Column("person_id", Integer),
    within("member_id", "members"),
    ForeignKeyConstraint(
        ["workspace_id", "person_id"], ["members.workspace_id", "members.id"], name="fk_changes_people"
    ),
    Index(None, "workspace_id", "kind", "number", "id"),
)

_c = changes.c
index_where("member_id IS NOT NULL", "ix_changes_members", _c.workspace_id, _c.member_id)
index_where("person_id IS NOT NULL", "ix_changes_people", _c.workspace_id, _c.person_id)

comments = Table(
    "comments",
    metadata,
    of_workspace(),
    Column("id", Words(ID), nullable=False),
    Column("kind", Words(KIND), nullable=False),
    Column("number", Integer, nullable=False),
    # Null once the member was forgotten.
    Column("author_id", Integer),
    Column("text", Words(COMMENT_LIMIT), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("removed_at", Instant),
    PrimaryKeyConstraint("workspace_id", "id"),
    within("author_id", "members"),
    Index(None, "workspace_id", "kind", "number", "id"),
)

_s = comments.c
index_where("author_id IS NOT NULL", "ix_comments_authors", _s.workspace_id, _s.author_id)
