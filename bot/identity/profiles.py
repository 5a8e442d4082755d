"""What platforms say of their people: asked at first sight, and again later if they did not answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from core.chat.request import Platform, UserRef
from core.ports.platform import Messenger
from core.shared.clock import Clock, has_passed
from core.workspaces.model import Space

log = structlog.get_logger()

PROFILE_TIMEOUT = 2.0
"""Seconds a platform has for a profile; after that people start with what their request told."""
ASKED_AGAIN = timedelta(hours=1)
"""How long a platform is left alone about a person, whatever it said."""
_MOST_KEPT = 10_000

_Who = tuple[int, str]


@dataclass(slots=True)
class Profiles:
    """Asks for profiles, each once an hour at most, however many commands wait for it."""

    messengers: Mapping[Platform, Messenger]
    clock: Clock
    _told: dict[_Who, tuple[datetime, UserRef | None]] = field(default_factory=dict)
    _under_way: dict[_Who, "asyncio.Task[UserRef | None]"] = field(default_factory=dict)

    async def of(self, space: Space, user: str) -> UserRef | None:
        """Return what the platform says of a person, or said within the last hour; None if it did not answer."""
        who = (space.id, user)
        asking = self._under_way.get(who)
        if asking is None:
            told = self._told.get(who)
            if told is not None and not has_passed(ASKED_AGAIN, told[0], self.clock.now()):
                return told[1]
            asking = self._under_way[who] = asyncio.create_task(self._ask(space, user), name=f"profile {who}")
            asking.add_done_callback(lambda _: self._under_way.pop(who))
        return await asyncio.shield(asking)

    async def _ask(self, space: Space, user: str) -> UserRef | None:
        messenger = self.messengers.get(space.platform)
        if messenger is None:
            return None
        try:
            async with asyncio.timeout(PROFILE_TIMEOUT):
                profile: UserRef | None = await messenger.profile(space, user)
        except Exception as error:  # whatever a platform or its client does, its people can work
            log.info("profile_unavailable", platform=space.platform.value, cause=type(error).__name__)
            profile = None
        if len(self._told) >= _MOST_KEPT:
            self._told.clear()
        self._told[space.id, user] = (self.clock.now(), profile)
        return profile
