"""The form of a message as an app sends it, and the message that Discord makes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.support.discord.components import check_components, filled_in
from tests.support.discord.messages import COMPONENTS_V2, EPHEMERAL, Json
from tests.support.discord.schema import Path, Report, anything, array, flag, number, shape, text
from tests.support.discord.world import StoredFile, User, World

if TYPE_CHECKING:
    from tests.support.discord.world import Channel

EMBED_TOTAL = 6_000
SETTABLE_FLAGS = (1 << 2) | EPHEMERAL | (1 << 12) | COMPONENTS_V2
FIELD = shape({"name": text(256), "value": text(1024)}, {"inline": flag})
EMBED = shape(
    {},
    {
        "title": text(256, 0), "description": text(4096, 0), "url": text(2048, 0), "color": number(0, 0xFFFFFF),
        "fields": array(FIELD, 25), "footer": shape({"text": text(2048)}), "author": shape({"name": text(256)}),
        "image": shape({"url": text(2048)}), "thumbnail": shape({"url": text(2048)}), "timestamp": text(64),
    },
)  # fmt: skip
BODY = shape(
    {},
    {
        "content": text(2000, 0), "embeds": array(EMBED, 10), "tts": flag, "flags": number(0, 1 << 31),
        "nonce": anything, "enforce_nonce": flag, "attachments": array(shape({}), 10),
        "allowed_mentions": shape({}, {"parse": array(text(16), 3), "users": array(text(32), 100),
                                       "roles": array(text(32), 100), "replied_user": flag}),
        "message_reference": shape({"message_id": text(32)}, {"fail_if_not_exists": flag, "type": number(0, 1)}),
    },
)  # fmt: skip
MENTION = re.compile(r"<@!?(\d+)>|<@&(\d+)>|(@everyone|@here)")


def check_message(
    report: Report, body: Json, files: Mapping[str, StoredFile], *, at: Path = (), was_v2: bool = False
) -> None:
    """Every limit of a message's body."""
    BODY(report, at, body)
    nonce = body.get("nonce")
    if nonce is not None and len(str(nonce)) > 25:
        report.add((*at, "nonce"), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    if report:
        return
    is_v2 = was_v2 or bool(body.get("flags", 0) & COMPONENTS_V2)
    if (body.get("components")) is not None:
        check_components(report, (*at, "components"), body["components"], is_v2=is_v2)
    if is_v2:
        for name in ("content", "embeds"):
            if body.get(name):
                message = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                report.add((*at, name), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
    total = sum(_embed_size(embed) for embed in body.get("embeds") or ())
    if total > EMBED_TOTAL:
        report.add((*at, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TOTAL}")
    for index, entry in enumerate(body.get("attachments") or ()):
        if len(entry.get("description") or "") > 1024:
            where = (*at, "attachments", index, "description")
            report.add(where, "BASE_TYPE_MAX_LENGTH", "Must be 1024 or fewer in length.")
    _check_mentions(report, at, body.get("allowed_mentions"))
    if len(files) > 10:
        report.add((*at, "attachments"), "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")


def _check_mentions(report: Report, at: Path, allowed: Json | None) -> None:
    """`parse` and explicit lists of the same kind exclude each other."""
    for kind in ("users", "roles"):
        if allowed and kind in allowed.get("parse", ()) and allowed.get(kind):
            where = (*at, "allowed_mentions")
            report.add(where, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", f'parse:["{kind}"] and {kind}: [ids...]')


def _embed_size(embed: Json) -> int:
    parts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    parts += [(embed.get("author") or {}).get("name")]
    parts += [entry[key] for entry in embed.get("fields") or () for key in ("name", "value")]
    return sum(len(part or "") for part in parts)


def is_empty(body: Json, files: Mapping[str, StoredFile]) -> bool:
    """Whether nothing would be shown."""
    return not (body.get("content") or body.get("embeds") or body.get("components") or files)


def make_message(world: World, base_url: str, channel: Channel, author: User, body: Json) -> Json:
    """The message object of a new message, without its files."""
    data: Json = {
        "id": world.clock.snowflake(), "channel_id": channel.id, "author": author.public(), "content": "",
        "timestamp": world.clock.iso(), "edited_timestamp": None, "tts": bool(body.get("tts")),
        "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
        "pinned": False, "type": 0, "flags": int(body.get("flags") or 0) & SETTABLE_FLAGS, "components": [],
    }  # fmt: skip
    if body.get("nonce") is not None:
        data["nonce"] = body["nonce"]
    reference = body.get("message_reference")
    if reference:
        data["type"] = 19
        data["message_reference"] = {"type": 0, "channel_id": channel.id, "message_id": str(reference["message_id"])}
    return merge(world, base_url, data, body, {})


def merge(world: World, base_url: str, data: Json, body: Json, files: Mapping[str, StoredFile]) -> Json:
    """`data` with what `body` changes; fields that it does not name stay."""
    found = dict(data)
    if "content" in body:
        found["content"] = body["content"] or ""
    if "embeds" in body:
        found["embeds"] = [{"type": "rich", **embed} for embed in body["embeds"] or ()]
    if body.get("flags") is not None and body["flags"] & COMPONENTS_V2:
        found["flags"] = int(found["flags"]) | COMPONENTS_V2
        found["content"], found["embeds"] = "", []
    if "attachments" in body or files:
        found["attachments"] = _attachments(base_url, data, body, files)
    urls = {file["filename"]: file["url"] for file in found["attachments"]}
    if "components" in body:
        found["components"] = filled_in(
            body["components"] or [], lambda url: urls.get(url.removeprefix("attachment://"), url)
        )
    for embed in found["embeds"]:
        for key in ("image", "thumbnail"):
            if key in embed:
                url = embed[key]["url"]
                embed[key] = {**embed[key], "url": urls.get(url.removeprefix("attachment://"), url)}
    found["mentions"] = [world.users[user].public() for user in mentioned(found["content"])[0] if user in world.users]
    found["mention_roles"] = mentioned(found["content"])[1]
    return found


def _attachments(base_url: str, data: Json, body: Json, files: Mapping[str, StoredFile]) -> list[Json]:
    """Files kept (all of them where `attachments` is not given) and files added."""
    named = body.get("attachments")
    kept_ids = None if named is None else {str(entry.get("id")) for entry in named}
    kept = [file for file in data["attachments"] if kept_ids is None or file["id"] in kept_ids]
    for key, file in files.items():
        about: Json = next((entry for entry in named or () if str(entry.get("id")) == key), {})
        file.description = about.get("description")
    return [*kept, *(file.public(base_url) for file in files.values())]


def mentioned(content: str) -> tuple[list[str], list[str], bool]:
    """The users, the roles, and whether everybody, that a content names."""
    found = MENTION.findall(content)
    users = list(dict.fromkeys(user for user, _, _ in found if user))
    roles = list(dict.fromkeys(role for _, role, _ in found if role))
    return users, roles, any(everyone for _, _, everyone in found)


def pinged(content: str, allowed: Json | None, *, may_everyone: bool) -> set[str]:
    """Whose attention the message calls: ids of users and roles, and `everyone`.

    Without `allowed_mentions` whatever the content names is called.
    """
    users, roles, everyone = mentioned(content)
    if allowed is None:
        return {*users, *roles, *({"everyone"} if everyone and may_everyone else ())}
    parse = allowed.get("parse") or ()
    found = {user for user in users if "users" in parse or user in (allowed.get("users") or ())}
    found |= {role for role in roles if "roles" in parse or role in (allowed.get("roles") or ())}
    return found | ({"everyone"} if everyone and may_everyone and "everyone" in parse else set())


def content_for(data: Json, *, may_read: bool) -> Any:
    """The message as an app without the message content intent gets it."""
    if may_read:
        return data
    return data | {"content": "", "embeds": [], "attachments": [], "components": []}
