"""Where something happened, told from the SDK's objects; what is not surely open to everybody counts as private."""

from typing import Any

import discord

from adapters.platforms.discord.permissions import Overwrite
from core.chat.request import ChannelKind, ChannelRef


def place_of(guild: discord.Guild | None, channel: Any, channel_id: str) -> ChannelRef:
    """Return a channel with the thread in it if in one; without a guild it is a direct conversation."""
    if guild is None:
        return ChannelRef(channel_id, "", ChannelKind.DIRECT)
    if isinstance(channel, discord.Thread):
        if channel.is_private():
            return ChannelRef(channel_id, channel.name, ChannelKind.PRIVATE)
        parent = guild.get_channel(channel.parent_id)
        kind = _kind(guild, parent)
        return ChannelRef(str(channel.parent_id), parent.name if parent else "", kind, channel_id)
    known = guild.get_channel(int(channel_id))
    return ChannelRef(channel_id, str(getattr(channel, "name", "") or ""), _kind(guild, known))


def overwrites_of(channel: "discord.abc.GuildChannel") -> tuple[Overwrite, ...]:
    """Return a channel's overwrites."""
    found = []
    for target, overwrite in channel.overwrites.items():
        allow, deny = overwrite.pair()
        found.append(Overwrite(str(target.id), allow.value, deny.value))
    return tuple(found)


def _kind(guild: discord.Guild, channel: "discord.abc.GuildChannel | None") -> ChannelKind:
    if channel is None or guild.unavailable:
        return ChannelKind.PRIVATE
    everybody: discord.Role | None = guild.default_role
    if everybody is None:
        return ChannelKind.PRIVATE
    return ChannelKind.PUBLIC if channel.permissions_for(everybody).view_channel else ChannelKind.PRIVATE
