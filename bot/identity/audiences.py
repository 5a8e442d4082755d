"""What a member may see: private channels are asked of the platforms, kept for a minute, and closed when in doubt."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.identity.directory import Directory
from core.chat.actor import Actor
from core.chat.request import ChannelKind, Platform
from core.people.model import Identity
from core.ports.platform import Messenger
from core.shared.clock import Clock
from core.workspaces.model import Audience, Space

log = structlog.get_logger()

MEMBERSHIP_LIFE = timedelta(seconds=60)
MEMBERSHIP_TIMEOUT = 3.0
"""Seconds that a platform has to say which private channels a person is in; after that: none."""
_MOST_KEPT = 10_000


@dataclass(slots=True)
class Audiences:
    """Answers what an actor may see, here or everywhere."""

    messengers: Mapping[Platform, Messenger]
    clock: Clock
    _kept: dict[tuple[int, str], tuple[datetime, frozenset[str]]] = field(default_factory=dict)

    async def of(
        self, actor: Actor, directory: Directory, spaces: Mapping[int, Space], *, everywhere: bool
    ) -> Audience:
        """Return the audience of an actor; the channel they are speaking in is theirs by being there."""
        here = frozenset({actor.channel_id})
        if not everywhere or not self._has_private(directory):
            return Audience(actor.member_id, here)
        member = directory.members[actor.member_id]
        found = await asyncio.gather(*(self._memberships(identity, spaces) for identity in member.identities))
        inside = {place for places in found for place in places}
        channels = {
            channel.id
            for channel in directory.channels.values()
            if channel.kind is not ChannelKind.PUBLIC and (channel.space_id, channel.external_id) in inside
        }
        return Audience(actor.member_id, here | channels)

    def _has_private(self, directory: Directory) -> bool:
        return any(channel.kind is not ChannelKind.PUBLIC for channel in directory.channels.values())

    async def _memberships(self, identity: Identity, spaces: Mapping[int, Space]) -> set[tuple[int, str]]:
        space, messenger = spaces.get(identity.space_id), self.messengers.get(identity.platform)
        if space is None or messenger is None:
            return set()
        key, now = (identity.space_id, identity.external_id), self.clock.now()
        kept = self._kept.get(key)
        if kept is None or now - kept[0] >= MEMBERSHIP_LIFE:
            try:
                async with asyncio.timeout(MEMBERSHIP_TIMEOUT):
                    channels = await messenger.private_channels(space, identity.external_id)
            except Exception as error:  # whatever a platform or its client does, what is in doubt stays closed
                log.warning("memberships_unavailable", platform=space.platform.value, cause=type(error).__name__)
                return set()
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            kept = self._kept[key] = (now, channels)
        return {(identity.space_id, channel) for channel in kept[1]}
