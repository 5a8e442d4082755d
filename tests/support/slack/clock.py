"""Slack's clock, and the timestamps by which it names messages."""

from tests.support.local_platform import LocalClock


class PlatformClock(LocalClock):
    """Ages triggers and response addresses without waiting."""

    def __init__(self) -> None:
        super().__init__()
        self._last_ts = 0

    def ts(self) -> str:
        """A new message timestamp; no two are alike and each is later than the one before."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"
