"""Turns at things that one caller has at a time, in the order in which they asked."""

import asyncio
from collections.abc import Hashable

from core.ports.storage import StorageUnavailableError


class Turns:
    """A line for each key; lines that nobody stands in take no memory."""

    def __init__(self, seconds: float) -> None:
        """Let everybody wait so long at most."""
        self._seconds = seconds
        self._locks: dict[Hashable, asyncio.Lock] = {}
        self._standing: dict[Hashable, int] = {}

    @property
    def waiting(self) -> int:
        """Return how many stand in line, those whose turn it is aside."""
        return sum(self._standing.values()) - sum(lock.locked() for lock in self._locks.values())

    async def enter(self, key: Hashable) -> None:
        """Wait for the turn; raises `StorageUnavailableError` when it does not come in time."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._standing[key] = self._standing.get(key, 0) + 1
        try:
            if self._standing[key] > 1:
                async with asyncio.timeout(self._seconds):
                    await lock.acquire()
            else:
                await lock.acquire()
        except TimeoutError:
            self._leave_line(key)
            raise StorageUnavailableError("busy") from None
        except asyncio.CancelledError:
            self._leave_line(key)
            raise

    def leave(self, key: Hashable) -> None:
        """End the turn."""
        self._locks[key].release()
        self._leave_line(key)

    def _leave_line(self, key: Hashable) -> None:
        self._standing[key] -= 1
        if not self._standing[key]:
            del self._standing[key], self._locks[key]
