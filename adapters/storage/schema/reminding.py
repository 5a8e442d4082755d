"""Tables whose rows remind people: at their `remind_at`, and then no more."""

from collections.abc import Sequence
from typing import cast

import sqlalchemy as sa
from sqlalchemy import ColumnElement, MetaData, Table

from adapters.storage.schema.common_columns import index_where
from core.shared.value_objects import value_object

_KEY = "reminding"


@value_object
class _Reminding:
    """Which rows do, and which column tells when what they remind of is."""

    where: str
    moment: str


def reminding(table: Table, where: str, moment: str) -> None:
    """Let those rows of a table of titled items remind people of which `where` holds; `moment` orders them by time."""
    index_where(f"{where} AND remind_at IS NOT NULL", f"ix_{table.name}_reminders", table.c.remind_at)
    table.info[_KEY] = _Reminding(where, moment)


def is_reminding(table: Table) -> ColumnElement[bool]:
    """Return the condition that a row is to remind people at some time, in the words of its index."""
    known = cast("_Reminding", table.info[_KEY])
    return sa.and_(sa.literal_column(known.where), table.c.remind_at.is_not(None))


def may_remind(table: Table) -> ColumnElement[bool]:
    """Return the condition that a row is one of those that remind people, whether it is still to do so or not."""
    return sa.literal_column(cast("_Reminding", table.info[_KEY]).where)


def moment_of(table: Table) -> ColumnElement[object]:
    """Return the column that tells when what a row reminds of is."""
    return table.c[cast("_Reminding", table.info[_KEY]).moment]


def reminding_tables(metadata: MetaData) -> Sequence[Table]:
    """Return the tables whose rows remind people."""
    return [table for table in metadata.sorted_tables if _KEY in table.info]
