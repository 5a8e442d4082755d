"""Frames of the page as requests; pure. No frame gets past here."""

from collections.abc import Mapping, Sequence

from adapters.platforms.web.frames import Submit
from adapters.platforms.web.rooms import reference
from core.chat.request import Attachment, ChannelKind, Platform, Request, UserRef
from core.chat.spec import CommandInfo
from core.shared.value_objects import value_object
from core.workspaces.model import Channel

SPACE = "console"

_MENTIONS = ("@quartermaster", "@qm")


@value_object
class Reader:
    """A signed-in person at a page: the console's id, and the zone and locale that their browser tells."""

    user: str
    zone: str = ""
    locale: str = ""

    @property
    def reference(self) -> UserRef:
        """Return the person as requests name them."""
        return UserRef(id=self.user, name=self.user.capitalize(), zone=self.zone, locale=self.locale)


def bare_request(reader: Reader, channel: Channel, *, text: str = "") -> Request:
    """Return a request that is no delivery: for asking who somebody is, and for completion."""
    return Request(
        platform=Platform.WEB,
        space_id=SPACE,
        channel=reference(channel),
        user=reader.reference,
        text=text,
    )


def submitted_request(
    frame: Submit, reader: Reader, channel: Channel, attachments: Sequence[Attachment] = ()
) -> Request | None:
    """Return what a person submitted, or None when it is talk among people and nothing for the application."""
    text = command_text(frame.text, channel.kind)
    if not (text or frame.command or frame.action):
        return None
    return Request(
        platform=Platform.WEB,
        space_id=SPACE,
        channel=reference(channel),
        user=reader.reference,
        delivery_id=delivery_id(reader, frame.id),
        text="" if frame.command or frame.action else text,
        command="" if frame.action else frame.command,
        arguments=frame.arguments,
        action_id=frame.action,
        attachments=tuple(attachments),
    )


def delivery_id(reader: Reader, submission: str) -> str:
    """Return the delivery id of a submission; the person is part of it, so that nobody can claim another's."""
    return f"web:{reader.user}:{submission}"


def command_text(line: str, kind: ChannelKind) -> str:
    """Return the command in a typed line: after a slash or a mention, and in a direct channel whatever is said."""
    stripped = line.strip()
    for mention in _MENTIONS:
        if stripped.lower().startswith(mention) and not stripped[len(mention) : len(mention) + 1].isalnum():
            return stripped[len(mention) :].lstrip(" \t:,") or "help"
    if stripped.startswith("/") or kind is ChannelKind.DIRECT:
        return stripped
    return ""


def spelled(name: str, arguments: Mapping[str, str], info: CommandInfo | None, prefix: str = "") -> str:
    """Return a filled-in form as the line that would have said the same, for the channel to read."""
    positional = {argument.name for argument in info.arguments if argument.positional} if info else set()
    words = [f"/{prefix}{name}"]
    for argument, value in arguments.items():
        if not value.strip():
            continue
        shown = f'"{value}"' if " " in value and argument not in positional else value
        words.append(shown if argument in positional else f"{argument}:{shown}")
    return " ".join(words)
