"""The app's Home tab: what can be typed, for whoever opens it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from adapters.platforms.follow_ups import FollowUps
from adapters.platforms.slack import blocks
from adapters.platforms.slack.api import SlackApi, told_apart
from adapters.platforms.slack.installations import Installations
from adapters.platforms.slack.render import render
from core.chat.application import Application
from core.chat.reply import Reply
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.ports.platform import PostDelayedError, PostOutcomeUnknownError, PostRejectedError

log = structlog.get_logger(__name__)

MOST_BLOCKS = 100


@dataclass(frozen=True, slots=True)
class Home:
    """Publishes the help that a person would get."""

    application: Application
    api: SlackApi
    installations: Installations
    follow_ups: FollowUps

    def opened(self, team: str, event: Mapping[str, Any]) -> None:
        """Publish the tab of somebody who opened it; the tab of messages needs nothing."""
        user, channel = str(event.get("user") or ""), str(event.get("channel") or "")
        if event.get("tab") == "home" and user and channel:
            self.follow_ups.start(self._publish(team, user, channel), "home")

    async def _publish(self, team: str, user: str, channel: str) -> None:
        request = Request(
            platform=Platform.SLACK,
            space_id=team,
            channel=ChannelRef(channel, "", ChannelKind.DIRECT),
            user=UserRef(user),
            command="qm help",
        )
        reply = await self.application.handle(request)
        # Controls need a message to answer to, and new blocks may not stand here.
        shown = render(Reply(title=reply.title, text=reply.text, fields=reply.fields), native=frozenset()).blocks
        if reply.tables:
            lists = Reply(tables=tuple(reply.tables))
            shown = (*shown, *(block for block in render(lists, native=frozenset()).blocks if "elements" not in block))
        view = {"type": "home", "blocks": list(shown[:MOST_BLOCKS]) or [blocks.section("/qm help")]}
        try:
            async with told_apart():
                await self.api.reader(self.installations.token(team)).views_publish(user_id=user, view=view)
        except (PostRejectedError, PostDelayedError, PostOutcomeUnknownError) as error:
            log.info("slack_home_not_published", cause=type(error).__name__)
