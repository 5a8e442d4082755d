"""`chat.*` and `pins.*`: posting, changing and deleting messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.slack.blocks import check_blocks, fill_in, too_long
from tests.support.slack.messages import Json, Message
from tests.support.slack.schema import Report, anything, shape, string
from tests.support.slack.webapi import ApiError, Call
from tests.support.slack.world import Channel, Installation, User

if TYPE_CHECKING:
    from tests.support.slack.platform import SlackPlatform

# Slack cuts longer texts of new messages and refuses them in updates.
TEXT_CUT = 40_000
UPDATE_TEXT = 4_000
METADATA = shape({"event_type": string(255), "event_payload": anything}, {"entities": anything})


def content(platform: SlackPlatform, installation: Installation, args: Json) -> Json:
    """The checked and completed content of a message: text, blocks, metadata."""
    blocks, metadata = args.get("blocks"), args.get("metadata")
    body: Json = {"text": str(args.get("text") or "")[:TEXT_CUT]}
    if blocks:
        report = Report()
        check_blocks(report, "/blocks", blocks, "message", lambda found: knows_file(platform, installation, found))
        if any("only 1 table allowed" in problem for problem in report.problems):
            raise ApiError("only_one_table_allowed")
        if report.problems:
            raise ApiError("invalid_blocks", report.problems)
        if too_long(blocks):
            raise ApiError("msg_blocks_too_long")
        body["blocks"] = fill_in(blocks, lambda: platform.world.id("b"))
    elif not body["text"] and not args.get("attachments"):
        raise ApiError("no_text")
    if args.get("attachments"):
        body["attachments"] = args["attachments"]
    if metadata is not None:
        report = Report()
        METADATA(report, "/metadata", metadata)
        if report.problems:
            raise ApiError("invalid_metadata_format", report.problems)
        body["metadata"] = metadata
    return body


def knows_file(platform: SlackPlatform, installation: Installation, file: str) -> bool:
    """Whether the app can show that file: it is complete and of the same team."""
    found = platform.world.files.get(file)
    return found is not None and found.is_complete and found.team is installation.team


def signature(installation: Installation) -> Json:
    """Who wrote it, on messages of the app."""
    bot = installation.bot
    return {
        "type": "message", "user": bot.id, "bot_id": installation.bot_id, "app_id": bot.app_id,
        "team": installation.team.id,
        "bot_profile": {
            "id": installation.bot_id, "app_id": bot.app_id, "user_id": bot.id, "name": bot.real_name,
            "team_id": installation.team.id, "deleted": False,
        },
    }  # fmt: skip


def store(
    platform: SlackPlatform, channel: Channel, data: Json, *, thread_ts: str | None = None, to: User | None = None
) -> Message:
    """Put a message into a channel, or show it to one person only."""
    ts = platform.clock.ts()
    data = {**data, "ts": ts}
    parent = channel.find(thread_ts) if thread_ts else None
    if parent is not None:
        data["thread_ts"] = parent.thread_ts or parent.ts
        parent.data.setdefault("thread_ts", parent.ts)
        parent.data["reply_count"] = parent.data.get("reply_count", 0) + 1
        parent.data["latest_reply"] = ts
    message = Message(channel, data, ephemeral_to=to)
    (channel.ephemerals if to else channel.messages).append(message)
    if message.by_bot and to is None:
        platform.echo(message)
    platform.changed()
    return message


def _posting_channel(call: Call) -> Channel:
    """Where to post: a channel id or name, or a user id for the direct conversation."""
    wanted = str(call.need("channel"))
    world, bot = call.platform.world, call.installation.bot
    if wanted.startswith(("U", "W")) and wanted in world.users:
        return world.direct(call.user(wanted), bot)
    named = next((c for c in world.channels.values() if c.name == wanted.lstrip("#") and c.team is bot.team), None)
    channel = named if named and wanted not in world.channels else call.channel()
    if channel.kind != "public" and bot not in channel.members:
        raise ApiError("channel_not_found")
    if channel.is_archived:
        raise ApiError("is_archived")
    return channel


def _thread(call: Call, channel: Channel) -> str | None:
    thread_ts = call.args.get("thread_ts")
    # Slack takes a thread that does not exist as long as it looks like a timestamp, and posts outside it.
    if thread_ts is not None and not str(thread_ts).replace(".", "").isdigit():
        raise ApiError("invalid_thread_ts")
    return str(thread_ts) if thread_ts and channel.find(str(thread_ts)) else None


def post_message(call: Call) -> Json:
    """`chat.postMessage`: posts again each time it is called, whatever was posted before."""
    channel = _posting_channel(call)
    if call.installation.bot not in channel.members and "chat:write.public" not in call.installation.scopes:
        raise ApiError("not_in_channel")
    body = signature(call.installation) | content(call.platform, call.installation, call.args)
    message = store(call.platform, channel, body, thread_ts=_thread(call, channel))
    return {"channel": channel.id, "ts": message.ts, "message": message.data}


def post_ephemeral(call: Call) -> Json:
    """`chat.postEphemeral`: shown to one member of the channel."""
    channel, user = _posting_channel(call), call.user(call.need("user"))
    if call.installation.bot not in channel.members and channel.kind != "im":
        raise ApiError("not_in_channel")
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    body = signature(call.installation) | content(call.platform, call.installation, call.args)
    message = store(call.platform, channel, body, thread_ts=_thread(call, channel), to=user)
    return {"message_ts": message.ts}


def _own_message(call: Call, refusal: str) -> tuple[Channel, Message]:
    channel = call.channel()
    message = channel.find(str(call.need("ts")))
    if message is None:
        raise ApiError("message_not_found")
    if message.data.get("bot_id") != call.installation.bot_id:
        raise ApiError(refusal)
    if channel.is_archived:
        raise ApiError("is_inactive")
    return channel, message


def update(call: Call) -> Json:
    """`chat.update`: new content for one's own message; blocks that are left out go away if text is given."""
    channel, message = _own_message(call, "cant_update_message")
    if len(str(call.args.get("text") or "")) > UPDATE_TEXT:
        raise ApiError("msg_too_long")
    body = content(call.platform, call.installation, call.args)
    kept = {key: value for key, value in message.data.items() if key not in ("blocks", "attachments")}
    edited = {"user": call.installation.bot.id, "ts": call.platform.clock.ts()}
    message.replace({**kept, **body, "edited": edited})
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.data}


def delete(call: Call) -> Json:
    """`chat.delete`: one's own messages only."""
    channel, message = _own_message(call, "cant_delete_message")
    message.deleted = True
    return {"channel": channel.id, "ts": message.ts}


def permalink(call: Call) -> Json:
    """`chat.getPermalink`."""
    channel, ts = call.channel(), str(call.need("message_ts"))
    if channel.find(ts) is None:
        raise ApiError("message_not_found")
    link = f"https://{channel.team.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def pin(call: Call) -> Json:
    """`pins.add`."""
    channel, ts = call.channel(), str(call.need("timestamp"))
    if channel.find(ts) is None:
        raise ApiError("message_not_found")
    if ts in channel.pinned:
        raise ApiError("already_pinned")
    channel.pinned.append(ts)
    return {}


METHODS: dict[str, Any] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": permalink,
    "pins.add": pin,
}
SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "pins.add": "pins:write",
}
