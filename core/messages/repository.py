"""What the console needs of storage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.chat.reply import Reply
from core.messages.model import Message


class MessageRepository(Protocol):
    """The messages of the console's channels in one workspace; reads are for one member, who must see the channel."""

    async def post(
        self,
        channel_id: int,
        *,
        author_id: int | None,
        text: str = "",
        reply: Reply | None = None,
        only: int | None = None,
        answers: int | None = None,
        key: str = "",
        at: datetime,
    ) -> Message:
        """Append a message; the same non-empty `key` again returns the first one unchanged."""
        ...

    async def replace(self, channel_id: int, seq: int, reply: Reply, at: datetime) -> Message | None:
        """Put another reply in place of a bot message, or return None if there is no such message."""
        ...

    async def get(self, channel_id: int, seq: int, member_id: int) -> Message | None:
        """Return one message that the member may see."""
        ...

    async def latest(
        self, channel_id: int, member_id: int, *, before: int | None = None, limit: int = 50
    ) -> Sequence[Message]:
        """Return messages that the member may see, oldest first, ending before `before` or at the newest."""
        ...

    async def changes(self, channel_id: int, member_id: int, *, since: int, limit: int = 200) -> Sequence[Message]:
        """Return messages posted or edited after change number `since`, in order of change."""
        ...

    async def find(self, channel_id: int, key: str) -> int | None:
        """Return the `seq` of the message posted under that key, or None."""
        ...

    async def remove_posted(self, start: str) -> int:
        """Remove the messages whose key begins so, from all channels, and return how many there were."""
        ...
