"""The time of day in tests: on the same day always, standing still or running on from it."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""A Friday; in Berlin it is 13:00."""

_BEGUN = time.monotonic()


@dataclass
class HeldClock:
    """A clock that moves only when told."""

    moment: datetime = NOON

    def now(self) -> datetime:
        """Return the instant it is held at."""
        return self.moment

    def forward(self, **by: float) -> None:
        """Move on by so many `hours`, `minutes` and the like."""
        self.moment += timedelta(**by)


@dataclass
class RunningClock:
    """A clock that runs on from noon as the tests do, for what waits and repeats; all of a process agree.

    `ahead` is how much later it is than by the others.
    """

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        """Return the current instant of a Friday that began with the tests."""
        return NOON + timedelta(seconds=time.monotonic() - _BEGUN) + self.ahead
