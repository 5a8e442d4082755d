"""Discord's interactions, and what is said to the app, as requests; pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from adapters.platforms.discord import forms
from adapters.platforms.discord.events import Event, called
from adapters.platforms.discord.forms import FormState
from adapters.platforms.discord.permissions import administers
from adapters.platforms.pressing import changed
from core.chat.request import Attachment, Platform, Request, UserRef
from core.chat.spec import JOINING, Argument, ArgumentKind, Catalogue, Completion
from core.shared.value_objects import value_object

SUGGESTIONS, SUGGESTION = 25, 100
_SUBCOMMAND = 1
_ATTACHMENT = 11
_NICKNAME = re.compile(r"<@!(\d{1,20})>")
_MENTION = re.compile(r"<@!?(\d{1,20})>")
_REFERENCE = re.compile(r"<(?:@&|#|t:|a?:\w{1,32}:)\d{1,20}(?::\w)?>")
_NUMBERS = re.compile(r"^(?:#?\d+[,\s]+)+")
_PEOPLE = re.compile(r"^(?:<?@\S+[,\s]+)+")

Attach = Callable[[Mapping[str, Any]], Attachment]
"""Makes an attachment, not yet read, of one of Discord's."""


class UnreadablePayloadError(ValueError):
    """An interaction lacks what it must have."""


@value_object
class Asked:
    """A typed command: its `area action`, its options, and the one being typed, if any."""

    command: str
    options: Sequence[Mapping[str, Any]]

    @property
    def focused(self) -> Mapping[str, Any] | None:
        """Return the option whose suggestions are wanted."""
        return next((option for option in self.options if option.get("focused")), None)


def asked(event: Event, catalogue: Catalogue) -> Asked:
    """Return the command of an interaction; raises `UnreadablePayloadError`."""
    area = str(event.data.get("name") or "").removeprefix(catalogue.prefix)
    options = event.data.get("options") or ()
    if not area or not options or options[0].get("type") != _SUBCOMMAND:
        raise UnreadablePayloadError("options")
    return Asked(f"{area} {options[0]['name']}", tuple(options[0].get("options") or ()))


def command(event: Event, guild: str, catalogue: Catalogue, attach: Attach) -> Request:
    """Translate a command with its typed options."""
    found = asked(event, catalogue)
    arguments = {str(one["name"]): _typed(one["value"]) for one in found.options if one.get("type") != _ATTACHMENT}
    files = [str(one["value"]) for one in found.options if one.get("type") == _ATTACHMENT]
    info = next((one for one in catalogue.commands if one.name == found.command), None)
    return _request(
        event,
        guild,
        command=found.command,
        arguments=arguments,
        attachments=_attached(event, files, attach),
        ask=info is not None and info.asks_about(arguments),
    )


def made_from(event: Event, guild: str, catalogue: Catalogue) -> tuple[Request, str]:
    """Translate the use of a message's menu into the request for a form, and the path of the message's link."""
    making = catalogue.making(str(event.data.get("name") or ""))
    if making is None:
        raise UnreadablePayloadError("name")
    command, entry = making
    target = str(event.data.get("target_id") or "")
    message = ((event.data.get("resolved") or {}).get("messages") or {}).get(target)
    if not isinstance(message, dict):
        raise UnreadablePayloadError("message")
    path = f"{message.get('channel_id') or event.place}/{target}"
    words = _worded(str(message.get("content") or ""), message.get("mentions") or ())
    request = _request(
        event,
        guild,
        command=command,
        arguments=entry.arguments(words),
        origin=link_to(event.guild, path),
        ask=True,
    )
    return request, path


def link_to(guild: str, path: str) -> str:
    """Return the permanent link to a message, by its `channel/message`; empty for none."""
    return f"https://discord.com/channels/{guild or '@me'}/{path}" if path else ""


def _worded(content: str, mentions: Sequence[Mapping[str, Any]]) -> str:
    """Return a message with the names of those whom it mentions; other references are left out."""
    names = {str(one.get("id")): str(one.get("global_name") or one.get("username") or "") for one in mentions}
    words = _MENTION.sub(lambda found: f"@{names.get(found[1]) or 'somebody'}", content)
    return _REFERENCE.sub("", words)


