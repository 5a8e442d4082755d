"""Rules: at which instants something runs, and how that is stored.

Times by the calendar and by cron are those of a wall clock, an interval is real time. Each rule gives the first run
after an instant. What counts from somewhere (every two weeks, every 90 minutes) counts from `since`: one of its runs,
or when it began.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice, pairwise
from typing import Protocol
from zoneinfo import ZoneInfo

from core.dates.recurrence import Recurrence
from core.dates.recurrence_rules import recurrence_of, rule_of
from core.schedules.clocks import first_run
from core.schedules.cron import Cron, read_cron
from core.shared.value_objects import value_object

SHORTEST, LONGEST = dt.timedelta(minutes=1), dt.timedelta(days=400)
"""Of an interval."""

TIMES_LIMIT = 24
"""Times of one day that can be listed; cron says more."""

_LOOKED_AT = 100
"""Runs to come, to tell how often something runs."""

LONGEST_RULE = 400
"""Characters of a stored rule."""

_INTERVAL = re.compile(r"PT([0-9]{1,9})S")


class Rule(Protocol):
    """When something runs."""

    def next(self, after: dt.datetime, where: ZoneInfo, since: dt.datetime) -> dt.datetime | None:
        """Return the first run after an instant, in UTC; None when there is none any more."""
        ...

    def written(self) -> str:
        """Return it as it is stored; `stored_rule` reads that."""
        ...

    def words(self) -> str:
        """Return it as people read it; but for cron they may type that too."""
        ...


@value_object
class Interval:
    """Again and again after so much real time, whatever clocks do.

    Raises `ValueError` for what is too short or too long.
    """

    length: dt.timedelta

    def __post_init__(self) -> None:
        """Refuse what is never said."""
        if not SHORTEST <= self.length <= LONGEST or self.length.microseconds:
            raise ValueError(f"no such interval: {self.length!r}")

    def next(self, after: dt.datetime, where: ZoneInfo, since: dt.datetime) -> dt.datetime | None:
        """Return the first run after an instant, a whole number of lengths from `since`."""
        return since + ((after - since) // self.length + 1) * self.length

    def written(self) -> str:
        """Return it as a duration of ISO 8601 in seconds."""
        return f"PT{self.length // dt.timedelta(seconds=1)}S"

    def words(self) -> str:
        """Return `every 2 hours`, `every 1 hour 30 minutes`, `every minute`."""
        seconds, parts = self.length // dt.timedelta(seconds=1), []
        for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
            count, seconds = divmod(seconds, length)
            if count:
                parts.append(f"{count} {unit}{'s' if count > 1 else ''}")
        said = " ".join(parts)
        return f"every {said.removeprefix('1 ') if len(parts) == 1 else said}"


@value_object
class Calendar:
    """On days as repetitions have them, at times of the wall clock.

    The repetition says its days, no time, and no count. Raises `ValueError` for what says more or less.
    """

    days: Recurrence
    clocks: tuple[dt.time, ...]

    def __post_init__(self) -> None:
        """Refuse what is never said."""
        if (
            self.days.time
            or self.days.count
            or self.days.after_done
            or tuple(sorted(set(self.clocks))) != self.clocks
            or not 1 <= len(self.clocks) <= TIMES_LIMIT
        ):
            raise ValueError(f"no such times: {self!r}")

    def next(self, after: dt.datetime, where: ZoneInfo, since: dt.datetime) -> dt.datetime | None:
        """Return the first run after an instant; every so many days, weeks or months are counted from `since`."""
        start = since.astimezone(where).date()
        floor = after.astimezone(where).date() - dt.timedelta(days=1)
        return first_run(self.days.falling(start, floor), self.clocks, after, where, in_both=False)

    def written(self) -> str:
        """Return a rule as calendars have it, with the times behind it."""
        return f"{rule_of(self.days)}@{','.join(f'{clock:%H:%M}' for clock in self.clocks)}"

    def words(self) -> str:
        """Return `every weekday at 09:00 and 17:00`."""
        first, *more = (f"{clock:%H:%M}" for clock in self.clocks)
        listed = " and ".join([", ".join([first, *more[:-1]]), more[-1]]) if more else first
        return replace(self.days, time=self.clocks[0]).words().replace(f" at {first}", f" at {listed}")


@lru_cache(maxsize=4096)
def stored_rule(text: str) -> Rule:
    """Read what `written` gave; raises `ValueError`."""
    if interval := _INTERVAL.fullmatch(text):
        return Interval(dt.timedelta(seconds=int(interval[1])))
    days, at, clocks = text.partition("@")
    if at and days:
        return Calendar(recurrence_of(days), tuple(dt.time.fromisoformat(clock) for clock in clocks.split(",")))
    return read_cron(text)


def runs(rule: Rule, where: ZoneInfo, after: dt.datetime, since: dt.datetime) -> Iterator[dt.datetime]:
    """Yield the runs after an instant, in order."""
    found = rule.next(after, where, since)
    while found:
        yield found
        found = rule.next(found, where, since)


def is_daily(rule: Rule) -> bool:
    """Tell whether something runs once a day at most."""
    return isinstance(rule, Calendar | Cron) and len(rule.clocks) == 1


def next_runs(rule: Rule, where: ZoneInfo, now: dt.datetime, since: dt.datetime, count: int) -> Sequence[dt.datetime]:
    """Return the next few runs."""
    return list(islice(runs(rule, where, now, since), count))


def shortest_pause(rule: Rule, where: ZoneInfo, now: dt.datetime) -> dt.timedelta | None:
    """Return the shortest time between two of the runs to come that are looked at; None where there are not two."""
    found = next_runs(rule, where, now, now, _LOOKED_AT)
    return min((later - earlier for earlier, later in pairwise(found)), default=None)
