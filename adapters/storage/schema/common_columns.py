"""What tables are made of: columns, references and indexes that many of them have."""

from typing import Any

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Integer, text

from adapters.storage.schema.column_types import Serial


def of_workspace() -> Column[int]:
    """Return the column that says whose row it is."""
    return Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False)


def numbered() -> Column[int]:
    """Return an id that the database gives."""
    return Column("id", Serial, primary_key=True, autoincrement=True)


def within(column: str, table: str) -> ForeignKeyConstraint:
    """Refer to a row of the same workspace."""
    return ForeignKeyConstraint(["workspace_id", column], [f"{table}.workspace_id", f"{table}.id"])


def index_where(where: str, name: str, *columns: Column[Any], unique: bool = False) -> None:
    """Index only the rows of which `where` holds; a query has to say the same words to be served by it."""
    rows = text(where)
    Index(name, *columns, unique=unique, sqlite_where=rows, postgresql_where=rows, mssql_where=rows)
