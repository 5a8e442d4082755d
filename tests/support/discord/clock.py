"""The platform's clock: the real one, moved forward at will; and the snowflakes made from it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

DISCORD_EPOCH_MS = 1_420_070_400_000


class PlatformClock:
    """Seconds since the epoch; `advance` ages interactions, nonces and sessions without waiting."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._last = 0

    def now(self) -> float:
        """The platform's time, in seconds since the epoch."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self._offset += seconds

    def iso(self) -> str:
        """The platform's time as Discord writes it."""
        return datetime.fromtimestamp(self.now(), UTC).isoformat()

    def snowflake(self) -> str:
        """A new id; no two are alike and each is larger than the one before."""
        self._last = max(self._last + 1, (int(self.now() * 1000) - DISCORD_EPOCH_MS) << 22)
        return str(self._last)


def made_at(snowflake: str) -> float:
    """The moment a snowflake was made, in seconds since the epoch."""
    return ((int(snowflake) >> 22) + DISCORD_EPOCH_MS) / 1000
