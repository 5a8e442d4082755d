"""Making a backup: an archive is written, stored, read back from there and brought back for a try.

Only one that could be brought back counts; then the oldest are let go of. What lies on the disk meanwhile is in a
private folder, and takes about twice the room of the archive.
"""

import asyncio
import errno
import secrets
import shutil
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from adapters.archive import BackedUp, Destination, back_up, restore
from adapters.archive.writing import address_of
from adapters.backups.kept import FOLDER, KEPT, Place, key_of, made_at
from adapters.files import make_private_folder, open_file_store
from adapters.files.folders import remove_abandoned
from adapters.files.store import FileStoreError, ObjectFileStore
from adapters.storage.copying import tables
from core.ports.backups import Backup, BackupError, BackupStage
from core.ports.files import FileStore
from core.ports.keeping import ArchiveError, CopyError, Step, StepKind
from core.ports.storage import StorageUnavailableError
from core.shared.clock import Clock
from core.shared.errors import NotFoundError

_PIECE = 1024 * 1024
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass
class Making:
    """One backup on its way; `tell` is told how much of a stage is done."""

    place: Place
    keys: Sequence[str]
    clock: Clock
    tell: Callable[[BackupStage, float], None]

    async def run(self) -> Backup:
        """Make it; raises `BackupError`."""
        if (self.place.files_url or "").startswith("memory:"):
            raise BackupError("no_store")
        with _in_words(), self._workshop() as folder:
            store = open_file_store(self.place.files_url, self.place.data_dir)
            archive, key = folder / "backup.tar", key_of(self.clock.now())
            made = await self._write(archive, store)
            await store.put(key, self._pieces(archive, made.size), limit=made.size)
            archive.unlink()
            await self._try(store, key, made, folder)
            kept = await _let_go(store)
        manifest = made.manifest
        rows = sum(count for count, _ in manifest.tables.values())
        return Backup(key, made.size, rows, manifest.files, manifest.missing, kept)

    async def _write(self, archive: Path, store: FileStore) -> BackedUp:
        place = self.place
        return await back_up(
            archive,
            database_url=place.database_url,
            store=store,
            keys=self.keys,
            version=place.version,
            clock=self.clock,
            tell=_Tables(BackupStage.COPYING, self.tell),
        )

    async def _pieces(self, archive: Path, size: int) -> AsyncIterator[bytes]:
        done = 0
        with archive.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                yield piece
                done += len(piece)
                self.tell(BackupStage.STORING, done / size)

    async def _try(self, store: ObjectFileStore, key: str, made: BackedUp, folder: Path) -> None:
        """Bring it back to where nobody looks, from what the store gives back; one that can't be is removed."""
        tried = folder / "tried.tar"
        try:
            with tried.open("xb") as file:
                await _read_back(store, key, file)
            to = Destination(address_of(folder / "tried.db"), folder / "tried", ())
            tell = _Tables(BackupStage.TRYING, self.tell)
            back = await restore(tried, to, _Nowhere(), now=self.clock.now(), replace=False, tell=tell)
            if back.manifest != made.manifest:
                raise BackupError("not_usable")
        except (ArchiveError, CopyError, NotFoundError, BackupError) as error:
            await store.delete(key)
            raise BackupError("not_usable") from error

    @contextmanager
    def _workshop(self) -> Iterator[Path]:
        """Make a private folder, which goes at the end, and remove what dead processes left."""
        scratch = self.place.data_dir / "scratch"
        make_private_folder(scratch)
        remove_abandoned(scratch)
        folder = scratch / f"backup-{secrets.token_hex(8)}"
        make_private_folder(folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@dataclass
class _Tables:
    """Tells how much is copied, by the tables that are done, and of one that takes long how much of it is."""

    stage: BackupStage
    tell: Callable[[BackupStage, float], None]
    _done: int = field(default=0)
    _count: int = field(default_factory=lambda: len(tables()))

    def __call__(self, step: Step) -> None:
        """Take notice of a step."""
        if step.kind is StepKind.TABLE:
            self._done += 1
        if step.kind in (StepKind.TABLE, StepKind.PART):
            part = step.rows / step.total if step.kind is StepKind.PART and step.total else 0.0
            self.tell(self.stage, min(1.0, (self._done + part) / self._count))
        elif step.kind is StepKind.FILES and self.stage is BackupStage.COPYING:
            self.tell(BackupStage.FILES, 0.0)


class _Nowhere:
    """Takes the files of a backup that is only tried: what they are was compared before, byte by byte."""

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, limit: int) -> tuple[int, str]:
        """Read to the end."""
        return sum([len(chunk) async for chunk in chunks]), ""

    def read(self, key: str) -> AsyncIterator[bytes]:
        """Have nothing."""
        return _nothing()

    async def delete(self, key: str) -> None:
        """Have nothing to remove."""

    def keys(self, folder: str) -> AsyncIterator[str]:
        """Have nothing."""
        return _nothing()


async def _nothing() -> AsyncIterator[Any]:
    for one in list[Any]():
        yield one


async def _read_back(store: ObjectFileStore, key: str, file: IO[bytes]) -> None:
    async for chunk in store.read(key):
        await asyncio.to_thread(file.write, chunk)


async def _let_go(store: FileStore) -> int:
    """Remove all but the newest, and return how many are kept."""
    there = sorted([key async for key in store.keys(FOLDER) if made_at(key)])
    for key in there[:-KEPT]:
        await store.delete(key)
    return len(there[-KEPT:])


@contextmanager
def _in_words() -> Iterator[None]:
    """Raise what goes wrong as `BackupError`."""
    try:
        yield
    except ArchiveError as error:
        raise BackupError("many_damaged" if error.reason == "many_damaged" else "failed") from error
    except CopyError as error:
        raise BackupError("room" if _lacks_room(error.__cause__) else "database") from error
    except (FileStoreError, OSError) as error:
        raise BackupError("room" if _lacks_room(error) else "store") from error
    except StorageUnavailableError as error:
        raise BackupError("room" if error.reason == "disk_full" else "database") from error


def _lacks_room(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return True
        if isinstance(error, StorageUnavailableError) and error.reason == "disk_full":
            return True
        error = error.__cause__
    return False
