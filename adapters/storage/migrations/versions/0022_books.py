"""Books.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from adapters.storage.schema.column_types import Instant, Words

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "books",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.Column("title", Words(300), nullable=False),
        sa.Column("title_sort", Words(200), nullable=False),
        sa.Column("author", Words(300), nullable=False),
        sa.Column("author_sort", Words(200), nullable=False),
        sa.Column("identity", Words(400), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("year_sort", sa.Integer(), nullable=False),
        sa.Column("isbn", Words(13), nullable=False),
        sa.Column("code", Words(64), nullable=False),
        sa.Column("code_sort", Words(64), nullable=False),
        sa.Column("genre", Words(100), nullable=False),
        sa.Column("genre_sort", Words(100), nullable=False),
        sa.Column("words", Words(1500), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("product", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "author_id"], ["members.workspace_id", "members.id"], name="fk_books_members"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_books_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_books"),
    )
    _index("uq_books_identity", "identity", unique=True)
    _index("ix_books_titles", "title_sort", "number")
    _index("ix_books_authors", "author_sort", "title_sort", "number")
    _index("ix_books_years", "year_sort", "title_sort", "number")
    _index("ix_books_genres", "genre_sort", "title_sort", "number")
    _index("ix_books_isbns", "isbn")
    _index("ix_books_codes", "code_sort")
    _index("ix_books_products", "product")


def _index(name: str, *columns: str, unique: bool = False) -> None:
    here = sa.text("removed_at IS NULL")
    op.create_index(
        name,
        "books",
        ["workspace_id", *columns],
        unique=unique,
        sqlite_where=here,
        postgresql_where=here,
        mssql_where=here,
    )
