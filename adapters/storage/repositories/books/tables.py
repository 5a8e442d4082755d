"""The table of books."""

from sqlalchemy import Column, Date, Integer, Table

from adapters.storage.schema.column_types import Words
from adapters.storage.schema.common_columns import filed, index_where
from adapters.storage.schema.own_key import own_key
from adapters.storage.schema.tables import metadata
from adapters.storage.schema.text_forms import SORT_LENGTH
from core.books.model import AUTHOR_LIMIT, CODE_LIMIT, GENRE_LIMIT, ISBN_LENGTH, TITLE_LIMIT
from core.books.rules import IDENTITY_LIMIT

WORDS_LIMIT = 1500

books = Table(
    "books",
    metadata,
    *filed(in_channels=False),
    Column("title", Words(TITLE_LIMIT), nullable=False),
    Column("title_sort", Words(SORT_LENGTH), nullable=False),
    Column("author", Words(AUTHOR_LIMIT), nullable=False),
    Column("author_sort", Words(SORT_LENGTH), nullable=False),
    # Title and author, alike for what is the same book.
    Column("identity", Words(IDENTITY_LIMIT), nullable=False),
    Column("year", Integer),
    # From 0 on, with those that nobody knows last.
    Column("year_sort", Integer, nullable=False),
    Column("isbn", Words(ISBN_LENGTH), nullable=False),
    Column("code", Words(CODE_LIMIT), nullable=False),
    Column("code_sort", Words(CODE_LIMIT), nullable=False),
    Column("genre", Words(GENRE_LIMIT), nullable=False),
    Column("genre_sort", Words(GENRE_LIMIT), nullable=False),
    # What it is found by, each word behind a blank.
    Column("words", Words(WORDS_LIMIT), nullable=False),
    # The day in the workspace's zone.
    Column("added_on", Date, nullable=False),
    # The number of the product that it is where it is sold.
    Column("product", Integer),
)

_HERE = "removed_at IS NULL"

_b = books.c
own_key(books, _b.identity)
index_where(_HERE, "ix_books_titles", _b.workspace_id, _b.title_sort, _b.number)
index_where(_HERE, "ix_books_authors", _b.workspace_id, _b.author_sort, _b.title_sort, _b.number)
index_where(_HERE, "ix_books_years", _b.workspace_id, _b.year_sort, _b.title_sort, _b.number)
index_where(_HERE, "ix_books_genres", _b.workspace_id, _b.genre_sort, _b.title_sort, _b.number)
index_where(_HERE, "ix_books_isbns", _b.workspace_id, _b.isbn)
index_where(_HERE, "ix_books_codes", _b.workspace_id, _b.code_sort)
index_where(_HERE, "ix_books_products", _b.workspace_id, _b.product)
