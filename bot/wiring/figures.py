"""Where the product's figures go, and where they go when nobody reads them."""

from collections.abc import Callable
from typing import Protocol

from core.ports.cache import CacheFigures
from core.ports.storage import Operation, StorageStatistics
from core.ports.system import Ahead


class Figures(Protocol):
    """Where the product's figures go."""

    def command(self, operation: Operation) -> None:
        """Count a finished command."""
        ...

    def post(self, platform: str, outcome: str) -> None:
        """Count an attempt to post."""
        ...

    def outbox(self, posts: int, oldest_seconds: float) -> None:
        """Take how many posts wait, and how long the oldest has."""
        ...

    def to_do(self, ahead: Ahead) -> None:
        """Take what jobs and schedules there are."""
        ...

    def job_ended(self, kind: str, outcome: str) -> None:
        """Count a job that came to its end."""
        ...

    def loop_failed(self, loop: str) -> None:
        """Count a failed turn of a loop."""
        ...

    def longest_stall(self) -> float | None:
        """Return by how much the event loop was late at most; None where nobody measures that."""
        ...

    def watch_queue(self, depth: Callable[[], int], name: str = "requests") -> None:
        """Ask `depth` for what waits whenever figures are read."""
        ...

    def watch_storage(self, statistics: Callable[[], StorageStatistics]) -> None:
        """Ask `statistics` for the pool's figures whenever figures are read."""
        ...

    def watch_cache(self, figures: Callable[[], CacheFigures]) -> None:
        """Ask `figures` for the cache's whenever figures are read."""
        ...

    def watch_engine(self, phase: Callable[[], str]) -> None:
        """Ask `phase` how the engine is whenever figures are read."""
        ...


class Unwatched:
    """The figures of a process that does not serve: nobody reads them, so nothing is counted."""

    def command(self, operation: Operation) -> None:
        """Let it go."""

    def post(self, platform: str, outcome: str) -> None:
        """Let it go."""

    def outbox(self, posts: int, oldest_seconds: float) -> None:
        """Let it go."""

    def to_do(self, ahead: Ahead) -> None:
        """Let it go."""

    def job_ended(self, kind: str, outcome: str) -> None:
        """Let it go."""

    def loop_failed(self, loop: str) -> None:
        """Let it go."""

    def longest_stall(self) -> float | None:
        """Know nothing of it."""
        return None

    def watch_queue(self, depth: Callable[[], int], name: str = "requests") -> None:
        """Ask for nothing."""

    def watch_storage(self, statistics: Callable[[], StorageStatistics]) -> None:
        """Ask for nothing."""

    def watch_cache(self, figures: Callable[[], CacheFigures]) -> None:
        """Ask nothing."""

    def watch_engine(self, phase: Callable[[], str]) -> None:
        """Ask nothing."""
