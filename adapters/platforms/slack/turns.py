"""Which of several processes answers what Slack told more than one of, and by which way.

Before an answer leaves, the database decides. One acknowledgement only gets through to Slack, so that any of them may
answer by it; what comes later is answered by one, while it prolongs its turn. One that was killed meanwhile leaves its
turn unmarked, and another one that was told too answers when the turn is over.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import field
from enum import Enum

import structlog

from core.ports.leases import Leases
from core.ports.storage import StorageUnavailableError
from core.shared.ids import new_code
from core.shared.value_objects import value_object

log = structlog.get_logger(__name__)

AT_ONCE, ANSWERED = "at once", "answered"
"""Who was first where there is nothing left to do: the acknowledgement answered, or somebody has done so later."""
KEPT = 3600.0
"""Seconds for which that is remembered; longer than Slack repeats anything."""


class Turn(Enum):
    """Whose it is to answer later."""

    OURS = "ours"
    OTHERS = "others"
    AT_ONCE = "at once"
    """Nobody's: it is answered by the acknowledgement."""
    ANSWERED = "answered"


@value_object
class Turns:
    """Asks the database, which all of them share; that there is none is worth saying twice."""

    leases: Leases
    seconds: float
    """How long a process has for an answer unless it prolongs its turn."""
    deciding: float
    """Seconds that an acknowledgement may wait for the decision."""
    me: str = field(default_factory=lambda: new_code(20))

    async def at_once(self, delivery_id: str) -> bool:
        """Tell whether the acknowledgement may be the answer: it may unless somebody answers later."""
        try:
            async with asyncio.timeout(self.deciding):
                return await self._first(delivery_id, AT_ONCE, KEPT) == AT_ONCE
        except TimeoutError:
            return True

    async def soon(self, delivery_id: str) -> Turn:
        """Take the turn to answer later before the acknowledgement, which has to come in time whosever it is."""
        try:
            async with asyncio.timeout(self.deciding):
                return await self.later(delivery_id)
        except TimeoutError:
            return Turn.OURS

    async def later(self, delivery_id: str) -> Turn:
        """Take the turn to answer later, or prolong it; tell whose it is."""
        first = await self._first(delivery_id, self.me, self.seconds)
        settled = {self.me: Turn.OURS, AT_ONCE: Turn.AT_ONCE, ANSWERED: Turn.ANSWERED}
        return settled.get(first, Turn.OTHERS)

    @asynccontextmanager
    async def kept(self, delivery_id: str) -> AsyncIterator[None]:
        """Prolong our turn meanwhile; whatever was to be shown then counts as answered, unless we were interrupted."""
        prolonging = asyncio.create_task(self._prolong(delivery_id), name="turn")
        try:
            yield
        finally:
            prolonging.cancel()
            await asyncio.gather(prolonging, return_exceptions=True)
        await self._first(delivery_id, ANSWERED, KEPT, instead_of=self.me)

    async def falls_to_us(self, delivery_id: str) -> bool:
        """Wait for somebody else's turn; tell whether it ended without an answer, so that it is ours now."""
        while True:
            await asyncio.sleep(self.seconds)
            turn = await self.later(delivery_id)
            if turn is not Turn.OTHERS:
                return turn is Turn.OURS

    async def _prolong(self, delivery_id: str) -> None:
        while True:
            await asyncio.sleep(self.seconds / 3)
            await self.later(delivery_id)

    async def _first(self, delivery_id: str, by: str, seconds: float, *, instead_of: str = "") -> str:
        try:
            return await self.leases.first(f"answer {delivery_id}", by, seconds, instead_of=instead_of)
        except StorageUnavailableError as error:
            log.warning("slack_turn_unknown", cause=error.code)
            return by
