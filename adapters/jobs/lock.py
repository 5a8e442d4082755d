"""The lock of the process that runs jobs from a file; the system lets go of it however that process ends."""

import fcntl
import os
from pathlib import Path

from adapters.jobs.file import identity_of


class FileLock:
    """An exclusive lock beside a file, held by one process of this machine."""

    def __init__(self, file: Path) -> None:
        """Lock beside that file."""
        self._path = file.with_name(f"{file.name}-running")
        self._lock: int | None = None

    def take(self) -> bool:
        """Take it without waiting; tell whether it is this process's."""
        if not self.is_held:
            self.give_back()
            lock = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(lock)
                return False
            self._lock = lock
        return True

    @property
    def is_held(self) -> bool:
        """Tell whether it is this process's, and what others would find in its place has not become another file."""
        return self._lock is not None and identity_of(self._path) == identity_of(self._lock)

    def give_back(self) -> None:
        """Let go of it; harmless if it was not taken."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
