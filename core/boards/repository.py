"""What boards need of storage."""

from collections.abc import Sequence
from typing import Protocol

from core.boards.model import Board


class BoardRepository(Protocol):
    """The boards of one workspace."""

    async def of(self, channel_id: int, area: str) -> Board | None:
        """Return the board of an area in a channel, one that is off too."""
        ...

    async def beside(self, channel_id: int, area: str) -> Sequence[Board]:
        """Return the boards of an area that are on in the very same conversation, met through other spaces."""
        ...

    async def put(self, board: Board) -> None:
        """Store a board in place of the former one of its area in the channel."""
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
