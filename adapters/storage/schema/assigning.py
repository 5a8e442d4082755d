"""Tables that say whose the records of an area are besides their author's: a row for each record and each person."""

from collections.abc import Sequence

from sqlalchemy import MetaData, Table

_KEY = "assigning"


def assigning(table: Table) -> None:
    """Let a table of `number` and `member_id` follow its people: where two are joined, and where one is forgotten."""
    table.info[_KEY] = True


def assigning_tables(metadata: MetaData) -> Sequence[Table]:
    """Return the tables that do."""
    return [table for table in metadata.sorted_tables if _KEY in table.info]
