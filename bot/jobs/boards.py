"""Boards are kept as they should be: put up, edited when what they show has changed, taken away.

What a board is to be is in the database; what its message shows is in memory, and kept now and then so that a restart
edits nothing without need. A change marks the channel's board; a little later one statement tells what it shows now,
and the message is edited if that is something else. Changes that come meanwhile make one more edit.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.directory import Directory
from bot.identity import Identities
from bot.texts import boards as texts
from core.boards.model import Board, BoardContent
from core.boards.service import BOARD_MOVED, forget_buttons
from core.chat.reply import Reply
from core.chat.request import Platform
from core.ports.platform import (
    Destination,
    Messenger,
    PostDelayedError,
    PostOutcomeUnknownError,
    PostRejectedError,
)
from core.ports.storage import Committed, Post, Storage, StorageUnavailableError
from core.shared.clock import Clock
from core.shared.events import Event

log = structlog.get_logger()

PAUSE = timedelta(seconds=2)
"""Between two edits of a message: platforms take about one a second in a channel, and others post there too."""
REFRESH = timedelta(seconds=60)
"""How often every board is looked at: days end, dues pass, and other processes change tasks."""
LONGEST_PAUSE = timedelta(minutes=5)
SECONDS = 15.0
"""A platform's time for one message; after that it is tried again."""
AT_ONCE = 8
LOOKS = 3
"""How often a message in doubt is looked for in vain before its board is given up."""
LASTING = datetime(9000, 1, 1, tzinfo=UTC)
"""When the buttons of a board expire: they go with it."""

_RECOVERABLE = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "not_installed", "token_expired", "token_revoked"}
)
"""Refusals that say nothing of the board: the app was taken out, and may come back."""


@dataclass(slots=True)
class _Kept:
    """A board, what its message shows, and when to look at it next.

    `is_new`: this process has not stored its buttons yet. `in_doubt`: its message may have arrived.
    """

    board: Board
    shown: str
    stored: str
    in_doubt: bool
    is_due: bool = True
    is_new: bool = True
    not_before: datetime = datetime(1, 1, 1, tzinfo=UTC)
    failures: int = 0
    space_id: int = 0


