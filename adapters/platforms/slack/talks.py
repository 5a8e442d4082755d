"""Platform events: what is said to the bot in threads and directly, and the end of an installation."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from adapters.platforms.follow_ups import FollowUps
from adapters.platforms.seen import Seen
from adapters.platforms.slack import translate
from adapters.platforms.slack.channels import Channels
from adapters.platforms.slack.home import Home
from adapters.platforms.slack.installations import Installations
from adapters.platforms.slack.late import LateAnswers
from adapters.platforms.slack.options import Timings
from adapters.platforms.slack.translate import Attach, Talk
from core.chat.application import Application
from core.chat.request import ChannelKind, ChannelRef

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Talks:
    """Answers mentions and direct messages, each event once."""

    application: Application
    late: LateAnswers
    installations: Installations
    channels: Channels
    home: Home
    follow_ups: FollowUps
    attach_of: Callable[[str], Attach]
    timings: Timings
    _seen: Seen[asyncio.Event] = field(default_factory=Seen)

    async def take(self, body: dict[str, Any], *, is_repeated: bool) -> None:
        """Take an event and return when it is done with, or after the time there is for an acknowledgement."""
        team, event = translate.event_team(body), body.get("event") or {}
        match event.get("type"):
            case "app_uninstalled":
                self.installations.disable(team, "app_uninstalled")
            case "tokens_revoked":
                self._revoked(team, event)
            case "app_home_opened":
                self.home.opened(team, event)
            case "app_mention" | "message":
                await self._hear(body, team, is_repeated=is_repeated)

    def _revoked(self, team: str, event: dict[str, Any]) -> None:
        found = self.installations.active(team)
        revoked = (event.get("tokens") or {}).get("bot") or ()
        if found and found.bot_user_id in revoked:
            self.installations.disable(team, "tokens_revoked")

    async def _hear(self, body: dict[str, Any], team: str, *, is_repeated: bool) -> None:
        installation = self.installations.active(team)
        said = translate.talk(body, installation.bot_user_id) if installation else None
        if said is None:
            return
        settled = self._seen.get(said.delivery_id)
        if settled is None:
            settled = asyncio.Event()
            self._seen.put(said.delivery_id, settled)
            self.follow_ups.start(self._answer(said, settled, is_repeated=is_repeated), "talk")
        try:
            async with asyncio.timeout(self.timings.event):
                await settled.wait()
        except TimeoutError:
            log.info("slack_event_acknowledged_early")

    async def _answer(self, said: Talk, settled: asyncio.Event, *, is_repeated: bool) -> None:
        """Run what was said and answer it; `settled` is set when the acknowledgement may go out."""
        try:
            channel = await self._channel(said)
            base = self.installations.address(said.team)
            origin = translate.permalink(base, said.channel, said.thread)
            ready = translate.talk_request(said, channel, self.attach_of(said.team), origin)
            ticket = self.application.submit(ready.request)
            await ticket.reply()
        finally:
            settled.set()
        await self.late.give(ready, ticket, look=is_repeated)

    async def _channel(self, said: Talk) -> ChannelRef:
        if said.kind is ChannelKind.DIRECT:
            return ChannelRef(said.channel, "", ChannelKind.DIRECT)
        return await self.channels.find(said.team, said.channel)
