"""Shortcuts from a message's menu: the message becomes the start of a form."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import structlog

from adapters.platforms.slack import translate
from adapters.platforms.slack.api import SlackApi, told_apart
from adapters.platforms.slack.channels import Channels
from adapters.platforms.slack.client import person_of
from adapters.platforms.slack.installations import Installations
from adapters.platforms.slack.modals import Modals
from adapters.platforms.slack.translate import Aimed
from core.chat.application import Application
from core.shared.errors import QuartermasterError
from core.shared.value_objects import value_object

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.8
"""What the link and the names may take: a modal has to be open three seconds after the shortcut was used."""
MOST_NAMES = 5


@value_object
class Shortcuts:
    """Opens the form for what is made from a message; its channel is the message's, its origin the message's link."""

    application: Application
    api: SlackApi
    installations: Installations
    channels: Channels
    modals: Modals

    async def make(self, aimed: Aimed) -> None:
        """Open the form."""
        link, names = await asyncio.gather(self._link(aimed), self._names(aimed))
        said = translate.made_from(aimed, self.application.catalogue, link, names, time.time())
        named = self.channels.named(aimed.team, said.request.channel)
        said = said if named is said.request.channel else translate.renamed(said, named)
        await self.modals.open_or_say(said, self.application.plan(said.request))

    async def _link(self, aimed: Aimed) -> str:
        """Return the message's link: Slack's word for it, or, where the bot may not see it, how such links are made."""
        try:
            async with asyncio.timeout(LOOK_SECONDS), told_apart():
                client = self.api.sender(self.installations.token(aimed.team))
                answer = await client.chat_getPermalink(channel=aimed.channel.id, message_ts=aimed.ts)
                return str(answer["permalink"])
        except (QuartermasterError, TimeoutError) as error:
            log.info("slack_permalink_unknown", cause=type(error).__name__)
            return translate.permalink(self.installations.address(aimed.team), aimed.channel.id, aimed.ts)

    async def _names(self, aimed: Aimed) -> Mapping[str, str]:
        """Return the names of those whom the message mentions, as far as Slack tells them in time."""
        wanted = translate.mentioned(aimed.text)[:MOST_NAMES]
        found = await asyncio.gather(*(self._name(aimed.team, user) for user in wanted))
        return {user: name for user, name in zip(wanted, found, strict=True) if name}

    async def _name(self, team: str, user: str) -> str:
        try:
            async with asyncio.timeout(LOOK_SECONDS), told_apart():
                answer: Any = await self.api.sender(self.installations.token(team)).users_info(user=user)
        except (QuartermasterError, TimeoutError):
            return ""
        return person_of(user, answer.get("user") or {}).name
