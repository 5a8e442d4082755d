"""What boards are to show now, each by one statement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bot.grammar.boards import AreaBoards, BoardView
from bot.grammar.declaration import Area
from bot.identity.directory import Directory
from bot.identity.identities import Identities
from core.boards.model import Board
from core.chat.actor import Actor
from core.chat.reply import Reply
from core.ports.storage import Storage
from core.shared.clock import Clock


@dataclass(slots=True)
class BoardReplies:
    """Words what boards show, as their areas declare it; `word` has the last word on it."""

    storage: Storage
    identities: Identities
    clock: Clock
    areas: Mapping[str, Area]
    word: Callable[[Reply], Reply] = lambda reply: reply

    def declared(self, board: Board) -> AreaBoards:
        """Return what the area of a board, which has to be one that is there, says of its boards."""
        boards = self.areas[board.area].boards
        if boards is None:
            raise KeyError(board.area)
        return boards

    async def of(self, board: Board) -> Reply | None:
        """Return what a board shows; None for that of a person who is no active member any more."""
        boards, now = self.declared(board), self.clock.now()
        face, directory = boards.face(board), await self.identities.remembered(board.workspace_id)
        async with self.storage.workspace(board.workspace_id).read() as work:
            content = await face.read(work, board, now, _day_of(now, board, directory))
        if content is None:
            return None
        members, channels = set(face.members(content)), {*face.channels(content), board.channel_id}
        members |= {board.member_id} if board.member_id is not None else set()
        if not (members <= directory.members.keys() and channels <= directory.channels.keys()):
            directory = await self.identities.directory(board.workspace_id)
        reader = _reader(board, directory)
        if reader is None and board.member_id is not None:
            return None
        return self.word(face.show(content, BoardView(board, boards.buttons(board), directory, now, reader)))


def _day_of(now: datetime, board: Board, directory: Directory) -> datetime:
    """Return when the day began where the channel is, or the workspace."""
    zone = ZoneInfo(directory.zones.of(channel_id=board.channel_id))
    return datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone).astimezone(UTC)


def _reader(board: Board, directory: Directory) -> Actor | None:
    """Return whom a board is for, as if they looked at it there."""
    member = directory.members.get(board.member_id) if board.member_id is not None else None
    channel = directory.channels.get(board.channel_id)
    if member is None or channel is None:
        return None
    return Actor(
        workspace_id=board.workspace_id,
        member_id=member.id,
        name=member.name,
        role=member.role,
        zone=directory.zones.of(member.zone, channel_id=channel.id),
        locale=member.locale or directory.workspace.locale,
        platform=channel.platform,
        space_id=channel.space_id,
        channel_id=channel.id,
        channel_name=channel.name,
        channel_kind=channel.kind,
    )
