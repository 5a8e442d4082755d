"""The outbox relay: posts leave in order per destination, each once as far as its platform lets anybody know.

Each post is delivered in a task of its own, so that nobody waits for a destination that is slow, or is left alone for a
while because its platform wants that.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog

from bot.identity.identities import Identities
from bot.texts.posts import late
from core.chat.reply import Reply
from core.chat.request import ChannelKind, Platform
from core.chat.text import lines
from core.people.model import Identity
from core.ports.platform import (
    Destination,
    Messenger,
    PostDelayedError,
    PostOutcomeUnknownError,
    PostRejectedError,
)
from core.ports.storage import OutboxItem, OutboxQueue, OutboxState, StorageUnavailableError
from core.shared.clock import Clock, Turnback
from core.workspaces.model import Space

log = structlog.get_logger()

AT_ONCE = 128
"""Posts under way at once."""
OF_ONE_WORKSPACE = 32
"""Posts under way for one workspace: whatever it is flooded with, others have room. No more are claimed at once."""
BUDGET = timedelta(days=1)
"""How long a post is tried whose platform does not take it, or does not answer."""
MOST_ATTEMPTS = 8
"""How often a post is tried at least, and at most where it can't be looked for."""
LATE_AFTER = timedelta(hours=1)
"""What leaves later than this after it was queued says so."""
POST_TIMEOUT = 75.0
"""Seconds a platform has for one post with its files before its outcome counts as unknown; less than its lease."""
_LONGEST_PAUSE = 60.0
_PREFERENCE = (Platform.SLACK, Platform.DISCORD, Platform.WEB)


