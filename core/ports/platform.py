"""What the application asks of the platforms."""

from collections.abc import Sequence
from typing import Protocol

from core.chat.reply import Reply
from core.chat.request import UserRef
from core.shared.errors import QuartermasterError
from core.shared.value_objects import value_object
from core.workspaces.model import Installation, Space


@value_object
class Destination:
    """Where a post goes: a channel, or a person's direct messages (`user` is the platform's id, `channel` empty)."""

    space: Space
    channel: str = ""
    user: str = ""
    thread: str = ""


MESSAGE_GONE, CHANNEL_GONE, NOT_ALLOWED = "message_gone", "channel_gone", "not_allowed"
"""Reasons for refusing what concerns something that is there, alike on every platform; others are its own words."""


class PostRejectedError(QuartermasterError):
    """The platform will never take this post; `reason` is its stable word, such as `channel_not_found`."""

    code = "post_rejected"

    def __init__(self, reason: str) -> None:
        """Keep the platform's word."""
        super().__init__(reason)
        self.reason = reason


class PostDelayedError(QuartermasterError):
    """The platform did not take the post now; try again after `seconds`, 0 if it doesn't say when."""

    code = "post_delayed"

    def __init__(self, seconds: float) -> None:
        """Keep the seconds to wait."""
        super().__init__(seconds)
        self.seconds = seconds


class PostOutcomeUnknownError(QuartermasterError):
    """The connection broke after the post may have been taken, or its files could not follow it yet.

    It is to be looked for after `seconds`, 0 if the platform doesn't say when.
    """

    code = "post_outcome_unknown"

    def __init__(self, seconds: float = 0.0) -> None:
        """Keep the seconds to wait."""
        super().__init__(seconds)
        self.seconds = seconds


class Messenger(Protocol):
    """Posts on one platform, outside the answer to a request."""

    @property
    def rest(self) -> float:
        """Return the seconds that the platform wants between two posts to one place."""
        ...

    async def post(self, where: Destination, reply: Reply, key: str) -> str:
        """Post and return the platform's id of the message; `key` is the outbox id, left with the message.

        Raises `PostRejectedError`, `PostDelayedError` or `PostOutcomeUnknownError`.
        """
        ...

    async def find(self, where: Destination, key: str) -> str | None:
        """Return the id of the message posted under that key, or None if it was not posted.

        Raises `PostDelayedError` when the history can't be read now, `PostOutcomeUnknownError` when it can't be read at
        all, and `PostRejectedError` when there is none to read: nothing can be posted there either.
        """
        ...

    async def complete(self, where: Destination, message: str, reply: Reply) -> None:
        """Let files follow a message of ours that stands, as far as they don't yet; raises like `post`."""
        ...

    async def edit(self, where: Destination, message: str, reply: Reply) -> None:
        """Put another reply in place of a message of ours, by the id that `post` returned; once, without waiting.

        Raises `PostRejectedError` (`MESSAGE_GONE`, `CHANNEL_GONE` also where the bot may not see it, `NOT_ALLOWED`),
        `PostDelayedError`, or `PostOutcomeUnknownError`, after which the same edit may be repeated.
        """
        ...

    async def pin(self, where: Destination, message: str) -> None:
        """Pin a message of ours in its channel, where the platform has pins; raises like `edit`."""
        ...

    async def remove(self, where: Destination, message: str) -> None:
        """Take a message of ours away; one that is gone already is no error. Raises like `edit`."""
        ...

    async def is_in(self, where: Destination) -> bool:
        """Tell whether the bot is in a channel, so that it can keep a message up to date there; raises like `edit`."""
        ...

    async def private_channels(self, space: Space, user: str) -> frozenset[str]:
        """Return the platform's ids of the private channels that the person is in, as far as the bot sees them."""
        ...

    async def profile(self, space: Space, user: str) -> UserRef:
        """Return name, zone, locale and whether the person administers the space."""
        ...

    async def group_members(self, space: Space, group: str) -> Sequence[str]:
        """Return the platform's ids of the people in a group (a Slack user group, a Discord role), without bots.

        Raises `PostRejectedError` for a group that is unknown or may not be asked about (`NOT_ALLOWED`), and the other
        two.
        """
        ...

    async def check(self, installation: Installation) -> None:
        """Raise `PostRejectedError` when the credentials do not work any more."""
        ...
