"""The console's channels: public ones such as #general, and for each person a direct channel with the bot."""

import re
import unicodedata
from collections.abc import Sequence

from adapters.platforms.web import texts
from core.chat.request import ChannelKind, ChannelRef
from core.ports.storage import Storage
from core.shared.clock import Clock
from core.shared.events import Event
from core.workspaces.model import Channel, Space

GENERAL = "general"
MAX_CHANNELS = 200
CHANNEL_MADE = "console.channel_made"
"""The event of a channel that everybody sees."""

_DIRECT_PREFIX = "direct:"
_NAME = re.compile(r"[\w-]{1,40}")


class ChannelNameError(Exception):
    """A channel can't be made under that name; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Rooms:
    """Finds and makes the channels of the console's space."""

    def __init__(self, storage: Storage, space: Space, clock: Clock) -> None:
        self._storage = storage
        self._space = space
        self._clock = clock

    async def visible(self, user: str) -> Sequence[Channel]:
        """Return the channels that a person sees: their direct channel first, then the public ones by name."""
        await self.ensure(GENERAL, GENERAL, ChannelKind.PUBLIC)
        direct = await self.direct(user)
        public = [channel for channel in await self._all() if channel.kind is ChannelKind.PUBLIC]
        public.sort(key=lambda channel: (channel.external_id != GENERAL, channel.name))
        return [direct, *public]

    async def named(self, external_id: str) -> Channel | None:
        """Return a channel by the console's id."""
        return next((channel for channel in await self._all() if channel.external_id == external_id), None)

    async def direct(self, user: str) -> Channel:
        """Return a person's direct channel with the bot."""
        return await self.ensure(direct_id(user), texts.BOT_NAME, ChannelKind.DIRECT)

    async def create(self, name: str) -> Channel:
        """Make a public channel, or return the one of that name; raises `ChannelNameError`."""
        slug = "-".join(unicodedata.normalize("NFKC", name).casefold().lstrip("#").split())
        if not _NAME.fullmatch(slug):
            raise ChannelNameError(texts.CHANNEL_NAME)
        channels = await self._all()
        if len(channels) >= MAX_CHANNELS and all(channel.external_id != slug for channel in channels):
            raise ChannelNameError(texts.CHANNEL_LIMIT)
        return await self.ensure(slug, slug, ChannelKind.PUBLIC)

    async def ensure(self, external_id: str, name: str, kind: ChannelKind) -> Channel:
        """Return a channel, made if it is new."""
        found = await self.named(external_id)
        if found is not None and (found.name, found.kind) == (name, kind):
            return found
        async with self._storage.workspace(self._space.workspace_id).write() as work:
            channel = await work.channels.ensure(self._space.id, external_id, name, kind, self._clock.now())
            if kind is ChannelKind.PUBLIC:
                work.events.record(Event(CHANNEL_MADE, self._clock.now(), channel.id, None, {}))
            await work.commit()
        return channel

    async def _all(self) -> Sequence[Channel]:
        async with self._storage.workspace(self._space.workspace_id).read() as work:
            channels = await work.channels.all()
        return [channel for channel in channels if channel.space_id == self._space.id]


def direct_id(user: str) -> str:
    """Return the console's id of a person's direct channel."""
    return _DIRECT_PREFIX + user


def reference(channel: Channel) -> ChannelRef:
    """Return the channel as requests name it."""
    return ChannelRef(id=channel.external_id, name=channel.name, kind=channel.kind)
