"""Ranges of days as people write them: `last week`, `2010-12`, `q4 2010`, `ytd`, `from 3 dec to 5 dec`, `all`.

What is read where English leaves a choice:
- A range ends today where it is not over yet: `this month` and `mtd` are its days so far.
- `last week` is the whole one before this; `last 4 weeks` are the four whole ones before this, and so with months,
  quarters and years. Of days today is the last: `last 30 days` are today and the 29 days before it.
- A day or a month without its year is the latest one that has begun: `december` and `3 dec`, said in November, are of
  last year; `fri` is the latest Friday.
"""

import datetime as dt
import re
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum

from core.dates.calendar_dates import MONTHS, WEEKDAYS, last_of_month
from core.dates.days import read_day
from core.dates.errors import FIRST_YEAR, LAST_YEAR, DueError, DueReason
from core.dates.grammar import words_of
from core.dates.shapes import Shapes, any_of
from core.dates.spans import Span
from core.dates.weeks import MONDAY
from core.shared.value_objects import value_object

EARLIEST, LATEST = dt.date(FIRST_YEAR, 1, 1), dt.date(LAST_YEAR, 12, 31)
MOST_CHARACTERS = 80
_DAY, _WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


class RangeReason(StrEnum):
    """Why a text is no range of days."""

    NOT_UNDERSTOOD = "not_understood"
    BACKWARDS = "backwards"
    NO_SUCH_DATE = "no_such_date"
    AMBIGUOUS = "ambiguous"
    TOO_FAR = "too_far"


class RangeError(ValueError):
    """A text that is no range; `part` of it can't be read, or may mean one of the `readings`."""

    def __init__(self, reason: RangeReason, part: str, readings: tuple[str, ...] = ()) -> None:
        """Keep what the wording needs."""
        super().__init__(f"{reason}: {part!r}")
        self.reason = reason
        self.part = part[:MOST_CHARACTERS]
        self.readings = readings


@value_object
class Range:
    """Days from the first to the last, both included."""

    first: dt.date
    last: dt.date

    @property
    def is_open(self) -> bool:
        """Tell whether it has no beginning, so that nothing can come before it."""
        return self.first <= EARLIEST

    @property
    def is_all(self) -> bool:
        """Tell whether it is all days that there are."""
        return self.is_open and self.last >= LATEST

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1

    @property
    def months(self) -> int:
        """Return how many whole months of the calendar it is, 0 if it is none of those."""
        if self.first.day != 1 or self.last != last_of_month(self.last):
            return 0
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def before(self) -> "Range | None":
        """Return the range right before it, to compare with: as many months where it is whole ones, else days."""
        if self.is_open:
            return None
        try:
            months, days = Span(months=-self.months), _DAY * self.days
            first = months.after(self.first) if self.months else self.first - days
        except (DueError, OverflowError):
            return None
        return Range(first, self.first - _DAY) if first >= EARLIEST else None


ALL = Range(EARLIEST, LATEST)


