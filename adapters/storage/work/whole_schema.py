"""The whole schema: a table is loaded by what uses it, and whoever goes through all of them loads the rest first."""

from sqlalchemy import MetaData

from adapters.storage.schema import (
    alert_table,
    board_table,
    history_tables,
    import_tables,
    job_table,
    lease_table,
    reminder_table,
    schedule_table,
    search_table,
    version_table,
)
from adapters.storage.schema.tables import metadata
from adapters.storage.work.placed import REPOSITORIES, class_of

TABLES = (
    alert_table,
    board_table,
    history_tables,
    import_tables,
    job_table,
    lease_table,
    reminder_table,
    schedule_table,
    search_table,
    version_table,
)
"""The modules with those that areas share; an area's own is where its repository is."""


def whole_schema() -> MetaData:
    """Return the schema with every table of the product, and with those of further areas that are loaded."""
    for repository in REPOSITORIES.values():
        class_of(repository)
    return metadata
