"""Making a backup, beside a process that serves.

First the database is copied, in one snapshot, into a database file of its own: the same for every kind of database.
Then come the files that this copy tells of. One that is gone meanwhile, because it is not kept any longer, is counted.
The archive gets its name when it is whole and on the disk.
"""

import asyncio
import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO

from adapters.archive.manifest import DATABASE, KEYS, MANIFEST, MOST_DAMAGED, Manifest, Part
from adapters.archive.stored_files import Known, known_files
from adapters.archive.tape import PIECE, TapeWriter
from adapters.storage.copying import Copied, Copy
from adapters.storage.copying.sides import FROM, opened
from adapters.storage.migrations import REVISIONS
from core.ports.files import FileStore
from core.ports.keeping import ArchiveError, Step, StepKind, Tell
from core.shared.clock import Clock
from core.shared.errors import NotFoundError
from core.shared.value_objects import value_object

TELL_EVERY = 1_000
"""Files after which it is told how many there are."""

_IN_MEMORY = 1_000_000
_WORKSHOP = ".quartermaster-backup-"
_ABANDONED_AFTER = timedelta(days=1)


@value_object
class BackedUp:
    """An archive and what it is about."""

    path: Path
    size: int
    manifest: Manifest


@dataclass(slots=True)
class _Kept:
    """What became of the stored files."""

    files: int = 0
    size: int = 0
    missing: int = 0
    damaged: dict[str, Part] = field(default_factory=dict)


async def back_up(
    target: Path, *, database_url: str, store: FileStore, keys: Sequence[str], version: str, clock: Clock, tell: Tell
) -> BackedUp:
    """Write an archive that did not exist; raises `ArchiveError`, `CopyError`, `FileStoreError` and `OSError`."""
    with _workshop(target) as folder:
        database = folder / DATABASE
        copied = await Copy(database_url, address_of(database), tell=tell).run()
        part = folder / "archive"
        with await asyncio.to_thread(part.open, "xb") as file:
            tape = TapeWriter(file, int(clock.now().timestamp()))
            with await asyncio.to_thread(database.open, "rb") as source:
                size = source.seek(0, os.SEEK_END)
                source.seek(0)
                digest = await asyncio.to_thread(_digest, source)
                source.seek(0)
                await asyncio.to_thread(tape.add, DATABASE, source, size)
            sealed = "".join(f"{key}\n" for key in keys).encode()
            tape.add_bytes(KEYS, sealed)
            kept = await _add_files(tape, database, store, folder, tell)
            manifest = Manifest(
                version=version,
                revision=REVISIONS[-1],
                made_at=clock.now(),
                database=Part(size, digest),
                keys=Part(len(sealed), hashlib.sha256(sealed).hexdigest()),
                tables=_sums(copied),
                files=kept.files,
                file_bytes=kept.size,
                missing=kept.missing,
                damaged=kept.damaged,
            )
            tape.add_bytes(MANIFEST, manifest.to_json())
            await asyncio.to_thread(tape.end)
            whole = file.tell()
        await asyncio.to_thread(_publish, part, target)
    return BackedUp(target, whole, manifest)


def address_of(file: Path) -> str:
    """Return the address of a database file."""
    return f"sqlite+aiosqlite:///{file.absolute()}"


@contextmanager
def _workshop(target: Path) -> Iterator[Path]:
    """Make a private folder beside what is to be made, for nobody knows how much room there is elsewhere."""
    parent = target.absolute().parent
    if not parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(parent))
    if os.path.lexists(target):
        raise ArchiveError("is_there")
    _remove_abandoned(parent)
    folder = Path(tempfile.mkdtemp(prefix=_WORKSHOP, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned(parent: Path) -> None:
    """Remove what a backup that was killed more than a day ago left behind: it holds as much as a backup does."""
    # The age of a folder is told by the machine's clock, as its time stamp is.
    before = time.time() - _ABANDONED_AFTER.total_seconds()
    for left in parent.glob(f"{_WORKSHOP}*"):
        with suppress(OSError):
            if left.stat().st_mtime < before:
                shutil.rmtree(left)


def _sums(copied: Copied) -> dict[str, tuple[int, str]]:
    return {name: (each.rows, each.digest) for name, each in copied.tables.items()}


async def _add_files(tape: TapeWriter, database: Path, store: FileStore, folder: Path, tell: Tell) -> _Kept:
    kept = _Kept()
    async with opened(FROM, address_of(database)) as side:
        async for known in known_files(side):
            await _add_file(tape, known, store, folder, kept, tell)
            if kept.files and kept.files % TELL_EVERY == 0:
                tell(Step(StepKind.FILES, rows=kept.files))
    return kept


async def _add_file(tape: TapeWriter, known: Known, store: FileStore, folder: Path, kept: _Kept, tell: Tell) -> None:
    """Add a stored file; it is read to its end first, for what is begun in an archive has to be finished."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(folder)) as spool:
        try:
            async for chunk in store.read(known.key):
                spool.write(chunk)
        except NotFoundError:
            kept.missing += 1
            tell(Step(StepKind.FILE_MISSING, known.key))
            return
        size = spool.tell()
        spool.seek(0)
        found = Part(size, await asyncio.to_thread(_digest, spool))
        if found != Part(known.size, known.sha256):
            tell(Step(StepKind.FILE_DAMAGED, known.key))
            kept.damaged[known.key] = found
            if len(kept.damaged) > MOST_DAMAGED:
                raise ArchiveError("many_damaged")
        spool.seek(0)
        await asyncio.to_thread(tape.add, known.key, spool, size)
        kept.files += 1
        kept.size += size


def _digest(source: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _publish(part: Path, target: Path) -> None:
    """Give the archive its name, unless somebody else has taken that meanwhile."""
    part.chmod(0o600)
    try:
        # A link, unlike a rename, fails when the name is taken.
        os.link(part, target)
    except FileExistsError:
        raise ArchiveError("is_there") from None
    except OSError:
        _rename(part, target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename(part: Path, target: Path) -> None:
    """Give the archive its name on a file system without links: the name is taken first, for a rename overwrites."""
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise ArchiveError("is_there") from None
    try:
        part.replace(target)
    except OSError:
        target.unlink(missing_ok=True)
        raise
