"""The table of customers."""

from sqlalchemy import Column, Integer, Table

from adapters.storage.schema.column_types import Words
from adapters.storage.schema.common_columns import filed, index_where
from adapters.storage.schema.own_key import own_key
from adapters.storage.schema.tables import metadata
from core.customers.model import ADDRESS_LIMIT, LONGEST_USERNAME, USERNAME_FORM_LIMIT
from core.people.model import EMAIL_LIMIT

CODE_LIMIT = 11
WORDS_LIMIT = USERNAME_FORM_LIMIT + 1 + EMAIL_LIMIT

customers = Table(
    "customers",
    metadata,
    *filed(in_channels=False),
    # What sales name them by whatever else they are called: kept, since databases join texts in ways of their own.
    Column("code", Words(CODE_LIMIT), nullable=False),
    Column("username", Words(LONGEST_USERNAME), nullable=False),
    # In any case, as it is found, and nobody else's.
    Column("username_sort", Words(USERNAME_FORM_LIMIT), nullable=False),
    Column("email", Words(EMAIL_LIMIT), nullable=False),
    Column("email_sort", Words(EMAIL_LIMIT), nullable=False),
    # Both, as completion finds them.
    Column("words", Words(WORDS_LIMIT), nullable=False),
    Column("age", Integer, nullable=False),
    Column("address", Words(ADDRESS_LIMIT), nullable=False),
)

_c = customers.c
own_key(customers, _c.username_sort, "username")
own_key(customers, _c.email_sort, "email")
# What pages and completion go by; the keys' own indexes do for the rest.
index_where("removed_at IS NULL", "ix_customers_newest", _c.workspace_id, _c.number)
