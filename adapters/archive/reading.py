"""Bringing back a backup: first everything in it is compared with its digest, then it is put where it belongs.

The keys and the files go first, the database last, and until its last row is there it says that it is unfinished.
"""

import asyncio
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO

from adapters.archive.examining import LARGEST_KEYS, Examined, examine, file_members
from adapters.archive.manifest import Manifest
from adapters.archive.tape import Member, pieces
from adapters.archive.writing import TELL_EVERY
from adapters.files import make_private_folder
from adapters.secrets import KEY_FILE
from adapters.storage.copying import Copied, Copy
from adapters.storage.engine.dialects import Dialect
from adapters.storage.engine.statements import Statements
from adapters.storage.system.held_back import hold_back
from core.ports.files import FileStore
from core.ports.keeping import ArchiveError, Held, Step, StepKind, Tell
from core.shared.value_objects import value_object


@value_object
class Destination:
    """Where a backup goes: the database, the data folder, and the keys of the settings, if these hold any."""

    database_url: str
    data_dir: Path
    given_keys: Sequence[str]


@value_object
class Restored:
    """What was brought back, and how much of it is held back."""

    manifest: Manifest
    copied: Copied
    held: Held


async def restore(
    archive: Path, to: Destination, store: FileStore, *, now: datetime, replace: bool, tell: Tell
) -> Restored:
    """Bring back a backup; raises `ArchiveError`, `CopyError`, `FileStoreError` and `OSError`.

    What was on its way when the backup was made is held back. `replace`: data that is there may go.
    """
    held: list[Held] = []

    def finish(connection: Statements, _dialect: Dialect) -> None:
        held.append(hold_back(connection, now))

    make_private_folder(to.data_dir / "scratch")
    with (
        await asyncio.to_thread(archive.open, "rb") as file,
        tempfile.TemporaryDirectory(dir=to.data_dir / "scratch", ignore_cleanup_errors=True) as scratch,
    ):
        found = await examine(file, Path(scratch))
        if to.given_keys and not set(found.keys) <= set(to.given_keys):
            raise ArchiveError("other_key")
        copy = Copy(
            found.url,
            to.database_url,
            tell=tell,
            origin=found.manifest.database.sha256,
            replace=replace,
            finish=finish,
        )
        await copy.check()
        if not to.given_keys:
            _keep_keys(to.data_dir / KEY_FILE, found.keys)
        await _put_files(file, found, store, tell)
        copied = await copy.run()
    return Restored(found.manifest, copied, held[-1])


def _keep_keys(path: Path, keys: Sequence[str]) -> None:
    """Let the backup's keys be the newest; those that are there stay behind them."""
    there: list[str] = []
    if path.exists():
        with path.open("rb") as file:
            there = file.read(LARGEST_KEYS).decode(errors="replace").splitlines()
    wanted = [*keys, *(key for key in map(str.strip, there) if key and key not in keys)]
    if there == wanted:
        return
    staged = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write("".join(f"{key}\n" for key in wanted).encode())
        file.flush()
        os.fsync(file.fileno())
    staged.replace(path)


async def _put_files(file: IO[bytes], found: Examined, store: FileStore, tell: Tell) -> None:
    for count, member in enumerate(file_members(file), start=1):
        await store.put(member.name, _chunks(file, member), limit=member.size)
        if count % TELL_EVERY == 0 or count == found.manifest.files:
            tell(Step(StepKind.FILES, rows=count))


async def _chunks(file: IO[bytes], member: Member) -> AsyncIterator[bytes]:
    for piece in pieces(file, member):
        yield piece
