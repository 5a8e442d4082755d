"""Live updates: each open page is told what it may see, from the rows that commits left behind.

A page's frames wait in a bounded queue. New and edited messages are not queued: a channel that moved is marked, and the
page's writer reads what came after the last change it sent, so a slow reader costs no memory and misses nothing.
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from aiohttp import web

from adapters.platforms.web.render import Json, Prove, render_channel, render_message
from adapters.platforms.web.rooms import CHANNEL_MADE, Rooms
from adapters.platforms.web.translate import Reader
from core.chat.overview import Overview
from core.messages.model import Message
from core.ports.storage import Committed, Storage
from core.workspaces.model import Channel

MAX_PAGES = 64
MAX_QUEUED = 256
PAGE_OF_MESSAGES = 50
MOST_CHANGES = 200
SEND_SECONDS = 20.0
BEAT_SECONDS = 20.0
FAREWELL_SECONDS = 2.0

_log = structlog.get_logger(__name__)


@dataclass(eq=False, slots=True)
class Page:
    """One open socket: who reads, which channels they see, and how far each followed one was sent."""

    id: str
    reader: Reader
    member_id: int
    socket: web.WebSocketResponse
    is_still_signed_in: Callable[[], Awaitable[bool]]
    visible: dict[int, Channel] = field(default_factory=dict)
    followed: dict[int, int] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    queue: deque[Json] = field(default_factory=deque)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    work_moved: bool = False
    channels_moved: bool = False
    overrun: bool = False
    closing: bool = False

    def tell(self, frame: Json) -> None:
        """Queue a frame; a page that lets too many wait is dropped, and asks for what it missed when it is back."""
        if len(self.queue) >= MAX_QUEUED:
            self.overrun = True
        else:
            self.queue.append(frame)
        self.wake.set()


class Hub:
    """The open pages of this process."""

    def __init__(
        self, storage: Storage, rooms: Rooms, workspace_id: int, prove: Prove, work: Overview | None = None
    ) -> None:
        self._storage = storage
        self._rooms = rooms
        self._workspace_id = workspace_id
        self._prove = prove
        self._work = work
        self._pages: set[Page] = set()
        self._sockets = 0
        storage.watch(self._committed, self._missed)

    def admit(self) -> bool:
        """Make room for another socket, to be let go by `dismiss`, and tell whether there was some."""
        if self._sockets >= MAX_PAGES:
            return False
        self._sockets += 1
        return True

    def dismiss(self) -> None:
        """Give the room of a socket back."""
        self._sockets -= 1

    def look_again(self) -> None:
        """Have every page see to it that its reader is still signed in."""
        for page in self._pages:
            page.wake.set()

    async def add(self, page: Page) -> None:
        """Take a page in and load the channels that its reader sees."""
        self._pages.add(page)
        await self.refresh(page)

    def remove(self, page: Page) -> None:
        """Let a page go."""
        self._pages.discard(page)

    def tell(self, page_id: str, frame: Json) -> None:
        """Send a frame to a page by its id, over whichever socket it has now; without one it will ask again."""
        for page in self._pages:
            if page.id == page_id:
                page.tell(frame)

    async def refresh(self, page: Page) -> None:
        """Load the channels that a page's reader sees."""
        page.visible = {channel.id: channel for channel in await self._rooms.visible(page.reader.user)}

    async def close(self) -> None:
        """Send every page what it still has to be told and close its socket; pages come back by themselves."""
        pages = list(self._pages)
        for page in pages:
            page.closing = True
            page.wake.set()
        waiting = [asyncio.create_task(page.finished.wait()) for page in pages]
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=FAREWELL_SECONDS)
            for task in late:
                task.cancel()
        await asyncio.gather(*(page.socket.close(code=1012) for page in pages))

    async def open(self, page: Page, channel_id: int, since: int | None) -> None:
        """Send a channel's newest messages, or what changed since, and follow it from there."""
        async with page.lock:
            page.moved.discard(channel_id)
            if since is not None:
                page.followed[channel_id] = since
                changed = await self._changes(page, channel_id, since)
                if len(changed) < MOST_CHANGES:
                    self._send_changes(page, channel_id, changed)
                    page.tell({"type": "current", "channel": channel_id})
                    return
            async with self._storage.workspace(self._workspace_id).read() as work:
                latest = await work.messages.latest(channel_id, page.member_id, limit=PAGE_OF_MESSAGES)
            change = max((message.change for message in latest), default=0)
            page.followed[channel_id] = max(change, since or 0)
            page.tell(self._messages_frame("latest", channel_id, latest))

    async def older(self, page: Page, channel_id: int, before: int) -> None:
        """Send the messages before one."""
        async with self._storage.workspace(self._workspace_id).read() as work:
            older = await work.messages.latest(channel_id, page.member_id, before=before, limit=PAGE_OF_MESSAGES)
        page.tell(self._messages_frame("older", channel_id, older))

    async def heads(self, page: Page) -> Mapping[int, Message]:
        """Return the newest message of each channel, so that the page can mark what is unread."""
        newest: dict[int, Message] = {}
        async with self._storage.workspace(self._workspace_id).read() as work:
            for channel_id in page.visible:
                for message in await work.messages.latest(channel_id, page.member_id, limit=1):
                    newest[channel_id] = message
        return newest

    async def write(self, page: Page) -> None:
        """Send a page its frames and changes until its socket closes; drops a page that does not read."""
        try:
            await self._write(page)
        except Exception:  # why: a page without its writer would stay silent for ever; closed, it comes back
            _log.exception("console.writer.failed", page=page.id)
            await page.socket.close(code=1011)
        finally:
            page.finished.set()

    async def _write(self, page: Page) -> None:
        while not page.socket.closed:
            # Before anything is looked at: what comes while something is waited for below must not go unnoticed.
            page.wake.clear()
            while page.queue and not page.overrun:
                await _send(page, page.queue.popleft())
            if page.overrun or not await page.is_still_signed_in():
                await page.socket.close(code=1013 if page.overrun else 4401)
                return
            if page.channels_moved:
                page.channels_moved, known = False, page.visible
                await self.refresh(page)
                if page.visible != known:
                    page.tell(channels_frame(page))
                continue
            if page.work_moved:
                page.work_moved = False
                page.tell({"type": "work_moved"})
                continue
            if page.moved:
                await self._catch_up(page)
                continue
            if page.closing:
                return
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await page.wake.wait()
            except TimeoutError:
                page.tell({"type": "beat"})

    def _committed(self, committed: Committed) -> None:
        if committed.workspace_id != self._workspace_id:
            return
        people = self._work.concerned(committed.events) if self._work else frozenset()
        is_new = any(event.kind == CHANNEL_MADE for event in committed.events)
        for page in self._pages:
            page.channels_moved |= is_new
            moved = committed.channels & page.visible.keys()
            page.moved |= moved
            page.work_moved |= people is None or page.member_id in people
            if moved or page.work_moved or page.channels_moved:
                page.wake.set()

    def _missed(self) -> None:
        """Have every page look at everything that it shows."""
        for page in self._pages:
            page.moved |= page.visible.keys()
            page.work_moved = page.channels_moved = True
            page.wake.set()

    async def _catch_up(self, page: Page) -> None:
        channel_id = page.moved.pop()
        async with page.lock:
            since = page.followed.get(channel_id)
            if since is None:
                async with self._storage.workspace(self._workspace_id).read() as work:
                    newest = await work.messages.latest(channel_id, page.member_id, limit=1)
                for message in newest:
                    page.tell({"type": "activity", "channel": channel_id, **head(message)})
                return
            changed = await self._changes(page, channel_id, since)
            if len(changed) >= MOST_CHANGES:
                page.moved.add(channel_id)
            self._send_changes(page, channel_id, changed)

    async def _changes(self, page: Page, channel_id: int, since: int) -> Sequence[Message]:
        async with self._storage.workspace(self._workspace_id).read() as work:
            return await work.messages.changes(channel_id, page.member_id, since=since, limit=MOST_CHANGES)

    def _send_changes(self, page: Page, channel_id: int, changed: Sequence[Message]) -> None:
        if changed:
            page.followed[channel_id] = max(message.change for message in changed)
            page.tell(self._messages_frame("changes", channel_id, changed))

    def _messages_frame(self, kind: str, channel_id: int, messages: Sequence[Message]) -> Json:
        return {
            "type": "messages",
            "kind": kind,
            "channel": channel_id,
            "items": [render_message(message, self._prove) for message in messages],
            "more": kind != "changes" and len(messages) >= PAGE_OF_MESSAGES,
        }


def channels_frame(page: Page) -> Json:
    """Return the frame that lists a page's channels."""
    return {"type": "channels", "items": [render_channel(channel) for channel in page.visible.values()]}


def head(message: Message) -> Json:
    """Return what the sidebar needs of a channel's newest message."""
    return {"seq": message.seq, "author": message.author_id}


async def _send(page: Page, frame: Json) -> None:
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await page.socket.send_str(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))
    except (TimeoutError, ConnectionError):
        _log.info("console.page.dropped", page=page.id, reason="slow")
        await page.socket.close(code=1013)
