"""What becomes of runs whose time has come: the latest is made up for within a grace period, the others are skipped.

The grace is half the way to the next run, at least five minutes and at most twelve hours: a report of the morning still
helps at noon, and one of an hour ago would only stand beside the one to come.
"""

import datetime as dt
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from core.schedules.rules import Interval, Rule, runs
from core.shared.value_objects import value_object

SHORTEST_GRACE, LONGEST_GRACE = dt.timedelta(minutes=5), dt.timedelta(hours=12)

LATE_AFTER = dt.timedelta(minutes=1)
"""What runs later than this after its time says so."""

MOST_COUNTED = 100
"""Skipped runs are counted up to here, but for those of an interval."""

_INSTANT = dt.timedelta(microseconds=1)


@value_object
class Turn:
    """What a schedule does now: the run it makes, if any, how many it skips, and when it is due next, if ever."""

    run: dt.datetime | None
    skipped: int
    next_at: dt.datetime | None


def turn(
    rule: Rule, where: ZoneInfo, since: dt.datetime, due: dt.datetime, now: dt.datetime, looked_at: dt.datetime | None
) -> Turn:
    """Decide on the runs from `due`, which is one of them, until now; `due` has come.

    What lies until `looked_at` was dealt with before, also where that is ahead of a run: clocks go back, too.
    """
    next_at = rule.next(now, where, since)
    latest = _latest(rule, where, since, due, now)
    is_made_up = latest is not None and (looked_at is None or latest > looked_at)
    if latest is None or not is_made_up or now - latest > grace(rule, where, since, latest):
        return Turn(None, _count(rule, where, since, due, now + _INSTANT), next_at)
    return Turn(latest, _count(rule, where, since, due, latest), next_at)


def grace(rule: Rule, where: ZoneInfo, since: dt.datetime, run: dt.datetime) -> dt.timedelta:
    """Return for how long after its time a run is made up for."""
    following = rule.next(run, where, since)
    half = (following - run) / 2 if following else LONGEST_GRACE
    return min(max(half, SHORTEST_GRACE), LONGEST_GRACE)


def _latest(rule: Rule, where: ZoneInfo, since: dt.datetime, due: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Return the last run until now; None if it is so long ago that nothing makes up for it."""
    # What runs often has one just now: few of its many runs have to be looked at.
    for back in (SHORTEST_GRACE, LONGEST_GRACE):
        after = max(due, now - back) - _INSTANT
        passed = list(takewhile(lambda run: run <= now, runs(rule, where, after, since)))
        if passed:
            return passed[-1]
    return None


def _count(rule: Rule, where: ZoneInfo, since: dt.datetime, first: dt.datetime, before: dt.datetime) -> int:
    """Return how many runs there were from one on and before an instant."""
    if isinstance(rule, Interval):
        return -((first - before) // rule.length)
    passed = takewhile(lambda run: run < before, runs(rule, where, first - _INSTANT, since))
    return sum(1 for _ in islice(passed, MOST_COUNTED))
