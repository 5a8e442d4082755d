"""The tables of orders, of what is in them and how they are paid, of terms and of discount codes."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
)

from adapters.storage.schema.column_types import Instant, Long, Money, Words
from adapters.storage.schema.common_columns import filed, index_where, numbered, of_workspace, within
from adapters.storage.schema.customer_data import customer_data
from adapters.storage.schema.own_key import own_key
from adapters.storage.schema.priced import priced
from adapters.storage.schema.tables import metadata
from core.orders.cards import DECLINE_LIMIT, DELIVERY_LIMIT, ID_LIMIT, SCOPE_LIMIT, TITLE_LIMIT
from core.orders.kind import ORDER_KIND
from core.orders.model import CODE_LIMIT, CUSTOMER_LIMIT, REASON_LIMIT, TAX_ID_LIMIT
from core.sales.model import CODE_LIMIT as CODE_LENGTH
from core.stock.model import NAME_LIMIT, SKU_LIMIT

orders = Table(
    "orders",
    metadata,
    *filed(in_channels=False),
    # The channel where it was begun; it belongs to the workspace.
    Column("placed_in", Integer, nullable=False),
    Column("status", Words(16), nullable=False),
    Column("payment", Words(16), nullable=False),
    Column("method", Words(16)),
    # What sales name them by, if they are registered.
    Column("customer", Words(CODE_LENGTH), nullable=False),
    Column("customer_name", Words(CUSTOMER_LIMIT), nullable=False),
    Column("customer_sort", Words(CUSTOMER_LIMIT), nullable=False),
    Column("email", Long, nullable=False),
    Column("address", Long, nullable=False),
    Column("billing", Long, nullable=False),
    Column("currency", Words(3), nullable=False),
    Column("percent", Money, nullable=False),
    Column("code", Words(CODE_LIMIT), nullable=False),
    Column("tax_rate", Money, nullable=False),
    Column("tax_included", Boolean, nullable=False),
    Column("subtotal", Money, nullable=False),
    Column("discount", Money, nullable=False),
    Column("tax", Money, nullable=False),
    Column("shipping", Money, nullable=False),
    Column("total", Money, nullable=False),
    Column("refunded", Money, nullable=False),
    Column("reason", Words(REASON_LIMIT), nullable=False),
    # Until when goods are set aside.
    Column("until", Instant),
    Column("placed_at", Instant),
    Column("paid_at", Instant),
    Column("receipt", Integer, nullable=False),
    # What stands on its receipt.
    Column("seller", Long),
    Column("tax_id", Words(TAX_ID_LIMIT)),
)

order_lines = Table(
    "order_lines",
    metadata,
    of_workspace(),
    # Of the order.
    Column("number", Integer, nullable=False),
    Column("position", SmallInteger, nullable=False),
    # The number of the product, what it went by, and what it was called.
    Column("product", Integer, nullable=False),
    Column("sku", Words(SKU_LIMIT), nullable=False),
    Column("name", Words(NAME_LIMIT), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("price", Money, nullable=False),
    Column("percent", Money),
    Column("amount", Money, nullable=False),
    Column("discount", Money, nullable=False),
    Column("tax", Money, nullable=False),
    Column("gone", Integer, nullable=False),
    Column("cost", Money),
    PrimaryKeyConstraint("workspace_id", "number", "position"),
    ForeignKeyConstraint(["workspace_id", "number"], ["orders.workspace_id", "orders.number"]),
    sqlite_with_rowid=False,
)

order_payments = Table(
    "order_payments",
    metadata,
    of_workspace(),
    # Of the order.
    Column("number", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("method", Words(16), nullable=False),
    Column("currency", Words(3), nullable=False),
    # In the currency's smallest units.
    Column("units", BigInteger, nullable=False),
    Column("refunded", BigInteger, nullable=False),
    Column("status", Words(16), nullable=False),
    # When it came to that, and by whom.
    Column("at", Instant, nullable=False),
    Column("author_id", Integer, nullable=False),
    PrimaryKeyConstraint("workspace_id", "number", "attempt"),
    ForeignKeyConstraint(["workspace_id", "number"], ["orders.workspace_id", "orders.number"]),
    within("author_id", "members"),
    sqlite_with_rowid=False,
)

order_takings = Table(
    "order_takings",
    metadata,
    numbered(),
    of_workspace(),
    # Of the order.
    Column("number", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("method", Words(16), nullable=False),
    Column("currency", Words(3), nullable=False),
    # In the currency's smallest units, below 0 for what was given back.
    Column("units", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["workspace_id", "number", "attempt"],
        ["order_payments.workspace_id", "order_payments.number", "order_payments.attempt"],
    ),
    Index(None, "workspace_id", "at"),
)

order_cards = Table(
    "order_cards",
    metadata,
    of_workspace(),
    # Of the order, and of its payment.
    Column("number", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    # What is asked for, as it was stored before anybody was asked.
    Column("currency", Words(3), nullable=False),
    Column("units", BigInteger, nullable=False),
    Column("scope", Words(SCOPE_LIMIT), nullable=False),
    Column("title", Words(TITLE_LIMIT), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("return_url", Long, nullable=False),
    # By whom, and where.
    Column("author_id", Integer, nullable=False),
    Column("channel_id", Integer, nullable=False),
    # What the other side says of it.
    Column("checkout_id", Words(ID_LIMIT), nullable=False),
    Column("url", Long, nullable=False),
    Column("payment_id", Words(ID_LIMIT), nullable=False),
    Column("decline", Words(DECLINE_LIMIT), nullable=False),
    # When it is to be gone on with.
    Column("look_at", Instant),
    PrimaryKeyConstraint("workspace_id", "number", "attempt"),
    ForeignKeyConstraint(
        ["workspace_id", "number", "attempt"],
        ["order_payments.workspace_id", "order_payments.number", "order_payments.attempt"],
    ),
    within("author_id", "members"),
    sqlite_with_rowid=False,
)

order_card_refunds = Table(
    "order_card_refunds",
    metadata,
    of_workspace(),
    # Of the order and of its payment, and which refund of that it is.
    Column("number", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("refund", Integer, nullable=False),
    Column("currency", Words(3), nullable=False),
    Column("units", BigInteger, nullable=False),
    Column("given", Money, nullable=False),
    Column("author_id", Integer, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("delivery", Words(DELIVERY_LIMIT), nullable=False),
    Column("state", Words(16), nullable=False),
    # When it is to be gone on with.
    Column("look_at", Instant),
    PrimaryKeyConstraint("workspace_id", "number", "attempt", "refund"),
    ForeignKeyConstraint(
        ["workspace_id", "number", "attempt"],
        ["order_cards.workspace_id", "order_cards.number", "order_cards.attempt"],
    ),
    within("author_id", "members"),
    sqlite_with_rowid=False,
)

order_terms = Table(
    "order_terms",
    metadata,
    *filed(in_channels=False),
    Column("tax_rate", Money, nullable=False),
    Column("tax_included", Boolean, nullable=False),
    Column("shipping", Money, nullable=False),
    Column("cash_hours", Integer, nullable=False),
    Column("transfer_days", Integer, nullable=False),
    Column("seller", Long, nullable=False),
    Column("tax_id", Words(TAX_ID_LIMIT), nullable=False),
)

discount_codes = Table(
    "discount_codes",
    metadata,
    *filed(in_channels=False),
    Column("code", Words(CODE_LIMIT), nullable=False),
    Column("percent", Money, nullable=False),
)

CARTS = "status IN ('cart', 'failed') AND removed_at IS NULL"
PLACED = "status NOT IN ('cart', 'failed')"
WAITING = "until IS NOT NULL"
LOOKED_AT = "look_at IS NOT NULL"

_o = orders.c
customer_data(orders, _o.customer_name, _o.customer_sort, _o.email, _o.address, _o.billing, kind=ORDER_KIND.name)
own_key(discount_codes, discount_codes.c.code)
priced(order_terms, order_terms.c.shipping)
index_where(CARTS, "ix_orders_carts", _o.workspace_id, _o.author_id, _o.placed_in)
index_where(WAITING, "ix_orders_until", _o.workspace_id, _o.until, _o.number)
index_where(LOOKED_AT, "ix_order_cards_look_at", order_cards.c.workspace_id, order_cards.c.look_at)
index_where(LOOKED_AT, "ix_order_card_refunds_look_at", order_card_refunds.c.workspace_id, order_card_refunds.c.look_at)
