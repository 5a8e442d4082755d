"""The time of day, injected so that tests can hold it still."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

CLOCKS_APART = timedelta(minutes=1)
"""How much clocks of machines may differ; one that does so more has been put to another time."""


class Clock(Protocol):
    """Tells the current instant."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...


def has_passed(length: timedelta, since: datetime, now: datetime) -> bool:
    """Tell whether so much time lies behind an instant.

    So it is of one that lies as far ahead: the clock has been put back since, and nobody waits until it is there again.
    """
    return abs(now - since) >= length


@dataclass(slots=True)
class Turnback:
    """Notices that a clock was put back by more than clocks of machines differ, and supposes so at the first look."""

    last: datetime | None = None

    def noticed(self, now: datetime) -> bool:
        """Tell whether it was since the look before this one."""
        last, self.last = self.last, now
        return last is None or last - now > CLOCKS_APART


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(UTC)
