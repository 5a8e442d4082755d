"""Repetitions in words, which `recurrence_grammar` reads back as the same."""

import datetime as dt

from core.dates.recurrence import LAST, WORKDAYS, YEAR, Every, Recurrence

_WEEKEND = (5, 6)
_POSITION_NAMES = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"}
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def words_of_recurrence(recurrence: Recurrence) -> str:
    """Say it, such as `every Monday and Thursday at 09:00 until 31 Dec 2026`."""
    time = f" at {recurrence.time:%H:%M}" if recurrence.time else ""
    after = " after completion" if recurrence.after_done else ""
    return f"{_rhythm(recurrence)}{time}{after}{_end(recurrence)}"


def _end(recurrence: Recurrence) -> str:
    if recurrence.until:
        return f" until {_written(recurrence.until)}"
    if recurrence.count:
        return f", {recurrence.count} time{'s' if recurrence.count > 1 else ''}"
    return ""


def _rhythm(recurrence: Recurrence) -> str:
    names = listed([DAY_NAMES[weekday] for weekday in recurrence.weekdays])
    if recurrence.every is Every.WEEK and recurrence.interval == 1 and names:
        return {WORKDAYS: "every weekday", _WEEKEND: "every weekend"}.get(recurrence.weekdays, f"every {names}")
    once = _interval(recurrence)
    if recurrence.positions:
        ranks = listed([_POSITION_NAMES[position] for position in recurrence.positions])
        whose = f" of {MONTH_NAMES[recurrence.month - 1]}" if recurrence.month else ""
        return f"{once} on the {ranks} {'weekday' if len(recurrence.weekdays) > 1 else names}{whose}"
    if recurrence.days:
        return f"{once} on {_days(recurrence)}"
    return f"{once} on {names}" if names else once


def _interval(recurrence: Recurrence) -> str:
    """Return `daily`, `every 2 weeks`, `yearly`."""
    count, unit = recurrence.interval, str(recurrence.every)
    if recurrence.every is Every.MONTH and count % YEAR == 0:
        count, unit = count // YEAR, "year"
    if count > 1:
        return f"every {count} {unit}s"
    return "daily" if recurrence.every is Every.DAY else f"{unit}ly"


def _days(recurrence: Recurrence) -> str:
    """Return `the 1st and 15th`, `the last day`, `1 March`."""
    if not recurrence.month:
        return f"the {listed(['last day' if day == LAST else ordinal(day) for day in recurrence.days])}"
    month, day = MONTH_NAMES[recurrence.month - 1], recurrence.days[0]
    return f"the last day of {month}" if day == LAST else f"{day} {month}"


def listed(names: list[str]) -> str:
    """Return `Monday`, `Monday and Thursday`, `Monday, Tuesday and Friday`."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def ordinal(number: int) -> str:
    """Return `1st`, `22nd`, `13th`."""
    ending = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _written(day: dt.date) -> str:
    return f"{day.day} {MONTH_NAMES[day.month - 1][:3]} {day.year}"
