"""What is backed up in tests, and where it is brought back to."""

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from adapters.archive import BackedUp, Destination, Restored, back_up, restore
from adapters.files import ObjectFileStore, open_file_store
from adapters.storage.engine.database import Work
from adapters.storage.engine.statements import Statements
from adapters.storage.schema.tables import files
from core.files.service import file_key
from core.ports.keeping import Step
from tests.contract.storage.world import NOON
from tests.support.clock import HeldClock
from tests.support.filled import visit
from tests.support.storage import fresh_url, url_of

ROWS = 25
KEY = "a key for tests of backups, of no use elsewhere"

Tell = Callable[[Step], None]


def silent(step: Step) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Shop:
    """A database, the folder that its files and its key are in, and the store of the files."""

    url: str
    folder: Path
    store: ObjectFileStore

    @classmethod
    def at(cls, folder: Path, url: str = "") -> "Shop":
        """One in a folder, with a fresh database file unless there is another address."""
        return cls(url or fresh_url(folder), folder, open_file_store(None, folder))

    @classmethod
    def empty(cls, folder: Path, url: str = "") -> "Shop":
        """One with nothing in it."""
        folder.mkdir()
        return cls(url or url_of(folder / "quartermaster.db"), folder, open_file_store(None, folder))

    async def back_up(self, target: Path, tell: Tell = silent) -> BackedUp:
        """Back it up."""
        return await back_up(
            target, database_url=self.url, store=self.store, keys=[KEY], version="1.0", clock=HeldClock(NOON), tell=tell
        )

    async def restore(
        self, archive: Path, tell: Tell = silent, *, keys: tuple[str, ...] = (), replace: bool = False
    ) -> Restored:
        """Bring back a backup into it."""
        to = Destination(self.url, self.folder, keys)
        return await restore(archive, to, self.store, now=NOON, replace=replace, tell=tell)

    async def read(self, key: str) -> bytes:
        """A stored file's bytes."""
        return b"".join([chunk async for chunk in self.store.read(key)])


async def store_files(url: str, store: ObjectFileStore) -> list[str]:
    """Store what the database's rows of files tell of, and return the keys."""

    def read(connection: Statements) -> list[tuple[int, str]]:
        return [(row.workspace_id, row.id) for row in connection.execute(sa.select(files).order_by(files.c.id))]

    keys = []
    for workspace_id, file_id in await visit(url, read, writes=False):
        content = content_of(file_id)
        key = file_key(workspace_id, file_id)
        await store.put(key, _one(content), limit=len(content))
        values = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        await visit(url, _changing(sa.update(files).where(files.c.id == file_id).values(values)))
        keys.append(key)
    return keys


def _changing(statement: sa.Update) -> Work[int]:
    return lambda connection: connection.execute(statement).rowcount


def content_of(file_id: str) -> bytes:
    """What is stored in a file of tests."""
    return f"content of {file_id}\n".encode() * 1000


async def _one(content: bytes) -> AsyncIterator[bytes]:
    yield content
