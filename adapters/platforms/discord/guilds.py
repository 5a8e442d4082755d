"""The servers that the app is in, and what is known of their people and channels without asking anybody."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

import structlog

from adapters.platforms.discord.api import DiscordApi, Route
from adapters.platforms.discord.events import Event, called
from adapters.platforms.discord.permissions import NEEDED, VIEW_CHANNEL, Overwrite, Rights
from adapters.platforms.follow_ups import FollowUps
from core.chat.request import ChannelKind, ChannelRef, Platform
from core.ports.platform import NOT_ALLOWED, PostRejectedError
from core.ports.storage import Storage
from core.shared.clock import Clock
from core.shared.errors import QuartermasterError
from core.shared.value_objects import value_object
from core.workspaces.model import Installation, InstallationStatus, Space

log = structlog.get_logger(__name__)

T = TypeVar("T")

EnsureSpace = Callable[[str], Awaitable[Space]]
"""Returns our space of a guild, made on first sight."""

ATTEMPTS = 6
MOST_PEOPLE = 10_000
MOST_ASKED = 20
"""Guilds asked about somebody who writes directly before they were seen in any."""
HOME_SECONDS = 1.5

PAGE, PAGES = 1000, 10
"""Members that Discord lists at once, and how many such lists are read."""


@value_object
class Room:
    """A channel as the gateway told it."""

    id: str
    name: str
    overwrites: tuple[Overwrite, ...]


class Known(Protocol):
    """What the gateway's connection keeps in memory."""

    def guild_ids(self) -> Iterable[str]:
        """Return the guilds that the app is in."""
        ...

    def rights(self, guild: str) -> Rights | None:
        """Return what a guild's roles give; None for an unknown guild."""
        ...

    def rooms(self, guild: str) -> Iterable[Room]:
        """Return a guild's channels."""
        ...

    def bot_roles(self, guild: str) -> Iterable[str]:
        """Return the app's own roles."""
        ...


@value_object
class Person:
    """Somebody as a guild tells of them."""

    name: str
    roles: tuple[str, ...]


