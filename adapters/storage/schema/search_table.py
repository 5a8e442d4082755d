"""The table of the terms by which records are searched."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, SmallInteger, Table

from adapters.storage.schema.column_types import Words
from adapters.storage.schema.common_columns import of_workspace
from adapters.storage.schema.tables import metadata
from core.shared.terms import TERM_LIMIT

SEGMENTS = 128
"""Parts of the index by terms: each of them is looked into for each word."""
_TOGETHER = 1024


def segment_of(number: int) -> int:
    """Return the part of the index by terms that has those of a record: the same as its neighbours'."""
    return number // _TOGETHER % SEGMENTS


search_terms = Table(
    "search_terms",
    metadata,
    of_workspace(),
    # Of records: 1 of products, 2 of books.
    Column("kind", SmallInteger, nullable=False),
    # Of the record; 0 for the words of all of them, which stay when a record goes.
    Column("number", Integer, nullable=False),
    Column("term", Words(TERM_LIMIT), nullable=False),
    # Those added together share one, and so few pages of the index; see `segment_of`. It stands behind the key: SQLite
    # (3.40) takes a table without row ids for damaged where another column stands between those of its key.
    Column("segment", SmallInteger, nullable=False),
    PrimaryKeyConstraint("workspace_id", "kind", "number", "term"),
    Index("ix_search_terms_found", "workspace_id", "kind", "segment", "term", "number"),
    sqlite_with_rowid=False,
)
