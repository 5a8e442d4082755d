"""Tables with prices in the currency of their workspace, which can't change once there is one."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, MetaData, Table

_KEY = "priced"


def priced(table: Table, *columns: Column[Any]) -> None:
    """Let these columns of a table hold amounts in the currency of the workspace."""
    table.info[_KEY] = columns


def priced_columns(metadata: MetaData) -> Mapping[Table, Sequence[Column[Any]]]:
    """Return the tables that have such, with the columns."""
    return {table: table.info[_KEY] for table in metadata.sorted_tables if _KEY in table.info}
