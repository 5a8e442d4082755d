"""The table of leases: who may do what, and until when."""

from sqlalchemy import Column, Table

from adapters.storage.schema.column_types import Instant, Words
from adapters.storage.schema.tables import DELIVERY, ID, metadata

leases = Table(
    "leases",
    metadata,
    Column("name", Words(DELIVERY), primary_key=True),
    Column("holder", Words(ID), nullable=False),
    Column("until", Instant, nullable=False),
    sqlite_with_rowid=False,
)
