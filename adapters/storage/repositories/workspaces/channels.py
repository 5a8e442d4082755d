"""The channels of one workspace."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam

from adapters.storage.schema.tables import NAME, ZONE, channels, spaces
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.chat.request import ChannelKind, Platform
from core.shared.errors import NotFoundError
from core.workspaces.model import Channel

_c = channels.c

_ALL = (
    scope.select(channels, *channels.c, spaces.c.platform)
    .join(spaces, (spaces.c.id == _c.space_id) & (spaces.c.workspace_id == _c.workspace_id))
    .order_by(_c.id)
)
_BY_ID = _ALL.where(_c.id == bindparam("the_channel"))
_ONE = _ALL.where(_c.space_id == bindparam("the_space"), _c.external_id == bindparam("the_external"))
_SPACE = scope.select(spaces, spaces.c.id).where(spaces.c.id == bindparam("the_space"))
_CHANGE = scope.update(channels).where(_c.id == bindparam("the_channel"))


class Channels:
    """The repository of channels."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def all(self) -> Sequence[Channel]:
        """Return every known channel."""
        return await self._transaction.run(lambda db: [_channel(row) for row in db.all(_ALL)])

    async def get(self, channel_id: int) -> Channel | None:
        """Return a channel."""
        row = await self._transaction.run(lambda db: db.first(_BY_ID, the_channel=channel_id))
        return None if row is None else _channel(row)

    async def ensure(self, space_id: int, external_id: str, name: str, kind: ChannelKind, at: datetime) -> Channel:
        """Return the channel, made known or brought up to date (name, kind) if needed.

        Raises `NotFoundError` for a space of another workspace.
        """
        said = {"name": name[:NAME], "kind": kind.value}
        made = {**said, "space_id": space_id, "external_id": external_id, "created_at": at}

        def ensure(db: Scoped) -> Channel:
            where = {"the_space": space_id, "the_external": external_id}
            found = db.first(_ONE, **where)
            if found is not None and (found.name, found.kind) == (said["name"], said["kind"]):
                return _channel(found)
            if found is not None:
                db.change(_CHANGE, the_channel=found.id, **said)
            elif db.first(_SPACE, the_space=space_id) is None:
                raise NotFoundError("space", space_id)
            else:
                db.insert_missing(channels, made)
            return _channel(db.first(_ONE, **where))

        return await self._transaction.run(ensure)

    async def set_zone(self, channel_id: int, zone: str) -> None:
        """Change the zone, empty for the workspace's."""
        await self._transaction.run(lambda db: db.change(_CHANGE, the_channel=channel_id, zone=zone[:ZONE] or None))


def _channel(row: Row[Any] | None) -> Channel:
    if row is None:
        raise NotFoundError("channel", "")
    kind = ChannelKind(row.kind)
    return Channel(row.id, row.space_id, Platform(row.platform), row.external_id, row.name, kind, row.zone or "")
