"""What people do, as the gateway told it, free of the SDK's objects."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import IntEnum
from typing import Any

from core.chat.request import ChannelRef
from core.shared.value_objects import value_object


class Kind(IntEnum):
    """What a person did, by Discord's numbers; a message to the app is no interaction and has none."""

    MESSAGE = 0
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


@value_object
class Event:
    """One interaction, or one message to the app, which has no token.

    `guild` is empty in direct messages. `channel` is the channel whose conversation it is, with the thread in it if in
    one. `message` and `components` are of the message whose control was used. `about` is the channel that a
    control in a direct message belongs to. `at` is when it arrived, in seconds of
    the loop's clock; `file_limit` is how many bytes Discord takes in one file there.
    """

    id: str
    kind: int
    token: str
    application: str
    guild: str
    channel: ChannelRef
    user: str
    name: str
    locale: str
    is_admin: bool
    at: float
    data: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""
    components: Sequence[dict[str, Any]] = ()
    file_limit: int = 10 * 1024 * 1024
    about: ChannelRef | None = None

    @property
    def custom_id(self) -> str:
        """Return what a control or modal is called."""
        return str(self.data.get("custom_id") or "")

    @property
    def said(self) -> str:
        """Return the id of the message to the app that this is; empty for an interaction."""
        return self.id if self.kind == Kind.MESSAGE else ""

    @property
    def asked_in(self) -> ChannelRef:
        """Return the channel that it is about."""
        return self.about or self.channel

    @property
    def place(self) -> str:
        """Return the id of the channel or thread in which it happened."""
        return self.channel.thread or self.channel.id


def called(member: Mapping[str, Any], user: Mapping[str, Any]) -> str:
    """Return what a server calls somebody, of what Discord tells of them there and everywhere."""
    names = (member.get("nick"), user.get("global_name"), user.get("username"))
    return next((str(name) for name in names if name), "")
