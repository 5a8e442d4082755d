"""What boards show, as those who keep them ask the areas for it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from bot.identity.directory import Directory
from core.boards.model import Board
from core.chat.actions import number_actions
from core.chat.actor import Actor
from core.chat.reply import Action, Reply
from core.ports.storage import UnitOfWork
from core.shared.value_objects import value_object

C = TypeVar("C")


@value_object
class BoardView:
    """What it takes to word what a board shows: its buttons with their ids, who is there, and when it is.

    That of a person has a `reader`, as if they looked at it there.
    """

    board: Board
    buttons: tuple[Action, ...]
    directory: Directory
    now: datetime
    reader: Actor | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Return the channel's zone, else the workspace's: a channel's board is for everybody."""
        return ZoneInfo(self.directory.zones.of(channel_id=self.board.channel_id))


def _none(_content: object) -> Iterable[int]:
    return ()


@value_object
class Face(Generic[C]):
    """What a board shows: `read` by one statement, given now and when the day began, and then worded by `show`.

    None is read where nobody is left to show it to. `buttons` stay the same while what is shown comes and goes, so that
    an edit stores nothing. `members` and `channels` are those whom the content names.
    """

    read: Callable[[UnitOfWork, Board, datetime, datetime], Awaitable[C | None]]
    show: Callable[[C, BoardView], Reply]
    buttons: Sequence[Action] = ()
    members: Callable[[C], Iterable[int]] = _none
    channels: Callable[[C], Iterable[int]] = _none


@value_object
class AreaBoards:
    """The boards of an area: that of a channel, and that of a person in their conversation with the bot, if it has one.

    `own` is what a person's shows, such as `open tasks`. `groupings` say how what is on a channel's is grouped, by the
    word for each, such as `by person`.
    """

    channel: Face[Any]
    person: Face[Any] | None = None
    own: str = ""
    groupings: Mapping[str, str] = field(default_factory=dict)

    def face(self, board: Board) -> Face[Any]:
        """Return what a board shows."""
        return self.person if self.person and board.member_id is not None else self.channel

    def buttons(self, board: Board) -> tuple[Action, ...]:
        """Return the buttons of a board, with their ids, as they are stored; those of a person's are theirs alone."""
        given = self.face(board).buttons
        own = tuple(replace(one, only=board.member_id) for one in given) if board.member_id else tuple(given)
        return number_actions(Reply(actions=own), board.id)[1]
