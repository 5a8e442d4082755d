"""Payloads as requests; pure. No payload of Slack's gets past here."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from adapters.platforms.pressing import changed
from adapters.platforms.slack.controls import pressed_id
from adapters.platforms.slack.forms import FormState, entered, entered_files, read_state
from adapters.platforms.slack.mrkdwn import unescape
from adapters.platforms.slack.places import Place
from core.chat.request import Attachment, ChannelKind, ChannelRef, Platform, Request, UserRef
from core.chat.spec import Catalogue
from core.shared.value_objects import value_object

Payload: TypeAlias = Mapping[str, Any]
Attach: TypeAlias = Callable[[Payload], Attachment]
"""Makes an attachment of a file object of Slack's."""


_NAMELESS = {"directmessage": ChannelKind.DIRECT, "privategroup": ChannelKind.PRIVATE}
# What Slack puts between angle brackets holds none itself: those that people type come escaped.
_LINK = re.compile(r"<((?:https?|ftp)://[^<|>]*|mailto:[^<|>]*|tel:[^<|>]*)(?:\|([^<>]*))?>")
_SPECIAL = re.compile(r"<!(?:subteam\^\w+|date\^[^<|>]*|[a-z]+)(?:\|([^<>]*))?>")
_GROUP = re.compile(r"<!subteam\^([A-Za-z0-9]+)(?:\|@?([^<>]*))?>")
_PERSON = re.compile(r"<@([A-Za-z0-9]+)(?:\|([^<>]*))?>")
_NO_HANDLE = re.compile(r"[^\w.-]+")
_PLACE = re.compile(r"<#[A-Za-z0-9]+(?:\|([^<>]*))?>")
_FIRST_WORD = re.compile(r"^[\s:,]*")
_TALK_SUBTYPES = (None, "file_share")
_LONGEST = 100_000
"""Characters that are translated: more than Slack ever sends, and than a command may have."""


class UnreadablePayloadError(ValueError):
    """A payload lacks what it must have."""


@value_object
class Said:
    """A request, where its answer belongs, and what opens a modal, if anything does."""

    request: Request
    place: Place
    trigger: str = ""
    state: FormState | None = None

    @property
    def turn(self) -> str:
        """Return what one process answers: a delivery, and of a form, which may be mended, what stands in it."""
        if self.state is None:
            return self.request.delivery_id
        entered_so_far = repr(sorted(self.request.arguments.items()))
        return f"{self.request.delivery_id}/{hashlib.sha256(entered_so_far.encode()).hexdigest()[:16]}"


@value_object
class Talk:
    """Something said to the bot in a thread or directly; the channel's kind may still have to be looked up."""

    team: str
    user: str
    channel: str
    kind: ChannelKind | None
    thread: str
    text: str
    delivery_id: str
    files: tuple[Payload, ...] = ()


@value_object
class Aimed:
    """A message shortcut: who used it on which message, and where its answer goes; what was said is as Slack has it."""

    team: str
    user: str
    user_name: str
    channel: ChannelRef
    ts: str
    thread: str
    text: str
    trigger: str
    response_url: str
    chosen: str


def command(body: Payload, now: float) -> Said:
    """Translate a slash command."""
    team, channel = _need(body, "team_id"), _channel_of(body, "channel_id", "channel_name")
    place = Place(team, _need(body, "user_id"), channel.id, channel.kind, "", str(body.get("response_url") or ""), now)
    trigger = _need(body, "trigger_id")
    text = f"{_need(body, 'command')} {typed(str(body.get('text') or ''))}".strip()
    name = str(body.get("user_name") or "")
    request = _request(place, channel, f"slack:{team}:{trigger}", name, text=text)
    return Said(request, place, trigger)


def pressed(body: Payload, now: float) -> Said:
    """Translate a pressed button or a chosen entry of a select."""
    action = _first(body.get("actions"))
    team, user = _team_of(body), _need(body.get("user") or {}, "id")
    container, shown = body.get("container") or {}, body.get("channel") or {}
    in_home = container.get("type") == "view"
    if in_home:
        shown = {"id": _home_channel(body.get("view") or {})}
    channel = _channel_of({**shown, "id": shown.get("id") or container.get("channel_id") or ""}, "id", "name")
    is_ephemeral = bool(container.get("is_ephemeral"))
    place = Place(
        team,
        user,
        channel.id,
        channel.kind,
        str(container.get("thread_ts") or ""),
        str(body.get("response_url") or ""),
        now,
        "" if is_ephemeral else str(container.get("message_ts") or ""),
        in_home=in_home,
    )
    chosen = (action.get("selected_option") or {}).get("value")
    action_id = _need(action, "action_id")
    stored = pressed_id(action_id, str(chosen)) if chosen else action_id
    trigger = str(body.get("trigger_id") or "")
    delivery = f"slack:{team}:{trigger or action.get('action_ts')}"
    return Said(_request(place, channel, delivery, _name_of(body), action_id=stored), place, trigger)


