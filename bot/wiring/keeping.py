"""What is done to the data as a whole: migrate, copy, back up, restore, look at what a restore held back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.files import make_private_folder, open_file_store
from adapters.secrets import load_keys
from adapters.storage import migrate, open_storage
from bot.settings.model import Settings
from bot.wiring.bootstrap import secret_box
from core.ports.keeping import Tell
from core.shared.clock import Clock, SystemClock

if TYPE_CHECKING:
    from adapters.archive import BackedUp, Restored
    from adapters.storage.copying import Copied
    from adapters.storage.system.held_back import HeldBack


async def migrate_database(settings: Settings) -> None:
    """Bring the database to the newest schema, made if it does not exist."""
    make_private_folder(settings.storage.data_dir)
    await migrate(settings.storage.database_url)


async def copy_database(settings: Settings, source: str, target: str, *, replace: bool, tell: Tell) -> "Copied":
    """Copy a database, by default that of the settings, into another; raises `CopyError`."""
    from adapters.storage.copying import Copy

    return await Copy(source or settings.storage.database_url, target, tell=tell, replace=replace).run()


async def back_up(settings: Settings, target: Path, clock: Clock, tell: Tell) -> "BackedUp":
    """Write a backup of everything that the settings name; raises `ArchiveError`, `CopyError` and `FileStoreError`."""
    from adapters import archive

    where = settings.storage
    return await archive.back_up(
        target,
        database_url=where.database_url,
        store=open_file_store(where.files_url, where.data_dir),
        keys=load_keys(settings.application.secret_keys, where.data_dir).keys,
        version=version("quartermaster"),
        clock=clock,
        tell=tell,
    )


async def restore(settings: Settings, source: Path, now: datetime, tell: Tell, *, replace: bool) -> "Restored":
    """Bring back a backup to where the settings say; raises as `back_up` does."""
    from adapters import archive

    where = settings.storage
    to = archive.Destination(where.database_url, where.data_dir, settings.application.secret_keys)
    store = open_file_store(where.files_url, where.data_dir)
    return await archive.restore(source, to, store, now=now, replace=replace, tell=tell)


@asynccontextmanager
async def held_back(settings: Settings) -> AsyncIterator["HeldBack"]:
    """Yield what the database holds back since a restore."""
    url, clock = settings.storage.database_url, SystemClock()
    storage = await open_storage(url, secrets=secret_box(settings), clock=clock)
    try:
        yield storage.held
    finally:
        await storage.close()
