"""Boards are kept as they should be: put up, edited when what they show has changed, taken away.

What a board is to be is in the database; what its message shows is in memory, and kept now and then so that a restart
edits nothing without need. A change marks the channel's board, and those of the people whom it concerns; a little later
one statement tells what such a board shows now, and its message is edited if that is something else. Changes that come
meanwhile make one more edit.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import structlog

from bot.grammar.declaration import Area
from bot.identity.directory import Directory
from bot.identity.identities import Identities
from bot.jobs.board_replies import BoardReplies
from bot.texts import boards as texts
from core.boards.model import Board
from core.boards.service import BOARD_MOVED, forget_buttons, take_away
from core.chat.reply import Reply
from core.chat.request import Platform
from core.ports.platform import (
    MESSAGE_GONE,
    NOT_ALLOWED,
    Destination,
    Messenger,
    PostDelayedError,
    PostOutcomeUnknownError,
    PostRejectedError,
)
from core.ports.storage import Committed, Post, Storage, StorageUnavailableError
from core.shared.clock import Clock, Turnback, has_passed
from core.shared.events import Event

log = structlog.get_logger()

PAUSE = timedelta(seconds=2)
"""Between two edits of a message: platforms take about one a second in a channel, and others post there too."""
REFRESH = timedelta(seconds=60)
"""How often every board is looked at: days end, dues pass, and other processes change things."""
LONGEST_PAUSE = timedelta(minutes=5)
SECONDS = 15.0
"""A platform's time for one message; after that it is tried again."""
AT_ONCE = 8
LOOKS = 3
"""How often a message in doubt is looked for in vain before its board is given up."""
LASTING = datetime(9000, 1, 1, tzinfo=UTC)
"""When the buttons of a board expire: they go with it."""

IN_DOUBT = "in_doubt"
"""Why a board is given up whose message may have arrived, where that can't be found out."""

_LINKED, _MEMBER = "member.linked", "member."

_RECOVERABLE = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "not_installed", "token_expired", "token_revoked"}
)
"""Refusals that say nothing of the board: the app was taken out, and may come back."""
_REACHABLE = frozenset({MESSAGE_GONE, NOT_ALLOWED, IN_DOUBT})
"""Refusals of a message in a person's conversation with the bot that do not say that it takes no others either."""


_Place = tuple[int, int, str]
"""A workspace, a channel, the name of an area."""


