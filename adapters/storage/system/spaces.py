"""Spaces, and their move from one workspace to another."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, Table

from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.statements import Statements
from adapters.storage.schema.tables import (
    NAME,
    channels,
    identities,
    members,
    message_counters,
    spaces,
    workspaces,
)
from adapters.storage.schema.text_forms import storable
from core.chat.request import Platform
from core.shared.errors import NotFoundError
from core.workspaces.model import Space

_BY_ID = sa.select(spaces).where(spaces.c.id == sa.bindparam("the_space"))


def every(db: Statements) -> Sequence[Space]:
    """Return every space."""
    return [_space(row) for row in db.execute(sa.select(spaces).order_by(spaces.c.id))]


def find(db: Statements, platform: Platform, external_id: str) -> Space | None:
    """Return a space by what its platform calls it."""
    wanted = sa.select(spaces).where(spaces.c.platform == platform.value, spaces.c.external_id == external_id)
    row = db.execute(wanted).first()
    return _space(row) if row else None


def new_row(workspace_id: int, platform: Platform, external_id: str, name: str, at: datetime) -> dict[str, Any]:
    """Return the row of a new space."""
    return {
        "workspace_id": workspace_id,
        "platform": platform.value,
        "external_id": external_id,
        "name": storable(name, NAME),
        "created_at": at,
    }


def ensure(db: Statements, dialect: Dialect, row: dict[str, Any]) -> Space:
    """Insert a space unless it is there, and return it."""
    dialect.insert_missing(db, spaces, row)
    found = find(db, Platform(row["platform"]), row["external_id"])
    if found is None:
        raise NotFoundError("space", row["external_id"])
    return found


def get(db: Statements, space_id: int) -> Space | None:
    """Return a space."""
    row = db.execute(_BY_ID, {"the_space": space_id}).first()
    return _space(row) if row else None


def move(db: Statements, space: Space, workspace_id: int) -> bool:
    """Move a space that has no data and leaves none behind; its channels and people are met anew elsewhere.

    The transaction writes to the workspace that it is in; one that has been moved since stays where it is.
    """
    there = db.execute(sa.select(workspaces.c.id).where(workspaces.c.id == workspace_id)).first()
    if get(db, space.id) != space or there is None or _has_data(db, space.workspace_id, space.id):
        return False
    if space.workspace_id != workspace_id and _leaves_data(db, space):
        return False
    if space.workspace_id == workspace_id:
        return True
    own = _channels_of(space.workspace_id, space.id)
    counted, met = message_counters.c, channels.c
    former = space.workspace_id
    db.execute(sa.delete(message_counters).where(counted.workspace_id == former, counted.channel_id.in_(own)))
    db.execute(sa.delete(channels).where(met.workspace_id == former, met.space_id == space.id))
    _forget_people(db, former, space.id)
    db.execute(sa.update(spaces).where(spaces.c.id == space.id).values(workspace_id=workspace_id))
    return True


def _channels_of(workspace_id: int, space_id: int) -> sa.Select[Any]:
    return sa.select(channels.c.id).where(channels.c.workspace_id == workspace_id, channels.c.space_id == space_id)


def holding_data() -> Sequence[Table]:
    """Return the tables whose rows are data of a channel: all that refer to channels, but for the counters of each."""
    from adapters.storage.work.whole_schema import whole_schema

    return [table for table in whole_schema().sorted_tables if table is not message_counters and _is_of_channels(table)]


def _is_of_channels(table: Table) -> bool:
    return any(key.referred_table is channels for key in table.foreign_key_constraints)


def _has_data(db: Statements, workspace_id: int, space_id: int) -> bool:
    own = _channels_of(workspace_id, space_id)
    return any(
        db.execute(
            sa.select(sa.literal_column("1"))
            .select_from(table)
            .where(table.c.workspace_id == workspace_id, table.c.channel_id.in_(own))
            .limit(1)
        ).first()
        for table in holding_data()
    )


def belonging_to_workspaces() -> Sequence[Table]:
    """Return the tables of numbered items that are in no channel."""
    from adapters.storage.work.whole_schema import whole_schema

    keys = {table: [column.name for column in table.primary_key] for table in whole_schema().sorted_tables}
    return [table for table, key in keys.items() if key == ["workspace_id", "number"] and not _is_of_channels(table)]


def _leaves_data(db: Statements, space: Space) -> bool:
    """Tell whether a workspace has something of its own that nobody could get at without that space."""
    others = sa.select(spaces.c.id).where(spaces.c.workspace_id == space.workspace_id, spaces.c.id != space.id)
    if db.execute(others.limit(1)).first():
        return False
    one: sa.Select[Any] = sa.select(sa.literal_column("1")).limit(1)
    tables = belonging_to_workspaces()
    return any(
        db.execute(one.select_from(table).where(table.c.workspace_id == space.workspace_id)).first() for table in tables
    )


def _forget_people(db: Statements, workspace_id: int, space_id: int) -> None:
    """Take a space's identities away, and deactivate the members whom nothing else makes known."""
    gone = sa.and_(identities.c.workspace_id == workspace_id, identities.c.space_id == space_id)
    people = [row.member_id for row in db.execute(sa.select(identities.c.member_id).where(gone))]
    db.execute(sa.delete(identities).where(gone))
    known = sa.select(identities.c.member_id).where(identities.c.workspace_id == workspace_id)
    leave = (
        sa.update(members)
        .where(members.c.workspace_id == workspace_id, members.c.id == sa.bindparam("the_member"))
        .where(members.c.id.not_in(known))
        .values(active=False)
    )
    if people:
        db.execute(leave, [{"the_member": member} for member in people])


def _space(row: Row[Any]) -> Space:
    return Space(row.id, row.workspace_id, Platform(row.platform), row.external_id, row.name)
