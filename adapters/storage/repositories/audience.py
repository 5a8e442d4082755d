"""What a reader may see of a kind: what is in the channels that are open to them, and what is their own."""

from enum import Enum, auto
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam, literal_column

from adapters.storage.schema.tables import channels
from adapters.storage.work import scope
from core.chat.request import ChannelKind
from core.workspaces.model import Audience

IN_CHANNEL: ColumnElement[int] = bindparam("in_channel", type_=sa.Integer())
"""The channel that a question is about."""

READER: ColumnElement[int] = bindparam("reader", type_=sa.Integer())
"""Who reads."""

# Numbers of our own, written out: somebody may be in more channels than a statement takes parameters.
_SEEN: ColumnElement[int] = bindparam("seen", expanding=True, literal_execute=True, type_=sa.Integer())
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


def opened(channel: ColumnElement[int], sight: Sight = Sight.EACH) -> ColumnElement[bool]:
    """Return the condition that a channel is open to the reader: a public one, or one that they are known to see."""
    if sight is Sight.CHANNEL:
        here = scope.select(channels, channels.c.kind).where(channels.c.id == IN_CHANNEL)
        return here.scalar_subquery() == _PUBLIC
    public = scope.select(channels, channels.c.id).where(channels.c.kind == _PUBLIC)
    return sa.or_(channel.in_(public), channel.in_(_SEEN))


CLOSED: ColumnElement[bool] = sa.and_(channels.c.kind != _PUBLIC, channels.c.id.not_in(_SEEN))
"""The condition that a channel is closed to the reader."""
