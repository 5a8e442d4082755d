"""The kinds of database that tests run on, and a fresh one of each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.storage import SqlStorage
from core.shared.clock import Clock
from tests.support import postgres
from tests.support.storage import fresh_url, make_storage

DATABASES = ["sqlite", "postgresql"]


@asynccontextmanager
async def fresh_database(kind: str, folder: Path, *, empty: bool = False) -> AsyncIterator[str]:
    """Make a fresh database of a kind, migrated unless it is to be empty, and return its address."""
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'quartermaster.db'}" if empty else fresh_url(folder)
        return
    url = await postgres.fresh_database(empty=empty)
    try:
        yield url
    finally:
        await postgres.drop_database(url)


@asynccontextmanager
async def fresh_storage(kind: str, folder: Path, *, clock: Clock | None = None) -> AsyncIterator[SqlStorage]:
    """Open a fresh database of a kind."""
    async with fresh_database(kind, folder) as url:
        storage = await make_storage(url=url, clock=clock)
        try:
            yield storage
        finally:
            await storage.close()
