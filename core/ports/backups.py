"""The backups in the file store: how one is made, what is told on the way, and what can go wrong."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from core.shared.errors import QuartermasterError
from core.shared.value_objects import value_object


class BackupError(QuartermasterError):
    """No backup was kept; the older ones are as they were.

    `reason` is a stable word: `store` (it does not take or give back what it should), `no_store` (it keeps nothing),
    `room` (there is none on the disk), `database`, `many_damaged` (stored files), `not_usable` (it was tried, and
    could not be brought back), `failed`.
    """

    code: ClassVar[str] = "backup"

    def __init__(self, reason: str) -> None:
        """Keep the word."""
        super().__init__(reason)
        self.reason = reason


class BackupStage(StrEnum):
    """What is being done for a backup, in this order."""

    COPYING = "copying"
    """The database is copied."""
    FILES = "files"
    """The stored files are added."""
    STORING = "storing"
    """The archive is stored."""
    TRYING = "trying"
    """It is read back from there, and brought back for a try."""


@value_object
class Backup:
    """A backup in the file store: its key, its size in bytes, how much it holds, and how many there are with it."""

    key: str
    size: int
    rows: int
    files: int
    missing: int
    kept: int


TellStage = Callable[[BackupStage, float], Awaitable[None]]
"""Is told how much of a stage is done, from 0 to 1."""


class Backups(Protocol):
    """The backups in the file store: each holds everything there is, the secret keys too."""

    async def make(self, tell: TellStage) -> Backup:
        """Make a backup, try it, and let go of the oldest; raises `BackupError`, and what `tell` raises."""
        ...

    async def times(self) -> Sequence[datetime]:
        """Return when those that are there were made, the oldest first; raises what the store does."""
        ...
