"""What is known of conversations: the payload of a mention names a channel by its id only."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from adapters.platforms.slack.api import SlackApi, told_apart
from adapters.platforms.slack.installations import Installations
from adapters.platforms.slack.translate import channel_kind
from core.chat.request import ChannelKind, ChannelRef
from core.shared.clock import Clock, has_passed
from core.shared.errors import QuartermasterError

log = structlog.get_logger(__name__)

LIFE = timedelta(minutes=10)
MOST = 10_000
SECONDS = 2.0


@dataclass(slots=True)
class Channels:
    """Looks conversations up, and remembers them for ten minutes."""

    api: SlackApi
    installations: Installations
    clock: Clock
    _kept: "OrderedDict[tuple[str, str], tuple[datetime, ChannelRef]]" = field(default_factory=OrderedDict)
    _asked: "OrderedDict[tuple[str, str], datetime]" = field(default_factory=OrderedDict)

    def named(self, team: str, channel: ChannelRef) -> ChannelRef:
        """Return a channel with the name that is known of it, where its payload hid it."""
        kept = self._kept.get((team, channel.id))
        if channel.name or kept is None or kept[1].kind is not channel.kind:
            return channel
        return ChannelRef(channel.id, kept[1].name, channel.kind, channel.thread)

    def learn(self, team: str, channel: ChannelRef) -> None:
        """Remember what a payload told for sure."""
        if channel.name or channel.kind is ChannelKind.DIRECT:
            self._keep(team, channel)

    async def acquaint(self, team: str, channel_id: str) -> None:
        """Ask for the name of a channel that payloads hide, for the next time; at most once in ten minutes."""
        key, now = (team, channel_id), self.clock.now()
        asked = self._asked.get(key)
        if asked and now - asked < LIFE:
            return
        self._asked[key] = now
        self._asked.move_to_end(key)
        while len(self._asked) > MOST:
            self._asked.popitem(last=False)
        await self.find(team, channel_id)

    async def find(self, team: str, channel_id: str) -> ChannelRef:
        """Return a channel by its id. One that can't be looked up in time is taken for private: that shows least."""
        kept = self._kept.get((team, channel_id))
        if kept and not has_passed(LIFE, kept[0], self.clock.now()):
            return kept[1]
        try:
            async with asyncio.timeout(SECONDS), told_apart():
                answer = await self.api.reader(self.installations.token(team)).conversations_info(channel=channel_id)
        except (QuartermasterError, TimeoutError) as error:
            log.info("slack_channel_unknown", cause=type(error).__name__)
            return kept[1] if kept else ChannelRef(channel_id, "", ChannelKind.PRIVATE)
        conversation = answer.get("channel") or {}
        found = ChannelRef(channel_id, str(conversation.get("name") or ""), channel_kind(conversation))
        self._keep(team, found)
        return found

    def _keep(self, team: str, channel: ChannelRef) -> None:
        key = (team, channel.id)
        self._kept[key] = (self.clock.now(), ChannelRef(channel.id, channel.name, channel.kind))
        self._kept.move_to_end(key)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
