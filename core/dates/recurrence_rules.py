"""Repetitions as stored: the value of an RRULE (RFC 5545), of which only what people can say is used.

A day that not every month has is written as the last one of those up to it (`BYMONTHDAY=28,29,30,31;BYSETPOS=-1`),
which calendars read the way we do; `BYMONTHDAY=31` alone would leave the shorter months out.
"""

import datetime as dt
from functools import lru_cache

from core.dates.recurrence import ALWAYS_THERE, LAST, Every, Recurrence
from core.dates.recurrence_errors import RecurrenceError, RecurrenceReason

LONGEST_RULE = 200
"""Characters of a rule; none that we write comes near it."""

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = {Every.DAY: "DAILY", Every.WEEK: "WEEKLY", Every.MONTH: "MONTHLY"}
_UNITS = {word: (every, 1) for every, word in _FREQUENCIES.items()} | {"YEARLY": (Every.MONTH, 12)}


def rule_of(recurrence: Recurrence) -> str:
    """Write a repetition as a rule, such as `FREQ=WEEKLY;INTERVAL=2;BYDAY=FR`."""
    parts = [f"FREQ={_FREQUENCIES[recurrence.every]}"]
    if recurrence.interval > 1:
        parts.append(f"INTERVAL={recurrence.interval}")
    parts += _days_of(recurrence)
    if recurrence.until:
        parts.append(f"UNTIL={recurrence.until:%Y%m%d}")
    if recurrence.count:
        parts.append(f"COUNT={recurrence.count}")
    return ";".join(parts)


def _days_of(recurrence: Recurrence) -> list[str]:
    """Write which days of the week or month it falls on."""
    weekdays = ",".join(_DAYS[weekday] for weekday in recurrence.weekdays)
    position, day = recurrence.position, recurrence.day
    if len(recurrence.weekdays) > 1 and position:
        return [f"BYDAY={weekdays}", f"BYSETPOS={position}"]
    if weekdays:
        return [f"BYDAY={position or ''}{weekdays}"]
    if day > ALWAYS_THERE:
        return [f"BYMONTHDAY={','.join(map(str, range(ALWAYS_THERE, day + 1)))}", "BYSETPOS=-1"]
    return [f"BYMONTHDAY={day}"] if day else []


@lru_cache(maxsize=4096)
def recurrence_of(rule: str) -> Recurrence:
    """Read a rule, its parts in any order; raises `RecurrenceError` for what says more or other than we can keep."""
    if len(rule) > LONGEST_RULE:
        raise RecurrenceError(RecurrenceReason.TOO_LONG, rule)
    given = [part.partition("=") for part in rule.upper().removeprefix("RRULE:").strip(";").split(";")]
    parts = {name: value for name, _, value in given}
    try:
        if len(parts) != len(given):
            raise ValueError("a part comes twice")
        found = _read(parts)
    except (ValueError, KeyError) as error:
        raise RecurrenceError(RecurrenceReason.NOT_UNDERSTOOD, rule) from error
    return found


def _read(parts: dict[str, str]) -> Recurrence:
    """Read the parts of a rule and use up all of them; raises `ValueError` or `KeyError`."""
    every, length = _UNITS[parts.pop("FREQ")]
    if parts.pop("WKST", "MO") != "MO":
        raise ValueError("weeks begin on Monday")
    interval = _whole(parts.pop("INTERVAL", "1")) * length
    until = dt.datetime.strptime(parts.pop("UNTIL")[:8], "%Y%m%d").date() if "UNTIL" in parts else None  # noqa: DTZ007 - a day
    count = _whole(parts.pop("COUNT")) if "COUNT" in parts else None
    weekdays, position = _weekdays(parts.pop("BYDAY", ""))
    days = parts.pop("BYMONTHDAY", "")
    if "BYSETPOS" in parts and not days:
        if position:
            raise ValueError("a position is said twice")
        position = int(parts.pop("BYSETPOS"))
    day = _day_of_month(days, parts.pop("BYSETPOS", "")) if days else 0
    if parts:
        raise ValueError("there is more than can be kept")
    return Recurrence(every, interval, weekdays, day, position, until, count)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise ValueError("a whole number is wanted")
    return int(text)


def _weekdays(text: str) -> tuple[tuple[int, ...], int]:
    """Read `MO,TH`, or `1MO` with the position."""
    if not text:
        return (), 0
    names = text.split(",")
    sign = names[0][:-2]
    position = (LAST if sign == "-1" else _whole(sign)) if sign and len(names) == 1 else 0
    return tuple(sorted(_DAYS.index(name.removeprefix(sign) if position else name) for name in names)), position


def _day_of_month(text: str, position: str) -> int:
    """Read `15`, `-1`, or `28,29,30,31` with the position -1."""
    days = [int(day) for day in text.split(",")]
    if len(days) == 1 and not position and days[0] in (LAST, *range(1, ALWAYS_THERE + 1)):
        return days[0]
    if days != [*range(ALWAYS_THERE, 32)][: len(days)] or position != "-1":
        raise ValueError("no such days of a month")
    return days[-1]
