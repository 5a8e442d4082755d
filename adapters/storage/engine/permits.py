"""So many at once, the rest in the order in which they asked, and nobody longer than a while."""

import asyncio

from core.ports.storage import StorageUnavailableError


class Permits:
    """As many at once as there are permits."""

    def __init__(self, count: int, seconds: float) -> None:
        """Let everybody wait so long at most."""
        self._free = asyncio.Semaphore(count)
        self._seconds = seconds
        self.waiting = 0

    async def enter(self) -> None:
        """Wait for a permit; raises `StorageUnavailableError` when none is free in time."""
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
        """Give a permit back."""
        self._free.release()
