"""What is said to the app: a mention at the beginning of a message, or a direct message.

Discord tells an app of every message where it is, but of what it says only those that name the app, and direct ones.
"""

import re
from collections.abc import Mapping
from typing import Any

import discord

from adapters.platforms.discord.events import Event, Kind
from adapters.platforms.discord.places import place_of

_KINDS = (discord.MessageType.default, discord.MessageType.reply)
_MENTION = re.compile(r"^\s*<@!?(\d{1,20})>")
_BEFORE_COMMAND = re.compile(r"^[\s:,]*")


def may_be_heard(data: Mapping[str, Any], bot: str) -> bool:
    """Tell by a quick look at what the gateway sent whether a message may be for the app; few are."""
    if data.get("webhook_id") or (data.get("author") or {}).get("bot"):
        return False
    is_named = any(str(user.get("id")) == bot for user in data.get("mentions") or ())
    return "guild_id" not in data or is_named or bool(data.get("mention_roles"))


def heard(message: discord.Message, bot: str, at: float) -> Event | None:
    """Return what a person said to the app; None for what bots, the system or nobody in particular said.

    `at` is when it arrived, in seconds of the loop's clock.
    """
    author, guild = message.author, message.guild
    if author.bot or message.webhook_id or message.type not in _KINDS:
        return None
    is_direct = isinstance(message.channel, discord.DMChannel)
    said = addressed(message.content, bot, is_direct=is_direct)
    names_role = said is None and _names_role(message)
    if (said is None and not names_role) or (guild is None and not is_direct):
        return None
    allowed = author.guild_permissions if isinstance(author, discord.Member) else discord.Permissions.none()
    return Event(
        id=str(message.id),
        kind=Kind.MESSAGE,
        token="",
        application=bot,
        guild=str(guild.id) if guild else "",
        channel=place_of(guild, message.channel, str(message.channel.id)),
        user=str(author.id),
        name=author.display_name,
        locale="",
        is_admin=allowed.administrator or allowed.manage_guild,
        at=at,
        data={
            "content": said or "",
            "attachments": [file.to_dict() for file in message.attachments],
            "names_role": names_role,
            "resolved": _resolved(message),
        },
        file_limit=guild.filesize_limit if guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES,
    )


def _resolved(message: discord.Message) -> Mapping[str, Any]:
    """Return the members of the server whom a message names, as interactions tell of them."""
    named = [one for one in message.mentions if isinstance(one, discord.Member)]
    return {
        "users": {str(one.id): {"global_name": one.global_name, "username": one.name} for one in named},
        "members": {str(one.id): {"nick": one.nick, "permissions": one.guild_permissions.value} for one in named},
    }


def _names_role(message: discord.Message) -> bool:
    """Tell whether somebody chose the app's role instead of the app: Discord then keeps from it what was said."""
    own = message.guild.self_role if message.guild and message.role_mentions and not message.content else None
    return own is not None and own in message.role_mentions


def addressed(content: str, bot: str, *, is_direct: bool) -> str | None:
    """Return the words that are for the app; None where it is not named first. Whom a reply pings is not named."""
    mention = _MENTION.match(content)
    if mention and mention[1] == bot:
        return _BEFORE_COMMAND.sub("", content[mention.end() :]).rstrip()
    return content.strip() if is_direct else None
