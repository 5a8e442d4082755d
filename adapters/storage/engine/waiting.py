"""Waiting for what is in use: in the order in which everybody came, and nobody longer than a while."""

import asyncio
from collections import Counter
from collections.abc import Hashable

from core.ports.storage import StorageUnavailableError


class Permits:
    """So many at a time."""

    def __init__(self, count: int, seconds: float) -> None:
        """Let everybody wait so long at most."""
        self._free = asyncio.Semaphore(count)
        self._seconds = seconds
        self.waiting = 0

    async def enter(self) -> None:
        """Wait for a permit; raises `StorageUnavailableError` when there is none in time."""
        if not self._free.locked():
            await self._free.acquire()
            return
        self.waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise StorageUnavailableError("busy") from None
        finally:
            self.waiting -= 1

    def leave(self) -> None:
        """Give the permit back."""
        self._free.release()


class Locks:
    """One at a time for each key; keys that nobody uses take no memory."""

    def __init__(self, seconds: float) -> None:
        """Let everybody wait so long at most."""
        self._seconds = seconds
        self._permits: dict[Hashable, Permits] = {}
        self._users: Counter[Hashable] = Counter()

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return sum(permits.waiting for permits in self._permits.values())

    async def enter(self, key: Hashable) -> None:
        """Wait for the lock; raises `StorageUnavailableError` when it is not free in time."""
        permits = self._permits.setdefault(key, Permits(1, self._seconds))
        self._users[key] += 1
        try:
            await permits.enter()
        except BaseException:  # why: whatever ends the wait, it is over
            self._gone(key)
            raise

    def leave(self, key: Hashable) -> None:
        """Let go of the lock."""
        self._permits[key].leave()
        self._gone(key)

    def _gone(self, key: Hashable) -> None:
        self._users[key] -= 1
        if not self._users[key]:
            del self._users[key], self._permits[key]
