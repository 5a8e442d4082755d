"""The Discord world: servers, people, roles, channels, files, and the app installed in them."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.support.discord.clock import PlatformClock
from tests.support.discord.messages import Json, Message, View
from tests.support.discord.permissions import ALL, BOT, DIRECT, EVERYONE, Overwrite, Permission, resolve

Kind = Literal["text", "private", "im", "thread"]
TYPES: dict[Kind, int] = {"text": 0, "private": 0, "im": 1, "thread": 11}
LEAST_FILE_BYTES = 10 * 1024 * 1024


@dataclass(eq=False)
class Role:
    """A role in a server; `bot_id` is whose own it is, if it came with a bot."""

    id: str
    guild: Guild
    name: str
    permissions: Permission = field(default_factory=lambda: Permission(0))
    position: int = 1
    bot_id: str = ""

    @property
    def mention(self) -> str:
        """How text names it."""
        return f"<@&{self.id}>"

    def public(self) -> Json:
        """The role object."""
        colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        data: Json = {
            "id": self.id, "name": self.name, "color": 0, "colors": colors, "hoist": False, "icon": None,
            "unicode_emoji": None, "position": self.position, "permissions": str(int(self.permissions)),
            "managed": bool(self.bot_id), "mentionable": False, "flags": 0,
        }  # fmt: skip
        return data | ({"tags": {"bot_id": self.bot_id}} if self.bot_id else {})


@dataclass(eq=False)
class User:
    """A person or a bot. `takes_messages` is whether they accept direct messages from the app."""

    id: str
    guild: Guild
    name: str
    real_name: str
    is_bot: bool = False
    takes_messages: bool = True
    locale: str = "en-US"
    roles: list[Role] = field(default_factory=list)
    nick: str | None = None
    is_gone: bool = False

    @property
    def mention(self) -> str:
        """How text names them."""
        return f"<@{self.id}>"

    def public(self) -> Json:
        """The user object."""
        data: Json = {
            "id": self.id, "username": self.name, "discriminator": "0001" if self.is_bot else "0",
            "global_name": None if self.is_bot else self.real_name, "avatar": None,
            "public_flags": 0, "avatar_decoration_data": None, "primary_guild": None, "clan": None,
        }  # fmt: skip
        return data | ({"bot": True} if self.is_bot else {})

    def member(self, guild: Guild | None = None, *, partial: bool = False) -> Json:
        """The member object; a partial one lacks the user, as in resolved data."""
        place = guild or self.guild
        data: Json = {
            "nick": self.nick, "avatar": None, "banner": None,
            "roles": [role.id for role in self.roles if role.guild is place],
            "joined_at": "2026-01-05T08:00:00+00:00", "premium_since": None, "pending": False, "flags": 0,
            "communication_disabled_until": None,
        }  # fmt: skip
        return data if partial else data | {"user": self.public(), "deaf": False, "mute": False}


@dataclass(eq=False)
class Channel:
    """A channel, a thread or a direct conversation, and all that was said in it."""

    id: str
    guild: Guild
    name: str
    kind: Kind
    members: list[User]
    parent: Channel | None = None
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    ephemerals: list[Message] = field(default_factory=list)
    pinned: list[str] = field(default_factory=list)
    is_archived: bool = False
    deleted: bool = False

    @property
    def type(self) -> int:
        """Discord's number for the kind."""
        return TYPES[self.kind]

    @property
    def mention(self) -> str:
        """How text names it."""
        return f"<#{self.id}>"

    def find(self, message_id: str, *, ephemeral: bool = False) -> Message | None:
        """The message with that id unless deleted; ephemeral ones only on request."""
        pool = [*self.messages, *(self.ephemerals if ephemeral else ())]
        return next((m for m in pool if m.id == message_id and not m.deleted), None)

    def allowed(self, user: User) -> Permission:
        """What `user` may do here."""
        if self.kind == "im":
            return DIRECT if user in self.members else Permission(0)
        if self.parent is not None:
            return self.parent.allowed(user)
        base = self.guild.allowed(user)
        return resolve(
            base, self.overwrites.values(), everyone=self.guild.id, roles=[r.id for r in user.roles], member=user.id
        )

    def set_overwrite(self, target: Role | User, allow: Permission, deny: Permission) -> None:
        """Allow and deny a role or a member something here."""
        kind = 0 if isinstance(target, Role) else 1
        self.overwrites[target.id] = Overwrite(target.id, kind, allow, deny)

    def public(self) -> Json:
        """The channel object."""
        last = self.messages[-1].id if self.messages else None
        if self.kind == "im":
            people = [user.public() for user in self.members if not user.is_bot]
            return {"id": self.id, "type": 1, "last_message_id": last, "flags": 0, "recipients": people}
        data: Json = {
            "id": self.id, "type": self.type, "guild_id": self.guild.id, "name": self.name, "last_message_id": last,
            "rate_limit_per_user": 0, "flags": 0, "parent_id": self.parent.id if self.parent else None,
        }  # fmt: skip
        if self.kind == "thread":
            owner = self.members[0].id if self.members else self.guild.owner_id
            when = "2026-01-05T08:00:00+00:00"
            metadata = {"archived": self.is_archived, "auto_archive_duration": 1440, "archive_timestamp": when}
            metadata |= {"locked": False}
            count = len(self.messages)
            return data | {
                "owner_id": owner, "thread_metadata": metadata, "message_count": count, "member_count": 1,
                "total_message_sent": count,
            }  # fmt: skip
        overwrites = [overwrite.public() for overwrite in self.overwrites.values()]
        return data | {
            "topic": None, "nsfw": False, "position": 0, "permission_overwrites": overwrites,
            "default_auto_archive_duration": 1440,
        }  # fmt: skip


