"""Discord's clock, and the snowflakes made from it."""

from datetime import UTC, datetime

from tests.support.local_platform import LocalClock

DISCORD_EPOCH_MS = 1_420_070_400_000


class PlatformClock(LocalClock):
    """Ages interactions, nonces and sessions without waiting."""

    def __init__(self) -> None:
        super().__init__()
        self._last = 0

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
