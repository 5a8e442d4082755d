"""Cron expressions in words, such as `every 15 minutes from 09:00 to 17:45, every weekday`."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from core.dates.recurrence import WORKDAYS
from core.dates.recurrence_words import DAY_NAMES, MONTH_NAMES, listed, ordinal

if TYPE_CHECKING:
    from core.schedules.cron import Cron

_MINUTES, _HOURS, _DAYS, _MONTHS, _WEEK = 60, 24, 31, 12, 7
_MOST_LISTED = 4
"""Times of a day that are said one by one wherever a rhythm says the same in fewer words."""
_SPAN = 3
"""Values in a row from which on the first and the last are said."""


def cron_words(cron: "Cron") -> str:
    """Say when it runs."""
    days, times = _days(cron), _times(cron)
    if times.startswith("at "):
        return f"{days or 'daily'} {times}"
    return f"{times}, {days}" if days else times


# --- times ---------------------------------------------------------------------


def _times(cron: "Cron") -> str:
    clocks = cron.clocks
    minutes, hours = sorted({clock.minute for clock in clocks}), sorted({clock.hour for clock in clocks})
    rhythm = _rhythm(minutes, hours)
    if len(clocks) <= _MOST_LISTED or (not rhythm and len(minutes) == 1):
        return f"at {listed([f'{clock:%H:%M}' for clock in clocks])}"
    is_all_day = hours[0] == 0 and (_step(hours) or _HOURS) * len(hours) == _HOURS
    between = "" if is_all_day else f" from {clocks[0]:%H:%M} to {clocks[-1]:%H:%M}"
    if rhythm and (_is_row(hours) or len(minutes) == 1):
        return f"{rhythm}{between}"
    past = rhythm or f"{listed([str(minute) for minute in minutes])} minutes past the hour"
    if _is_row(hours):
        return f"{past}{between}"
    return f"{past}, in the hours that begin at {listed([f'{hour:02}:00' for hour in hours])}"


def _rhythm(minutes: Sequence[int], hours: Sequence[int]) -> str:
    """Return `every 15 minutes`, `every 2 hours`, `every hour at 5 minutes past`; nothing for what has none."""
    if len(minutes) > 1:
        step = _step(minutes)
        if not step or step * len(minutes) != _MINUTES:
            return ""
        later = f" from minute {minutes[0]} on" if minutes[0] else ""
        return "every minute" if step == 1 else f"every {step} minutes{later}"
    step = _step(hours)
    if not step:
        return ""
    late = f" at {minutes[0]} minutes past" if minutes[0] and len(hours) == _HOURS else ""
    return f"every hour{late}" if step == 1 else f"every {step} hours"


# --- days ----------------------------------------------------------------------


def _days(cron: "Cron") -> str:
    """Return which days those are, nothing for all."""
    by_month, by_week = len(cron.days) < _DAYS, len(cron.weekdays) < _WEEK
    months = "" if len(cron.months) == _MONTHS else _names(cron.months, MONTH_NAMES, first=1)
    if by_month and by_week:
        whose = months or "the month"
        if cron.in_either:
            return f"on {_dates(cron.days)} of {whose} and {_weekdays(cron.weekdays)}{_in(months)}"
        return f"{_weekdays(cron.weekdays)} falling on {_dates(cron.days)} of {whose}"
    if by_month:
        return _of_months(cron.days, cron.months, months)
    if by_week:
        return f"{_weekdays(cron.weekdays)}{_in(months)}"
    return f"daily{_in(months)}" if months else ""


def _of_months(days: frozenset[int], months: frozenset[int], names: str) -> str:
    if not names:
        return f"monthly on {_dates(days)}"
    if len(days) == len(months) == 1:
        return f"yearly on {min(days)} {names}"
    return f"on {_dates(days)} of {names}"


def _in(months: str) -> str:
    return f" {'from' if ' to ' in months else 'in'} {months}" if months else ""


def _weekdays(days: frozenset[int]) -> str:
    if tuple(sorted(days)) == WORKDAYS:
        return "every weekday"
    return f"every {_names(days, DAY_NAMES)}"


def _dates(days: frozenset[int]) -> str:
    """Return `the 1st and 15th`, `the 1st to 7th`, `every 2nd day from the 1st`."""
    found = sorted(days)
    if len(found) >= _SPAN and (step := _step(found)):
        if step == 1:
            return f"the {ordinal(found[0])} to {ordinal(found[-1])}"
        if found[-1] + step > _DAYS:
            return f"every {ordinal(step)} day from the {ordinal(found[0])}"
    return f"the {listed([ordinal(day) for day in found])}"


def _names(values: Iterable[int], names: Sequence[str], first: int = 0) -> str:
    found = sorted(values)
    said = [names[value - first] for value in found]
    return f"{said[0]} to {said[-1]}" if len(found) >= _SPAN and _is_row(found) else listed(said)


def _is_row(values: Sequence[int]) -> bool:
    return _step(values) == 1 or len(values) == 1


def _step(values: Sequence[int]) -> int:
    """Return how far each of several values is from the one before, 0 where that differs."""
    steps = {later - earlier for earlier, later in pairwise(values)}
    return steps.pop() if len(steps) == 1 else 0
