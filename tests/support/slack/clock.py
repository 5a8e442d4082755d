"""The platform's clock: the real one, moved forward at will."""

from __future__ import annotations

import time


class PlatformClock:
    """Seconds since the epoch; `advance` ages triggers and response addresses without waiting."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._last_ts = 0

    def now(self) -> float:
        """The platform's time, in seconds since the epoch."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self._offset += seconds

    def ts(self) -> str:
        """A new message timestamp; no two are alike and each is later than the one before."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"
