"""Days as people write them: `fri`, `3 dec`, `end of month`, `in 3 days`."""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from typing import NamedTuple

from core.dates.errors import DueError, DueReason, checked
from core.dates.spans import Span, read_span
from core.dates.times import PARTS


class Day(NamedTuple):
    """A day; `or_today` when today would do if the time is still ahead, `part` is the part of the day named with it."""

    date: dt.date
    or_today: bool = False
    part: str = ""


_DayBuilder = Callable[[re.Match[str], dt.date], "Day | None"]
_PART = "|".join(PARTS)

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

_LONG_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTHS = {name: number for number, long in enumerate(_LONG_MONTHS, start=1) for name in (long, long[:3])} | {"sept": 9}


def _days(count: int) -> Callable[[dt.date], dt.date]:
    """Make the function that goes so many days on."""
    return lambda today: today + dt.timedelta(days=count)


def _end_of_week(today: dt.date) -> dt.date:
    """Friday; on a weekend its Sunday."""
    return today + dt.timedelta(days=(4 if today.weekday() <= 4 else 6) - today.weekday())


def _weekend(today: dt.date) -> dt.date:
    """Saturday; on a Sunday that day."""
    return today + dt.timedelta(days=max(5 - today.weekday(), 0))


def _end_of_month(today: dt.date) -> dt.date:
    """The last day of this month."""
    return today.replace(day=calendar.monthrange(today.year, today.month)[1])


_PHRASES: dict[str, Callable[[dt.date], dt.date]] = {
    "today": _days(0),
    "tomorrow": _days(1),
    "tmr": _days(1),
    "tmrw": _days(1),
    "yesterday": _days(-1),
    "day after tomorrow": _days(2),
    "the day after tomorrow": _days(2),
    "day before yesterday": _days(-2),
    "next week": lambda today: today + dt.timedelta(days=7 - today.weekday()),
    "next month": lambda today: Span(months=1).after(today.replace(day=1)),
    "next year": lambda today: Span(months=12).after(today.replace(month=1, day=1)),
    "this weekend": _weekend,
    "the weekend": _weekend,
    "weekend": _weekend,
}
_ENDS: dict[str, Callable[[dt.date], dt.date]] = {
    "day": _days(0),
    "week": _end_of_week,
    "month": _end_of_month,
    "year": lambda today: today.replace(month=12, day=31),
}
for _name, _end in _ENDS.items():
    _PHRASES |= {f"{lead}end of {this}{_name}": _end for lead in ("", "the ") for this in ("", "the ", "this ")}
    _PHRASES[f"eo{_name[0]}"] = _end
_PHRASES |= {"this week": _end_of_week, "this month": _end_of_month, "this year": _ENDS["year"]}


def _phrase(match: re.Match[str], today: dt.date) -> Day:
    """Build `tomorrow`, `end of month` and the like."""
    return Day(_PHRASES[match[0]](today))


def _part_of_today(match: re.Match[str], today: dt.date) -> Day:
    """Build `tonight`, `this afternoon`."""
    return Day(today, part=match["part"] or "night")


def _part_of_day(match: re.Match[str], today: dt.date) -> Day | None:
    """Build `tomorrow evening`: any day with a part of it."""
    day = read_day(match["day"], today)
    return day._replace(part=match["part"]) if day and not day.part else None


def _weekday(match: re.Match[str], today: dt.date) -> Day:
    """Build `fri`, `this fri`, `next fri`."""
    ahead = (WEEKDAYS[match["weekday"]] - today.weekday()) % 7
    if ahead == 0 and match["which"] == "this":
        return Day(today)
    return Day(today + dt.timedelta(days=ahead or 7), or_today=ahead == 0 and not match["which"])


def _calendar_date(match: re.Match[str], today: dt.date) -> Day:
    """Build `3 dec`, `fri 4 december 2026`, `2026-12-1`; a weekday said with it has to be right."""
    month = int(match["month"]) if match["month"].isdigit() else _MONTHS[match["month"]]
    # Eight years hold a 29 February even around 2100, which is no leap year.
    years = [int(match["year"])] if match["year"] else range(today.year, today.year + 9)
    for year in years:
        try:
            day = dt.date(year, month, int(match["day"]))
        except ValueError:
            continue
        if match["year"] or day >= today:
            break
    else:
        raise DueError(DueReason.NO_SUCH_DATE, match[0])
    if match["weekday"] and day.weekday() != WEEKDAYS[match["weekday"]]:
        raise DueError(DueReason.NO_SUCH_DATE, match[0])
    return Day(checked(day, match[0]))


def _day_of_month(match: re.Match[str], today: dt.date) -> Day:
    """Build `the 15th`: the next day of that number, today included."""
    number, first = int(match["day"]), today.replace(day=1)
    for _ in range(3):
        if number in range(1, _end_of_month(first).day + 1) and first.replace(day=number) >= today:
            return Day(first.replace(day=number))
        first = Span(months=1).after(first)
    raise DueError(DueReason.NO_SUCH_DATE, match[0])


def _ambiguous(match: re.Match[str], today: dt.date) -> Day:
    """Refuse `12/03`, which is read one way here and another there."""
    raise DueError(DueReason.AMBIGUOUS, match[0])


def _days_from_now(match: re.Match[str], today: dt.date) -> Day | None:
    """Build `in 3 days`; a span with hours is no day."""
    span = read_span(match[0])
    return Day(span.after(today)) if span and span.seconds is None else None


def _any_of(words: dict[str, int]) -> str:
    """Give the alternatives of a pattern."""
    return "|".join(sorted(words, key=len, reverse=True))


_WEEKDAY_FIRST = rf"(?:(?P<weekday>{_any_of(WEEKDAYS)}) )?(?:the )?"
_NUMBER, _MONTH = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?", rf"(?P<month>{_any_of(_MONTHS)})"
_DAY_SHAPES: tuple[tuple[re.Pattern[str], _DayBuilder], ...] = tuple(
    (re.compile(shape), build)
    for shape, build in (
        ("|".join(_PHRASES), _phrase),
        (rf"tonight|this (?P<part>{_PART})", _part_of_today),
        (rf"(?:(?P<which>this|next) )?(?P<weekday>{_any_of(WEEKDAYS)})", _weekday),
        (rf"(?P<day>.+) (?P<part>{_PART})", _part_of_day),
        (rf"{_WEEKDAY_FIRST}{_NUMBER}(?: of )?[ -]?{_MONTH}(?:[ -](?P<year>[0-9]{{4}}))?", _calendar_date),
        (rf"{_WEEKDAY_FIRST}{_MONTH}[ -]?(?:the )?{_NUMBER}(?:[ -](?P<year>[0-9]{{4}}))?", _calendar_date),
        (
            rf"{_WEEKDAY_FIRST}(?P<year>[0-9]{{4}})(?P<dash>[-/.])(?P<month>[0-9]{{1,2}})(?P=dash)(?P<day>[0-9]{{1,2}})",
            _calendar_date,
        ),
        (r"(?:the )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)", _day_of_month),
        (r"[0-9]{1,2}([./-])[0-9]{1,2}(?:\1(?:[0-9]{4}|[0-9]{2})?)?", _ambiguous),
        (r"(?:in |within |[0-9]).+", _days_from_now),
    )
)


def read_day(text: str, today: dt.date) -> Day | None:
    """Read a day; None if the text has not that shape."""
    plain = text.removeprefix("on ").removeprefix("by ")
    for shape, build in _DAY_SHAPES:
        if (match := shape.fullmatch(plain)) and (day := build(match, today)):
            return day
    return None
