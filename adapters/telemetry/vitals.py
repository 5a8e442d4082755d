"""What a process takes: how long it runs, how much memory it and those that it started hold."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from core.ports.health import Signs

_PROCESSES = Path("/proc")
"""Where Linux tells of them; elsewhere nothing is told of memory."""


class ProcessVitals:
    """The signs of this process, from when this was made."""

    def __init__(self, longest_stall: Callable[[], float | None]) -> None:
        """Keep what tells how long the loop was held up."""
        self._since = time.monotonic()
        self._longest_stall = longest_stall

    def signs(self) -> Signs:
        """Return what it takes now."""
        up, own = time.monotonic() - self._since, _resident(os.getpid())
        started = [held for pid in _started_by(os.getpid()) if (held := _resident(pid)) is not None]
        return Signs(up, self._longest_stall(), own, len(started), sum(started))


def _resident(pid: int) -> int | None:
    """Return how many bytes of memory a process holds; None if that can't be told, or it is gone."""
    with suppress(OSError, ValueError, IndexError):
        pages = (_PROCESSES / str(pid) / "statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    return None


def _started_by(pid: int) -> Iterator[int]:
    """Yield the processes that one has started, and those that these have."""
    with suppress(OSError, ValueError):
        for thread in (_PROCESSES / str(pid) / "task").iterdir():
            for child in (thread / "children").read_text(encoding="ascii").split():
                yield int(child)
                yield from _started_by(int(child))
