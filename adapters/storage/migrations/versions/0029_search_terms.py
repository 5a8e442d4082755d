"""The terms by which products and books are searched, of those that there are too.

Revision ID: 0029
Revises: 0028
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Words
from core.books.isbn import short_form
from core.shared.terms import is_word, terms_of

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_AT_ONCE = 1000
_TOGETHER, _SEGMENTS = 1024, 128
_PRODUCTS, _BOOKS = 1, 2


def upgrade() -> None:
    terms = op.create_table(
        "search_terms",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("term", Words(40), nullable=False),
        sa.Column("segment", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_search_terms_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "number", "term", name="pk_search_terms"),
        sqlite_with_rowid=False,
    )
    found = ["workspace_id", "kind", "segment", "term", "number"]
    op.create_index("ix_search_terms_found", "search_terms", found, unique=False)
    for name, kind, texts in (
        ("products", _PRODUCTS, ("sku", "name", "tags", "category", "description")),
        ("books", _BOOKS, ("title", "author", "code", "isbn")),
    ):
        for workspace_id in op.get_bind().execute(sa.text("SELECT id FROM workspaces ORDER BY id")).scalars().all():
            _fill(terms, _table(name, texts), workspace_id, kind)


def _table(name: str, texts: Sequence[str]) -> sa.TableClause:
    return sa.table(name, *map(sa.column, ("workspace_id", "number", "removed_at", *texts)))


def _fill(terms: sa.Table, records: sa.TableClause, workspace_id: int, kind: int) -> None:
    """Keep the terms of all records of a workspace, a few at a time, and then the words of all of them."""
    words: set[str] = set()
    for rows in _batches(records, workspace_id):
        found = [(row.number, sorted(_terms(kind, row))) for row in rows]
        words.update(term for _, some in found for term in some if is_word(term))
        _insert(terms, workspace_id, kind, ((number, term) for number, some in found for term in some))
    _insert(terms, workspace_id, kind, ((0, word) for word in sorted(words)))


def _batches(records: sa.TableClause, workspace_id: int) -> Iterator[Sequence[sa.Row[Any]]]:
    last = 0
    c = records.c
    there = sa.select(records).where(c.workspace_id == workspace_id, c.removed_at.is_(None))
    while rows := op.get_bind().execute(there.where(c.number > last).order_by(c.number).limit(_AT_ONCE)).all():
        yield rows
        last = rows[-1].number


def _terms(kind: int, row: sa.Row[Any]) -> Iterable[str]:
    if kind == _PRODUCTS:
        return terms_of((row.sku, row.name, row.tags, row.category, row.description), (row.sku, row.name))
    return terms_of((row.title, row.author, row.code, row.isbn, short_form(row.isbn)), (row.title, row.code))


def _insert(terms: sa.Table, workspace_id: int, kind: int, pairs: Iterable[tuple[int, str]]) -> None:
    same = {"workspace_id": workspace_id, "kind": kind}
    rows = [
        {**same, "number": number, "segment": number // _TOGETHER % _SEGMENTS, "term": term} for number, term in pairs
    ]
    if rows:
        op.get_bind().execute(terms.insert(), rows)
