"""From times on the clock of the wall to instants, on days when clocks change too.

A time that the clocks skip is the first instant after the gap: what is due at 02:30 runs at 03:00 on that day, and what
is due every ten minutes of the skipped hour runs there once. Of a time that comes twice it is the first.
"""

import bisect
import datetime as dt
from collections.abc import Iterable, Sequence

_SECOND = dt.timedelta(seconds=1)


def first_run(
    days: Iterable[dt.date], clocks: Sequence[dt.time], after: dt.datetime, where: dt.tzinfo, *, in_both: bool
) -> dt.datetime | None:
    """Return the first instant after that one at which the wall clock of one of the days shows one of the times.

    Days and times are in order. With `in_both` times of an hour that comes twice count in both.
    """
    last = clocks[-1].replace(fold=1)
    for day in days:
        if _instant(day, last, where) <= after:
            continue
        found = [_first(day, clocks, after, where, fold) for fold in ((0, 1) if in_both else (0,))]
        if ahead := [run for run in found if run]:
            return min(ahead)
    return None


def _first(
    day: dt.date, clocks: Sequence[dt.time], after: dt.datetime, where: dt.tzinfo, fold: int
) -> dt.datetime | None:
    # Instants never go down along one pass of a day's times, so few of up to 1,440 have to be looked at.
    index = bisect.bisect_right(clocks, after, key=lambda clock: _instant(day, clock.replace(fold=fold), where))
    return _instant(day, clocks[index].replace(fold=fold), where) if index < len(clocks) else None


def _instant(day: dt.date, clock: dt.time, where: dt.tzinfo) -> dt.datetime:
    """Return the UTC instant at which the wall clock shows that time, or is past it for the first time."""
    local = dt.datetime.combine(day, clock, tzinfo=where)
    later = local.astimezone(dt.UTC)
    if later.astimezone(where).replace(tzinfo=None) == local.replace(tzinfo=None):
        return later
    # Before the gap and after it, by the two offsets; between them the clocks change.
    bounds = [local.replace(fold=fold).astimezone(dt.UTC) for fold in (0, 1)]
    return _change(min(bounds), max(bounds), where)


def _change(before: dt.datetime, after: dt.datetime, where: dt.tzinfo) -> dt.datetime:
    """Return the first second with the offset that the later instant has."""
    offset = after.astimezone(where).utcoffset()
    seconds = range(int((after - before) / _SECOND) + 1)
    count = bisect.bisect_left(
        seconds, True, key=lambda count: (before + count * _SECOND).astimezone(where).utcoffset() == offset
    )
    return before + count * _SECOND
