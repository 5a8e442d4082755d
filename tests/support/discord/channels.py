"""The routes of channels: messages, pins, threads; and what posting a message does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.discord.clock import made_at
from tests.support.discord.message_form import check_message, is_empty, make_message, merge, pinged
from tests.support.discord.messages import COMPONENTS_V2, Json, Message
from tests.support.discord.permissions import Permission
from tests.support.discord.rest import Answer, ApiError, Call, Method, form_error, refuse_bad
from tests.support.discord.schema import Report
from tests.support.discord.world import Channel, StoredFile, User

if TYPE_CHECKING:
    from tests.support.discord.platform import DiscordPlatform

NONCE_SECONDS = 300.0
"""How long Discord keeps a nonce: "the past few minutes"."""
MOST_PINS = 50
PIN_NOTICE = 6
"""The type of the message by which Discord tells a channel of a new pin."""


def store(
    platform: DiscordPlatform,
    channel: Channel,
    author: User,
    body: Json,
    files: dict[str, StoredFile],
    *,
    only_for: User | None = None,
    more: Json | None = None,
) -> Message:
    """Put a message that passed its checks into the channel (or on one person's screen), and tell the sessions."""
    data = make_message(platform.world, platform.url, channel, author, body)
    data = merge(platform.world, platform.url, data, {"attachments": body.get("attachments") or []}, files)
    data = merge(platform.world, platform.url, data, {"components": body.get("components")}, {})
    data |= more or {}
    message = Message(channel, data, only_for, allowed_mentions=body.get("allowed_mentions"))
    may_everyone = bool(channel.allowed(author) & Permission.MENTION_EVERYONE)
    message.pinged = pinged(message.text, message.allowed_mentions, may_everyone=may_everyone)
    allowed = {"replied_user": True} if message.allowed_mentions is None else message.allowed_mentions
    if body.get("message_reference") and allowed.get("replied_user"):
        message.pinged.add(_replied_to(channel, body).data["author"]["id"])
    (channel.ephemerals if only_for else channel.messages).append(message)
    if only_for is None:
        platform.gateway.message_event("MESSAGE_CREATE", message)
    platform.changed()
    return message


def change(platform: DiscordPlatform, message: Message, body: Json, files: dict[str, StoredFile]) -> Message:
    """New content for a message that stays where it is."""
    report = Report()
    was_v2 = bool(int(message.data["flags"]) & COMPONENTS_V2)
    check_message(report, body, files, was_v2=was_v2)
    refuse_bad(report)
    data = merge(platform.world, platform.url, message.data, body, files)
    if is_empty(data, {file["id"]: platform.world.files[file["id"]] for file in data["attachments"]}):
        raise ApiError(400, 50006)
    message.replace(data | {"edited_timestamp": platform.world.clock.iso()})
    if not message.is_ephemeral:
        platform.gateway.message_event("MESSAGE_UPDATE", message)
    platform.changed()
    return message


def remove(platform: DiscordPlatform, message: Message) -> None:
    """Delete a message, for whatever reason."""
    message.deleted = True
    if message.id in message.channel.pinned:
        message.channel.pinned.remove(message.id)
    if not message.is_ephemeral:
        platform.gateway.message_event("MESSAGE_DELETE", message)
    platform.changed()


def public(platform: DiscordPlatform, message: Message) -> Json:
    """The message as history gives it: a nonce is forgotten after some minutes."""
    age = platform.clock.now() - made_at(message.id)
    return {key: value for key, value in message.data.items() if key != "nonce" or age <= NONCE_SECONDS}


def _post(call: Call) -> Answer:
    channel = call.channel()
    _may_post(call, channel)
    report = Report()
    check_message(report, call.form, call.files)
    refuse_bad(report)
    if is_empty(call.form, call.files):
        raise ApiError(400, 50006)
    nonce = call.form.get("nonce")
    if nonce is not None and call.form.get("enforce_nonce"):
        for message in reversed(channel.messages):
            same = str(public(call.platform, message).get("nonce", "")) == str(nonce)
            if same and message.data["author"]["id"] == call.bot.id:
                if message.deleted:
                    raise ApiError(404, 10008)
                return 200, message.data
    _check_reference(call, channel)
    return 200, store(call.platform, channel, call.bot, call.form, call.files).data


def _may_post(call: Call, channel: Channel) -> None:
    if channel.kind == "im":
        if not all(user.takes_messages for user in channel.members):
            raise ApiError(403, 50007)
        return
    needed = Permission.SEND_MESSAGES_IN_THREADS if channel.kind == "thread" else Permission.SEND_MESSAGES
    call.channel(needed)
    if call.files:
        call.channel(Permission.ATTACH_FILES)
    # Without EMBED_LINKS Discord takes the message and leaves the embeds out.
    if call.form.get("embeds") and not channel.allowed(call.bot) & Permission.EMBED_LINKS:
        call.form["embeds"] = []


def _check_reference(call: Call, channel: Channel) -> None:
    reference = call.form.get("message_reference")
    if not reference:
        return
    if not channel.allowed(call.bot) & Permission.READ_MESSAGE_HISTORY:
        raise ApiError(400, 160002)
    if not channel.find(str(reference["message_id"])):
        if reference.get("fail_if_not_exists", True):
            raise form_error("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
        # The message then stands by itself.
        del call.form["message_reference"]


def _replied_to(channel: Channel, body: Json) -> Message:
    found = channel.find(str(body["message_reference"]["message_id"]))
    assert found is not None, "what is replied to was looked for before"
    return found


def _history(call: Call) -> Answer:
    channel = call.channel()
    limit = call.number("limit", 50, 100)
    if not channel.allowed(call.bot) & Permission.READ_MESSAGE_HISTORY:
        return 200, []
    seen = [message for message in channel.messages if not message.deleted]
    if before := call.query.get("before"):
        seen = [message for message in seen if int(message.id) < int(before)]
    if after := call.query.get("after"):
        seen = [message for message in seen if int(message.id) > int(after)][:limit]
    return 200, [public(call.platform, message) for message in reversed(seen[-limit:])]


def _message(call: Call) -> Answer:
    return 200, public(call.platform, call.message(call.channel(Permission.READ_MESSAGE_HISTORY)))


def _edit(call: Call) -> Answer:
    message = call.message(call.channel())
    if message.data["author"]["id"] != call.bot.id:
        raise ApiError(403, 50005)
    return 200, change(call.platform, message, call.form, call.files).data


def _delete(call: Call) -> Answer:
    channel = call.channel()
    message = call.message(channel)
    if message.data["author"]["id"] != call.bot.id:
        call.channel(Permission.MANAGE_MESSAGES)
    remove(call.platform, message)
    return 204, None


def _bulk_delete(call: Call) -> Answer:
    channel = call.channel(Permission.MANAGE_MESSAGES)
    for message_id in call.form.get("messages") or ():
        if message := channel.find(str(message_id)):
            remove(call.platform, message)
    return 204, None


def _pins(call: Call) -> Answer:
    channel = call.channel(Permission.READ_MESSAGE_HISTORY)
    found = [message for pin in reversed(channel.pinned) if (message := channel.find(pin))]
    items = [{"pinned_at": call.platform.clock.iso(), "message": message.data} for message in found]
    return 200, {"items": items, "has_more": False}


def _old_pins(call: Call) -> Answer:
    return 200, [item["message"] for item in _pins(call)[1]["items"]]


def _pin(call: Call) -> Answer:
    channel = call.channel(Permission.PIN_MESSAGES)
    message = call.message(channel)
    if message.id not in channel.pinned:
        if len(channel.pinned) >= MOST_PINS:
            raise ApiError(400, 30003)
        channel.pinned.append(message.id)
        message.data["pinned"] = True
        reference = {"type": 0, "channel_id": channel.id, "message_id": message.id}
        store(call.platform, channel, call.bot, {}, {}, more={"type": PIN_NOTICE, "message_reference": reference})
    return 204, None


def _unpin(call: Call) -> Answer:
    channel = call.channel(Permission.PIN_MESSAGES)
    message = call.message(channel)
    if message.id in channel.pinned:
        channel.pinned.remove(message.id)
        message.data["pinned"] = False
    return 204, None


def _show(call: Call) -> Answer:
    return 200, call.channel().public()


def _delete_channel(call: Call) -> Answer:
    channel = call.channel(Permission.MANAGE_CHANNELS)
    call.platform.changes.delete_channel(channel)
    return 200, channel.public()


def _typing(call: Call) -> Answer:
    call.channel(Permission.SEND_MESSAGES)
    return 204, None


def _start_thread(call: Call) -> Answer:
    channel = call.channel(Permission.CREATE_PUBLIC_THREADS)
    message = call.message(channel) if "message" in call.parts else None
    if message is not None and message.id in call.platform.world.channels:
        raise ApiError(400, 160004)
    name = str(call.form.get("name") or "")
    if not 1 <= len(name) <= 100:
        raise form_error("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    thread = call.platform.world.thread(channel, name, call.bot, message.id if message else None)
    call.platform.gateway.dispatch("THREAD_CREATE", thread.public() | {"newly_created": True})
    return 201, thread.public()


_MESSAGES = "/channels/{channel}/messages"
ROUTES: dict[str, Method] = {
    "GET /channels/{channel}": _show,
    "DELETE /channels/{channel}": _delete_channel,
    "POST /channels/{channel}/typing": _typing,
    # Before the routes of one message, whose id would match too.
    f"GET {_MESSAGES}/pins": _pins,
    f"PUT {_MESSAGES}/pins/{{message}}": _pin,
    f"DELETE {_MESSAGES}/pins/{{message}}": _unpin,
    "GET /channels/{channel}/pins": _old_pins,
    "PUT /channels/{channel}/pins/{message}": _pin,
    "DELETE /channels/{channel}/pins/{message}": _unpin,
    f"POST {_MESSAGES}/bulk-delete": _bulk_delete,
    f"GET {_MESSAGES}": _history,
    f"POST {_MESSAGES}": _post,
    f"GET {_MESSAGES}/{{message}}": _message,
    f"PATCH {_MESSAGES}/{{message}}": _edit,
    f"DELETE {_MESSAGES}/{{message}}": _delete,
    "POST /channels/{channel}/threads": _start_thread,
    f"POST {_MESSAGES}/{{message}}/threads": _start_thread,
}
