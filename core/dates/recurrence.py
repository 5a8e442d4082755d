"""How something repeats: which days follow a day, by the calendar of its due.

Days are counted on the calendar and the time of day stays what the clock on the wall shows, so what is due at 9:00 is
due at 9:00 before and after the clocks change. Weeks begin on Monday. A day that a month does not have is its last
day: the 31st of April is the 30th, and the one after it the 31st of May again.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from core.dates.calendar_dates import last_of_month
from core.dates.due import Due
from core.dates.errors import FIRST_YEAR, LAST_YEAR, DueError
from core.dates.spans import Span
from core.shared.value_objects import value_object
from core.shared.zones import zone

INTERVAL_LIMIT = 400
"""Days, weeks or months from one time to the next."""

COUNT_LIMIT = 1000
"""Times that a bounded series may come."""

LAST = -1
"""The last day of a month, or the last of its Fridays."""

ALWAYS_THERE = 28
"""The last day that every month has."""

WORKDAYS = (0, 1, 2, 3, 4)
"""Monday to Friday, as `date.weekday` numbers them."""

DAYS_LIMIT = 10
"""Days of one month."""

YEAR = 12
"""Months of a year."""

_POSITIONS = (1, 2, 3, 4, LAST)
_LEAP_YEAR = 2028


class Every(StrEnum):
    """The unit that an interval counts."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def in_order(numbers: Sequence[int]) -> tuple[int, ...]:
    """Return days or positions of a month once each, the last one last."""
    return tuple(sorted(set(numbers), key=lambda number: (number == LAST, number)))


