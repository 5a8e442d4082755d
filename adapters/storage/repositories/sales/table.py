"""The table of what was sold."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, MetaData, PrimaryKeyConstraint, Table

from adapters.storage.schema.column_types import Instant, Money, StoredDay, StoredInstant, Words
from adapters.storage.schema.common_columns import index_where, numbered, of_workspace
from adapters.storage.schema.customer_data import customer_data
from adapters.storage.schema.tables import ID, WORD, metadata
from core.sales.model import CODE_LIMIT, COUNTRY_LIMIT, DIGEST_LENGTH, NAME_LIMIT, REFERENCE_LIMIT, SOURCE_LIMIT

MONEY = ("quantity", "price", "discount", "tax", "amount")

sale_lines = Table(
    "sale_lines",
    metadata,
    numbered(),
    of_workspace(),
    # The day in the workspace's zone.
    Column("business_date", Date, nullable=False),
    Column("sold_at", Instant),
    Column("product", Words(CODE_LIMIT), nullable=False),
    Column("product_name", Words(NAME_LIMIT), nullable=False),
    Column("customer", Words(CODE_LIMIT), nullable=False),
    Column("customer_name", Words(NAME_LIMIT), nullable=False),
    Column("country", Words(COUNTRY_LIMIT), nullable=False),
    Column("quantity", Money, nullable=False),
    Column("price", Money, nullable=False),
    Column("discount", Money, nullable=False),
    Column("tax", Money, nullable=False),
    Column("amount", Money, nullable=False),
    Column("currency", Words(3), nullable=False),
    Column("source", Words(SOURCE_LIMIT), nullable=False),
    Column("reference", Words(REFERENCE_LIMIT), nullable=False),
    Column("batch", Words(ID), nullable=False),
    # Equal lines have the same, which begins with their day; empty for lines that may be as equal as they like.
    Column("digest", Words(DIGEST_LENGTH), nullable=False),
    # What the goods had cost, and whether the amount has the tax in it, where that is known.
    Column("cost", Money),
    Column("tax_included", Boolean),
    Index(None, "workspace_id", "business_date"),
)

sale_headings = Table(
    "sale_headings",
    metadata,
    of_workspace(),
    # What a column is called in files of the workspace, and which one that is.
    Column("heading", Words(NAME_LIMIT), nullable=False),
    Column("name", Words(WORD), nullable=False),
    PrimaryKeyConstraint("workspace_id", "heading"),
    sqlite_with_rowid=False,
)

_STORED = {"business_date": StoredDay, "sold_at": StoredInstant, **dict.fromkeys((*MONEY, "cost"), BigInteger)}

stored_lines = Table(
    "sale_lines",
    MetaData(),
    *(
        Column(column.name, _STORED.get(column.name, column.type))
        for column in sale_lines.columns
        if column.name != "id"
    ),
)
"""The same table for lines that come as they are stored: as `StoredLine` says."""

_s = sale_lines.c
customer_data(sale_lines, _s.customer_name)
index_where("digest <> ''", "ix_sale_lines_digests", _s.workspace_id, _s.digest)
