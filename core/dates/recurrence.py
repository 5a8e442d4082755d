"""How something repeats: which days follow a day, by the calendar of its due.

Days are counted on the calendar and the time of day stays what the clock on the wall shows, so what is due at 9:00 is
due at 9:00 before and after the clocks change. Weeks begin on Monday. A day that a month does not have is its last
day: the 31st of April is the 30th, and the one after it the 31st of May again.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from core.dates.due import Due
from core.dates.errors import FIRST_YEAR, LAST_YEAR
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

_POSITION_NAMES = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"}
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Every(StrEnum):
    """The unit that an interval counts."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every `interval` days, weeks or months, on which days of them, and when that ends.

    `weekdays` (0 is Monday, in order) are those of a week; a week without any means the weekday it began on. In a month
    it is either its `day` (1-31, `LAST`), or the one of its `weekdays` at `position` (1-4, `LAST`), or with neither the
    day it began on. `until` is the last day it may fall on, `count` how often it comes, the present time included;
    there is at most one of the two. Raises `ValueError` for what can't be.
    """

    every: Every
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    day: int = 0
    position: int = 0
    until: dt.date | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no text says, so that all that is stored reads back the same."""
        in_week = self.every is Every.WEEK and not self.position
        in_month = self.every is Every.MONTH and bool(self.weekdays) == bool(self.position)
        if not (
            1 <= self.interval <= INTERVAL_LIMIT
            and tuple(sorted(set(self.weekdays))) == self.weekdays
            and set(self.weekdays) <= set(range(7))
            and (not self.weekdays or in_week or (in_month and self._is_one_of_a_month()))
            and (not self.position or in_month)
            and (not self.day or (in_month and not self.position and self.day in (LAST, *range(1, 32))))
            and (self.count is None or (1 <= self.count <= COUNT_LIMIT and self.until is None))
            and (self.until is None or FIRST_YEAR <= self.until.year <= LAST_YEAR)
        ):
            raise ValueError(f"no such repetition: {self!r}")

    def _is_one_of_a_month(self) -> bool:
        """Tell whether weekdays and position name one day of a month: a weekday, or any day from Monday to Friday."""
        return self.position in _POSITION_NAMES and (len(self.weekdays) == 1 or self.weekdays == WORKDAYS)

    def anchored(self, day: dt.date) -> "Recurrence":
        """Give it with the weekday or the day of the month that it begins on, where it says none itself."""
        if self.every is Every.WEEK and not self.weekdays:
            return replace(self, weekdays=(day.weekday(),))
        if self.every is Every.MONTH and not (self.day or self.position):
            return replace(self, day=day.day)
        return self

    def first(self, day: dt.date) -> dt.date:
        """Give the first day that it falls on, from that one on."""
        if self.every is Every.DAY:
            return day
        rule = replace(self.anchored(day), interval=1)
        return next(found for found in rule._days(day, day) if found >= day)

    def next_day(self, day: dt.date, after: dt.date | None = None) -> dt.date | None:
        """Give the day that follows `day`, counted from it, and is later than `after` too; None when it has ended.

        `day` need not be one that it falls on. Whether it has ended by `count` is not asked here.
        """
        floor = max(day, after or day)
        found = next(found for found in self.anchored(day)._days(day, floor) if found > floor)
        return found if found <= (self.until or found) and found.year <= LAST_YEAR else None

    def next_after(self, due: Due, now: dt.datetime | None = None, moved: Due | None = None) -> Due | None:
        """Give the due that follows one, on the same wall clock; None when there is none any more.

        With `now` (aware) it lies after that day in the due's zone too, so that what was missed is not made up for;
        with `moved`, what the due was put off to, after that as well.
        """
        if self.count == 1:
            return None
        today = now.astimezone(zone(due.zone)).date() if now else due.date
        found = self.next_day(due.date, max(today, moved.date) if moved else today)
        # Which pass of an hour that came twice was meant says nothing about the next time.
        return replace(due, date=found, time=due.time and due.time.replace(fold=0)) if found else None

    def rest(self) -> "Recurrence":
        """Give what is left of it once this time is over; only after `next_after` has found another."""
        return self if self.count is None else replace(self, count=self.count - 1)

    def words(self) -> str:
        """Say it in words that read back as the same, such as `every Monday and Thursday until 31 Dec 2026`."""
        end = f" until {_written(self.until)}" if self.until else ""
        if self.count:
            end = f", {self.count} time{'s' if self.count > 1 else ''}"
        return self._rhythm() + end

    def _rhythm(self) -> str:
        names = _listed([_DAY_NAMES[weekday] for weekday in self.weekdays])
        if self.every is Every.WEEK and self.interval == 1 and names:
            return "every weekday" if self.weekdays == WORKDAYS else f"every {names}"
        once = {Every.DAY: "daily", Every.WEEK: "weekly", Every.MONTH: "monthly"}[self.every]
        rhythm = once if self.interval == 1 else f"every {self.interval} {self.every}s"
        if self.position:
            return f"{rhythm} on the {_POSITION_NAMES[self.position]} {'weekday' if len(self.weekdays) > 1 else names}"
        if self.day:
            return f"{rhythm} on the {'last day' if self.day == LAST else _ordinal(self.day)}"
        return f"{rhythm} on {names}" if names else rhythm

    def _days(self, start: dt.date, floor: dt.date) -> Iterator[dt.date]:
        """Yield days it falls on, in order, counted from `start` and beginning at most one step before `floor`."""
        # It takes a while to load, and few need it.
        from dateutil import rrule  # type: ignore[import-untyped]

        unit = {Every.DAY: rrule.DAILY, Every.WEEK: rrule.WEEKLY, Every.MONTH: rrule.MONTHLY}[self.every]
        begin = dt.datetime.combine(self._step(start, floor), dt.time())
        days, position = self._days_of_month()
        weekdays = self.weekdays or None
        found = rrule.rrule(unit, begin, self.interval, byweekday=weekdays, bymonthday=days, bysetpos=position)
        return (moment.date() for moment in found)

    def _days_of_month(self) -> tuple[Sequence[int] | None, int | None]:
        """Give the days of a month it may fall on, and which of those that there are; a day too many is the last."""
        if self.day > ALWAYS_THERE:
            return range(ALWAYS_THERE, self.day + 1), LAST
        return (self.day,) if self.day else None, self.position or None

    def _step(self, start: dt.date, floor: dt.date) -> dt.date:
        """Give the first day of the unit, a whole number of steps after that of `start`, in which `floor` lies."""
        if self.every is Every.MONTH:
            month, last_month = (day.year * 12 + day.month - 1 for day in (start, floor))
            year, index = divmod(last_month - (last_month - month) % self.interval, 12)
            return dt.date(year, index + 1, 1)
        length = self.interval * (7 if self.every is Every.WEEK else 1)
        begin = start - dt.timedelta(days=start.weekday()) if self.every is Every.WEEK else start
        return floor - (floor - begin) % dt.timedelta(days=length)


def _listed(names: list[str]) -> str:
    """Return `Monday`, `Monday and Thursday`, `Monday, Tuesday and Friday`."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _ordinal(number: int) -> str:
    """Return `1st`, `22nd`, `13th`."""
    ending = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _written(day: dt.date) -> str:
    return f"{day.day} {_MONTH_NAMES[day.month - 1]} {day.year}"
