"""What becomes of runs whose time has come: the latest is made up for within a grace period, the others are skipped.

The grace is half the way to the next run, at least five minutes and at most twelve hours: a report of the morning still
helps at noon, and one of an hour ago would only stand beside the one to come.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from core.schedules.rules import Interval, Rule, runs

SHORTEST_GRACE, LONGEST_GRACE = dt.timedelta(minutes=5), dt.timedelta(hours=12)

LATE_AFTER = dt.timedelta(minutes=1)
"""What runs later than this after its time says so."""

MOST_COUNTED = 100
"""Skipped runs are counted up to here, but for those of an interval."""

_INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a schedule does now: the run it makes, if any, how many it skips, and when it is due next, if ever."""

    run: dt.datetime | None
    skipped: int
    next_at: dt.datetime | None


def turn(rule: Rule, where: ZoneInfo, due: dt.datetime, now: dt.datetime) -> Turn:
    """Decide on the runs from `due`, which is one of them, until now; `due` has come."""
    latest = _latest(rule, where, due, now)
    next_at = rule.next(now, where, due)
    if latest is None:
        return Turn(None, _count(rule, where, due, now), next_at)
    if now - latest > grace(rule, where, latest, due):
        return Turn(None, _count(rule, where, due, latest) + 1, next_at)
    return Turn(latest, _count(rule, where, due, latest), next_at)


def grace(rule: Rule, where: ZoneInfo, run: dt.datetime, since: dt.datetime) -> dt.timedelta:
    """Return for how long after its time a run is made up for."""
    following = rule.next(run, where, since)
    half = (following - run) / 2 if following else LONGEST_GRACE
    return min(max(half, SHORTEST_GRACE), LONGEST_GRACE)


def _latest(rule: Rule, where: ZoneInfo, due: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Return the last run until now; None if it is so long ago that nothing makes up for it."""
    # What runs often has one just now: few of its many runs have to be looked at.
    for back in (SHORTEST_GRACE, LONGEST_GRACE):
        after = max(due, now - back) - _INSTANT
        passed = list(takewhile(lambda run: run <= now, runs(rule, where, after, due)))
        if passed:
            return passed[-1]
    return None


def _count(rule: Rule, where: ZoneInfo, first: dt.datetime, before: dt.datetime) -> int:
    """Return how many runs there were from one on and before an instant."""
    if isinstance(rule, Interval):
        return -((first - before) // rule.length)
    passed = takewhile(lambda run: run < before, runs(rule, where, first - _INSTANT, first))
    return sum(1 for _ in islice(passed, MOST_COUNTED))