@dataclass(slots=True)
class Guilds:
    """Every guild the app is, or was, in."""

    api: DiscordApi
    storage: Storage
    clock: Clock
    ensure_space: EnsureSpace
    follow_ups: FollowUps
    known: Known
    token: str
    bot_user: str = ""
    _installed: dict[str, Installation] = field(default_factory=dict)
    _homes: "OrderedDict[str, tuple[str, float]]" = field(default_factory=OrderedDict)
    _locales: "OrderedDict[str, str]" = field(default_factory=OrderedDict)

    async def load(self) -> None:
        """Read the stored installations."""
        for installation in await self.storage.system.installations():
            if installation.platform is Platform.DISCORD:
                self._installed[installation.external_id] = installation

    def forget(self) -> None:
        """Know of no installation any more: where the app comes and goes is told to another process from now on."""
        self._installed.clear()

    def is_served(self, guild: str) -> bool:
        """Tell whether the app is in a guild, as far as is known."""
        found = self._installed.get(guild)
        return found is None or found.status is InstallationStatus.ACTIVE

    def require(self, guild: str) -> None:
        """Raise `PostRejectedError` (`not_installed`) for a guild that the app was sent away from."""
        if not self.is_served(guild):
            raise PostRejectedError("not_installed")

    async def joined(self, guild: str) -> None:
        """Record that the app is in a guild."""
        found = self._installed.get(guild)
        same = found and (found.token, found.bot_user_id) == (self.token, self.bot_user)
        if found and same and found.status is InstallationStatus.ACTIVE:
            return
        space = await self.ensure_space(guild)
        installation = Installation(
            space_id=space.id,
            workspace_id=space.workspace_id,
            platform=Platform.DISCORD,
            external_id=guild,
            token=self.token,
            bot_user_id=self.bot_user,
            app_id=self.bot_user,
            scopes=("applications.commands", "bot"),
            status=InstallationStatus.ACTIVE,
            reason="",
            installed_at=self.clock.now(),
        )
        await self.storage.system.save_installation(installation)
        self._installed[guild] = installation
        log.info("discord_installed", guild=guild)

    def left(self, guild: str) -> None:
        """Stop serving a guild that the app was sent away from, at once here and soon in the database."""
        found = self._installed.get(guild)
        if found is None or found.status is not InstallationStatus.ACTIVE:
            return
        self._installed[guild] = replace(found, status=InstallationStatus.DISABLED, reason="removed")
        log.warning("discord_disabled", guild=guild, reason="removed")
        self.follow_ups.start(self._record_end(found.space_id), "disable installation")

    def only(self, guilds: Collection[str]) -> None:
        """Stop serving every guild but these: the app was sent away from the others while it was not looking."""
        for guild, found in list(self._installed.items()):
            if guild not in guilds and found.app_id == self.bot_user:
                self.left(guild)

    def learn(self, event: Event) -> None:
        """Remember where somebody was last, which a direct message does not tell, and their language."""
        if event.guild:
            _keep(self._homes, event.user, (event.guild, event.at))
        if event.locale:
            _keep(self._locales, event.user, event.locale)

    def locale(self, user: str) -> str:
        """Return the language somebody uses Discord in, as far as they were seen."""
        return self._locales.get(user, "")

    async def home(self, user: str, wanted: str = "") -> str:
        """Return the guild that somebody means who writes directly: `wanted`, else where they were last, else any.

        They are a member of it, as Discord said not long ago; empty if there is none or it can't be told.
        """
        last, seen = self._homes.get(user, ("", 0.0))
        now = asyncio.get_running_loop().time()
        if last and wanted in ("", last) and now - seen < self.api.options.timings.proof:
            return last
        others = [] if wanted else sorted(self.known.guild_ids())
        guilds = list(dict.fromkeys(filter(None, (wanted or last, *others))))
        try:
            async with asyncio.timeout(HOME_SECONDS):
                for guild in guilds[:MOST_ASKED]:
                    if await self._has(guild, user):
                        _keep(self._homes, user, (guild, now))
                        return guild
        except (QuartermasterError, TimeoutError) as error:
            log.info("discord_home_unknown", cause=type(error).__name__)
        return ""

    async def room(self, guild: str, channel: str, user: str) -> ChannelRef | None:
        """Return a channel if somebody may look into it; None where they may not, or it can't be told."""
        room = next((room for room in self.known.rooms(guild) if room.id == channel), None)
        rights = self.known.rights(guild)
        if room is None or rights is None:
            return None
        if rights.is_public(room.overwrites):
            return ChannelRef(room.id, room.name, ChannelKind.PUBLIC)
        try:
            person = await self.person(guild, user)
        except QuartermasterError as error:
            log.info("discord_rights_unknown", cause=type(error).__name__)
            return None
        may_look = rights.within(user, person.roles, room.overwrites) & VIEW_CHANNEL
        return ChannelRef(room.id, room.name, ChannelKind.PRIVATE) if may_look else None

    async def person(self, guild: str, user: str) -> Person:
        """Return somebody of a guild; raises the port's errors."""
        route = Route("GET", "/guilds/{guild}/members/{user}", {"guild": guild, "user": user})
        found: Mapping[str, Any] = await self.api.read(route)
        about = found.get("user") or {}
        return Person(called(found, about) or user, tuple(str(role) for role in found.get("roles") or ()))

    async def with_role(self, guild: str, role: str) -> list[str]:
        """Return the people, bots left out, who have a role; raises the port's errors.

        Discord lists members only for apps with the privileged intent for them: without it `NOT_ALLOWED`.
        """
        found: list[str] = []
        after = "0"
        for _ in range(PAGES):
            route = Route("GET", "/guilds/{guild}/members", {"guild": guild})
            members = await self._members(route, after)
            found.extend(
                str(member["user"]["id"])
                for member in members
                if role in (member.get("roles") or ()) and not member["user"].get("bot")
            )
            if len(members) < PAGE:
                break
            after = str(members[-1]["user"]["id"])
        return found

    async def _members(self, route: Route, after: str) -> list[Mapping[str, Any]]:
        try:
            return list(await self.api.read(route, limit=str(PAGE), after=after))
        except PostRejectedError as error:
            raise PostRejectedError(NOT_ALLOWED if error.reason == "missing_access" else error.reason) from error

    def bot_may(self, guild: str, channel: str) -> int | None:
        """Return what the app may do in a channel; None where that is not known, as in direct messages."""
        rights = self.known.rights(guild)
        room = next((room for room in self.known.rooms(guild) if room.id == channel), None)
        if rights is None or room is None:
            return None
        return rights.within(self.bot_user, self.known.bot_roles(guild), room.overwrites)

    def missing(self, guild: str, channel: str) -> int:
        """Return the permissions that the app lacks in a channel."""
        allowed = self.bot_may(guild, channel)
        return 0 if allowed is None else NEEDED & ~allowed

    async def _has(self, guild: str, user: str) -> bool:
        try:
            await self.person(guild, user)
        except PostRejectedError:
            return False
        return True

    async def _record_end(self, space_id: int) -> None:
        for attempt in range(ATTEMPTS):
            try:
                await self.storage.system.set_installation_status(
                    space_id, InstallationStatus.DISABLED, "removed", self.clock.now()
                )
            except QuartermasterError as error:
                log.warning("discord_disable_not_recorded", cause=error.code)
                await asyncio.sleep(2**attempt)
            else:
                return


def _keep(kept: "OrderedDict[str, T]", name: str, value: T) -> None:
    kept[name] = value
    kept.move_to_end(name)
    while len(kept) > MOST_PEOPLE:
        kept.popitem(last=False)
