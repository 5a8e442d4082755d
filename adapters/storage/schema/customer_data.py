"""Tables that tell of customers: whom a row is about, and what of it is erased when they are forgotten."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, MetaData, Table

_KEY = "customer data"


def customer_data(table: Table, *erased: Column[Any], kind: str = "") -> None:
    """Let what a table tells of the customer that its column `customer` names be erased with them.

    What was changed of that in the histories of records of a `kind`, whose numbers the rows have, is erased too.
    """
    table.info[_KEY] = (erased, kind)


def customer_tables(metadata: MetaData) -> Mapping[Table, tuple[tuple[Column[Any], ...], str]]:
    """Return the tables that do, with the columns that are erased, and the kind of their records."""
    return {table: table.info[_KEY] for table in metadata.sorted_tables if _KEY in table.info}
