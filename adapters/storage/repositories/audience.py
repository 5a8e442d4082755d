"""What a reader may see of a kind: what is in the channels that are open to them, and what is their own."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Table, bindparam, literal_column

from adapters.storage.schema.tables import channels
from adapters.storage.work import scope
from core.chat.request import ChannelKind
from core.workspaces.model import Audience

IN_CHANNEL = "in_channel"
"""The parameter that names the channel that a question is about."""

READER: ColumnElement[int] = bindparam("reader", type_=sa.Integer())
"""Who reads."""

_PUBLIC: ColumnElement[str] = literal_column(f"'{ChannelKind.PUBLIC.value}'")


class Sight(Enum):
    """How an audience's limits are put."""

    ALL = auto()
    """No limit: everything, or one channel of which they are known to see all."""
    CHANNEL = auto()
    """One channel: all of it if it is public, which is asked once and not of every item."""
    EACH = auto()
    """Several channels: asked of every item."""


def sight_of(audience: Audience, channel_id: int | None = None) -> Sight:
    """Return how the limits of an audience are put to a question about a channel, or about all of them."""
    if audience.everything or channel_id in audience.channels:
        return Sight.ALL
    return Sight.EACH if channel_id is None else Sight.CHANNEL


def reader_of(audience: Audience) -> dict[str, Any]:
    """Return what the conditions on who reads compare with."""
    return {"reader": audience.member_id, "seen": sorted(audience.channels)}


def visible(table: Table, own: Sequence[ColumnElement[bool]], sight: Sight) -> list[ColumnElement[bool]]:
    """Return the conditions that the reader may see a row: by its channel, as its author, or by what else is `own`."""
    if sight is Sight.ALL:
        return []
    theirs = (table.c.author_id == READER, *own)
    if sight is Sight.CHANNEL:
        here = channels.c.id == bindparam(IN_CHANNEL, type_=sa.Integer())
        kind = scope.select(channels, channels.c.kind).where(here).scalar_subquery()
        return [sa.or_(kind == _PUBLIC, *theirs)]
    public = scope.select(channels, channels.c.id).where(channels.c.kind == _PUBLIC)
    # Numbers of our own, written out: somebody may be in more channels than a statement takes parameters.
    seen = bindparam("seen", expanding=True, literal_execute=True, type_=sa.Integer())
    return [sa.or_(table.c.channel_id.in_(public), table.c.channel_id.in_(seen), *theirs)]
