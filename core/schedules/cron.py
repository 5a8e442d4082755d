"""Five-field cron, as crontab(5) has it: minute, hour, day of the month, month, day of the week.

Fields take `*`, values, names of months and days, ranges, lists and steps. Where both fields of days say something, a
day that is in either of them will do. Sunday is 0 and 7. `@daily` and its like stand for what they do there.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import lru_cache
from itertools import product
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.dates.calendar_dates import LONG_MONTHS
from core.dates.errors import LAST_YEAR
from core.schedules.clocks import first_run
from core.schedules.cron_words import cron_words
from core.schedules.errors import RuleError, RuleReason
from core.shared.value_objects import value_object

_LEAP_YEAR = 2028
_HOURS = 24


class _Field(NamedTuple):
    """What a field is of, its lowest and highest value, and the names of its values."""

    name: str
    low: int
    high: int
    names: Mapping[str, int]

    @property
    def takes(self) -> str:
        """Say what it is and which values it takes."""
        names = [name for name in self.names if len(name) == _SHORT_NAME]
        return f"{self.name}: {self.low}-{self.high}{f', {names[0]}-{names[-1]}' if names else ''}"


_SHORT_NAME = 3
_MONTHS = {name[:_SHORT_NAME]: number for number, name in enumerate(LONG_MONTHS, start=1)}
_WEEKDAYS = {name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
_FIELDS = (
    _Field("minute", 0, 59, {}),
    _Field("hour", 0, 23, {}),
    _Field("day of the month", 1, 31, {}),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, 7, _WEEKDAYS),
)
_DAY, _MONTH, _WEEKDAY = _FIELDS[2:]

_NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_PART = re.compile(r"(?:(?P<any>[*?])|(?P<first>[0-9a-z]{1,9})(?:-(?P<last>[0-9a-z]{1,9}))?)(?:/(?P<step>[0-9]{1,4}))?")
_LOOKS_LIKE_CRON = re.compile(r"@[a-z]+|[0-9*?][0-9*,/-]*(?:\s+[0-9*?l][0-9*?,/lw-]*){2}(?:\s+[0-9a-z*?,/#-]+){2,}")


@value_object
class Cron:
    """A cron expression. Its times are those of the wall clock; where it names no hours it counts every hour there is.

    So `*/10 * * * *` goes on through an hour that comes twice, and `30 2 * * *` runs once on that day.
    """

    text: str
    clocks: tuple[dt.time, ...] = field(compare=False, repr=False)
    days: frozenset[int] = field(compare=False, repr=False)
    months: frozenset[int] = field(compare=False, repr=False)
    weekdays: frozenset[int] = field(compare=False, repr=False)
    """Monday is 0."""
    in_either: bool = field(compare=False, repr=False)
    """Whether a day of the month or one of the week will do."""
    every_hour: bool = field(compare=False, repr=False)

    def next(self, after: dt.datetime, where: ZoneInfo, since: dt.datetime) -> dt.datetime | None:
        """Return the first run after an instant; nothing is counted from `since`."""
        floor = after.astimezone(where).date() - dt.timedelta(days=1)
        return first_run(self._days(floor), self.clocks, after, where, in_both=self.every_hour)

    def written(self) -> str:
        """Return it as it is stored."""
        return self.text

    def words(self) -> str:
        """Return it as people read it."""
        return cron_words(self)

    def _days(self, day: dt.date) -> Iterator[dt.date]:
        while day.year <= LAST_YEAR:
            if day.month not in self.months:
                day = (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
                continue
            if self._falls_on(day):
                yield day
            day += dt.timedelta(days=1)

    def _falls_on(self, day: dt.date) -> bool:
        by_month, by_week = day.day in self.days, day.weekday() in self.weekdays
        return by_month or by_week if self.in_either else by_month and by_week


def looks_like_cron(text: str) -> bool:
    """Tell whether a text was meant as a cron expression, right or not."""
    return _LOOKS_LIKE_CRON.fullmatch(text.strip().casefold()) is not None


@lru_cache(maxsize=4096)
def read_cron(text: str) -> Cron:
    """Read a cron expression; raises `RuleError` naming the part that is wrong, or the date that never comes."""
    plain = " ".join(text.casefold().split())
    if plain.startswith("@") and plain not in _NICKNAMES:
        raise RuleError(RuleReason.CRON_VALUE, plain, field=", ".join(_NICKNAMES))
    fields = _NICKNAMES.get(plain, plain).split()
    if len(fields) != len(_FIELDS):
        raise RuleError(RuleReason.CRON_FIELDS, plain)
    minutes, hours, days, months, weekdays = (_values(said, of) for said, of in zip(fields, _FIELDS, strict=True))
    in_either = not any(said.startswith(("*", "?")) for said in (fields[2], fields[4]))
    if not in_either:
        _refuse_what_never_comes(days, months)
    clocks = tuple(dt.time(hour, minute) for hour, minute in product(sorted(hours), sorted(minutes)))
    # Cron begins weeks on Sunday.
    from_monday = frozenset((weekday - 1) % 7 for weekday in weekdays)
    return Cron(" ".join(fields), clocks, days, months, from_monday, in_either, len(hours) == _HOURS)


def _values(text: str, of: _Field) -> frozenset[int]:
    return frozenset(value for part in text.split(",") for value in _part(part, of))


def _part(text: str, of: _Field) -> range:
    """Read `*`, `5`, `1-5`, `*/15`, `10-50/20`; `5/15` goes on to the highest value."""
    match = _PART.fullmatch(text)
    if match is None or (match["any"] == "?" and of not in (_DAY, _WEEKDAY)):
        raise RuleError(RuleReason.CRON_VALUE, text, field=of.takes)
    first, last = of.low, of.high
    if not match["any"]:
        first = _value(match["first"], of)
        last = _value(match["last"], of) if match["last"] else (of.high if match["step"] else first)
        # `fri-sun`: a range ends on the Sunday after, not the one before.
        last = last or (of.high if of is _WEEKDAY and first else last)
    step = int(match["step"] or 1)
    if first > last or not 1 <= step <= of.high:
        raise RuleError(RuleReason.CRON_VALUE, text, field=of.takes)
    return range(first, last + 1, step)


def _value(text: str, of: _Field) -> int:
    value = of.names.get(text, int(text) if text.isdecimal() else -1)
    if not of.low <= value <= of.high:
        raise RuleError(RuleReason.CRON_VALUE, text, field=of.takes)
    return value


def _refuse_what_never_comes(days: frozenset[int], months: frozenset[int]) -> None:
    """Refuse days that none of the months has, in leap years either."""
    if all(min(days) > calendar.monthrange(_LEAP_YEAR, month)[1] for month in months):
        names = [LONG_MONTHS[month - 1].capitalize() for month in sorted(months)]
        # Cut short where there are several: longer ones would be cut off.
        *others, last = names if len(names) == 1 else [name[:_SHORT_NAME] for name in names]
        said = f"{', '.join(others)} or {last}" if others else last
        raise RuleError(RuleReason.CRON_NEVER, f"{min(days)} {said}")