class Spans(StrEnum):
    """How long the spans are that a range is told by."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@value_object
class Calendar:
    """What ranges are read by: which day it is, and the day that weeks begin with (Monday is 0)."""

    today: dt.date
    week_start: int = MONDAY

    def beginning(self, unit: str, day: dt.date) -> dt.date:
        """Return the first day of the week, month, quarter or year of a day, which is its own first one."""
        if unit == "day":
            return day
        if unit == "week":
            return day - _DAY * ((day.weekday() - self.week_start) % 7)
        if unit == "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)

    def further(self, unit: str, first: dt.date, count: int) -> dt.date:
        """Return the first day of the unit so many further on."""
        if unit in _DAYS_OF:
            return first + _DAYS_OF[unit] * count
        return Span(months=_MONTHS_OF[unit] * count).after(first)


_DAYS_OF = {"day": _DAY, "week": _WEEK}
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
_TO_DATE = {"wtd": "week", "mtd": "month", "qtd": "quarter", "ytd": "year"}
_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: number for number, word in enumerate(_COUNTED, start=1)}
_UNIT = "(?P<unit>week|month|quarter|year)"
_COUNT = rf"(?P<count>[0-9]{{1,5}}|{any_of(_NUMBERS)})"
_LAST = "(?:last|past|previous|prev)"

_Build = Callable[[re.Match[str], Calendar], "Range | None"]


def _so_far(match: re.Match[str], calendar: Calendar) -> Range:
    unit = _TO_DATE.get(match[0]) or match["unit"]
    return Range(calendar.beginning(unit, calendar.today), calendar.today)


def _last_one(match: re.Match[str], calendar: Calendar) -> Range:
    return _whole(match["unit"], calendar, 1)


def _next_one(match: re.Match[str], calendar: Calendar) -> Range:
    unit = match["unit"]
    this = calendar.beginning(unit, calendar.today)
    return _of_unit(unit, calendar.further(unit, this, 1), calendar)


def _last_ones(match: re.Match[str], calendar: Calendar) -> Range | None:
    count = _NUMBERS.get(match["count"]) or int(match["count"])
    if not count:
        return None
    if match["unit"] == "day":
        return Range(calendar.today - _DAY * (count - 1), calendar.today)
    return _whole(match["unit"], calendar, count)


def _whole(unit: str, calendar: Calendar, count: int) -> Range:
    """Return so many whole ones right before the one of today."""
    this = calendar.beginning(unit, calendar.today)
    return Range(calendar.further(unit, this, -count), this - _DAY)


def _of_unit(unit: str, first: dt.date, calendar: Calendar) -> Range:
    return Range(first, calendar.further(unit, first, 1) - _DAY)


def _year(match: re.Match[str], calendar: Calendar) -> Range:
    return _of_unit("year", dt.date(int(match[0]), 1, 1), calendar)


def _month(match: re.Match[str], calendar: Calendar) -> Range | None:
    month = MONTHS.get(match["month"]) or int(match["month"])
    if not 1 <= month <= 12:
        return None
    year = int(match["year"]) if match["year"] else calendar.today.year - (month > calendar.today.month)
    return _of_unit("month", dt.date(year, month, 1), calendar)


def _quarter(match: re.Match[str], calendar: Calendar) -> Range:
    month = int(match["quarter"]) * 3 - 2
    said = match["year"] or match["year_first"]
    year = int(said) if said else calendar.today.year - (month > calendar.today.month)
    return _of_unit("quarter", dt.date(year, month, 1), calendar)


def _numbered_week(match: re.Match[str], _calendar: Calendar) -> Range:
    """Build `2010-w48`, a week of ISO 8601, which begins on Monday wherever it is said."""
    first = dt.date.fromisocalendar(int(match["year"]), int(match["week"]), 1)
    return Range(first, first + 6 * _DAY)


def _everything(_match: re.Match[str], _calendar: Calendar) -> Range:
    return ALL


_MONTH = rf"(?P<month>{any_of(MONTHS)})"
_YEAR = "(?P<year>[0-9]{4})"
_SHAPES = Shapes[_Build](
    (r"all(?: time| days)?|ever|everything|any time", _everything),
    (rf"(?:this|current) {_UNIT}(?: so far| to date)?|(?P<to_date>{any_of(_TO_DATE)})", _so_far),
    (rf"{_UNIT} to date", _so_far),
    (rf"{_LAST} {_UNIT}", _last_one),
    (rf"next {_UNIT}", _next_one),
    (rf"{_LAST} {_COUNT} (?P<unit>day|week|month|quarter|year)s?", _last_ones),
    (r"[0-9]{4}", _year),
    (rf"{_YEAR}[-/](?P<month>[0-9]{{1,2}})", _month),
    (rf"(?P<month>[0-9]{{1,2}})/{_YEAR}", _month),
    (rf"{_MONTH}(?:[ -]{_YEAR})?", _month),
    (r"(?:(?P<year_first>[0-9]{4})[ -]?)?q(?P<quarter>[1-4])(?:[ -]?(?P<year>[0-9]{4}))?", _quarter),
    (rf"{_YEAR}[ -]?w(?P<week>[0-9]{{1,2}})", _numbered_week),
)
_NAMES_YEAR = re.compile(r"[0-9]{4}")
_LEAP_YEARS_APART = 8
"""In so many years each day of the calendar comes, but around 2100."""

_TO = re.compile(r" (?:to|until|till|through|and|-) | ?\.{2,3} ?")
_FROM, _SINCE, _UNTIL = ("from ", "between "), ("since ", "from "), ("until ", "till ", "up to ", "to ")


def read_range(text: str, calendar: Calendar) -> Range:
    """Read a range in words; raises `RangeError`."""
    plain = " ".join(words_of(text[: MOST_CHARACTERS + 1]))
    if len(text) > MOST_CHARACTERS or not plain:
        raise RangeError(RangeReason.NOT_UNDERSTOOD, text.strip())
    if found := _simple(plain, calendar):
        return found
    if to := _TO.search(plain):
        return between(_without(plain[: to.start()], _FROM), plain[to.end() :], calendar)
    if plain.startswith(_SINCE):
        return between(_without(plain, _SINCE), "", calendar)
    if plain.startswith(_UNTIL):
        return between("", _without(plain, _UNTIL), calendar)
    raise RangeError(RangeReason.NOT_UNDERSTOOD, text.strip())


def _without(plain: str, leads: tuple[str, ...]) -> str:
    return next((plain.removeprefix(lead) for lead in leads if plain.startswith(lead)), plain)


def between(begin: str, end: str, calendar: Calendar) -> Range:
    """Return the range from the first day of one range in words to the last of another; raises `RangeError`.

    Without a beginning it is all until then, without an end it goes on until today.
    """
    first = _part(begin, calendar).first if begin.strip() else EARLIEST
    last = _part(end, calendar).last if end.strip() else max(first, calendar.today)
    if first > last and not _NAMES_YEAR.search(begin):
        # Of `nov to dec 2010` both are of that year.
        first = _part(f"{begin} {last.year}", calendar).first
    if first > last:
        raise RangeError(RangeReason.BACKWARDS, f"{first.isoformat()} to {last.isoformat()}")
    return Range(first, last)


def _part(text: str, calendar: Calendar) -> Range:
    plain = " ".join(words_of(text[: MOST_CHARACTERS + 1]))
    found = _simple(plain, calendar) if plain else None
    if found is None:
        raise RangeError(RangeReason.NOT_UNDERSTOOD, text.strip())
    return found


def _simple(plain: str, calendar: Calendar) -> Range | None:
    """Read a range that is not made of two."""
    try:
        for match, build in _SHAPES.matching(plain):
            if found := build(match, calendar):
                return _kept(found, plain)
        day = _day(plain, calendar.today)
    except DueError as error:
        reason = _REASONS.get(error.reason, RangeReason.NOT_UNDERSTOOD)
        raise RangeError(reason, error.part or plain, error.readings) from error
    except (ValueError, OverflowError) as error:
        raise RangeError(RangeReason.TOO_FAR, plain) from error
    return _kept(Range(day, day), plain) if day else None


_REASONS = {
    DueReason.NO_SUCH_DATE: RangeReason.NO_SUCH_DATE,
    DueReason.AMBIGUOUS: RangeReason.AMBIGUOUS,
    DueReason.TOO_FAR: RangeReason.TOO_FAR,
}


def _kept(found: Range, plain: str) -> Range:
    if found.first < EARLIEST or found.last > LATEST:
        raise RangeError(RangeReason.TOO_FAR, plain)
    return found


def _day(plain: str, today: dt.date) -> dt.date | None:
    """Read a day; one without a year is the latest that is no future."""
    if (weekday := WEEKDAYS.get(plain.removeprefix("last "))) is not None:
        back = (today.weekday() - weekday) % 7
        return today - _DAY * (back or 7 * plain.startswith("last "))
    if ago := re.fullmatch(r"([0-9]{1,5}) days? ago", plain):
        return today - _DAY * int(ago[1])
    if _lacks_year(plain):
        for year in range(today.year, today.year - _LEAP_YEARS_APART - 1, -1):
            with suppress(DueError):
                dated = read_day(f"{plain} {year}", today)
                if dated and dated.date <= today:
                    return dated.date
    found = read_day(plain, today)
    return found.date if found and not found.part else None


def _lacks_year(plain: str) -> bool:
    """Tell whether a day names its month and no year: `3 dec`, `dec 3rd`."""
    return any(word in MONTHS for word in re.split(r"[ -]", plain)) and not _NAMES_YEAR.search(plain)
