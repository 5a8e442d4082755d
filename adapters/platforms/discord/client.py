"""Posts that nobody asked for just now, and what the core wants to know of people."""

from dataclasses import dataclass

import structlog

from adapters.platforms.discord.answers import MentionsOf
from adapters.platforms.discord.api import DiscordApi, Route
from adapters.platforms.discord.attachments import Packing
from adapters.platforms.discord.guilds import Guilds
from adapters.platforms.discord.messages import Messages
from adapters.platforms.discord.permissions import READ_HISTORY, VIEW_CHANNEL, administers
from adapters.platforms.discord.render import render
from core.chat.reply import Reply
from core.chat.request import UserRef
from core.ports.platform import Destination, PostDelayedError, PostOutcomeUnknownError, PostRejectedError
from core.workspaces.model import Installation, Space

log = structlog.get_logger(__name__)

FILE_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DiscordMessenger:
    """Implements `core.ports.platform.Messenger`."""

    api: DiscordApi
    guilds: Guilds
    messages: Messages
    packing: Packing
    mentions: MentionsOf

    async def post(self, where: Destination, reply: Reply, key: str) -> str:
        """Post once and return `channel:message`; whom the text mentions is notified."""
        guild = where.space.external_id
        self.guilds.require(guild)
        channel = await self._channel(where)
        shown, files = await self.packing.pack(guild, render(reply, guild, self.mentions(guild)), FILE_BYTES)
        try:
            message = await self.messages.post(channel, shown, key, files, notify=True)
        except PostRejectedError as error:
            lacking = self.guilds.missing(guild, where.channel)
            log.warning("discord_post_refused", reason=error.reason, missing_permissions=str(lacking))
            raise
        return f"{channel}:{message}"

    async def find(self, where: Destination, key: str) -> str | None:
        """Return the message posted under that key, if it is among the newest of its channel."""
        allowed = self.guilds.bot_may(where.space.external_id, where.channel)
        if allowed is not None and not allowed & READ_HISTORY:
            # Discord shows an empty history to those who may not read it.
            raise PostOutcomeUnknownError
        try:
            channel = await self._channel(where)
        except (PostRejectedError, PostDelayedError) as error:
            raise PostOutcomeUnknownError from error
        message = await self.messages.find(channel, key)
        return f"{channel}:{message}" if message else None

    async def private_channels(self, space: Space, user: str) -> frozenset[str]:
        """Return the channels not open to everybody that the person sees, and their conversation with the app."""
        guild = space.external_id
        rights, person = self.guilds.rights(guild), await self.guilds.person(guild, user)
        found = {
            room.id
            for room in self.guilds.known.rooms(guild)
            if not rights.is_public(room.overwrites)
            and rights.within(user, person.roles, room.overwrites) & VIEW_CHANNEL
        }
        found.add(await self.messages.direct(user))
        return frozenset(found)

    async def profile(self, space: Space, user: str) -> UserRef:
        """Return what the server says of a person; Discord tells nobody's time zone."""
        guild = space.external_id
        person = await self.guilds.person(guild, user)
        allowed = self.guilds.rights(guild).anywhere(user, person.roles)
        return UserRef(user, person.name, locale=self.guilds.locale(user), is_admin=administers(allowed))

    async def check(self, installation: Installation) -> None:
        """Raise `PostRejectedError` when the token does not work any more, or the app is no longer in the server."""
        self.guilds.require(installation.external_id)
        await self.api.read(Route("GET", "/guilds/{guild}", {"guild": installation.external_id}))

    async def _channel(self, where: Destination) -> str:
        return where.thread or where.channel or await self.messages.direct(where.user)
