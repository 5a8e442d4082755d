"""The table of versions: what the data of a workspace in another table goes by, as it is now."""

from sqlalchemy import Column, PrimaryKeyConstraint, Table

from adapters.storage.schema.column_types import Words
from adapters.storage.schema.common_columns import of_workspace
from adapters.storage.schema.tables import ID, WORD, metadata

data_versions = Table(
    "data_versions",
    metadata,
    of_workspace(),
    # That of the table whose data it is.
    Column("name", Words(WORD), nullable=False),
    # Drawn anew with each change, so that none comes twice: not after one that was rolled back, or undone.
    Column("version", Words(ID), nullable=False),
    PrimaryKeyConstraint("workspace_id", "name"),
    sqlite_with_rowid=False,
)
