"""Leases beside a file: the file's own lock, which ends with the process."""

import asyncio
import fcntl
import os
import time
from collections import OrderedDict
from pathlib import Path

MOST_FIRSTS = 10_000
"""Of how many things a process alone remembers who was first."""

_TRIES, _PAUSE = 3, 0.02
"""How often, in which seconds, the lock is asked for: another process may just be looking whether anybody has it."""


class FileLeases:
    """The leases of a database in a file: all of them belong to the process that has the lock beside it.

    The system lets go of the lock when the process ends, however it ends.
    """

    def __init__(self, database: Path) -> None:
        """Use the lock beside a database's file."""
        self._path = _beside(database)
        self._lock: int | None = None
        self._names: set[str] = set()
        self._firsts: OrderedDict[str, tuple[str, float]] = OrderedDict()

    async def take(self, name: str, seconds: float) -> bool:
        """Take the file's lock, unless another process has it."""
        if self._lock is None:
            self._lock = await _locked(self._path)
        if self._lock is None:
            return False
        self._names.add(name)
        return True

    async def give_back(self, name: str) -> None:
        """Let go of the file's lock when no lease is held any more."""
        self._names.discard(name)
        if not self._names:
            await self.close()

    async def count(self, beginning: str) -> int:
        """Return 1 while a process has the lock, be it this one: there is no more than one."""
        return int(self._lock is not None or _is_held(self._path))

    async def first(self, what: str, by: str, seconds: float, *, instead_of: str = "") -> str:
        """Return who is first at something: in memory, for one process alone answers what comes from outside."""
        now = time.monotonic()
        holder, until = self._firsts.get(what, ("", now))
        if until > now and holder not in (by, instead_of):
            return holder
        self._firsts[what] = (by, now + seconds)
        self._firsts.move_to_end(what)
        if len(self._firsts) > MOST_FIRSTS:
            self._firsts.popitem(last=False)
        return by

    async def close(self) -> None:
        """Let go of the lock."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def process_beside(database: Path) -> str:
    """Return the number of the process that has, or had last, the leases of a database's file."""
    try:
        return _beside(database).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _beside(database: Path) -> Path:
    return database.with_name(f"{database.name}-serving")


async def _locked(path: Path) -> int | None:
    """Open a file, lock it and write down whose it is; None if another process has locked it."""
    for _ in range(_TRIES):
        if (file := _lock(path, fcntl.LOCK_EX)) is not None:
            os.ftruncate(file, 0)
            os.write(file, f"{os.getpid()}\n".encode("ascii"))
            return file
        await asyncio.sleep(_PAUSE)
    return None


def _is_held(path: Path) -> bool:
    """Tell whether a process has locked a file."""
    if not path.exists():
        return False
    if (file := _lock(path, fcntl.LOCK_SH)) is None:
        return True
    os.close(file)
    return False


def _lock(path: Path, how: int) -> int | None:
    """Open a file and lock it; None if another process has locked it. It opens and locks without waiting."""
    file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        return None
    return file
