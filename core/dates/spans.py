"""Spans of time as people write them: `2h`, `in 1h30m`, `in 3 days`, `in half an hour`."""

import calendar
import datetime as dt
import re

from core.dates.errors import DueError, DueReason, checked
from core.dates.shapes import Shapes, any_of
from core.shared.value_objects import value_object


@value_object
class Span:
    """A length of time; `seconds` is None when only days, weeks, months or years were named."""

    months: int = 0
    days: int = 0
    seconds: int | None = None

    def after(self, day: dt.date) -> dt.date:
        """Give the day so much later, by the calendar; 31 January and a month is the last of February."""
        year, month = divmod(day.year * 12 + day.month - 1 + self.months, 12)
        try:
            last = calendar.monthrange(year, month + 1)[1]
            return checked(dt.date(year, month + 1, min(day.day, last)) + dt.timedelta(days=self.days))
        except (OverflowError, ValueError) as error:
            raise DueError(DueReason.TOO_FAR) from error

    def since(self, moment: dt.datetime) -> dt.datetime:
        """Give the instant so much later than that instant, in UTC, days counting 24 hours."""
        try:
            later = moment.astimezone(dt.UTC) + dt.timedelta(days=self.days, seconds=self.seconds or 0)
            checked(later.date())
        except (OverflowError, ValueError) as error:
            raise DueError(DueReason.TOO_FAR) from error
        return later


SPAN_LEADS = ("in", "within")
"""A span after one of these counts from now, and its numbers may be words."""

_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER_WORDS = {"half an": 0.5, "half a": 0.5, "an": 1.0, "a": 1.0, "a couple of": 2.0, "couple of": 2.0} | {
    word: float(number) for number, word in enumerate(_COUNTED, start=1)
}
_UNITS = {
    spelling: letters.split()[0]
    for letters in (
        "y yr yrs year years",
        "mo mos month months",
        "fortnight fortnights",
        "w wk wks week weeks",
        "d day days",
        "h hr hrs hour hours",
        "m min mins minute minutes",
        "s sec secs second seconds",
    )
    for spelling in letters.split()
}
_ORDER = list(dict.fromkeys(_UNITS.values()))
_SECONDS = {"h": 3600, "m": 60, "s": 1}
_UNIT = any_of(_UNITS)
_IN_DIGITS = rf"[0-9]+(?:\.[0-9]{{1,2}})? ?(?:{_UNIT})(?![a-z])"
_IN_WORDS = rf"(?:{_IN_DIGITS}|(?:{any_of(_NUMBER_WORDS)}) (?:{_UNIT})(?![a-z]))"
_SHAPES = Shapes[None](
    (rf"{_IN_DIGITS}(?: ?(?:and )?{_IN_DIGITS})*", None),
    (rf"(?:in|within) {_IN_WORDS}(?: ?(?:and )?{_IN_WORDS})*(?:(?:'s|')? time)?", None),
    (rf"{_IN_WORDS}(?: ?(?:and )?{_IN_WORDS})* from now", None),
)
_STEP = rf"(?:(?P<digits>[0-9.]+) ?|(?P<word>{any_of(_NUMBER_WORDS)}) )(?P<unit>{_UNIT})(?![a-z])"
_CLOCK = r"(?:1[3-9]|2[0-3]|0[0-9]) ?h"
"""`17h` is a time of day, as `2h` is a span."""


def read_span(text: str) -> Span | None:
    """Read a span in plain words; None if the text has not that shape.

    Numbers in words need `in` or `from now`, units come once and from the largest down, only hours have fractions.
    """
    if next(_SHAPES.matching(text), None) is None or re.fullmatch(_CLOCK, text):
        return None
    amounts: dict[str, float] = {}
    for step in re.finditer(_STEP, text):
        unit = _UNITS[step["unit"]]
        amount = _NUMBER_WORDS[step["word"]] if step["word"] else float(step["digits"])
        if any(_ORDER.index(unit) <= _ORDER.index(earlier) for earlier in amounts) or (amount % 1 and unit != "h"):
            return None
        amounts[unit] = amount
    return _span(amounts, text)


def _span(amounts: dict[str, float], text: str) -> Span | None:
    """Add up the steps of a span; months and hours together are refused, for a month has no certain length."""
    if any(amount > 1e10 for amount in amounts.values()):
        raise DueError(DueReason.TOO_FAR, text)
    months = int(amounts.get("y", 0) * 12 + amounts.get("mo", 0))
    days = int(amounts.get("fortnight", 0) * 14 + amounts.get("w", 0) * 7 + amounts.get("d", 0))
    if not amounts.keys() & _SECONDS.keys():
        return Span(months, days)
    if amounts.keys() & {"y", "mo"}:
        return None
    return Span(0, days, sum(round(amounts.get(unit, 0) * length) for unit, length in _SECONDS.items()))
