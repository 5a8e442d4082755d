"""What boards are to show now, each by one statement."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bot.identity.directory import Directory
from bot.identity.identities import Identities
from bot.texts.boards import boards as texts
from bot.texts.boards import work_boards
from bot.texts.view import View
from core.boards.model import Board, BoardContent, Work
from core.chat.actor import Actor
from core.chat.reply import Reply
from core.ports.storage import Storage
from core.shared.clock import Clock
from core.workspaces.model import Audience


@dataclass(slots=True)
class BoardReplies:
    """Words what boards show; `word` has the last word on it."""

    storage: Storage
    identities: Identities
    clock: Clock
    word: Callable[[Reply], Reply] = lambda reply: reply

    async def of(self, board: Board) -> Reply | None:
        """Return what a board shows; None for that of a person who is no active member any more."""
        shown = await self._channel(board) if board.member_id is None else await self._person(board, board.member_id)
        return self.word(shown) if shown else None

    async def _channel(self, board: Board) -> Reply:
        directory = await self.identities.remembered(board.workspace_id)
        now, zone = self.clock.now(), ZoneInfo(directory.workspace.zone)
        today = datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone).astimezone(UTC)
        async with self.storage.workspace(board.workspace_id).read() as work:
            content = await work.boards.content(board.channel_id, now=now, today=today)
        if not _people(content) <= directory.members.keys():
            directory = await self.identities.directory(board.workspace_id)
        return texts.board(content, board, directory, now)

    async def _person(self, board: Board, member_id: int) -> Reply | None:
        """Return somebody's own tasks: by the filter of whoever looks at them, asked anew each time."""
        async with self.storage.workspace(board.workspace_id).read() as work:
            content = await work.boards.work(Audience(member_id, frozenset({board.channel_id})))
        if content is None:
            return None
        directory = await self.identities.remembered(board.workspace_id)
        if not _knows(directory, content, board):
            directory = await self.identities.directory(board.workspace_id)
        actor = _reader(board, directory)
        if actor is None:
            return None
        return work_boards.work(content, board, texts.buttons(board), View(actor, directory, self.clock.now()))


def _people(content: BoardContent) -> set[int]:
    return {member for task in (*content.open, *content.done) for member in task.assignees}


def _knows(directory: Directory, content: Work, board: Board) -> bool:
    people = {member for task in content.tasks for member in task.assignees} | {board.member_id}
    channels = {task.channel_id for task in content.tasks} | {board.channel_id}
    return people <= directory.members.keys() and channels <= directory.channels.keys()


def _reader(board: Board, directory: Directory) -> Actor | None:
    """Return whom a board is for, as if they looked at their tasks there."""
    member = directory.members.get(board.member_id) if board.member_id is not None else None
    channel = directory.channels.get(board.channel_id)
    if member is None or channel is None:
        return None
    return Actor(
        workspace_id=board.workspace_id,
        member_id=member.id,
        name=member.name,
        role=member.role,
        zone=member.zone or directory.workspace.zone,
        locale=member.locale or directory.workspace.locale,
        platform=channel.platform,
        space_id=channel.space_id,
        channel_id=channel.id,
        channel_name=channel.name,
        channel_kind=channel.kind,
    )
