"""Where the bot is, asked of the platforms."""

import asyncio
from collections.abc import Mapping

import structlog

from bot.identity.identities import Identities
from core.chat.actor import Actor
from core.chat.request import Platform
from core.ports.platform import Destination, Messenger
from core.shared.value_objects import value_object

log = structlog.get_logger()

PRESENCE_SECONDS = 1.5
"""How long a platform has to say whether the bot is in a channel; after that it is taken to be."""


@value_object
class PlatformPresence:
    """Implements `core.boards.service.Presence`."""

    identities: Identities
    messengers: Mapping[Platform, Messenger]

    async def is_in(self, actor: Actor) -> bool:
        """Tell whether the bot is in the actor's channel; a direct conversation may be one of other people's."""
        messenger = self.messengers.get(actor.platform)
        if messenger is None:
            return True
        try:
            async with asyncio.timeout(PRESENCE_SECONDS):
                spaces = {space.id: space for space in await self.identities.all_spaces()}
                channel = (await self.identities.remembered(actor.workspace_id)).channels[actor.channel_id]
                where = Destination(spaces[actor.space_id], channel=channel.external_id)
                return await messenger.is_in(where)
        except Exception as error:  # whatever a platform or its client does, trying to post there tells
            log.info("presence_unknown", platform=actor.platform.value, cause=type(error).__name__)
            return True
