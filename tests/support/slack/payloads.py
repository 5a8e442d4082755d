"""The payloads Slack sends, built from what happened. Pure: nothing is sent or stored here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.support.slack import response_urls
from tests.support.slack.messages import Control, Json, Message, View
from tests.support.slack.modals import Trigger
from tests.support.slack.response_urls import ResponseUrl
from tests.support.slack.views import state_of
from tests.support.slack.world import Channel, Installation, User, World

if TYPE_CHECKING:
    from tests.support.slack.platform import SlackPlatform

ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
MENTION = re.compile(r"(?<![\w<])([@#])([a-z0-9][\w.-]*)")
LINK = re.compile(r"https?://[^\s<>|]+")


def escape(world: World, user: User, text: str) -> str:
    """Text as Slack sends it: entities, `<@U…>`, `<#C…|name>` and `<url>` instead of what was typed."""
    for plain, entity in ESCAPES:
        text = text.replace(plain, entity)

    def named(found: re.Match[str]) -> str:
        kind, name = found.groups()
        tail = name[len(name.rstrip(".-")) :]
        name = name.removesuffix(tail) if tail else name
        group = next((g for g in world.groups.values() if g.handle == name and g.team is user.team), None)
        if kind == "@" and group:
            return f"<!subteam^{group.id}|@{name}>{tail}"
        if kind == "@":
            who = next((u for u in world.users.values() if u.name == name and u.team is user.team), None)
            return f"<@{who.id}>{tail}" if who else found.group()
        where = next((c for c in world.channels.values() if c.name == name and c.team is user.team), None)
        return f"<#{where.id}|{name}>{tail}" if where else found.group()

    return LINK.sub(lambda link: f"<{link.group()}>", MENTION.sub(named, text))


def command(
    platform: SlackPlatform, user: User, name: str, text: str, found: ResponseUrl, trigger: Trigger
) -> dict[str, str]:
    """The form of a slash command."""
    return {
        "token": platform.app.verification_token, "team_id": user.team.id, "team_domain": user.team.domain,
        "channel_id": found.channel.id, "channel_name": found.channel.payload_name, "user_id": user.id,
        "user_name": user.name, "command": name, "text": text, "api_app_id": platform.app.id,
        "is_enterprise_install": "false", "response_url": response_urls.address(platform, found),
        "trigger_id": trigger.id,
    }  # fmt: skip


def _interaction(platform: SlackPlatform, kind: str, user: User, trigger: Trigger | None) -> Json:
    """What all interactions begin with."""
    body: Json = {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team.id},
        "api_app_id": platform.app.id, "token": platform.app.verification_token,
        "team": {"id": user.team.id, "domain": user.team.domain}, "enterprise": None, "is_enterprise_install": False,
    }  # fmt: skip
    return body | ({"trigger_id": trigger.id} if trigger else {})


def _action(platform: SlackPlatform, control: Control, value: Json) -> Json:
    """The entry in `actions` for a control and the value it now has."""
    action: Json = {
        "type": control.kind, "action_id": control.action_id, "block_id": control.block_id,
        "action_ts": platform.clock.ts(), **value,
    }  # fmt: skip
    if control.kind == "button":
        action |= {key: control.element[key] for key in ("text", "value", "style") if key in control.element}
    elif "placeholder" in control.element:
        action["placeholder"] = control.element["placeholder"]
    return action


def message_action(
    platform: SlackPlatform, found: ResponseUrl, trigger: Trigger, control: Control, value: Json
) -> Json:
    """`block_actions` from a message; Slack does not send the message itself if it was ephemeral."""
    message, channel = found.source, found.channel
    assert message is not None
    body = _interaction(platform, "block_actions", found.user, trigger) | {
        "container": {
            "type": "message", "message_ts": message.ts, "channel_id": channel.id,
            "is_ephemeral": message.is_ephemeral,
        },
        "channel": {"id": channel.id, "name": channel.payload_name},
        "state": state_of(message.blocks, message.chosen),
        "response_url": response_urls.address(platform, found),
        "actions": [_action(platform, control, value)],
    }  # fmt: skip
    if message.thread_ts:
        body["container"]["thread_ts"] = message.thread_ts
    if not message.is_ephemeral:
        body["message"] = {key: value for key, value in message.data.items() if key != "bot_profile"}
    return body


def view_action(platform: SlackPlatform, view: View, trigger: Trigger, control: Control, value: Json) -> Json:
    """`block_actions` from a modal or a Home tab: no message, no response address."""
    return _interaction(platform, "block_actions", view.user, trigger) | {
        "container": {"type": "view", "view_id": view.id},
        "view": view.payload(),
        "actions": [_action(platform, control, value)],
    }


def suggestion(platform: SlackPlatform, user: User, what: Message | View, control: Control, typed: str) -> Json:
    """`block_suggestion`: what was typed so far into an external select."""
    body = _interaction(platform, "block_suggestion", user, None)
    body |= {"action_id": control.action_id, "block_id": control.block_id, "value": typed}
    if isinstance(what, View):
        return body | {"container": {"type": "view", "view_id": what.id}, "view": what.payload()}
    place = {"type": "message", "message_ts": what.ts, "channel_id": what.channel.id}
    return body | {
        "container": {**place, "is_ephemeral": what.is_ephemeral},
        "channel": {"id": what.channel.id, "name": what.channel.payload_name},
    }


def submission(platform: SlackPlatform, view: View, trigger: Trigger) -> Json:
    """`view_submission`."""
    body = _interaction(platform, "view_submission", view.user, trigger)
    return body | {"view": view.payload(), "response_urls": []}


def closing(platform: SlackPlatform, view: View, *, is_cleared: bool) -> Json:
    """`view_closed`."""
    body = _interaction(platform, "view_closed", view.user, None)
    return body | {"view": view.payload(), "is_cleared": is_cleared}


def message_shortcut(
    platform: SlackPlatform, found: ResponseUrl, trigger: Trigger, message: Message, callback_id: str
) -> Json:
    """`message_action`: a shortcut from a message's menu."""
    body = _interaction(platform, "message_action", found.user, trigger)
    return body | {
        "callback_id": callback_id, "action_ts": platform.clock.ts(), "message_ts": message.ts,
        "channel": {"id": found.channel.id, "name": found.channel.payload_name}, "message": dict(message.data),
        "response_url": response_urls.address(platform, found),
    }  # fmt: skip


