"""What the gateway tells whoever is connected, asked over HTTP by those who are not: another process is."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from adapters.platforms.discord.api import DiscordApi, Route
from adapters.platforms.discord.guilds import Guilds, Room
from adapters.platforms.discord.permissions import Overwrite, Rights
from core.shared.clock import Clock, has_passed
from core.shared.value_objects import value_object

LIFE = timedelta(seconds=60)
"""As long as what somebody may see is kept anyway."""
MOST = 1000


@value_object
class View:
    """A guild: what its roles give, its channels, and the app's own roles there."""

    rights: Rights
    rooms: Sequence[Room]
    bot: str
    bot_roles: tuple[str, ...]

    def bot_may(self, channel: str) -> int | None:
        """Return what the app may do in a channel; None for one that is not the guild's, as direct messages."""
        room = next((room for room in self.rooms if room.id == channel), None)
        return None if room is None else self.rights.within(self.bot, self.bot_roles, room.overwrites)


@dataclass(slots=True)
class Views:
    """Guilds as the gateway tells of them where this process is connected, else as Discord's HTTP API does."""

    api: DiscordApi
    guilds: Guilds
    clock: Clock
    _asked: "OrderedDict[str, tuple[datetime, View]]" = field(default_factory=OrderedDict)

    async def of(self, guild: str) -> View:
        """Return a guild; raises the port's errors."""
        known = self.guilds.known
        rights = known.rights(guild)
        if rights is not None:
            return View(rights, list(known.rooms(guild)), self.guilds.bot_user, tuple(known.bot_roles(guild)))
        asked = self._asked.get(guild)
        if asked is None or has_passed(LIFE, asked[0], self.clock.now()):
            asked = self._asked[guild] = (self.clock.now(), await self._ask(guild))
            self._asked.move_to_end(guild)
            while len(self._asked) > MOST:
                self._asked.popitem(last=False)
        return asked[1]

    async def _ask(self, guild: str) -> View:
        place = {"guild": guild}
        about = await self.api.read(Route("GET", "/guilds/{guild}", place))
        channels = await self.api.read(Route("GET", "/guilds/{guild}/channels", place))
        bot = str((await self.api.read(Route("GET", "/users/@me")))["id"])
        roles = {str(role["id"]): int(role["permissions"]) for role in about["roles"]}
        person = await self.guilds.person(guild, bot)
        rooms = [Room(str(one["id"]), str(one.get("name") or ""), _overwrites(one)) for one in channels]
        return View(Rights(guild, str(about["owner_id"]), roles), rooms, bot, person.roles)


def _overwrites(channel: Mapping[str, Any]) -> tuple[Overwrite, ...]:
    found = channel.get("permission_overwrites") or ()
    return tuple(Overwrite(str(one["id"]), int(one["allow"]), int(one["deny"])) for one in found)
