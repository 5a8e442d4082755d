"""The outbox relay: posts leave in order per destination, each once as far as its platform lets anybody know."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.identity.identities import Identities
from core.chat.reply import Reply
from core.chat.request import ChannelKind, Platform
from core.people.model import Identity
from core.ports.platform import (
    Destination,
    Messenger,
    PostDelayedError,
    PostOutcomeUnknownError,
    PostRejectedError,
)
from core.ports.storage import OutboxItem, OutboxQueue, OutboxState, StorageUnavailableError
from core.shared.clock import Clock
from core.workspaces.model import Space

log = structlog.get_logger()

BATCH = 20
"""Destinations served at once."""
MOST_ATTEMPTS = 8
POST_TIMEOUT = 30.0
"""Seconds a platform has for one post before its outcome counts as unknown."""
_LONGEST_PAUSE = timedelta(minutes=10)
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
    given_up: Callable[[OutboxItem, str], Awaitable[None]] | None = None
    """Told of a post that was given up and why: `undeliverable`, `too_many_attempts` or `outcome_unknown`."""
    word: Callable[[Reply], Reply] = lambda reply: reply
    """Puts the last touch to what a post says."""

    async def step(self) -> bool:
        """Deliver one post of each destination that is due; tell whether there were any."""
        items = await self.queue.claim(self.clock.now(), BATCH)
        await asyncio.gather(*(self._serve(item) for item in items))
        return bool(items)

    async def _serve(self, item: OutboxItem) -> None:
        """Deliver one post so that its failure is nobody else's."""
        try:
            await self._deliver(item)
        except StorageUnavailableError:
            # As far as the outbox knows it is being sent; once its lease is over it is looked for.
            log.warning("post_not_recorded", post=item.id)
        except Exception as error:  # whatever a platform's client did, this post may have left: it is looked for
            log.exception("post_failed", post=item.id, kind=type(error).__name__)
            await self._doubt(item)

    async def _deliver(self, item: OutboxItem) -> None:
        destinations = await self._destinations(item)
        for place, destination in enumerate(destinations):
            is_last = place == len(destinations) - 1
            try:
                await self._post(item, destination)
                self._counted(destination, "sent")
            except PostRejectedError as error:
                self._counted(destination, "rejected")
                log.info("post_rejected", platform=destination.space.platform.value, reason=error.reason, last=is_last)
                continue
            except PostDelayedError as error:
                self._counted(destination, "delayed")
                await self._later(item, error.seconds)
            except PostOutcomeUnknownError:
                self._counted(destination, "unknown")
                await self._doubt(item)
            return
        await self._give_up(item, "undeliverable")

    def _counted(self, destination: Destination, outcome: str) -> None:
        if self.count:
            self.count(destination.space.platform.value, outcome)

    async def _post(self, item: OutboxItem, destination: Destination) -> None:
        """Post, after looking whether an earlier attempt of unknown outcome arrived after all."""
        messenger = self.messengers[destination.space.platform]
        try:
            async with asyncio.timeout(POST_TIMEOUT):
                posted = await messenger.find(destination, item.id) if item.state is OutboxState.SENDING else None
                external = posted or await messenger.post(destination, self.word(item.post.reply), item.id)
        except TimeoutError as error:
            raise PostOutcomeUnknownError from error
        await self.queue.sent(item.id, external, self.clock.now())

    async def _later(self, item: OutboxItem, seconds: float) -> None:
        if item.attempts >= MOST_ATTEMPTS and seconds == 0:
            await self._give_up(item, "too_many_attempts")
            return
        pause = max(timedelta(seconds=seconds), _pause_after(item))
        if item.state is OutboxState.SENDING:
            # This attempt did not leave, but an earlier one may have: the next one looks for it again.
            await self.queue.unknown(item.id, self.clock.now() + pause)
        else:
            await self.queue.retry(item.id, self.clock.now() + pause, "delayed")
        self._remind(pause)

    async def _doubt(self, item: OutboxItem) -> None:
        if item.attempts >= MOST_ATTEMPTS:
            await self._give_up(item, "outcome_unknown")
            return
        pause = _pause_after(item)
        await self.queue.unknown(item.id, self.clock.now() + pause)
        self._remind(pause)

    async def _give_up(self, item: OutboxItem, reason: str) -> None:
        await self.queue.failed(item.id, reason, self.clock.now())
        log.warning("post_given_up", post=item.id, reason=reason)
        if self.given_up:
            await self.given_up(item, reason)

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


def _pause_after(item: OutboxItem) -> timedelta:
    """Return how long a post waits for its next attempt: twice as long each time."""
    return min(timedelta(seconds=2**item.attempts), _LONGEST_PAUSE)