def submitted(body: Payload, attach: Attach) -> Said:
    """Translate a submitted modal. One view can be done once only, so that its id is the delivery."""
    team, user, view = _team_of(body), _need(body.get("user") or {}, "id"), body.get("view") or {}
    try:
        state = read_state(str(view.get("private_metadata") or ""))
        kind = ChannelKind(state.kind)
    except (TypeError, ValueError) as error:
        raise UnreadablePayloadError("private_metadata") from error
    channel = ChannelRef(state.channel, state.name, kind, state.thread or None)
    place = Place(
        team,
        user,
        channel.id,
        channel.kind,
        state.thread,
        state.response_url,
        state.since,
        state.message,
        in_home=bool(state.in_home),
    )
    values = (view.get("state") or {}).get("values") or {}
    request = _request(
        place,
        channel,
        f"slack:{team}:{_need(view, 'id')}",
        _name_of(body),
        command="" if state.action else state.command,
        action_id=state.action,
        arguments={**state.fixed, **changed(entered(values), state.clearable, state.came)},
        attachments=tuple(attach(file) for file in entered_files(values)),
        origin=state.origin,
    )
    return Said(request, place, state=state)


def aimed(body: Payload) -> Aimed:
    """Translate a shortcut used on a message."""
    message = body.get("message") or {}
    return Aimed(
        team=_team_of(body),
        user=_need(body.get("user") or {}, "id"),
        user_name=_name_of(body),
        channel=_channel_of(body.get("channel") or {}, "id", "name"),
        ts=str(message.get("ts") or _need(body, "message_ts")),
        thread=str(message.get("thread_ts") or ""),
        text=str(message.get("text") or ""),
        trigger=_need(body, "trigger_id"),
        response_url=str(body.get("response_url") or ""),
        chosen=_need(body, "callback_id"),
    )


def made_from(found: Aimed, catalogue: Catalogue, link: str, names: Mapping[str, str], now: float) -> Said:
    """Return the request that asks for the form of what is made from a message; `names` are those of users by id."""
    making = catalogue.making(found.chosen)
    if making is None:
        raise UnreadablePayloadError("callback_id")
    command, entry = making
    place = Place(found.team, found.user, found.channel.id, found.channel.kind, "", found.response_url, now)
    words = _PERSON.sub(lambda person: f"@{person[2] or names.get(person[1]) or 'somebody'}", found.text)
    words = _GROUP.sub(lambda group: f"@{group[2] or 'group'}", words)
    words = typed(_PLACE.sub(lambda channel: f"#{channel[1] or 'channel'}", words))
    delivery = f"slack:{found.team}:{found.trigger}"
    request = _request(
        place,
        found.channel,
        delivery,
        found.user_name,
        command=command,
        arguments=entry.arguments(words),
        origin=link,
        ask=True,
    )
    return Said(request, place, found.trigger)


def mentioned(text: str) -> list[str]:
    """Return the ids of the users whom a message mentions without their names, each once."""
    return list(dict.fromkeys(person[1] for person in _PERSON.finditer(text) if not person[2]))


def talk(body: Payload, bot_user: str) -> Talk | None:
    """Translate a mention or a direct message; None for anything that is not addressed to the bot by a person."""
    event, team = body.get("event") or {}, event_team(body)
    kind, channel, user = event.get("type"), str(event.get("channel") or ""), str(event.get("user") or "")
    is_ours = event.get("bot_id") or not user or user == bot_user or event.get("subtype") not in _TALK_SUBTYPES
    if is_ours or not channel or not team:
        return None
    text = str(event.get("text") or "")
    if kind == "app_mention":
        mention = re.match(rf"^\s*<@{re.escape(bot_user)}(?:\|[^<>]*)?>", text)
        if not mention:
            return None
        said, thread, known = text[mention.end() :], str(event.get("thread_ts") or event.get("ts") or ""), None
    elif kind == "message" and event.get("channel_type") == "im":
        said, thread, known = text, str(event.get("thread_ts") or ""), ChannelKind.DIRECT
    else:
        return None
    files = tuple(event.get("files") or ())
    said = typed(_FIRST_WORD.sub("", said))
    delivery = f"slack:{team}:{_need(body, 'event_id')}"
    return Talk(team, user, channel, known, thread, said, delivery, files)


