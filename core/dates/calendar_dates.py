"""Dates of the calendar as people write them: `3 dec`, `fri 25 Dec 26`, `25/12/2026`, `the 15th of next month`."""

import calendar
import datetime as dt
import re

from core.dates.errors import DueError, DueReason, checked
from core.dates.shapes import any_of
from core.dates.spans import Span

WEEKDAYS = {
    "mon": 0, "monday": 0,
    "tue": 1, "tues": 1, "tuesday": 1,
    "wed": 2, "weds": 2, "wednesday": 2,
    "thu": 3, "thur": 3, "thurs": 3, "thursday": 3,
    "fri": 4, "friday": 4,
    "sat": 5, "saturday": 5,
    "sun": 6, "sunday": 6,
}  # fmt: skip
"""Days of the week by their names; Monday is 0."""

LONG_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTHS = {name: number for number, long in enumerate(LONG_MONTHS, start=1) for name in (long, long[:3])} | {"sept": 9}
"""Months by their names, from 1."""

_MONTHS_AHEAD = 24
"""In so many months every day but the 31st and 30th falls on each weekday, and those nearly always."""

_WEEKDAY_FIRST = rf"(?:(?P<weekday>{any_of(WEEKDAYS)}) )?(?:the )?"
_NUMBER, _MONTH = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?", rf"(?P<month>{any_of(MONTHS)})"
_YEAR = "(?:[ -](?P<year>[0-9]{4}|'?[0-9]{2}))?"

DAY_FIRST = rf"{_WEEKDAY_FIRST}{_NUMBER}(?: of )?[ -]?{_MONTH}{_YEAR}"
MONTH_FIRST = rf"{_WEEKDAY_FIRST}{_MONTH}[ -]?(?:the )?{_NUMBER}{_YEAR}"
YEAR_FIRST = (
    rf"{_WEEKDAY_FIRST}(?P<year>[0-9]{{4}})(?P<dash>[-/.])(?P<month>[0-9]{{1,2}})(?P=dash)(?P<day>[0-9]{{1,2}})"
)
IN_DIGITS = rf"{_WEEKDAY_FIRST}(?P<year>[0-9]{{4}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})"
IN_NUMBERS = (
    rf"{_WEEKDAY_FIRST}(?P<first>[0-9]{{1,2}})(?P<dash>[./-])(?P<second>[0-9]{{1,2}})"
    r"(?P<last>(?P=dash)(?P<year>[0-9]{4}|[0-9]{2})?)?"
)
_NTH = r"(?:the )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)"
DAY_OF_MONTH = rf"(?:(?P<weekday>{any_of(WEEKDAYS)}) )?{_NTH}"
DAY_OF_NAMED_MONTH = (
    rf"{_NTH}(?: of)? (?P<which>this|next) month|(?P<which_first>this|next) month(?: on)? (?:the )?"
    r"(?P<day_last>[0-9]{1,2})(?:st|nd|rd|th)"
)


def calendar_date(match: re.Match[str], today: dt.date) -> dt.date | None:
    """Build `3 dec`, `fri 4 december 2026`, `2026-12-1`; None for a short year that has passed, which is no year."""
    month = int(match["month"]) if match["month"].isdigit() else MONTHS[match["month"]]
    return _dated(match, int(match["day"]), month, today)


def date_in_numbers(match: re.Match[str], today: dt.date) -> dt.date | None:
    """Build `25/12/2026` and `12/25`, which can be read one way only; refuse `12/03`, which is read in two.

    `16.30` is no date, but may be a time.
    """
    first, second = int(match["first"]), int(match["second"])
    is_perhaps_a_time = match["dash"] == "." and not match["last"] and first < 24 and second < 60
    readings = {
        (day, month) for day, month in ((first, second), (second, first)) if 1 <= month <= 12 and 1 <= day <= 31
    }
    if len(readings) > 1 or (readings and is_perhaps_a_time):
        said = [date.isoformat() for reading in sorted(readings) if (date := _perhaps(match, *reading, today))]
        said += [f"{first:02}:{second:02}"] if is_perhaps_a_time else []
        raise DueError(DueReason.AMBIGUOUS, match[0], readings=tuple(said))
    if not readings and is_perhaps_a_time:
        return None
    for day, month in readings:
        return _dated(match, day, month, today)
    raise DueError(DueReason.NO_SUCH_DATE, match[0])


def _perhaps(match: re.Match[str], number: int, month: int, today: dt.date) -> dt.date | None:
    try:
        return _dated(match, number, month, today)
    except DueError:
        return None


def _dated(match: re.Match[str], number: int, month: int, today: dt.date) -> dt.date | None:
    """Give that day of the year said, or of the next one that has it; a weekday said with it has to be right."""
    said = (match["year"] or "").removeprefix("'")
    if len(said) == 2:
        if int(said) < today.year % 100:
            return None
        said = f"{today.year // 100}{said}"
    # Eight years hold a 29 February even around 2100, which is no leap year.
    for year in [int(said)] if said else range(today.year, today.year + 9):
        try:
            day = dt.date(year, month, number)
        except ValueError:
            continue
        if said or day >= today:
            break
    else:
        raise DueError(DueReason.NO_SUCH_DATE, match[0], readings=_end_of(month, int(said) if said else 0, today))
    if match["weekday"] and day.weekday() != WEEKDAYS[match["weekday"]]:
        raise DueError(DueReason.NO_SUCH_DATE, match[0], readings=(day.isoformat(),))
    return checked(day, match[0])


def _end_of(month: int, year: int, today: dt.date) -> tuple[str, ...]:
    """Return the last day of a month, which is what a day too many may have meant, if there is such a month."""
    if not 1 <= month <= 12:
        return ()
    first = dt.date(year, month, 1) if year else next_of_month(month, today)
    return (last_of_month(first).isoformat(),)


def day_of_month(match: re.Match[str], today: dt.date) -> dt.date:
    """Build `the 15th`, `tue the 15th`: the next day of that number, and that weekday if one is said, or today."""
    number, first = int(match["day"]), today.replace(day=1)
    for _ in range(_MONTHS_AHEAD if match["weekday"] else 3):
        day = first.replace(day=number) if 1 <= number <= last_of_month(first).day else None
        if day and day >= today and (not match["weekday"] or day.weekday() == WEEKDAYS[match["weekday"]]):
            return day
        first = Span(months=1).after(first)
    raise DueError(DueReason.NO_SUCH_DATE, match[0])


def day_of_named_month(match: re.Match[str], today: dt.date) -> dt.date:
    """Build `the 15th of next month`, `next month on the 15th`."""
    which = match["which"] or match["which_first"]
    first = Span(months=which == "next").after(today.replace(day=1))
    try:
        return first.replace(day=int(match["day"] or match["day_last"]))
    except ValueError as error:
        raise DueError(DueReason.NO_SUCH_DATE, match[0]) from error


def last_of_month(day: dt.date) -> dt.date:
    """Return the last day of the month of that one."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def next_of_month(month: int, today: dt.date) -> dt.date:
    """Return the first day of the next month of that number, this one included."""
    return dt.date(today.year + (month < today.month), month, 1)
