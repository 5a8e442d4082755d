"""What was done, in spans of days: how many tasks, and how many of them late."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from core.reports.model import By, Done
from core.reports.periods import beginning_of
from core.reports.ranges import Calendar, Range
from core.shared.zones import instant

MOST_WEEKS = 60
"""Weeks that are told one by one, unless they are asked for."""

MOST_SPANS = 400
"""Spans of which figures are asked for at once."""

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DoneSpans:
    """What was done in the spans of a range, each by its first day, and in the range before, if there is one."""

    range: Range
    by: By
    spans: Sequence[tuple[dt.date, Done]]
    before: Done | None

    @property
    def whole(self) -> Done:
        """Return what was done in all of them."""
        return Done(sum(done.amount for _, done in self.spans), sum(done.late for _, done in self.spans))


def usual_span(within: Range) -> By:
    """Return what the tasks of a range are counted by unless it is said."""
    return By.WEEK if within.days <= 7 * MOST_WEEKS else By.MONTH


def firsts(within: Range, by: By, calendar: Calendar) -> list[dt.date]:
    """Return the first day of each span of a range, as far as it lies in the range; not more than can be asked for."""
    found, day = [within.first], within.first
    while len(found) <= MOST_SPANS:
        start = beginning_of(by, day, calendar)
        day = day + _DAY if by is By.DAY else calendar.further(by.value, start, 1)
        if day > within.last:
            break
        found.append(day)
    return found


def instants(days: Sequence[dt.date], where: dt.tzinfo) -> list[dt.datetime]:
    """Return when these days begin in a zone."""
    return [instant(day, dt.time(), where) for day in days]