@dataclass(slots=True)
class Relay:
    """Delivers what the outbox holds."""

    queue: OutboxQueue
    identities: Identities
    messengers: Mapping[Platform, Messenger]
    clock: Clock
    count: Callable[[str, str], None] | None = None
    """Told the platform and the outcome of each attempt: `sent`, `rejected`, `delayed` or `unknown`."""
    again_in: Callable[[float], None] | None = None
    """Told in how many seconds a post that was put off is due again."""
    given_up: Callable[[OutboxItem, str, str], Awaitable[None]] | None = None
    """Told of a post that was given up and why: `undeliverable`, `too_many_attempts` or `outcome_unknown`.

    Last comes the platform's own word where it refused the post.
    """
    word: Callable[[Reply], Reply] = lambda reply: reply
    """Puts the last touch to what a post says."""
    _under_way: "dict[asyncio.Task[None], int]" = field(default_factory=dict)
    """The workspace of each post that is being delivered."""
    _turnback: Turnback = field(default_factory=Turnback)
    _has_more: bool = False
    """Whether something may wait for one of these to be over."""

    async def step(self) -> bool:
        """Begin to deliver the first post of each destination that is due; tell whether there were any."""
        now = self.clock.now()
        if self._turnback.noticed(now):
            await self.queue.put_right(now)
        free = AT_ONCE - len(self._under_way)
        busy = [one for one, count in Counter(self._under_way.values()).items() if count >= OF_ONE_WORKSPACE]
        self._has_more = bool(busy) or not free
        if not free:
            return False
        items = await self.queue.claim(now, min(free, OF_ONE_WORKSPACE), busy)
        for item in items:
            task = asyncio.create_task(self._serve(item), name=f"post {item.id}")
            self._under_way[task] = item.workspace_id
            task.add_done_callback(self._over)
        return bool(items)

    async def settle(self, seconds: float) -> None:
        """Let what is under way arrive for so long; what doesn't is looked for by whoever goes on."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)
        left = [*self._under_way]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _over(self, task: "asyncio.Task[None]") -> None:
        del self._under_way[task]
        if self._has_more:
            self._remind(timedelta(0))

    async def _serve(self, item: OutboxItem) -> None:
        """Deliver one post so that its failure is nobody else's."""
        try:
            try:
                await self._deliver(item)
            except StorageUnavailableError:
                raise
            except Exception as error:  # whatever a platform's client did, this post may have left: it is looked for
                log.exception("post_failed", post=item.id, kind=type(error).__name__)
                await self._doubt(item)
        except StorageUnavailableError:
            # As far as the outbox knows it is being sent; once its lease is over it is looked for.
            log.warning("post_not_recorded", post=item.id)

    async def _deliver(self, item: OutboxItem) -> None:
        refusal = ""
        for destination in await self._destinations(item):
            try:
                await self._post(item, destination)
                self._counted(destination, "sent")
            except PostRejectedError as error:
                self._counted(destination, "rejected")
                log.info("post_rejected", platform=destination.space.platform.value, reason=error.reason)
                refusal = error.reason
                continue
            except PostDelayedError as error:
                self._counted(destination, "delayed")
                await self._later(item, error.seconds)
            except _UnreadableError:
                self._counted(destination, "unknown")
                await self._doubt(item, is_readable=False)
            except PostOutcomeUnknownError as error:
                self._counted(destination, "unknown")
                await self._doubt(item, error.seconds)
            return
        await self._give_up(item, "undeliverable", refusal)

    def _counted(self, destination: Destination, outcome: str) -> None:
        if self.count:
            self.count(destination.space.platform.value, outcome)

    async def _post(self, item: OutboxItem, destination: Destination) -> None:
        """Post, after looking whether an earlier attempt of unknown outcome arrived after all; then let others wait."""
        messenger = self.messengers[destination.space.platform]
        try:
            async with asyncio.timeout(POST_TIMEOUT):
                external = await self._found(item, destination, messenger)
                if external is None:
                    external = await messenger.post(destination, self._words(item), item.id)
        except TimeoutError as error:
            raise PostOutcomeUnknownError from error
        rest = timedelta(seconds=messenger.rest)
        await self.queue.sent(item.id, external, self.clock.now(), rest)
        self._remind(rest)

    async def _found(self, item: OutboxItem, destination: Destination, messenger: Messenger) -> str | None:
        """Look for a post that may have left, and let what it may lack follow it."""
        if item.state is not OutboxState.SENDING:
            return None
        try:
            found = await messenger.find(destination, item.id)
        except PostOutcomeUnknownError as error:
            raise _UnreadableError from error
        if found:
            await messenger.complete(destination, found, self._words(item))
        return found

    def _words(self, item: OutboxItem) -> Reply:
        """Return what a post says, and from when it is if it could not leave for long."""
        reply = item.post.reply
        if self.clock.now() - item.created_at > LATE_AFTER:
            reply = replace(reply, text=lines(late(item.created_at, reply.zone), reply.text))
        return self.word(reply)

    async def _later(self, item: OutboxItem, seconds: float) -> None:
        if self._is_spent(item):
            await self._give_up(item, "too_many_attempts")
            return
        pause = _pause(item, seconds)
        if item.state is OutboxState.SENDING:
            # This attempt did not leave, but an earlier one may have: the next one looks for it again.
            await self.queue.unknown(item.id, self.clock.now() + pause)
        else:
            await self.queue.retry(item.id, self.clock.now() + pause, "delayed")
        self._remind(pause)

    async def _doubt(self, item: OutboxItem, seconds: float = 0.0, *, is_readable: bool = True) -> None:
        if self._is_spent(item) or (item.attempts >= MOST_ATTEMPTS and not is_readable):
            await self._give_up(item, "outcome_unknown")
            return
        pause = _pause(item, seconds)
        await self.queue.unknown(item.id, self.clock.now() + pause)
        self._remind(pause)

    def _is_spent(self, item: OutboxItem) -> bool:
        """Tell whether a post was tried for long enough; one that waited for others has its attempts all the same."""
        return item.attempts >= MOST_ATTEMPTS and self.clock.now() - item.created_at >= BUDGET

    async def _give_up(self, item: OutboxItem, reason: str, refusal: str = "") -> None:
        await self.queue.failed(item.id, reason, self.clock.now())
        log.warning("post_given_up", post=item.id, reason=reason, refusal=refusal)
        self._remind(timedelta(0))
        if self.given_up:
            await self.given_up(item, reason, refusal)

    def _remind(self, pause: timedelta) -> None:
        if self.again_in:
            self.again_in(pause.total_seconds())

    async def _destinations(self, item: OutboxItem) -> list[Destination]:
        """Return where a post may go, best first: the person's direct messages, then the channel."""
        wanted = item.post
        directory = await self.identities.directory_with(
            item.workspace_id, member=wanted.member_id, channel=wanted.channel_id
        )
        member = directory.members.get(wanted.member_id) if wanted.member_id is not None else None
        channel = directory.channels.get(wanted.channel_id) if wanted.channel_id is not None else None
        needed = {identity.space_id for identity in member.identities} if member else set()
        needed |= {channel.space_id} if channel else set()
        spaces = {space.id: space for space in await self.identities.all_spaces(needed)}
        found: list[Destination] = []
        if member and member.active:
            found.extend(self._direct(member.identities, spaces))
        if channel and channel.space_id in spaces and (channel.kind is not ChannelKind.DIRECT or member is None):
            found.append(Destination(spaces[channel.space_id], channel=channel.external_id))
        return [place for place in found if place.space.platform in self.messengers]

    def _direct(self, identities: tuple[Identity, ...], spaces: Mapping[int, Space]) -> list[Destination]:
        known = [one for one in identities if one.space_id in spaces and one.platform in _PREFERENCE]
        ordered = sorted(known, key=lambda identity: _PREFERENCE.index(identity.platform))
        return [Destination(spaces[identity.space_id], user=identity.external_id) for identity in ordered]


class _UnreadableError(PostOutcomeUnknownError):
    """Nobody can tell here whether an earlier attempt arrived."""


def _pause(item: OutboxItem, seconds: float) -> timedelta:
    """Return how long a post waits for its next attempt: as the platform says, else twice as long each time."""
    return timedelta(seconds=seconds if seconds > 0 else min(2.0 ** min(item.attempts, 10), _LONGEST_PAUSE))
