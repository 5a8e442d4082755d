"""Looking after the file of an engine: whether it is there still, whole, and not another program's.

What it holds can be done without: which jobs there are, their rows say. So an engine begins anew on another file.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from adapters.jobs.file import UNREADABLE, Identity, fault_of, identity_of
from adapters.jobs.lock import FileLock

LOOK = 5.0
"""Seconds between two looks, unless something went wrong in between."""
AGAIN = 10.0
"""Seconds after which it is looked whether a file was put right."""


class FileWatch:
    """Looks after a file, and after the lock that lies beside it."""

    def __init__(self, file: Path, lock: FileLock) -> None:
        """Prepare."""
        self._file = file
        self._lock = lock
        self._opened: Identity = None
        self._is_doubtful = asyncio.Event()

    def begin(self) -> None:
        """Take the file that has the name now for the one that was opened."""
        self._opened = identity_of(self._file)

    def doubt(self) -> None:
        """Look soon, and thoroughly: something went wrong that may not be over by itself."""
        self._is_doubtful.set()

    async def lost(self, found: Callable[[str], None]) -> str:
        """Return once what was opened is of no use any more, with the word for why if there is one.

        Until then `found` is told the word for why it can't be used just now, or nothing.
        """
        is_doubtful = False
        while self._is_there:
            reason = await self._fault(thoroughly=is_doubtful)
            if reason == UNREADABLE:
                return reason
            found(reason)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._is_doubtful.wait()
            is_doubtful = self._is_doubtful.is_set()
            self._is_doubtful.clear()
        return ""

    async def put_right(self) -> None:
        """Return once what could not be used can be, or is gone."""
        while identity_of(self._file) == self._opened:
            if not await self._fault(thoroughly=True):
                return
            await asyncio.sleep(AGAIN)

    @property
    def _is_there(self) -> bool:
        return self._lock.is_held and identity_of(self._file) == self._opened

    async def _fault(self, *, thoroughly: bool) -> str:
        return await asyncio.to_thread(fault_of, self._file, thoroughly=thoroughly)
