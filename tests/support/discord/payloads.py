"""What Discord sends to an app, as its documentation shows it and discord.py reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tests.support.discord.messages import (
    CHECKBOX,
    FILE_UPLOAD,
    LABEL,
    RADIO_GROUP,
    TEXT_DISPLAY,
    TEXT_INPUT,
    Control,
    Json,
    Message,
    View,
)
from tests.support.discord.permissions import Permission
from tests.support.discord.world import Channel, Guild, Role, StoredFile, User

if TYPE_CHECKING:
    from tests.support.discord.interactions import Interaction
    from tests.support.discord.platform import DiscordPlatform

Entity = User | Role | Channel | StoredFile | Message


def ready(platform: DiscordPlatform, session_id: str, guilds: Iterable[Guild]) -> Json:
    """`READY`: who the app is and which guilds follow."""
    me = {**platform.world.bot.public(), "verified": True, "mfa_enabled": False, "email": None}
    return {
        "v": 10, "user": me, "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
        "session_id": session_id, "resume_gateway_url": platform.gateway_url, "private_channels": [],
        "application": {"id": platform.app.id, "flags": 0}, "session_type": "normal", "_trace": [],
    }  # fmt: skip


def guild_create(platform: DiscordPlatform, guild: Guild, *, with_members: bool) -> Json:
    """`GUILD_CREATE`: the guild with its channels and threads; without the intent, no member but the app itself."""
    bot = platform.world.bot
    seen = [one for one in platform.world.channels.values() if one.guild is guild and not one.deleted]
    seen = [one for one in seen if one.allowed(bot) & Permission.VIEW_CHANNEL]
    return guild.public() | {
        "joined_at": "2026-01-05T08:00:00+00:00", "large": False, "unavailable": False,
        "member_count": len(guild.members), "voice_states": [], "presences": [], "stage_instances": [],
        "guild_scheduled_events": [], "soundboard_sounds": [],
        "members": [user.member(guild) for user in guild.members if with_members or user is bot],
        "channels": [one.public() for one in seen if one.kind in ("text", "private")],
        "threads": [one.public() for one in seen if one.kind == "thread" and not one.is_archived],
    }  # fmt: skip


def message(platform: DiscordPlatform, found: Message) -> Json:
    """The data of `MESSAGE_CREATE` and `MESSAGE_UPDATE`, with all that the message says."""
    if found.channel.kind == "im":
        return found.data
    author = platform.world.users[found.data["author"]["id"]]
    member = {} if "webhook_id" in found.data else {"member": author.member(found.channel.guild, partial=True)}
    guild, users = found.channel.guild, platform.world.users
    named = [
        one | ({"member": users[one["id"]].member(guild, partial=True)} if users[one["id"]] in guild.members else {})
        for one in found.data["mentions"]
    ]
    return found.data | {"guild_id": guild.id, "mentions": named} | member


# ---------------------------------------------------------------- interactions


def interaction(found: Interaction, data: Json) -> Json:
    """What all interactions share, around their data."""
    platform, channel, user = found.platform, found.channel, found.user
    is_direct = channel.kind == "im"
    payload: Json = {
        "id": found.id, "application_id": platform.app.id, "type": found.kind, "token": found.token, "version": 1,
        "channel_id": channel.id, "channel": partial_channel(channel, user), "data": data, "locale": user.locale,
        "entitlements": [], "entitlement_sku_ids": [], "context": 1 if is_direct else 0,
        "app_permissions": str(int(channel.allowed(platform.world.bot))),
        "authorizing_integration_owners": {"0": "0" if is_direct else channel.guild.id},
        "attachment_size_limit": platform.file_bytes,
    }  # fmt: skip
    if is_direct:
        payload["user"] = user.public()
    else:
        guild = channel.guild
        payload |= {"guild_id": guild.id, "guild_locale": guild.locale}
        payload["guild"] = {"id": guild.id, "locale": guild.locale, "features": []}
        payload["member"] = user.member(guild) | {"permissions": str(int(channel.allowed(user)))}
    if found.source is not None:
        payload["message"] = found.source.data
    return payload


def partial_channel(channel: Channel, user: User) -> Json:
    """A channel as interactions show it."""
    keys = ("id", "type", "name", "last_message_id", "parent_id", "guild_id", "flags", "rate_limit_per_user")
    more = ("topic", "nsfw", "position", "thread_metadata", "owner_id", "message_count", "member_count", "recipients")
    whole = channel.public()
    found = {key: whole[key] for key in (*keys, *more) if key in whole}
    return found if channel.kind == "im" else found | {"permissions": str(int(channel.allowed(user)))}


def command(registered: Json, options: list[Json], resolved: Json) -> Json:
    """The data of a slash command, and of its autocompletion."""
    data: Json = {"id": registered["id"], "name": registered["name"], "type": registered["type"]}
    if options:
        data["options"] = options
    if "guild_id" in registered:
        data["guild_id"] = registered["guild_id"]
    return data | ({"resolved": resolved} if resolved else {})


def message_command(registered: Json, message: Message) -> Json:
    """The data of a command in a message's menu."""
    resolved = {"messages": {message.id: message.data}}
    return command(registered, [], resolved) | {"target_id": message.id}


def component(control: Control, values: Sequence[str], resolved: Json) -> Json:
    """The data of a pressed button or a select."""
    data: Json = {"component_type": control.element["type"], "custom_id": control.custom_id}
    data["id"] = control.element["id"]
    if control.kind != "button":
        data["values"] = list(values)
    return data | ({"resolved": resolved} if resolved else {})


def submission(view: View, resolved: Json) -> Json:
    """The data of a submitted modal: every component with what was entered."""
    data: Json = {"custom_id": view.custom_id, "components": [_submitted(node, view) for node in view.components]}
    return data | ({"resolved": resolved} if resolved else {})


def _submitted(node: Json, view: View) -> Json:
    found: Json = {"type": node["type"], "id": node["id"]}
    if node["type"] == LABEL:
        return found | {"component": _entered(node["component"], view)}
    if node["type"] == TEXT_DISPLAY:
        return found
    return found | {"components": [_entered(inner, view) for inner in node["components"]]}


def _entered(element: Json, view: View) -> Json:
    found: Json = {"type": element["type"], "id": element["id"], "custom_id": element["custom_id"]}
    value = view.chosen.get(element["custom_id"])
    if element["type"] == TEXT_INPUT:
        return found | {"value": value or ""}
    if element["type"] == CHECKBOX:
        return found | {"value": bool(value)}
    if element["type"] == RADIO_GROUP:
        return found | {"value": value[0] if value else None}
    if element["type"] == FILE_UPLOAD:
        return found | {"values": [file.id for file in value or ()]}
    return found | {"values": list(value or ())}


def resolved_of(base_url: str, channel: Channel, viewer: User, entities: Iterable[Entity]) -> Json:
    """What ids in the data stand for."""
    found: Json = {}

    def put(kind: str, key: str, value: Any) -> None:
        found.setdefault(kind, {})[key] = value

    for entity in entities:
        if isinstance(entity, User):
            put("users", entity.id, entity.public())
            if channel.kind != "im" and entity in channel.guild.members:
                allowed = str(int(channel.allowed(entity)))
                put("members", entity.id, entity.member(channel.guild, partial=True) | {"permissions": allowed})
        elif isinstance(entity, Role):
            put("roles", entity.id, entity.public())
        elif isinstance(entity, Channel):
            put("channels", entity.id, partial_channel(entity, viewer))
        elif isinstance(entity, StoredFile):
            put("attachments", entity.id, entity.public(base_url))
        else:
            put("messages", entity.id, entity.data)
    return found
