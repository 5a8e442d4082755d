"""`conversations.*` and `users.*`: who is where, and what was said."""

from __future__ import annotations

from typing import Any

from tests.support.slack.messages import Json, Message
from tests.support.slack.webapi import ApiError, Call
from tests.support.slack.world import Channel, User

KINDS = {"public_channel": "public", "private_channel": "private", "im": "im"}
READ = "channels:read|groups:read|im:read|mpim:read"
HISTORY = "channels:history|groups:history|im:history|mpim:history"


def open_direct(call: Call) -> Json:
    """`conversations.open` with one user."""
    wanted = [part for part in str(call.args.get("users") or "").split(",") if part]
    if call.args.get("channel"):
        channel = call.channel()
    elif len(wanted) == 1:
        user = call.user(wanted[0])
        if user.deleted:
            raise ApiError("user_disabled")
        if user.is_bot:
            raise ApiError("cannot_dm_bot")
        channel = call.platform.world.direct(user, call.installation.bot)
    else:
        raise ApiError("users_list_not_supplied" if not wanted else "not_enough_users")
    full = channel.public(call.installation.bot) if call.flag("return_im") else {"id": channel.id}
    return {"no_op": False, "already_open": False, "channel": full}


def join(call: Call) -> Json:
    """`conversations.join`: public channels only."""
    channel, bot = call.channel(), call.installation.bot
    if channel.kind != "public":
        raise ApiError("method_not_supported_for_channel_type")
    if bot not in channel.members:
        channel.members.append(bot)
    return {"channel": channel.public(bot)}


def info(call: Call) -> Json:
    """`conversations.info`."""
    channel = call.channel()
    body = channel.public(call.installation.bot)
    if call.flag("include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


def members(call: Call) -> Json:
    """`conversations.members`, in pages."""
    found, cursor = call.page(call.channel().members, 100, 1000)
    return {"members": [member.id for member in found], "response_metadata": {"next_cursor": cursor}}


def _listed(call: Call, of: User | None) -> Json:
    wanted = {KINDS.get(kind.strip(), "") for kind in str(call.args.get("types") or "public_channel").split(",")}
    bot = call.installation.bot
    found = [
        channel
        for channel in call.platform.world.channels.values()
        if channel.team is bot.team
        and channel.kind in wanted
        and (of is None or of in channel.members)
        and (channel.kind == "public" or bot in channel.members)
        and not (call.flag("exclude_archived") and channel.is_archived)
    ]
    page, cursor = call.page(found, 100, 1000)
    return {"channels": [channel.public(bot) for channel in page], "response_metadata": {"next_cursor": cursor}}


def listing(call: Call) -> Json:
    """`conversations.list`: what the bot may know of."""
    return _listed(call, None)


def of_user(call: Call) -> Json:
    """`users.conversations`: the bot's own, or those of a user that the bot may know of."""
    wanted = call.args.get("user")
    return _listed(call, call.user(wanted) if wanted else call.installation.bot)


def _readable(call: Call) -> Channel:
    channel = call.channel()
    if call.installation.bot not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _within(call: Call, message: Message) -> bool:
    """Whether it lies between `oldest` and `latest`, whose ends count only with `inclusive`."""
    ts, ends = float(message.ts), call.flag("inclusive")
    oldest, latest = call.args.get("oldest"), call.args.get("latest")
    if oldest and not (ts > float(oldest) or (ends and ts == float(oldest))):
        return False
    return not latest or ts < float(latest) or (ends and ts == float(latest))


def _given_out(call: Call, message: Message) -> Json:
    hidden = set() if call.flag("include_all_metadata") else {"metadata"}
    return {key: value for key, value in message.data.items() if key not in hidden}


def history(call: Call) -> Json:
    """`conversations.history`: newest first, without replies in threads; metadata only if asked for."""
    channel = _readable(call)
    found = [
        message
        for message in reversed(channel.messages)
        if not message.deleted and message.thread_ts in (None, message.ts) and _within(call, message)
    ]
    page, cursor = call.page(found, 100, 999)
    body: Json = {"messages": [_given_out(call, message) for message in page], "has_more": bool(cursor), "pin_count": 0}
    return body | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def replies(call: Call) -> Json:
    """`conversations.replies`: the thread's first message, then its replies, oldest first."""
    channel = _readable(call)
    parent = channel.find(str(call.need("ts")))
    if parent is None:
        raise ApiError("thread_not_found")
    root = parent.thread_ts or parent.ts
    found = [
        message
        for message in channel.messages
        if not message.deleted and root in (message.ts, message.thread_ts) and _within(call, message)
    ]
    page, cursor = call.page(found, 1000, 1000)
    body: Json = {"messages": [_given_out(call, message) for message in page], "has_more": bool(cursor)}
    return body | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def user_info(call: Call) -> Json:
    """`users.info`."""
    return {"user": call.user(call.need("user")).public(call.platform.clock.now())}


def group_users(call: Call) -> Json:
    """`usergroups.users.list`: the people of a user group who have not left."""
    group = call.platform.world.groups.get(str(call.need("usergroup")))
    if group is None or group.team is not call.installation.team:
        raise ApiError("no_such_subteam")
    return {"users": [member.id for member in group.members if not member.deleted]}


METHODS: dict[str, Any] = {
    "conversations.open": open_direct,
    "conversations.join": join,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.list": listing,
    "conversations.history": history,
    "conversations.replies": replies,
    "users.info": user_info,
    "usergroups.users.list": group_users,
    "users.conversations": of_user,
}
SCOPES = {
    "conversations.open": "im:write|mpim:write",
    "conversations.join": "channels:join",
    "conversations.info": READ,
    "conversations.members": READ,
    "conversations.list": READ,
    "conversations.history": HISTORY,
    "conversations.replies": HISTORY,
    "users.info": "users:read",
    "usergroups.users.list": "usergroups:read",
    "users.conversations": READ,
}
