"""What boards need of storage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.boards.model import Board, BoardContent, Work
from core.workspaces.model import Audience


class BoardRepository(Protocol):
    """The boards of one workspace."""

    async def of(self, channel_id: int) -> Board | None:
        """Return a channel's board, one that is off too."""
        ...

    async def beside(self, channel_id: int) -> Sequence[Board]:
        """Return the boards that are on in the very same conversation, met through other spaces."""
        ...

    async def put(self, board: Board) -> None:
        """Store a board in place of the channel's former one."""
        ...

    async def posted(self, board: Board, message: str, digest: str) -> bool:
        """Keep the message of a board, if it still is the channel's board and on; tell whether it was."""
        ...

    async def cleared(self, board: Board, retired: Sequence[str]) -> None:
        """Keep which messages are still to be taken away; a board that is off and has none is forgotten."""
        ...

    async def switch_off(self, board: Board) -> bool:
        """Switch a board off and let go of its messages, if it still is the channel's board and on; tell whether."""
        ...

    async def remember(self, digests: Sequence[tuple[str, str]]) -> None:
        """Keep what boards (by id) show, by digest."""
        ...

    async def content(self, channel_id: int, *, now: datetime, today: datetime) -> BoardContent:
        """Return what the board of a channel shows, by one statement; `today` is when the day began.

        It is for the channel itself: all its tasks and no others, for everybody who is there.
        """
        ...

    async def work(self, audience: Audience) -> Work | None:
        """Return the open tasks of the audience's member as far as the audience may see them, by one statement.

        None if that is no active member of the workspace.
        """
        ...
