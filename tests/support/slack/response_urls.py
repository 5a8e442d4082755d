"""Response addresses: five posts within half an hour, back to where a person did something."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from aiohttp import web

from tests.support.slack.chat import content, signature, store
from tests.support.slack.messages import Json, Message
from tests.support.slack.webapi import ApiError, with_fault
from tests.support.slack.world import Channel, Installation, User

if TYPE_CHECKING:
    from tests.support.slack.platform import SlackPlatform

USES = 5
SECONDS = 30 * 60
TRUE = (True, "true")


@dataclass
class ResponseUrl:
    """One `response_url`; `source` is the message whose control was used, if any."""

    key: str
    kind: Literal["commands", "actions", "app"]
    installation: Installation
    channel: Channel
    user: User
    made_at: float
    source: Message | None = None
    posts: list[Json] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    uses: int = 0


def make(
    platform: SlackPlatform,
    kind: Literal["commands", "actions", "app"],
    user: User,
    channel: Channel,
    source: Message | None = None,
) -> ResponseUrl:
    """A new address for what `user` just did in `channel`."""
    installation = platform.world.installation(user.team)
    key = platform.world.id("R")
    found = ResponseUrl(key, kind, installation, channel, user, platform.clock.now(), source)
    platform.response_urls[key] = found
    return found


def address(platform: SlackPlatform, found: ResponseUrl) -> str:
    """Its URL."""
    return f"{platform.url}/{found.kind}/{found.installation.team.id}/{found.key}"


async def receive(platform: SlackPlatform, request: web.Request) -> web.StreamResponse:
    """A post to a response address."""

    async def work() -> web.StreamResponse:
        found = platform.response_urls.get(request.match_info["key"])
        if found is None:
            return web.Response(status=404, text="no_service")
        try:
            body = await request.json()
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        if found.uses >= USES or platform.clock.now() - found.made_at > SECONDS:
            error = "used_url" if found.uses >= USES else "expired_url"
            return web.json_response({"ok": False, "error": error}, status=404)
        found.uses += 1
        found.posts.append(body)
        try:
            deliver(platform, found, body)
        except ApiError as error:
            return web.json_response(error.body, status=400)
        return web.Response(text="ok") if found.kind == "commands" else web.json_response({"ok": True})

    return await with_fault(request, platform.faults.take("response_url"), work)


def deliver(platform: SlackPlatform, found: ResponseUrl, body: Any) -> None:
    """Show what was answered, by the rules of Slack.

    `replace_original` and `delete_original` do nothing for slash commands: a new message appears. A replaced message
    keeps its visibility. In a thread, or in the channel, an answer that does not say `replace_original: false`
    overwrites the message whose control was used.
    """
    if not isinstance(body, dict):
        raise ApiError("invalid_payload")
    source = found.source if found.source and not found.source.deleted else None
    deletes = body.get("delete_original") in TRUE and source is not None
    if deletes and source is not None:
        source.deleted = True
        platform.changed()
    if deletes and not body.get("text") and not body.get("blocks"):
        return
    data = signature(found.installation) | content(platform, found.installation, body)
    in_channel = body.get("response_type") == "in_channel"
    replaces = body.get("replace_original") in TRUE
    if body.get("replace_original") is None and in_channel and source and not source.is_ephemeral:
        replaces = True
    if replaces and source is not None and not deletes:
        kept: Json = {key: source.data[key] for key in ("ts", "thread_ts", "metadata") if key in source.data}
        source.replace({**data, **kept})
        found.messages.append(source)
    else:
        to = None if in_channel else found.user
        thread_ts = body.get("thread_ts") or (source.thread_ts if source and to else None)
        found.messages.append(store(platform, found.channel, data, thread_ts=thread_ts, to=to))
    platform.changed()
