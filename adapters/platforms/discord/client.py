"""Posts that nobody asked for just now, and what the core wants to know of people."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import structlog

from adapters.platforms.discord.answers import MentionsOf
from adapters.platforms.discord.api import DiscordApi, Route
from adapters.platforms.discord.asked import Views
from adapters.platforms.discord.attachments import Packing
from adapters.platforms.discord.controls import Home
from adapters.platforms.discord.guilds import Guilds
from adapters.platforms.discord.messages import Messages
from adapters.platforms.discord.permissions import EMBED_LINKS, READ_HISTORY, SEND_MESSAGES, VIEW_CHANNEL, administers
from adapters.platforms.discord.render import render
from core.chat.reply import Reply
from core.chat.request import UserRef
from core.ports.platform import (
    CHANNEL_GONE,
    MESSAGE_GONE,
    NOT_ALLOWED,
    Destination,
    PostDelayedError,
    PostOutcomeUnknownError,
    PostRejectedError,
)
from core.shared.value_objects import value_object
from core.workspaces.model import Installation, Space

log = structlog.get_logger(__name__)

FILE_BYTES = 10 * 1024 * 1024
_STANDING = {
    "message_not_found": MESSAGE_GONE,
    "channel_not_found": CHANNEL_GONE,
    "missing_access": CHANNEL_GONE,
    "not_installed": CHANNEL_GONE,
    "guild_not_found": CHANNEL_GONE,
    "missing_permissions": NOT_ALLOWED,
}
"""Discord's words for what became of a message that is there, as the port has them."""


@value_object
class DiscordMessenger:
    """Implements `core.ports.platform.Messenger`."""

    api: DiscordApi
    guilds: Guilds
    views: Views
    messages: Messages
    packing: Packing
    mentions: MentionsOf

    @property
    def rest(self) -> float:
        """Return 0: Discord tells with each answer when a channel takes more."""
        return 0.0

    async def post(self, where: Destination, reply: Reply, key: str) -> str:
        """Post once and return `channel:message`; whom the text mentions is notified."""
        guild = where.space.external_id
        self.guilds.require(guild)
        channel = await self._channel(where)
        shown, files = await self.packing.pack(guild, render(reply, Home(guild), self.mentions(guild)), FILE_BYTES)
        try:
            message = await self.messages.post(channel, shown, key, files, notify=True)
        except PostRejectedError as error:
            lacking = self.guilds.missing(guild, where.channel)
            log.warning("discord_post_refused", reason=error.reason, missing_permissions=str(lacking))
            raise
        return f"{channel}:{message}"

    async def find(self, where: Destination, key: str) -> str | None:
        """Return the message posted under that key, if it is among the newest of its channel.

        A person whose conversation can't be opened can't be posted to either: that is a rejection, not a doubt.
        """
        try:
            allowed = (await self.views.of(where.space.external_id)).bot_may(where.channel) if where.channel else None
        except PostRejectedError as error:
            raise PostOutcomeUnknownError from error
        except PostOutcomeUnknownError as error:
            raise PostDelayedError(0.0) from error
        if allowed is not None and not allowed & READ_HISTORY:
            # Discord shows an empty history to those who may not read it.
            raise PostOutcomeUnknownError
        channel = await self._channel(where)
        message = await self.messages.find(channel, key)
        return f"{channel}:{message}" if message else None

    async def complete(self, where: Destination, message: str, reply: Reply) -> None:
        """Return: files come with their message."""

    async def edit(self, where: Destination, message: str, reply: Reply) -> None:
        """Put another reply in place of a message of the app's."""
        guild = where.space.external_id
        channel, _, number = message.partition(":")
        with _standing():
            self.guilds.require(guild)
            # What changes a message brings no files, and so no pictures.
            shown = replace(render(reply, Home(guild), self.mentions(guild)), charts=())
            shown, _files = await self.packing.pack(guild, shown, FILE_BYTES)
            await self.messages.edit(channel, number, shown)

    async def pin(self, where: Destination, message: str) -> None:
        """Pin a message of the app's."""
        channel, _, number = message.partition(":")
        with _standing():
            self.guilds.require(where.space.external_id)
            await self.messages.pin(channel, number)

    async def remove(self, where: Destination, message: str) -> None:
        """Delete a message of the app's."""
        channel, _, number = message.partition(":")
        try:
            with _standing():
                self.guilds.require(where.space.external_id)
                await self.messages.delete(channel, number)
        except PostRejectedError as error:
            if error.reason != MESSAGE_GONE:
                raise

    async def is_in(self, where: Destination) -> bool:
        """Tell whether the app may do in a channel what a board takes; direct conversations it always is in."""
        guild = where.space.external_id
        self.guilds.require(guild)
        allowed = self.guilds.bot_may(guild, where.channel)
        wanted = VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | READ_HISTORY
        return allowed is None or allowed & wanted == wanted

    async def group_members(self, space: Space, group: str) -> Sequence[str]:
        """Return the people who have a role."""
        self.guilds.require(space.external_id)
        return await self.guilds.with_role(space.external_id, group)

    async def private_channels(self, space: Space, user: str) -> frozenset[str]:
        """Return the channels not open to everybody that the person sees, and their conversation with the app."""
        guild = space.external_id
        view, person = await self.views.of(guild), await self.guilds.person(guild, user)
        rights = view.rights
        found = {
            room.id
            for room in view.rooms
            if not rights.is_public(room.overwrites)
            and rights.within(user, person.roles, room.overwrites) & VIEW_CHANNEL
        }
        found.add(await self.messages.direct(user))
        return frozenset(found)

    async def profile(self, space: Space, user: str) -> UserRef:
        """Return what the server says of a person; Discord tells nobody's time zone."""
        guild = space.external_id
        person = await self.guilds.person(guild, user)
        allowed = (await self.views.of(guild)).rights.anywhere(user, person.roles)
        return UserRef(user, person.name, locale=self.guilds.locale(user), is_admin=administers(allowed))

    async def check(self, installation: Installation) -> None:
        """Raise `PostRejectedError` when the token does not work any more, or the app is no longer in the server."""
        self.guilds.require(installation.external_id)
        await self.api.read(Route("GET", "/guilds/{guild}", {"guild": installation.external_id}))

    async def _channel(self, where: Destination) -> str:
        """Return the channel; a conversation that Discord may or may not have opened can be opened again."""
        try:
            return where.thread or where.channel or await self.messages.direct(where.user)
        except PostOutcomeUnknownError as error:
            raise PostDelayedError(0.0) from error


@contextmanager
def _standing() -> Iterator[None]:
    """Name refusals of a change of what is there already as the port does."""
    try:
        yield
    except PostRejectedError as error:
        reason = _STANDING.get(error.reason)
        if reason is None:
            raise
        log.info("discord_standing_message_refused", reason=error.reason)
        raise PostRejectedError(reason) from error