@value_object
class Recurrence:
    """Every `interval` days, weeks or months, on which days of them, and when that ends.

    `weekdays` (0 is Monday, in order) are those of a week; a week without any means the weekday it began on. In a month
    it is either its `days` (1-31, `LAST`, at most one of them not in every month), or its `weekdays` at `positions`
    (1-4, `LAST`), or with neither the day it began on. Counted in years, it may be one of these in a `month` (1-12).
    `time` is the time of day on the clock of the due; without it the due's own time stays.
    With `after_done` the interval counts from the day on which the present one was done.
    `until` is the last day it may fall on, `count` how often it comes, the present time included; there is at most one
    of the two. Raises `ValueError` for what can't be.
    """

    every: Every
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    month: int = 0
    time: dt.time | None = None
    after_done: bool = False
    until: dt.date | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no text says, so that all that is stored reads back the same."""
        if not (
            1 <= self.interval <= INTERVAL_LIMIT
            and tuple(sorted(set(self.weekdays))) == self.weekdays
            and set(self.weekdays) <= set(range(7))
            and self._has_days_of_its_unit()
            and (not self.month or self._is_one_day_of_a_year())
            and (self.time is None or (self.time.tzinfo is None and self.time == self.time.replace(second=0)))
            and not (self.after_done and (self.weekdays or self.days))
            and (self.count is None or (1 <= self.count <= COUNT_LIMIT and self.until is None))
            and (self.until is None or FIRST_YEAR <= self.until.year <= LAST_YEAR)
        ):
            raise ValueError(f"no such repetition: {self!r}")

    def _has_days_of_its_unit(self) -> bool:
        """Tell whether the days it names are such as its unit has."""
        if self.every is not Every.MONTH:
            return not (self.days or self.positions or (self.weekdays and self.every is Every.DAY))
        if self.positions:
            is_one = len(self.weekdays) == 1 or self.weekdays == WORKDAYS
            return is_one and not self.days and self.positions == in_order(self.positions) and self._are_positions()
        late = [day for day in self.days if day == LAST or day > ALWAYS_THERE]
        is_possible = len(late) <= 1 and len(self.days) <= DAYS_LIMIT and set(self.days) <= {LAST, *range(1, 32)}
        return not self.weekdays and is_possible and self.days == in_order(self.days)

    def _are_positions(self) -> bool:
        return set(self.positions) <= set(_POSITIONS)

    def _is_one_day_of_a_year(self) -> bool:
        """Tell whether its month is one, and has the one day named of it."""
        if self.every is not Every.MONTH or self.interval % YEAR or self.month not in range(1, YEAR + 1):
            return False
        longest = last_of_month(dt.date(_LEAP_YEAR, self.month, 1)).day
        return len(self.days) + len(self.positions) == 1 and max(self.days, default=0) <= longest

    def anchored(self, day: dt.date) -> "Recurrence":
        """Give it with the weekday or the day of the month that it begins on, where it says none itself."""
        if self.after_done:
            return self
        if self.every is Every.WEEK and not self.weekdays:
            return replace(self, weekdays=(day.weekday(),))
        if self.every is Every.MONTH and not (self.days or self.positions):
            return replace(self, days=(day.day,), month=0 if self.interval % YEAR else day.month)
        return self

    def on_last_day(self) -> "Recurrence":
        """Give it with the last day of the month, where it counts months and says no day itself."""
        is_plain = self.every is Every.MONTH and self.interval % YEAR and not (self.days or self.positions)
        return replace(self, days=(LAST,)) if is_plain and not self.after_done else self

    def first(self, day: dt.date) -> dt.date:
        """Give the first day that it falls on, from that one on."""
        if self.every is Every.DAY or self.after_done:
            return day
        rule = replace(self.anchored(day), interval=YEAR if self.month else 1, month=self.month)
        return next(found for found in rule._days(day, day) if found >= day)

    def next_day(self, day: dt.date, after: dt.date | None = None) -> dt.date | None:
        """Give the day that follows `day`, counted from it, and is later than `after` too; None when it has ended.

        `day` need not be one that it falls on. Whether it has ended by `count` is not asked here.
        """
        floor = max(day, after or day)
        if self.after_done:
            return self._if_before_the_end(self._later(floor))
        return self._if_before_the_end(next(found for found in self.anchored(day)._days(day, floor) if found > floor))

    def falling(self, start: dt.date, floor: dt.date) -> Iterator[dt.date]:
        """Yield the days that it falls on, counted from `start`, in order and none before `start` or `floor`."""
        floor = max(start, floor)
        for day in self.anchored(start)._days(start, floor):
            if self._if_before_the_end(day) is None:
                return
            if day >= floor:
                yield day

    def next_after(self, due: Due, now: dt.datetime | None = None, moved: Due | None = None) -> Due | None:
        """Give the due that follows one, on the same wall clock; None when there is none any more.

        With `now` (aware) it lies after that day in the due's zone too, so that what was missed is not made up for;
        with `moved`, what the due was put off to, after that as well. What counts from the day on which it was done
        does so from that of `now`, or from that of `moved` if it is later.
        """
        if self.count == 1:
            return None
        today = now.astimezone(zone(due.zone)).date() if now else due.date
        floor = max(today, moved.date) if moved else today
        found = self._if_before_the_end(self._later(floor)) if self.after_done else self.next_day(due.date, floor)
        # Which pass of an hour that came twice was meant says nothing about the next time.
        time = self.time or (due.time and due.time.replace(fold=0))
        return replace(due, date=found, time=time) if found else None

    def _later(self, day: dt.date) -> dt.date | None:
        """Give the day that is one interval after that one."""
        length = {Every.DAY: Span(days=1), Every.WEEK: Span(days=7), Every.MONTH: Span(months=1)}[self.every]
        try:
            return Span(length.months * self.interval, length.days * self.interval).after(day)
        except DueError:
            return None

    def _if_before_the_end(self, day: dt.date | None) -> dt.date | None:
        return day if day and day <= (self.until or day) and day.year <= LAST_YEAR else None

    def rest(self) -> "Recurrence":
        """Give what is left of it once this time is over; only after `next_after` has found another."""
        return self if self.count is None else replace(self, count=self.count - 1)

    def words(self) -> str:
        """Say it in words that read back as the same, such as `every Monday and Thursday until 31 Dec 2026`."""
        # The words are made of what is here.
        from core.dates.recurrence_words import words_of_recurrence

        return words_of_recurrence(self)

    def _days(self, start: dt.date, floor: dt.date) -> Iterator[dt.date]:
        """Yield days it falls on, in order, counted from `start` and beginning at most one step before `floor`."""
        # It takes a while to load, and few need it.
        from dateutil import rrule  # type: ignore[import-untyped]

        unit = {Every.DAY: rrule.DAILY, Every.WEEK: rrule.WEEKLY, Every.MONTH: rrule.MONTHLY}[self.every]
        begin = dt.datetime.combine(self._step(start, floor), dt.time())
        days, positions = days_and_positions(self)
        weekdays = self.weekdays or None
        found = rrule.rrule(
            unit, begin, self.interval, byweekday=weekdays, bymonthday=days or None, bysetpos=positions or None
        )
        return (moment.date() for moment in found)

    def _step(self, start: dt.date, floor: dt.date) -> dt.date:
        """Give the first day of the unit, a whole number of steps after that of `start`, in which `floor` lies."""
        if self.every is Every.MONTH:
            month, last_month = (day.year * YEAR + day.month - 1 for day in (start, floor))
            if self.month:
                month = start.year * YEAR + self.month - 1
            year, index = divmod(last_month - (last_month - month) % self.interval, YEAR)
            return dt.date(year, index + 1, 1)
        length = self.interval * (7 if self.every is Every.WEEK else 1)
        begin = start - dt.timedelta(days=start.weekday()) if self.every is Every.WEEK else start
        return floor - (floor - begin) % dt.timedelta(days=length)


def days_and_positions(recurrence: Recurrence) -> tuple[Sequence[int], Sequence[int]]:
    """Give the days of a month it may fall on, and which of those that there are; a day too many is the last."""
    days = recurrence.days
    if not days or days[-1] <= ALWAYS_THERE:
        return days, recurrence.positions
    early = days[:-1]
    return in_order((*early, *range(ALWAYS_THERE, days[-1] + 1))), (*range(1, len(early) + 1), LAST)