@dataclass(eq=False)
class Guild:
    """A server. Its id is also the id of its `@everyone` role."""

    id: str
    name: str
    owner_id: str = "0"
    locale: str = "en-US"
    roles: list[Role] = field(default_factory=list)
    members: list[User] = field(default_factory=list)
    has_bot: bool = True

    @property
    def everyone(self) -> Role:
        """The role that everybody has."""
        return self.roles[0]

    def allowed(self, user: User) -> Permission:
        """What `user` may do anywhere in the server."""
        if user.id == self.owner_id:
            return ALL
        base = self.everyone.permissions
        for role in user.roles:
            if role.guild is self:
                base |= role.permissions
        return ALL if base & Permission.ADMINISTRATOR else base

    def public(self) -> Json:
        """The guild object of the HTTP API."""
        return {
            "id": self.id, "name": self.name, "icon": None, "splash": None, "discovery_splash": None,
            "owner_id": self.owner_id, "afk_channel_id": None, "afk_timeout": 300, "verification_level": 0,
            "default_message_notifications": 1, "explicit_content_filter": 0, "features": [], "mfa_level": 0,
            "roles": [role.public() for role in self.roles], "emojis": [], "stickers": [], "application_id": None,
            "system_channel_id": None, "system_channel_flags": 0, "rules_channel_id": None, "vanity_url_code": None,
            "description": None, "banner": None, "premium_tier": 0, "preferred_locale": self.locale, "nsfw_level": 0,
            "public_updates_channel_id": None, "premium_progress_bar_enabled": False, "max_members": 500_000,
        }  # fmt: skip


@dataclass(eq=False)
class StoredFile:
    """A file on the CDN. `is_ephemeral` ones come from commands and modals, not from messages."""

    id: str
    owner: User
    name: str
    content: bytes
    description: str | None = None
    is_ephemeral: bool = False

    @property
    def mimetype(self) -> str:
        """The type Discord would guess from the name."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def public(self, base_url: str) -> Json:
        """The attachment object; its addresses lie on the platform and are signed, as Discord's are."""
        folder = "ephemeral-attachments" if self.is_ephemeral else "attachments"
        url = f"{base_url}/{folder}/{self.owner.id}/{self.id}/{self.name}?ex=1&is=1&hm={self.id}"
        data: Json = {
            "id": self.id, "filename": self.name, "size": len(self.content), "url": url, "proxy_url": url,
            "content_type": self.mimetype, "flags": 0,
        }  # fmt: skip
        if self.description is not None:
            data["description"] = self.description
        return data | ({"ephemeral": True} if self.is_ephemeral else {})


