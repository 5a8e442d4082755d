"""Looking at the parts of a process: at all of them at once, seldom, and for a short while."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType

import structlog

from core.ports.health import Check, State

_SECONDS = 2.0
_FRESH = 1.0
_FRESH_WHILE_BROKEN = 0.1
"""Seconds after which the parts are looked at again; sooner while one does not work, so that a start is not held up."""

log = structlog.get_logger(__name__)


class PartsCheckup:
    """Names parts, never causes.

    However often it is asked, the parts are looked at once a second (ten times while one does not work), and for at
    most two seconds.
    """

    def __init__(self, checks: Mapping[str, Check], states: Mapping[str, State] = MappingProxyType({})) -> None:
        """Keep the parts by the name that is shown; those that have `states` are not waited for."""
        self._checks = dict(checks)
        self._states = dict(states)
        self._lock = asyncio.Lock()
        self._seen: dict[str, bool] = {}
        self._seen_at = float("-inf")
        self._has_news = False

    def add(self, name: str, check: Check) -> None:
        """Look at one more part, from the next time on."""
        self._checks[name] = check
        self.look_again()

    def look_again(self) -> None:
        """Look at all parts the next time, however lately they were seen: one has just come up."""
        self._has_news = True

    async def parts(self) -> Mapping[str, bool]:
        """Return which parts work, as seen lately."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            fresh = _FRESH if all(self._seen.values()) else _FRESH_WHILE_BROKEN
            if self._has_news or now - self._seen_at >= fresh:
                self._has_news = False
                checks = dict(self._checks)
                found = await asyncio.gather(*(self._works(name, check) for name, check in checks.items()))
                self._seen = dict(zip(checks, found, strict=True))
                self._seen_at = asyncio.get_running_loop().time()
            return self._seen

    def states(self) -> Mapping[str, str]:
        """Return how the other parts are."""
        return {name: state() for name, state in self._states.items()}

    async def _works(self, name: str, check: Check) -> bool:
        try:
            async with asyncio.timeout(_SECONDS):
                await check()
        except Exception as error:  # why: whatever is wrong with a part, the answer is that it does not work
            if self._seen.get(name, True):
                log.warning("part_unavailable", part=name, kind=type(error).__name__)
            return False
        return True
