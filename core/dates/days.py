"""Days as people write them: `fri`, `3 dec`, `end of month`, `in 3 days`, `2 weeks from friday`."""

import datetime as dt
import re
from collections.abc import Callable
from typing import NamedTuple

from core.dates.calendar_dates import (
    DAY_FIRST,
    DAY_OF_MONTH,
    DAY_OF_NAMED_MONTH,
    IN_DIGITS,
    IN_NUMBERS,
    MONTH_FIRST,
    MONTHS,
    WEEKDAYS,
    YEAR_FIRST,
    calendar_date,
    date_in_numbers,
    day_of_month,
    day_of_named_month,
    last_of_month,
    next_of_month,
)
from core.dates.shapes import Shapes, any_of
from core.dates.spans import Span, read_span
from core.dates.times import PARTS

__all__ = ["WEEKDAYS", "Day", "read_day"]


class Day(NamedTuple):
    """A day; `or_today` when today would do if the time is still ahead, `part` is the part of the day named with it."""

    date: dt.date
    or_today: bool = False
    part: str = ""


_DayBuilder = Callable[[re.Match[str], dt.date], "Day | None"]
_Move = Callable[[dt.date], dt.date]
_PART = "|".join(PARTS)
_WEEKDAY = rf"(?P<weekday>{any_of(WEEKDAYS)})"
_END_OF_DAY = "eod|cob|eob|(?:the )?end of (?:the )?(?:day|business)|close of business"


def _days(count: int) -> _Move:
    """Make the function that goes so many days on."""
    return lambda today: today + dt.timedelta(days=count)


def _end_of_week(today: dt.date) -> dt.date:
    """Friday; on a weekend its Sunday."""
    return today + dt.timedelta(days=(4 if today.weekday() <= 4 else 6) - today.weekday())


def _weekend(today: dt.date) -> dt.date:
    """Saturday; on a Sunday that day."""
    return today + dt.timedelta(days=max(5 - today.weekday(), 0))


def _next_week(today: dt.date) -> dt.date:
    """Monday."""
    return today + dt.timedelta(days=7 - today.weekday())


_NEXT: dict[str, _Move] = {
    "week": _next_week,
    "month": lambda today: Span(months=1).after(today.replace(day=1)),
    "year": lambda today: Span(months=12).after(today.replace(month=1, day=1)),
}
_ENDS: dict[str, _Move] = {
    "week": _end_of_week,
    "month": last_of_month,
    "year": lambda today: today.replace(month=12, day=31),
}
_PHRASES: dict[str, _Move] = {
    "today": _days(0),
    "tomorrow": _days(1),
    "tmr": _days(1),
    "tmrw": _days(1),
    "tomorow": _days(1),
    "yesterday": _days(-1),
    "day after tomorrow": _days(2),
    "the day after tomorrow": _days(2),
    "day before yesterday": _days(-2),
    "week after next": lambda today: _next_week(today) + dt.timedelta(days=7),
    "the week after next": lambda today: _next_week(today) + dt.timedelta(days=7),
    "this weekend": _weekend,
    "the weekend": _weekend,
    "weekend": _weekend,
    "next weekend": lambda today: _weekend(_next_week(today)),
}


def _end_of_next(unit: str) -> _Move:
    return lambda today: _ENDS[unit](_NEXT[unit](today))


for _unit, _end in _ENDS.items():
    _PHRASES[f"this {_unit}"] = _PHRASES[f"eo{_unit[0]}"] = _end
    _PHRASES[f"next {_unit}"] = _NEXT[_unit]
    for _lead in ("end of ", "the end of ", *(("last day of ", "the last day of ") if _unit != "week" else ())):
        _PHRASES |= {f"{_lead}{this}{_unit}": _end for this in ("", "the ", "this ")}
        _PHRASES[f"{_lead}next {_unit}"] = _end_of_next(_unit)
    for _lead in ("start of ", "beginning of ", "first day of "):
        _PHRASES |= {f"{the}{_lead}next {_unit}": _NEXT[_unit] for the in ("", "the ")}


def _phrase(match: re.Match[str], today: dt.date) -> Day:
    """Build `tomorrow`, `end of month` and the like."""
    return Day(_PHRASES[match[0]](today))


def _today(_match: re.Match[str], today: dt.date) -> Day:
    """Build `end of day`."""
    return Day(today)


def _part_of_today(match: re.Match[str], today: dt.date) -> Day:
    """Build `tonight`, `this afternoon`."""
    return Day(today, part=match["part"] or "night")


