"""The backups of a file store, from the side of whoever serves: a process of its own does the work.

Everything that there is goes through it, which would hold up the loop; its memory goes with it. It gets what it has to
know by a pipe, for it includes secrets, and ends when whoever started it does.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.ports.backups import Backup, BackupError, BackupStage, TellStage
from core.ports.files import FileStore
from core.shared.value_objects import value_object

FOLDER = "backups"
"""Of keys in the file store; no file that people hand in or are given lies there."""
KEPT = 7

_NAME = f"{FOLDER}/quartermaster-%Y-%m-%dT%H%M%SZ.tar"
_MODULE = "adapters.backups.process"
_ROOT = Path(__file__).parents[2]


@value_object
class Place:
    """What is backed up, and where to: the addresses of the database and the store, and the data folder."""

    database_url: str = field(repr=False)
    files_url: str | None
    data_dir: Path
    version: str


class KeptBackups:
    """Makes backups and knows which there are."""

    def __init__(self, place: Callable[[], Place], store: FileStore, keys: Callable[[], Sequence[str]]) -> None:
        """Keep what tells where things are; `keys` returns the secret keys."""
        self._place = place
        self._store = store
        self._keys = keys

    async def make(self, tell: TellStage) -> Backup:
        """Make a backup, try it, and let go of the oldest; whoever is cancelled meanwhile ends the process."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            _MODULE,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_environment(),
            # An interrupt from the keyboard is for whoever drains the work, not for whoever does it.
            start_new_session=True,
        )
        try:
            return await _followed(process, self._given(), tell)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            if process.stdin:
                process.stdin.close()
            await process.wait()

    async def times(self) -> Sequence[datetime]:
        """Return when those that are there were made, the oldest first."""
        return sorted([made async for key in self._store.keys(FOLDER) if (made := made_at(key))])

    def _given(self) -> bytes:
        place = self._place()
        given = {**asdict(place), "data_dir": str(place.data_dir), "keys": list(self._keys())}
        return json.dumps(given).encode() + b"\n"


def key_of(moment: datetime) -> str:
    """Return the key of a backup that is made then."""
    return f"{moment.astimezone(UTC):{_NAME}}"


def made_at(key: str) -> datetime | None:
    """Return when the backup of a key was made; None if it is the key of none."""
    try:
        return datetime.strptime(key, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return None


def _environment() -> dict[str, str]:
    """Return the environment of the process: the store of a cloud takes its credentials from there."""
    return {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"}


async def _followed(process: asyncio.subprocess.Process, given: bytes, tell: TellStage) -> Backup:
    """Give the process what it has to know, and pass on what it tells until it is done."""
    asked, told = process.stdin, process.stdout
    if asked is None or told is None:
        raise BackupError("failed")
    with suppress(OSError):  # why: it is gone, which the end of what it tells says too
        asked.write(given)
        await asked.drain()
    async for line in told:
        message: dict[str, Any] = json.loads(line)
        if "done" in message:
            return Backup(**message["done"])
        if "failed" in message:
            raise BackupError(message["failed"])
        await tell(BackupStage(message["stage"]), message["part"])
    raise BackupError("failed")
