"""What somebody asked, free of any platform's payload."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import field
from enum import StrEnum

from core.chat.actions import StoredAction
from core.shared.value_objects import value_object


class Platform(StrEnum):
    """Where people type."""

    SLACK = "slack"
    DISCORD = "discord"
    WEB = "web"
    TERMINAL = "terminal"
    HTTP = "http"


class ChannelKind(StrEnum):
    """Who can see into a channel: everybody in the workspace, its members, or one person and the bot."""

    PUBLIC = "public"
    PRIVATE = "private"
    DIRECT = "direct"


@value_object
class ChannelRef:
    """A channel as the platform names it: its id there, its name, its kind, and the thread if in one."""

    id: str
    name: str
    kind: ChannelKind
    thread: str | None = None


@value_object
class UserRef:
    """A person as the platform names them; what the payload does not tell is empty."""

    id: str
    name: str = ""
    zone: str = ""
    locale: str = ""
    is_admin: bool = False
    is_guest: bool = False


@value_object
class Attachment:
    """A file that came with a request, not yet read: `open()` yields its bytes in chunks.

    `size` is what the platform claims, in bytes, or None; readers enforce their own limit.
    """

    name: str
    media_type: str
    size: int | None
    open: Callable[[], AsyncIterator[bytes]]


@value_object
class Request:
    """One command, button press or submitted form.

    Exactly one of these says what is asked: `text` (a typed line such as `/task add Buy milk`), `command` (`task add`)
    with `arguments` (texts by argument name, from forms, typed options or HTTP), or `action_id` (a pressed button;
    `arguments` may then hold what its form supplied). `delivery_id` is unique for each delivery of the platform and the
    same for a repeated one; empty means that the platform never repeats.
    """

    platform: Platform
    space_id: str
    channel: ChannelRef
    user: UserRef
    delivery_id: str = ""
    text: str = ""
    command: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    action_id: str = ""
    action: StoredAction | None = None
    """What is stored for the button, once `Application.resolve` has looked."""
    attachments: tuple[Attachment, ...] = ()
    origin: str = ""
    """A permanent link to the message that this request is about, if any."""
    people: tuple[UserRef, ...] = ()
    """Those whom it names, as far as the platform told of them along with it; of others it can be asked."""
    ask: bool = False
    """Show the command's form with the arguments filled in, even where none is missing."""
    zone: str = ""
    """In which dates are read and told whoever asks: that of the schedule for which it is asked."""
