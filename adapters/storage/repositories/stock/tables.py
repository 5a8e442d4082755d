"""The tables of products and of the movements of their ledger."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
)

from adapters.storage.schema.column_types import Instant, Long, Money, Words
from adapters.storage.schema.common_columns import filed, index_where, numbered, of_workspace, within
from adapters.storage.schema.own_key import own_key
from adapters.storage.schema.priced import priced
from adapters.storage.schema.tables import WORD, metadata
from core.stock.model import (
    ADDRESS_LIMIT,
    CATEGORY_LIMIT,
    DIMENSIONS_LIMIT,
    LOCATION_LIMIT,
    NAME_LIMIT,
    REASON_LIMIT,
    REFERENCE_LIMIT,
    SKU_LIMIT,
)

WORDS_LIMIT = SKU_LIMIT + 1 + NAME_LIMIT

products = Table(
    "products",
    metadata,
    *filed(in_channels=False),
    Column("sku", Words(SKU_LIMIT), nullable=False),
    # In any case, as it is found.
    Column("sku_sort", Words(SKU_LIMIT), nullable=False),
    Column("name", Words(NAME_LIMIT), nullable=False),
    Column("name_sort", Words(NAME_LIMIT), nullable=False),
    # The SKU and the words of the name, as completion finds them.
    Column("words", Words(WORDS_LIMIT), nullable=False),
    Column("description", Long, nullable=False),
    Column("category", Words(CATEGORY_LIMIT), nullable=False),
    Column("category_sort", Words(CATEGORY_LIMIT), nullable=False),
    Column("tags", Long, nullable=False),
    Column("price", Money),
    Column("cost", Money),
    Column("reorder_level", Integer),
    Column("is_discontinued", Boolean, nullable=False),
    Column("on_order", Integer, nullable=False),
    Column("expected_on", Date),
    Column("weight", Money),
    Column("dimensions", Words(DIMENSIONS_LIMIT), nullable=False),
    # The day in the workspace's zone.
    Column("added_on", Date, nullable=False),
    Column("on_hand", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),
    Column("elsewhere", Integer, nullable=False),
    # How much is missing to the reorder level; none without a level, and of what is discontinued.
    Column("shortfall", Integer),
    # The word of the area that has a record of its own of it.
    Column("source", Words(WORD)),
)

movements = Table(
    "movements",
    metadata,
    numbered(),
    of_workspace(),
    # Of the product.
    Column("number", Integer, nullable=False),
    Column("kind", Words(WORD), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    # The day in the workspace's zone.
    Column("business_date", Date, nullable=False),
    Column("author_id", Integer, nullable=False),
    Column("reason", Words(REASON_LIMIT), nullable=False),
    Column("reference", Words(REFERENCE_LIMIT), nullable=False),
    Column("location", Words(LOCATION_LIMIT), nullable=False),
    Column("price", Money),
    within("author_id", "members"),
    Index(None, "workspace_id", "number", "id"),
)

stock_levels = Table(
    "stock_levels",
    metadata,
    of_workspace(),
    # Of the product.
    Column("number", Integer, nullable=False),
    # Another than the first one.
    Column("location", Words(LOCATION_LIMIT), nullable=False),
    Column("amount", Integer, nullable=False),
    PrimaryKeyConstraint("workspace_id", "number", "location"),
    sqlite_with_rowid=False,
)

alert_places = Table(
    "alert_places",
    metadata,
    *filed(in_channels=False),
    # Empty for all that have no place of their own.
    Column("category", Words(CATEGORY_LIMIT), nullable=False),
    # A channel; none where nothing is told.
    Column("told_in", Integer),
)

categories = Table(
    "categories",
    metadata,
    *filed(in_channels=False),
    Column("name", Words(CATEGORY_LIMIT), nullable=False),
    # What it is called in addresses of pages.
    Column("address", Words(ADDRESS_LIMIT), nullable=False),
    Column("is_active", Boolean, nullable=False),
)

stock_counts = Table(
    "stock_counts",
    metadata,
    *filed(in_channels=False),
    # Empty for all of them.
    Column("category", Words(CATEGORY_LIMIT), nullable=False),
    Column("location", Words(LOCATION_LIMIT), nullable=False),
    # The last entry of the ledger when it began.
    Column("since", BigInteger, nullable=False),
    Column("state", Words(WORD), nullable=False),
)

stock_count_lines = Table(
    "stock_count_lines",
    metadata,
    of_workspace(),
    # Of the stock-take.
    Column("number", Integer, nullable=False),
    # The number of the product.
    Column("product", Integer, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("expected", Integer, nullable=False),
    Column("moved", Integer, nullable=False),
    PrimaryKeyConstraint("workspace_id", "number", "product"),
    ForeignKeyConstraint(["workspace_id", "number"], ["stock_counts.workspace_id", "stock_counts.number"]),
    sqlite_with_rowid=False,
)

OPEN = "state = 'open' AND removed_at IS NULL"
LOW = "removed_at IS NULL AND shortfall >= 0"
_HERE = "removed_at IS NULL"

_p = products.c
own_key(products, _p.sku)
own_key(alert_places, alert_places.c.category)
own_key(categories, categories.c.name)
own_key(categories, categories.c.address)
priced(products, _p.price, _p.cost)
index_where(_HERE, "ix_products_names", _p.workspace_id, _p.name_sort, _p.number)
index_where(_HERE, "ix_products_skus", _p.workspace_id, _p.sku_sort)
index_where(_HERE, "ix_products_categories", _p.workspace_id, _p.category_sort, _p.name_sort, _p.number)
index_where(LOW, "ix_products_low", _p.workspace_id, _p.shortfall, _p.number)
index_where(OPEN, "ix_stock_counts_open", stock_counts.c.workspace_id, stock_counts.c.number)
