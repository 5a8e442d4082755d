"""Files on their way between processes: in private folders that go when the work is over."""

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.files.folders import make_private_folder, remove_abandoned


class Scratch:
    """A folder for passing files; it is made when first needed, and what dead processes left in it is removed then."""

    def __init__(self, folder: Path) -> None:
        """Make nothing yet."""
        self._folder = folder

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        """Yield a folder of one's own that goes at the end, with all that is in it."""
        own = self._folder / secrets.token_hex(8)
        await asyncio.to_thread(self._make, own)
        try:
            yield own
        finally:
            await asyncio.to_thread(shutil.rmtree, own, ignore_errors=True)

    def _make(self, own: Path) -> None:
        if not self._folder.exists():
            make_private_folder(self._folder)
        remove_abandoned(self._folder)
        make_private_folder(own)
