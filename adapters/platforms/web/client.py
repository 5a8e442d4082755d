"""Posts that were not asked for at a page: reminders and the like, put into console channels as messages."""

from collections.abc import Sequence

from adapters.platforms.web import texts
from adapters.platforms.web.rooms import Rooms, direct_id
from core.chat.reply import Reply, Visibility
from core.chat.request import UserRef
from core.chat.text import text
from core.ports.platform import CHANNEL_GONE, MESSAGE_GONE, Destination, PostRejectedError
from core.ports.storage import Storage
from core.shared.clock import Clock
from core.workspaces.model import Channel, Installation, Space


class WebMessenger:
    """The messenger of the console: a post is a row, so its key alone makes it happen once."""

    def __init__(self, storage: Storage, space: Space, clock: Clock) -> None:
        self._storage = storage
        self._space = space
        self._clock = clock
        self._rooms = Rooms(storage, space, clock)

    @property
    def rest(self) -> float:
        """Return 0: the console takes what there is."""
        return 0.0

    async def post(self, where: Destination, reply: Reply, key: str) -> str:
        """Post and return `channel:number`; the same key again returns the first one's."""
        channel = await self._channel(where)
        if channel is None:
            raise PostRejectedError(CHANNEL_GONE)
        async with self._storage.workspace(self._space.workspace_id).write() as work:
            message = await work.messages.post(
                channel.id, author_id=None, reply=reply, key=_key(key), at=self._clock.now()
            )
            await work.commit()
        return f"{message.channel_id}:{message.seq}"

    async def find(self, where: Destination, key: str) -> str | None:
        """Return the message posted under that key, if it was."""
        channel = await self._channel(where)
        if channel is None:
            return None
        async with self._storage.workspace(self._space.workspace_id).read() as work:
            seq = await work.messages.find(channel.id, _key(key))
        return None if seq is None else f"{channel.id}:{seq}"

    async def complete(self, where: Destination, message: str, reply: Reply) -> None:
        """Return: files are part of their message."""

    async def edit(self, where: Destination, message: str, reply: Reply) -> None:
        """Put another reply in place of a message."""
        channel, _, seq = message.partition(":")
        async with self._storage.workspace(self._space.workspace_id).write() as work:
            found = await work.messages.replace(int(channel), int(seq), reply, self._clock.now())
            if found is None:
                raise PostRejectedError(MESSAGE_GONE)
            await work.commit()

    async def pin(self, where: Destination, message: str) -> None:
        """Return: the console has no pins."""

    async def remove(self, where: Destination, message: str) -> None:
        """Leave a word in place of a message: the numbers of a channel's messages have no gaps."""
        try:
            await self.edit(where, message, Reply(text=text(texts.TAKEN_AWAY), visibility=Visibility.CHANNEL))
        except PostRejectedError:
            return

    async def is_in(self, where: Destination) -> bool:
        """Tell that the bot is in every channel of the console."""
        return True

    async def private_channels(self, space: Space, user: str) -> frozenset[str]:
        """Return the person's direct channel: the console has no other private ones."""
        return frozenset({direct_id(user)})

    async def profile(self, space: Space, user: str) -> UserRef:
        """Return what the console knows of a person: only the id; the browser tells the rest with each request."""
        return UserRef(id=user)

    async def group_members(self, space: Space, group: str) -> Sequence[str]:
        """Refuse: the console has no groups."""
        raise PostRejectedError("no_groups")

    async def check(self, installation: Installation) -> None:
        """Return: the console has no credentials that could stop working."""

    async def _channel(self, where: Destination) -> Channel | None:
        if where.user and not where.channel:
            return await self._rooms.direct(where.user)
        return await self._rooms.named(where.channel)


def _key(key: str) -> str:
    return f"outbox:{key}"