@dataclass(slots=True)
class _Kept:
    """A board, what its message shows, and when to look at it next.

    `is_new`: this process has not stored its buttons yet. `in_doubt`: its message may have arrived. `is_stirred`: its
    message has to be edited even if it shows the same, for pressing it has left its controls in another state.
    """

    board: Board
    shown: str
    stored: str
    in_doubt: bool
    is_due: bool = True
    is_new: bool = True
    is_stirred: bool = False
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
    areas: Mapping[str, Area]
    """Those that have boards, by name."""
    pause: timedelta = PAUSE
    again_in: Callable[[float], None] | None = None
    """Told in how many seconds there is something to do; 0 for at once."""
    replies: BoardReplies = field(init=False)
    _kept: dict[_Place, _Kept] = field(default_factory=dict)
    _of_people: dict[int, dict[int, list[_Kept]]] = field(default_factory=dict)
    """The boards of people, by workspace and member."""
    _is_stale: bool = True
    _looked_at: datetime | None = None
    _started_at: datetime = field(init=False)
    _turnback: Turnback = field(default_factory=Turnback)

    def __post_init__(self) -> None:
        """Follow what commits change."""
        self.replies = BoardReplies(self.storage, self.identities, self.clock, self.areas)
        self._started_at = self.clock.now()
        self.storage.watch(self._committed, self._missed)

    def take_over(self) -> None:
        """Begin to keep the boards, which another process may have kept until now."""
        self._kept, self._of_people = {}, {}
        self._is_stale, self._looked_at, self._started_at = True, None, self.clock.now()

    def _missed(self) -> None:
        """Look at all boards: any of them may have changed."""
        self._looked_at = None
        for kept in self._kept.values():
            kept.is_due = True
        if self.again_in:
            self.again_in(0.0)

    async def step(self) -> bool:
        """Bring boards up to date; tell whether more of them wait than are done at once."""
        now = self.clock.now()
        if self._turnback.noticed(now):
            for kept in self._kept.values():
                kept.not_before = min(kept.not_before, now + self.pause)
        is_time = self._looked_at is None or has_passed(REFRESH, self._looked_at, now)
        if is_time or self._is_stale:
            # Said before, so that what is put up while it reads is read again.
            self._is_stale, self._looked_at = False, now if is_time else self._looked_at
            try:
                await self._read(is_time=is_time)
            except BaseException:  # whatever kept it from reading, it was not read
                self._looked_at = None
                raise
        due = [kept for kept in self._kept.values() if kept.is_due and kept.not_before <= now]
        await asyncio.gather(*(self._serve(kept) for kept in due[:AT_ONCE]))
        later = [kept.not_before for kept in self._kept.values() if kept.is_due]
        if later and self.again_in:
            self.again_in(max(0.0, (min(later) - self.clock.now()).total_seconds()))
        return len(due) > AT_ONCE

    def _committed(self, committed: Committed) -> None:
        """Mark the boards that what changed may show on; it is on the way of every commit, so it only marks."""
        news = any(event.kind.startswith(BOARD_MOVED) or event.kind == _LINKED for event in committed.events)
        self._is_stale = self._is_stale or news
        for kept in (*self._touched(committed), *self._touched_of_people(committed)):
            kept.is_due = news = True
        if news and self.again_in:
            self.again_in(0.0)

    def _touched(self, committed: Committed) -> Iterator[_Kept]:
        """Yield the boards of the channels of which something changed."""
        for area in self.areas.values():
            for event in committed.events:
                if event.channel_id is not None and area.followed.includes(event):
                    kept = self._kept.get((committed.workspace_id, event.channel_id, area.name))
                    if kept is not None and kept.board.member_id is None:
                        yield kept

    def _touched_of_people(self, committed: Committed) -> Iterator[_Kept]:
        """Yield the boards of the people whom a change concerns, and of those who changed themselves."""
        known = self._of_people.get(committed.workspace_id)
        if not known or not committed.events:
            return
        changed = {event.payload.get("member") for event in committed.events if event.kind.startswith(_MEMBER)}
        for area in self.areas.values():
            people = area.followed.concerned(committed.events)
            found: set[object] = changed | (known.keys() if people is None else people)
            # What changes nothing that is shown was done by a control, perhaps of the board's own message.
            stirring = {event.actor_id for event in committed.events if event.kind in area.followed.unseen}
            for member_id in known.keys() & (found | stirring):
                for kept in known[member_id]:
                    if kept.board.area == area.name:
                        kept.is_stirred = kept.is_stirred or member_id in stirring
                        yield kept

    async def _read(self, *, is_time: bool) -> None:
        """Read which boards there are, after keeping what is new about those known, and look at what is new or due."""
        await self._remember()
        found: dict[_Place, _Kept] = {}
        for board in await self.storage.system.boards():
            place = board.workspace_id, board.channel_id, board.area
            kept = self._kept.get(place)
            if kept is not None and _is_same(kept.board, board):
                kept.board = replace(board, digest=kept.shown)
                kept.is_due = kept.is_due or is_time
            else:
                # One made before this process was may have been posted by another that did not get to record it.
                kept = _Kept(board, board.digest, board.digest, in_doubt=board.created_at < self._started_at)
            found[place] = kept
        self._kept, self._of_people = found, {}
        for kept in found.values():
            if kept.board.member_id is not None:
                of_workspace = self._of_people.setdefault(kept.board.workspace_id, {})
                of_workspace.setdefault(kept.board.member_id, []).append(kept)

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
        if kept.board.area not in self.areas:
            return
        directory = await self.identities.remembered(kept.board.workspace_id)
        where = await self._where(kept.board, directory)
        if where is None:
            return
        kept.space_id = where.space.id
        messenger = self.messengers[where.space.platform]
        if kept.board.retired:
            await self._clear(kept, messenger, where)
        if kept.board.is_on:
            await self._show(kept, messenger, where)

    async def _show(self, kept: _Kept, messenger: Messenger, where: Destination) -> None:
        reply = await self.replies.of(kept.board)
        if reply is None:
            await self._withdraw(kept.board)
            return
        if kept.is_stirred:
            kept.is_stirred, kept.shown = False, ""
        if kept.is_new:
            await self._store_buttons(kept.board)
            kept.is_new = False
        shown = texts.digest(reply)
        if not kept.board.message:
            await self._post(kept, messenger, where, reply, shown)
        elif shown != kept.shown:
            await messenger.edit(where, kept.board.message, reply)
            kept.shown = shown

    async def _withdraw(self, board: Board) -> None:
        """Take the board of somebody away who is no active member any more, unless it is somebody else's by now."""
        async with self.storage.workspace(board.workspace_id).write() as work:
            found = await work.boards.of(board.channel_id, board.area)
            if found is not None and found.is_on and _is_same(found, board):
                log.info("board_withdrawn")
                await take_away(work, found, self.clock.now(), by=None)
                await work.commit()

    async def _store_buttons(self, board: Board) -> None:
        """Store what the buttons run; those of an earlier version of the program too mean what they say now."""
        async with self.storage.workspace(board.workspace_id).write() as work:
            buttons = self.replies.declared(board).buttons(board)
            await work.actions.keep(board.id, buttons, channel_id=board.channel_id, expires_at=LASTING)
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
                raise PostRejectedError(IN_DOUBT) from None
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
            name = directory.channel_name(board.channel_id)
            notice = texts.switched_off(self.areas[board.area], board, name, reason, channel.platform)
            is_told = reason in _REACHABLE or _is_elsewhere(board, directory)
            async with self.storage.workspace(board.workspace_id).write() as work:
                if await work.boards.switch_off(board):
                    await forget_buttons(work, board)
                    if is_told:
                        work.outbox.add(Post(notice, member_id=board.made_by), now)
                    work.events.record(Event("board.switched_off", now, board.channel_id, None, {"reason": reason}))
                    await work.commit()
        except StorageUnavailableError:
            self._later(kept)
        except Exception as error:  # why: whatever goes wrong with one board, the others go on
            log.exception("board_not_switched_off", kind=type(error).__name__)
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


def _is_same(one: Board, other: Board) -> bool:
    """Tell whether one is the other as it was, whatever became of its messages."""
    return (one.id, one.is_on, one.member_id) == (other.id, other.is_on, other.member_id)


def _is_elsewhere(board: Board, directory: Directory) -> bool:
    """Tell whether whoever made a board may be told of it elsewhere than in the conversation that it was in."""
    if board.member_id is None:
        return True
    member, channel = directory.members.get(board.made_by), directory.channels[board.channel_id]
    return member is not None and any(identity.space_id != channel.space_id for identity in member.identities)