def global_shortcut(platform: SlackPlatform, user: User, trigger: Trigger, callback_id: str) -> Json:
    """`shortcut`: from the search bar; nowhere in particular, so without a response address."""
    body = _interaction(platform, "shortcut", user, trigger)
    return body | {"callback_id": callback_id, "action_ts": platform.clock.ts()}


def event(platform: SlackPlatform, installation: Installation, inner: Json) -> Json:
    """The outer payload of an event."""
    team = installation.team.id
    return {
        "token": platform.app.verification_token, "team_id": team, "context_team_id": team,
        "context_enterprise_id": None, "api_app_id": platform.app.id, "event": inner, "type": "event_callback",
        "event_id": platform.world.id("Ev"), "event_time": int(platform.clock.now()),
        "authorizations": [
            {
                "enterprise_id": None, "team_id": team, "user_id": installation.bot.id, "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False, "event_context": f"4-{platform.world.id('')}",
    }  # fmt: skip


def subscription(channel: Channel) -> str:
    """The event subscription that messages there need."""
    return {"public": "message.channels", "private": "message.groups", "im": "message.im"}[channel.kind]


def said(message: Message, kind: str) -> Json:
    """The inner event for a person's message: `app_mention` or `message`."""
    inner: Json = {**message.data, "type": kind, "channel": message.channel.id, "event_ts": message.ts}
    if kind == "message":
        inner["channel_type"] = message.channel.type
        if message.files:
            inner |= {"subtype": "file_share", "upload": False, "display_as_bot": False}
    return inner


def home_opened(platform: SlackPlatform, user: User, direct: Channel, tab: str) -> Json:
    """`app_home_opened`; with the view if one was published."""
    inner: Json = {
        "type": "app_home_opened", "user": user.id, "channel": direct.id, "tab": tab, "event_ts": platform.clock.ts(),
    }  # fmt: skip
    home = platform.home_of(user)
    return inner | ({"view": home.payload()} if home and tab == "home" else {})


def typed_message(platform: SlackPlatform, user: User, text: str, files: list[Json]) -> Json:
    """A person's message as stored."""
    escaped = escape(platform.world, user, text)
    element: Any = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    body: Json = {
        "type": "message", "user": user.id, "client_msg_id": platform.world.id("m"), "text": escaped,
        "team": user.team.id,
        "blocks": [{"type": "rich_text", "block_id": platform.world.id("b"), "elements": [element]}],
    }  # fmt: skip
    return body | ({"files": files} if files else {})
