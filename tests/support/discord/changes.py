"""What administrators do in a server: channels go, permissions are given and taken, the app is thrown out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.discord.payloads import guild_create
from tests.support.discord.permissions import Permission
from tests.support.discord.world import Channel, Guild, Role, User

if TYPE_CHECKING:
    from tests.support.discord.platform import DiscordPlatform

NOTHING = Permission(0)


class Changes:
    """Each change takes effect at once, and the sessions hear of it."""

    def __init__(self, platform: DiscordPlatform) -> None:
        self._platform = platform

    def delete_channel(self, channel: Channel) -> None:
        """A channel and all in it are gone."""
        channel.deleted = True
        self._platform.gateway.dispatch("CHANNEL_DELETE", channel.public())
        self._platform.changed()

    def set_permissions(
        self, channel: Channel, target: Role | User, *, allow: Permission = NOTHING, deny: Permission = NOTHING
    ) -> None:
        """What a role or a person may and may not do in a channel, in place of what was set before."""
        channel.set_overwrite(target, allow, deny)
        self._platform.gateway.dispatch("CHANNEL_UPDATE", channel.public())
        self._platform.changed()

    def set_role(self, role: Role, permissions: Permission) -> None:
        """What a role may do in the whole server."""
        role.permissions = permissions
        self._platform.gateway.dispatch("GUILD_ROLE_UPDATE", {"guild_id": role.guild.id, "role": role.public()})
        self._platform.changed()

    def delete_role(self, role: Role) -> None:
        """Nobody has the role any more."""
        role.guild.roles.remove(role)
        for user in role.guild.members:
            if role in user.roles:
                user.roles.remove(role)
        self._platform.gateway.dispatch("GUILD_ROLE_DELETE", {"guild_id": role.guild.id, "role_id": role.id})
        self._platform.changed()

    def give_role(self, user: User, role: Role) -> None:
        """A person gets a role."""
        user.roles.append(role)
        self._member(user, role.guild)

    def take_role(self, user: User, role: Role) -> None:
        """A person loses a role."""
        user.roles.remove(role)
        self._member(user, role.guild)

    def _member(self, user: User, guild: Guild) -> None:
        self._platform.gateway.dispatch("GUILD_MEMBER_UPDATE", user.member(guild) | {"guild_id": guild.id})
        self._platform.changed()

    def leave(self, user: User) -> None:
        """A person leaves the server."""
        user.guild.members.remove(user)
        event = {"guild_id": user.guild.id, "user": user.public()}
        self._platform.gateway.dispatch("GUILD_MEMBER_REMOVE", event)
        self._platform.changed()

    def uninstall(self, guild: Guild) -> None:
        """The app is thrown out of a server."""
        guild.has_bot = False
        self._platform.gateway.dispatch("GUILD_DELETE", {"id": guild.id})
        self._platform.changed()

    def install(self, guild: Guild) -> None:
        """The app is added to a server."""
        guild.has_bot = True
        self._platform.gateway.dispatch("GUILD_CREATE", guild_create(self._platform, guild, with_members=True))
        self._platform.changed()

    def lose_guild(self, guild: Guild) -> None:
        """An outage: the server can't be reached for the time being."""
        self._platform.gateway.dispatch("GUILD_DELETE", {"id": guild.id, "unavailable": True})