@dataclass(slots=True)
class Boards:
    """Keeps the boards of all workspaces."""

    storage: Storage
    identities: Identities
    messengers: Mapping[Platform, Messenger]
    clock: Clock
    pause: timedelta = PAUSE
    again_in: Callable[[float], None] | None = None
    """Told in how many seconds there is something to do; 0 for at once."""
    word: Callable[[Reply], Reply] = lambda reply: reply
    """Has the last word on what a board says."""
    _kept: dict[tuple[int, int], _Kept] = field(default_factory=dict)
    _read_at: datetime | None = None
    _started_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Follow what commits change."""
        self._started_at = self.clock.now()
        self.storage.watch(self._committed, self._missed)

    def take_over(self) -> None:
        """Begin to keep the boards, which another process may have kept until now."""
        self._kept, self._read_at, self._started_at = {}, None, self.clock.now()

    def _missed(self) -> None:
        """Look at all boards: any of them may have changed."""
        self._read_at = None
        for kept in self._kept.values():
            kept.is_due = True
        if self.again_in:
            self.again_in(0.0)

    async def step(self) -> bool:
        """Bring boards up to date; tell whether more of them wait than are done at once."""
        now = self.clock.now()
        if self._read_at is None or now - self._read_at >= REFRESH:
            # From the beginning, so that what is put up while it reads is read again.
            self._read_at = now
            try:
                await self._read()
            except BaseException:  # whatever kept it from reading, it was not read
                self._read_at = None
                raise
        due = [kept for kept in self._kept.values() if kept.is_due and kept.not_before <= now]
        await asyncio.gather(*(self._serve(kept) for kept in due[:AT_ONCE]))
        later = [kept.not_before for kept in self._kept.values() if kept.is_due]
        if later and self.again_in:
            self.again_in(max(0.0, (min(later) - self.clock.now()).total_seconds()))
        return len(due) > AT_ONCE

    def _committed(self, committed: Committed) -> None:
        """Mark the boards of channels whose tasks changed; it is on the way of every commit, so it only marks."""
        news = False
        for event in committed.events:
            if event.kind.startswith(BOARD_MOVED):
                self._read_at, news = None, True
            elif event.kind.startswith("task") and event.channel_id is not None:
                kept = self._kept.get((committed.workspace_id, event.channel_id))
                if kept is not None:
                    kept.is_due = news = True
        if news and self.again_in:
            self.again_in(0.0)

    async def _read(self) -> None:
        """Read which boards there are, after keeping what is new about those known, and look at all of them."""
        await self._remember()
        found: dict[tuple[int, int], _Kept] = {}
        for board in await self.storage.system.boards():
            place = board.workspace_id, board.channel_id
            kept = self._kept.get(place)
            if kept is not None and kept.board.id == board.id and kept.board.is_on == board.is_on:
                kept.board = replace(board, digest=kept.shown)
            else:
                # One made before this process was may have been posted by another that did not get to record it.
                kept = _Kept(board, board.digest, board.digest, in_doubt=board.created_at < self._started_at)
            kept.is_due = True
            found[place] = kept
        self._kept = found

    async def _remember(self) -> None:
        by_workspace: dict[int, list[_Kept]] = {}
        for kept in self._kept.values():
            if kept.shown != kept.stored:
                by_workspace.setdefault(kept.board.workspace_id, []).append(kept)
        for workspace_id, changed in by_workspace.items():
            digests = [(kept.board.id, kept.shown) for kept in changed]
            async with self.storage.workspace(workspace_id).write() as work:
                await work.boards.remember(digests)
                await work.commit()
            for kept, (_, shown) in zip(changed, digests, strict=True):
                kept.stored = shown

    async def _serve(self, kept: _Kept) -> None:
        """Do what a board needs; its failure is nobody else's."""
        kept.is_due = False
        kept.not_before = self.clock.now() + self.pause
        try:
            async with asyncio.timeout(SECONDS):
                await self._bring_up(kept)
            kept.failures = 0
        except PostRejectedError as error:
            await self._refused(kept, error.reason)
        except PostDelayedError as error:
            self._later(kept, timedelta(seconds=error.seconds))
            self._hold(kept)
        except (PostOutcomeUnknownError, TimeoutError, StorageUnavailableError):
            self._later(kept)
        except Exception as error:  # whatever one board or its platform does, the others go on
            log.exception("board_failed", kind=type(error).__name__)
            self._later(kept)

    def _later(self, kept: _Kept, least: timedelta = timedelta()) -> None:
        kept.failures += 1
        growing = min(self.pause * 2 ** min(kept.failures, 10), LONGEST_PAUSE)
        kept.is_due = True
        kept.not_before = self.clock.now() + max(least, growing if not least else self.pause)

    def _hold(self, kept: _Kept) -> None:
        """Let the other boards of a space wait too: its limit is for all of them."""
        for other in self._kept.values():
            if other.space_id == kept.space_id:
                other.not_before = max(other.not_before, kept.not_before)

    async def _bring_up(self, kept: _Kept) -> None:
        directory = await self.identities.remembered(kept.board.workspace_id)
        where = await self._where(kept.board, directory)
        if where is None:
            return
        kept.space_id = where.space.id
        messenger = self.messengers[where.space.platform]
        if kept.board.retired:
            await self._clear(kept, messenger, where)
        if kept.board.is_on:
            await self._show(kept, messenger, where, directory)

    async def _show(self, kept: _Kept, messenger: Messenger, where: Destination, directory: Directory) -> None:
        content = await self._content(kept.board, directory)
        if not self._names(content) <= directory.members.keys():
            directory = await self.identities.directory(kept.board.workspace_id)
        reply = self.word(texts.board(content, kept.board, directory, self.clock.now()))
        if kept.is_new:
            await self._store_buttons(kept.board, reply)
            kept.is_new = False
        shown = texts.digest(reply)
        if not kept.board.message:
            await self._post(kept, messenger, where, reply, shown)
        elif shown != kept.shown:
            await messenger.edit(where, kept.board.message, reply)
            kept.shown = shown

    async def _content(self, board: Board, directory: Directory) -> BoardContent:
        now, zone = self.clock.now(), ZoneInfo(directory.workspace.zone)
        today = datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone).astimezone(UTC)
        async with self.storage.workspace(board.workspace_id).read() as work:
            return await work.boards.content(board.channel_id, now=now, today=today)

    def _names(self, content: BoardContent) -> set[int]:
        return {member for task in (*content.open, *content.done) for member in task.assignees}

    async def _store_buttons(self, board: Board, reply: Reply) -> None:
        """Store what the buttons run; those of an earlier version of the program too mean what they say now."""
        async with self.storage.workspace(board.workspace_id).write() as work:
            await work.actions.keep(board.id, reply.actions, channel_id=board.channel_id, expires_at=LASTING)
            await work.commit()

    async def _post(self, kept: _Kept, messenger: Messenger, where: Destination, reply: Reply, shown: str) -> None:
        """Post the message, unless an earlier attempt did, and pin it."""
        board, found = kept.board, None
        if kept.in_doubt:
            try:
                found = await messenger.find(where, board.id)
            except PostOutcomeUnknownError:
                if kept.failures < LOOKS:
                    raise
                # It can't be read here: a second message would be worse than none.
                raise PostRejectedError("in_doubt") from None
        kept.in_doubt = True
        message = found or await messenger.post(where, reply, board.id)
        async with self.storage.workspace(board.workspace_id).write() as work:
            is_wanted = await work.boards.posted(board, message, shown)
            if is_wanted:
                await work.commit()
        if not is_wanted:
            await messenger.remove(where, message)
            return
        kept.board = replace(board, message=message)
        kept.shown = kept.stored = "" if found else shown
        kept.is_due = bool(found)
        try:
            await messenger.pin(where, message)
        except (PostRejectedError, PostDelayedError, PostOutcomeUnknownError) as error:
            log.info("board_not_pinned", cause=type(error).__name__, reason=getattr(error, "reason", ""))

    async def _clear(self, kept: _Kept, messenger: Messenger, where: Destination) -> None:
        """Take former messages away; what the platform refuses to take away stays."""
        board = kept.board
        for message in board.retired:
            try:
                await messenger.remove(where, message)
            except PostRejectedError as error:
                log.info("board_message_stays", reason=error.reason)
        async with self.storage.workspace(board.workspace_id).write() as work:
            await work.boards.cleared(board, ())
            await work.commit()
        kept.board = replace(board, retired=())

    async def _refused(self, kept: _Kept, reason: str) -> None:
        """Switch a board off whose message can't be kept any more, and tell the person who made it, once."""
        if reason in _RECOVERABLE:
            self._later(kept, LONGEST_PAUSE)
            return
        board, now = kept.board, self.clock.now()
        log.info("board_switched_off", reason=reason)
        try:
            directory = await self.identities.remembered(board.workspace_id)
            channel = directory.channels[board.channel_id]
            notice = texts.switched_off(directory.channel_name(board.channel_id), reason, channel.platform)
            async with self.storage.workspace(board.workspace_id).write() as work:
                if await work.boards.switch_off(board):
                    await forget_buttons(work, board)
                    work.outbox.add(Post(notice, member_id=board.made_by), now)
                    work.events.record(Event("board.switched_off", now, board.channel_id, None, {"reason": reason}))
                    await work.commit()
        except StorageUnavailableError:
            self._later(kept)

    async def _where(self, board: Board, directory: Directory) -> Destination | None:
        """Return the board's place, or None while its platform is not served."""
        channel = directory.channels.get(board.channel_id)
        if channel is None:
            directory = await self.identities.directory(board.workspace_id)
            channel = directory.channels.get(board.channel_id)
        if channel is None or channel.platform not in self.messengers:
            return None
        spaces = {space.id: space for space in await self.identities.all_spaces([channel.space_id])}
        space = spaces.get(channel.space_id)
        return Destination(space, channel=channel.external_id) if space else None