def talk(event: Event, guild: str, attach: Attach) -> Request:
    """Translate a message to the app; one that says nothing asks for help."""
    files = tuple(attach(file) for file in event.data.get("attachments") or () if isinstance(file, dict))
    origin = link_to(event.guild, f"{event.place}/{event.id}") if event.guild else ""
    text = _spelt(str(event.data.get("content") or "")) or "/qm help"
    return _request(event, guild, text=text, attachments=files, origin=origin)


def pressed(event: Event, guild: str, action_id: str) -> Request:
    """Translate a pressed button or a chosen entry of a select."""
    return _request(event, guild, action_id=action_id)


def submitted(event: Event, state: FormState, attach: Attach) -> Request:
    """Translate a submitted modal."""
    files = _attached(event, forms.uploaded(event.data), attach) or state.attachments
    entered = {name: _spelt(value) for name, value in forms.entered(event.data).items()}
    return _request(
        event,
        state.home.guild,
        command="" if state.action else state.command,
        action_id=state.action,
        arguments={**state.fixed, **changed(entered, state.clearable, state.came)},
        attachments=files,
        origin=link_to(event.guild, state.origin),
    )


def person(event: Event, guild: str) -> Request:
    """Return a request that asks nothing: it says who is there and where."""
    return _request(event, guild)


def suggestion_line(asked_for: Asked, argument: Argument) -> tuple[str, str]:
    """Return the line whose end is to be completed for the focused option, and what stands before that end."""
    typed = str((asked_for.focused or {}).get("value") or "")
    kept = ""
    if argument.many and argument.kind in (ArgumentKind.REFERENCE, ArgumentKind.MEMBERS):
        pattern = _NUMBERS if argument.kind is ArgumentKind.REFERENCE else _PEOPLE
        found = pattern.match(typed)
        kept = found[0] if found else ""
    word = typed[len(kept) :]
    if argument.kind is ArgumentKind.DUE:
        word = ""
    word = JOINING.join(word.split())
    return f"/{asked_for.command} {argument.name}:{word}", kept


def suggestions(
    found: Sequence[Completion], line: str, kept: str, typed: str, argument: Argument
) -> list[dict[str, str]]:
    """Return what Discord shows for the focused option: what is typed so far stands first where any text will do."""
    start = line.index(f" {argument.name}:") + len(argument.name) + 2
    shown: dict[str, str] = {}
    if typed.strip() and argument.kind is ArgumentKind.DUE:
        shown[typed.strip()[:SUGGESTION]] = typed.strip()[:SUGGESTION]
    for one in found:
        value = f"{kept}{line[start : one.start]}{one.insert}".strip()
        label = f"{kept}{one.label}" + (f"  {one.detail}" if one.detail else "")
        is_near = argument.kind is not ArgumentKind.DUE or value.startswith(typed.strip().lower())
        if is_near and 0 < len(value) <= SUGGESTION:
            shown.setdefault(value, label if len(label) <= SUGGESTION else f"{label[: SUGGESTION - 1]}…")
    return [{"name": label, "value": value} for value, label in shown.items()][:SUGGESTIONS]


def _request(event: Event, guild: str, **more: Any) -> Request:
    return Request(
        platform=Platform.DISCORD,
        space_id=guild,
        channel=event.asked_in,
        user=UserRef(event.user, event.name, locale=event.locale, is_admin=event.is_admin),
        people=tuple(_told(event.data.get("resolved") or {})),
        delivery_id=f"discord:{guild}:{event.id}",
        **more,
    )


def _told(resolved: Mapping[str, Any]) -> Iterator[UserRef]:
    """Yield the members of the server among those whom Discord tells of because they are named."""
    members = resolved.get("members") or {}
    for user, about in (resolved.get("users") or {}).items():
        if member := members.get(user):
            yield UserRef(str(user), called(member, about), is_admin=administers(int(member.get("permissions") or 0)))


def _attached(event: Event, ids: Sequence[str], attach: Attach) -> tuple[Attachment, ...]:
    known = (event.data.get("resolved") or {}).get("attachments") or {}
    return tuple(attach(known[one]) for one in ids if isinstance(known.get(one), dict))


def _typed(value: Any) -> str:
    """Return an option's value as the text somebody would have typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _spelt(str(value))


def _spelt(words: str) -> str:
    """Return a text in which mentions are written in one way."""
    return _NICKNAME.sub(r"<@\1>", words)
