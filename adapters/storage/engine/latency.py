"""How long transactions take."""

from collections import deque

from core.ports.storage import Latencies

KEPT = 1000
"""The latest transactions that percentiles are taken of."""


class Latency:
    """The durations of the latest transactions; cheap to add to, sorted only when asked."""

    def __init__(self) -> None:
        """Know of none."""
        self._seconds: deque[float] = deque(maxlen=KEPT)

    def add(self, seconds: float) -> None:
        """Add a transaction."""
        self._seconds.append(seconds)

    def percentiles(self) -> Latencies:
        """Return the seconds that half, 95 % and 99 % of the latest transactions were done within."""
        ordered = sorted(self._seconds)
        if not ordered:
            return Latencies()
        return Latencies(*(ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.95, 0.99)))