def _weekday(match: re.Match[str], today: dt.date) -> Day:
    """Build `fri`, `this fri`, `next fri`."""
    ahead = (WEEKDAYS[match["weekday"]] - today.weekday()) % 7
    if ahead == 0 and match["which"] == "this":
        return Day(today)
    return Day(today + dt.timedelta(days=ahead or 7), or_today=ahead == 0 and not match["which"])


def _weekday_of_next_week(match: re.Match[str], today: dt.date) -> Day:
    """Build `next week tuesday`, `tuesday next week`."""
    return Day(_next_week(today) + dt.timedelta(days=WEEKDAYS[match["weekday"] or match["weekday_last"]]))


def _edge_of_month(match: re.Match[str], today: dt.date) -> Day:
    """Build `end of january`, `last day of february`, `start of march`."""
    first = next_of_month(MONTHS[match["month"]], today)
    return Day(last_of_month(first) if match["edge"] in ("end", "last day") else first)


def _days_from_now(match: re.Match[str], today: dt.date) -> Day | None:
    """Build `in 3 days`; a span with hours is no day."""
    span = read_span(match[0])
    return Day(span.after(today)) if span and span.seconds is None else None


def _dates(build: Callable[[re.Match[str], dt.date], dt.date | None]) -> _DayBuilder:
    """Make the builder of days of what builds a date of the calendar."""

    def day(match: re.Match[str], today: dt.date) -> Day | None:
        date = build(match, today)
        return Day(date) if date else None

    return day


_PLAIN = Shapes[_DayBuilder](
    (any_of(_PHRASES), _phrase),
    (_END_OF_DAY, _today),
    (rf"tonight|this (?P<part>{_PART})", _part_of_today),
    (rf"(?:(?P<which>this|next) )?{_WEEKDAY}", _weekday),
    (
        rf"next week(?: on)? {_WEEKDAY}|(?P<weekday_last>{any_of(WEEKDAYS)})(?: of)? next week",
        _weekday_of_next_week,
    ),
    (rf"(?:the )?(?P<edge>end|last day|start|beginning|first day) of (?P<month>{any_of(MONTHS)})", _edge_of_month),
    *((shape, _dates(calendar_date)) for shape in (DAY_FIRST, MONTH_FIRST, YEAR_FIRST, IN_DIGITS)),
    (DAY_OF_MONTH, _dates(day_of_month)),
    (DAY_OF_NAMED_MONTH, _dates(day_of_named_month)),
    (IN_NUMBERS, _dates(date_in_numbers)),
    (r"(?:in |within |[0-9]).+", _days_from_now),
    (r".+ from now", _days_from_now),
)


def _part_of_day(match: re.Match[str], today: dt.date) -> Day | None:
    """Build `tomorrow evening`: any day with a part of it."""
    day = _read(_PLAIN, match["day"], today)
    return day._replace(part=match["part"]) if day and not day.part else None


def _end_of_day(match: re.Match[str], today: dt.date) -> Day | None:
    """Build `eod tomorrow`, `friday end of day`: the day as a whole."""
    day = _read(_PLAIN, match["day"] or match["day_first"], today)
    return Day(day.date) if day and not day.part else None


def _counted_from(match: re.Match[str], today: dt.date) -> Day | None:
    """Build `2 weeks from friday`, `3 days before 24 dec`."""
    span = read_span(f"in {match['span']}")
    day = _read(_PLAIN, match["day"], today) if span and span.seconds is None else None
    if span is None or day is None or day.part:
        return None
    back = match["from"] == "before"
    return Day((Span(-span.months, -span.days) if back else span).after(day.date))


_COMPOSED = Shapes[_DayBuilder](
    (rf"(?P<day>.+) (?P<part>{_PART})", _part_of_day),
    (rf"(?:{_END_OF_DAY})(?: on)? (?P<day>.+)|(?P<day_first>.+) (?:{_END_OF_DAY})", _end_of_day),
    (r"(?P<span>.+) (?P<from>from|after|before) (?P<day>.+)", _counted_from),
)
"""Days made of another day, which is a plain one: nothing is nested, so that no text takes long."""


def read_day(text: str, today: dt.date) -> Day | None:
    """Read a day; None if the text has not that shape."""
    plain = text.removeprefix("on ").removeprefix("by ")
    return _read(_PLAIN, plain, today) or _read(_COMPOSED, plain, today)


def _read(shapes: Shapes[_DayBuilder], text: str, today: dt.date) -> Day | None:
    return next((day for match, build in shapes.matching(text) if (day := build(match, today))), None)
