"""What tables are made of: columns, references and indexes that many of them have."""

from typing import Any

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Integer, PrimaryKeyConstraint, text
from sqlalchemy.schema import SchemaItem

from adapters.storage.schema.column_types import Instant, Serial


def of_workspace() -> Column[int]:
    """Return the column that says whose row it is."""
    return Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False)


def numbered() -> Column[int]:
    """Return an id that the database gives."""
    return Column("id", Serial, primary_key=True, autoincrement=True)


def filed(*, in_channels: bool = True) -> tuple[SchemaItem, ...]:
    """Return what every table of numbered items has; `version` grows with every change.

    Items that are not in channels belong to the whole workspace.
    """
    placed = (Column("channel_id", Integer, nullable=False), within("channel_id", "channels")) if in_channels else ()
    return (
        of_workspace(),
        Column("number", Integer, nullable=False),
        *placed,
        Column("author_id", Integer, nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("version", Integer, nullable=False),
        Column("removed_at", Instant),
        PrimaryKeyConstraint("workspace_id", "number"),
        within("author_id", "members"),
    )


def within(column: str, table: str) -> ForeignKeyConstraint:
    """Refer to a row of the same workspace."""
    return ForeignKeyConstraint(["workspace_id", column], [f"{table}.workspace_id", f"{table}.id"])


def index_where(where: str, name: str, *columns: Column[Any], unique: bool = False) -> None:
    """Index only the rows of which `where` holds; a query has to say the same words to be served by it.

    Migrations say so to every database. Here SQLite's word for it is enough: those of the others would load them.
    """
    Index(name, *columns, unique=unique, sqlite_where=text(where))