def talk_request(said: Talk, channel: ChannelRef, attach: Attach, origin: str = "") -> Said:
    """Return the request of something said, now that its channel is known."""
    place = Place(said.team, said.user, channel.id, channel.kind, said.thread, is_talk=True)
    attachments = tuple(attach(file) for file in said.files)
    request = _request(
        place, channel, said.delivery_id, text=said.text or "/qm help", attachments=attachments, origin=origin
    )
    return Said(request, place)


def renamed(said: Said, channel: ChannelRef) -> Said:
    """Return a request whose channel has the name that its payload hid."""
    return replace(said, request=replace(said.request, channel=channel))


def _home_channel(view: Payload) -> str:
    """Return the conversation with the bot that a Home tab was published for."""
    channel = str(view.get("private_metadata") or "")
    if view.get("type") != "home" or not channel.startswith("D"):
        raise UnreadablePayloadError("view")
    return channel


def event_team(body: Payload) -> str:
    """Return the team whose installation an event is for; in a shared channel the sender's is another one."""
    authorizations = body.get("authorizations")
    first = authorizations[0] if isinstance(authorizations, list) and authorizations else {}
    return str(first.get("team_id") or body.get("team_id") or "")


def typed(text: str) -> str:
    """Return what somebody typed, of text as Slack sends it; mentions of people and channels stay as they are.

    Those of user groups become `<@&S…|handle>`. What is far too long for a command is left as it is.
    """
    if len(text) > _LONGEST:
        return text
    text = _LINK.sub(_address, text)
    text = _GROUP.sub(lambda found: f"<@&{found[1]}|{''.join(_NO_HANDLE.split(found[2] or ''))}>", text)
    text = _SPECIAL.sub(lambda found: found[1] or "", text)
    return unescape(text).strip()


def permalink(base: str, channel: str, ts: str) -> str:
    """Return the address of a message; nothing without the workspace's own address."""
    return f"{base.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}" if base and ts else ""


def channel_kind(conversation: Payload) -> ChannelKind:
    """Return the kind of a conversation object; several people's direct messages are a private channel."""
    if conversation.get("is_im"):
        return ChannelKind.DIRECT
    is_private = conversation.get("is_private") or conversation.get("is_mpim") or conversation.get("is_group")
    return ChannelKind.PRIVATE if is_private else ChannelKind.PUBLIC


def _address(found: "re.Match[str]") -> str:
    target = found[1]
    for scheme in ("mailto:", "tel:"):
        if target.startswith(scheme):
            return found[2] or target.removeprefix(scheme)
    # Slack links bare domains by itself; what was typed is the label.
    return found[2] if found[2] and found[2] in target else target


def _channel_of(body: Payload, id_key: str, name_key: str) -> ChannelRef:
    """Return the channel of a command or an interaction, whose payload hides the names of those that are not public."""
    channel_id, name = _need(body, id_key), str(body.get(name_key) or "")
    if channel_id.startswith("D"):
        return ChannelRef(channel_id, "", ChannelKind.DIRECT)
    if name in _NAMELESS:
        return ChannelRef(channel_id, "", _NAMELESS[name])
    # Whatever is not surely public is treated as private.
    is_private = not name or channel_id.startswith("G") or name.startswith("mpdm-")
    return ChannelRef(channel_id, name, ChannelKind.PRIVATE if is_private else ChannelKind.PUBLIC)


def _name_of(body: Payload) -> str:
    """Return what an interaction calls its person, for as long as their profile can't be had."""
    user = body.get("user") or {}
    return str(user.get("name") or user.get("username") or "")


def _request(place: Place, channel: ChannelRef, delivery_id: str, name: str = "", **more: Any) -> Request:
    return Request(
        platform=Platform.SLACK,
        space_id=place.team,
        channel=ChannelRef(channel.id, channel.name, channel.kind, place.thread or None),
        user=UserRef(place.user, name),
        delivery_id=delivery_id,
        **more,
    )


def _team_of(body: Payload) -> str:
    team = (body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id")
    if not team:
        raise UnreadablePayloadError("team")
    return str(team)


def _need(body: Payload, name: str) -> str:
    value = body.get(name)
    if not value:
        raise UnreadablePayloadError(name)
    return str(value)


def _first(values: Any) -> Payload:
    if not isinstance(values, list) or not values or not isinstance(values[0], dict):
        raise UnreadablePayloadError("actions")
    return values[0]
