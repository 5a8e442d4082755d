"""Repetitions as stored: the value of an RRULE (RFC 5545), of which only what people can say is used.

A day that not every month has is written as the last one of those up to it (`BYMONTHDAY=28,29,30,31;BYSETPOS=-1`),
which calendars read the way we do; `BYMONTHDAY=31` alone would leave the shorter months out. What counts from the day
on which it was done has a part of our own, `X-FROM=DONE`.
"""

import datetime as dt
from functools import lru_cache

from core.dates.recurrence import ALWAYS_THERE, LAST, YEAR, Every, Recurrence, days_and_positions, in_order
from core.dates.recurrence_errors import RecurrenceError, RecurrenceReason

LONGEST_RULE = 200
"""Characters of a rule; none that we write comes near it."""

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = {Every.DAY: "DAILY", Every.WEEK: "WEEKLY", Every.MONTH: "MONTHLY"}
_UNITS = {word: (every, 1) for every, word in _FREQUENCIES.items()} | {"YEARLY": (Every.MONTH, YEAR)}


def rule_of(recurrence: Recurrence) -> str:
    """Write a repetition as a rule, such as `FREQ=WEEKLY;INTERVAL=2;BYDAY=FR`."""
    is_of_a_month = recurrence.month > 0
    interval = recurrence.interval // YEAR if is_of_a_month else recurrence.interval
    parts = ["FREQ=YEARLY" if is_of_a_month else f"FREQ={_FREQUENCIES[recurrence.every]}"]
    if interval > 1:
        parts.append(f"INTERVAL={interval}")
    if is_of_a_month:
        parts.append(f"BYMONTH={recurrence.month}")
    parts += _days_of(recurrence)
    if recurrence.time:
        parts.append(f"BYHOUR={recurrence.time.hour};BYMINUTE={recurrence.time.minute}")
    if recurrence.until:
        parts.append(f"UNTIL={recurrence.until:%Y%m%d}")
    if recurrence.count:
        parts.append(f"COUNT={recurrence.count}")
    if recurrence.after_done:
        parts.append("X-FROM=DONE")
    return ";".join(parts)


def _days_of(recurrence: Recurrence) -> list[str]:
    """Write which days of the week or month it falls on."""
    weekdays = [_DAYS[weekday] for weekday in recurrence.weekdays]
    days, positions = days_and_positions(recurrence)
    if len(weekdays) == 1 and positions:
        return ["BYDAY=" + ",".join(f"{position}{weekdays[0]}" for position in positions)]
    lists = {"BYDAY": weekdays, "BYMONTHDAY": days, "BYSETPOS": positions}
    return [f"{name}={','.join(map(str, found))}" for name, found in lists.items() if found]


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
    frequency = parts.pop("FREQ")
    every, length = _UNITS[frequency]
    interval = _whole(parts.pop("INTERVAL", "1"))
    week_start = parts.pop("WKST", "MO")
    until = dt.datetime.strptime(parts.pop("UNTIL")[:8], "%Y%m%d").date() if "UNTIL" in parts else None  # noqa: DTZ007 - a day
    count = _whole(parts.pop("COUNT")) if "COUNT" in parts else None
    month = _whole(parts.pop("BYMONTH")) if "BYMONTH" in parts else 0
    weekdays, positions = _weekdays(parts.pop("BYDAY", ""))
    days, ranks = _numbers(parts.pop("BYMONTHDAY", "")), _numbers(parts.pop("BYSETPOS", ""))
    time = _time(parts)
    after_done = parts.pop("X-FROM", "") == "DONE"
    if week_start not in _DAYS or (week_start != "MO" and interval > 1 and len(weekdays) > 1):
        raise ValueError("weeks begin on Monday")
    if parts or (positions and ranks) or (frequency == "YEARLY" and bool(days or weekdays) != bool(month)):
        raise ValueError("there is more than can be kept")
    if frequency == "DAILY" and weekdays and interval == 1:
        every = Every.WEEK
    if max(days, default=0) > ALWAYS_THERE and not ranks and month in (0, 2):
        raise ValueError("shorter months would be left out")
    if days and ranks:
        # The last of those up to a day that not every month has.
        days, ranks = (*days[: len(ranks) - 1], max(days)), _checked_ranks(days, ranks)
    positions = positions or ranks
    return Recurrence(every, interval * length, weekdays, days, positions, month, time, after_done, until, count)


def _checked_ranks(days: tuple[int, ...], ranks: tuple[int, ...]) -> tuple[int, ...]:
    """Return no ranks, once it is sure that with the days they are what we write of one too many."""
    as_written = Recurrence(Every.MONTH, days=(*days[: len(ranks) - 1], max(days)))
    if days_and_positions(as_written) != (days, ranks):
        raise ValueError("no such days of a month")
    return ()


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise ValueError("a whole number is wanted")
    return int(text)


def _numbers(text: str) -> tuple[int, ...]:
    """Read `1,15,-1`."""
    found = [-_whole(number[1:]) if number.startswith("-") else _whole(number) for number in text.split(",") if text]
    if len(set(found)) != len(found):
        raise ValueError("a day comes twice")
    return in_order(found)


def _time(parts: dict[str, str]) -> dt.time | None:
    """Read and use up `BYHOUR=9;BYMINUTE=30`."""
    if "BYHOUR" not in parts:
        return None
    if parts.pop("BYSECOND", "0").strip("0"):
        raise ValueError("times of day are kept to the minute")
    return dt.time(_whole(parts.pop("BYHOUR")), _whole(parts.pop("BYMINUTE", "0")))


def _weekdays(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Read `MO,TH`, or `1MO,3MO` with the positions."""
    if not text:
        return (), ()
    names = [name.removeprefix("+") for name in text.split(",")]
    days = [_DAYS.index(name[-2:]) for name in names]
    signs = [name[:-2] for name in names]
    if not any(signs):
        if len(set(days)) != len(days):
            raise ValueError("a day comes twice")
        return tuple(sorted(days)), ()
    if len(set(days)) > 1:
        raise ValueError("positions of one weekday can be kept")
    return (days[0],), in_order([LAST if sign == "-1" else _whole(sign) for sign in signs])