class World:
    """Everything there is; made by the helpers below, read by everybody. `announce` tells the gateway of it."""

    def __init__(
        self, clock: PlatformClock, app_id: str, announce: Callable[[str, Json], None] = lambda _name, _data: None
    ) -> None:
        self.clock = clock
        self.announce = announce
        self.app_id = app_id
        self.guilds: dict[str, Guild] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, StoredFile] = {}
        self.views: list[View] = []
        self.home = self._founded("Acme")
        # The app's bot user has the application's id, as with every app made since 2016.
        self.bot = User(app_id, self.home, "quartermaster", "Quartermaster", is_bot=True)
        self.users[app_id] = self.bot
        self._admit(self.home)

    def guild(self, name: str = "Acme") -> Guild:
        """A new server; the app is in it, in a role of its own."""
        guild = self._founded(name)
        self._admit(guild)
        return guild

    def _founded(self, name: str) -> Guild:
        guild = Guild(self.clock.snowflake(), name)
        guild.roles.append(Role(guild.id, guild, "@everyone", EVERYONE, 0))
        self.guilds[guild.id] = guild
        return guild

    def _admit(self, guild: Guild) -> None:
        """Let the app in."""
        role = self.role("quartermaster", BOT, guild)
        role.bot_id = self.bot.id
        self.bot.roles.append(role)
        guild.members.append(self.bot)

    def role(self, name: str, permissions: Permission | None = None, guild: Guild | None = None) -> Role:
        """A new role; nobody has it yet."""
        place = guild or self.home
        role = Role(self.clock.snowflake(), place, name, permissions or Permission(0), len(place.roles))
        place.roles.append(role)
        self.announce("GUILD_ROLE_CREATE", {"guild_id": place.id, "role": role.public()})
        return role

    def user(
        self, name: str, guild: Guild | None = None, *, is_admin: bool = False, is_owner: bool = False, **more: Any
    ) -> User:
        """A new person, by default in the first server; `more` sets locale, nick, takes_messages."""
        place = guild or self.home
        user = User(self.clock.snowflake(), place, name, more.pop("real_name", name), **more)
        self.users[user.id] = user
        place.members.append(user)
        if is_owner:
            place.owner_id = user.id
        if is_admin:
            admins = next((role for role in place.roles if role.name == "admins"), None)
            user.roles.append(admins or self.role("admins", Permission.ADMINISTRATOR, place))
        self.announce("GUILD_MEMBER_ADD", user.member(place) | {"guild_id": place.id})
        return user

    def channel(self, name: str, members: list[User], *, private: bool = False, with_bot: bool = True) -> Channel:
        """A new text channel; a private one is for `members`; without the bot, the bot can't see it."""
        guild = members[0].guild if members else self.home
        channel = Channel(self.clock.snowflake(), guild, name, "private" if private else "text", list(members))
        nothing, view = Permission(0), Permission.VIEW_CHANNEL
        if private:
            channel.set_overwrite(guild.everyone, nothing, view)
            for user in [*members, *([self.bot] if with_bot else ())]:
                channel.set_overwrite(user, view, nothing)
        elif not with_bot:
            channel.set_overwrite(self.bot, nothing, view)
        if with_bot:
            channel.members.append(self.bot)
        self.channels[channel.id] = channel
        if channel.allowed(self.bot) & view:
            self.announce("CHANNEL_CREATE", channel.public())
        return channel

    def direct(self, user: User) -> Channel:
        """The direct conversation of a person with the app, opened at need."""
        for channel in self.channels.values():
            if channel.kind == "im" and user in channel.members:
                return channel
        channel = Channel(self.clock.snowflake(), user.guild, "", "im", [user, self.bot])
        self.channels[channel.id] = channel
        return channel

    def thread(self, parent: Channel, name: str, by: User, from_message: str | None = None) -> Channel:
        """A new thread; one started from a message has that message's id."""
        thread = Channel(from_message or self.clock.snowflake(), parent.guild, name, "thread", [by], parent)
        self.channels[thread.id] = thread
        return thread

    def file(self, owner: User, name: str, content: bytes, *, is_ephemeral: bool = False) -> StoredFile:
        """A file on the CDN."""
        stored = StoredFile(self.clock.snowflake(), owner, name, content, is_ephemeral=is_ephemeral)
        self.files[stored.id] = stored
        return stored
