"""The words people use for when something runs, read whole or refused.

They are what repetitions are said in, with one or several times of day (`weekdays 9:00`, `mon,thu 9:00 and 17:00`,
`last day of the month 17:00`), an interval (`every 15 minutes`, `2h`), or a cron expression (`0 9 * * 1-5`).

What is read where English leaves a choice:
- Days without a time run at 9:00, a time without days runs each day.
- `every 2 hours` is real time, counted from when it begins. `every 2 days` is every other day, at 9:00.
- `daily midnight` is 00:00; `friday midnight` may be the night before or after, and is refused.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.dates.errors import DueError
from core.dates.grammar import words_of
from core.dates.recurrence import Every, Recurrence
from core.dates.recurrence_errors import RecurrenceError
from core.dates.recurrence_grammar import LONGEST_TEXT, parse_recurrence, read_recurrence
from core.dates.recurrence_shapes import DAYS_OF_WEEK
from core.dates.spans import SPAN_LEADS, read_span
from core.dates.times import TimeOfDay, read_time
from core.schedules.cron import looks_like_cron, read_cron
from core.schedules.errors import RuleError, RuleReason
from core.schedules.rules import LONGEST, SHORTEST, TIMES_LIMIT, Calendar, Interval, Rule

__all__ = ["LONGEST_TEXT", "parse_rule"]

_START_OF_WORK = dt.time(9)
_LONGEST_TIME = 5
_JOINTS = ("and", "&", "at")
_EACH = re.compile(r"(?:once )?(?:every|each) ")
_SHORT_DAYS = re.compile(r"(?:(?:every|each) )?(?P<number>[0-9]{1,4}) ?(?P<unit>[dw])")
_WEEKS_AND_DAYS = re.compile(
    rf"(?P<weeks>weekly|fortnightly|(?:every|each) (?:\S+ )?(?:week|fortnight)s?) (?={DAYS_OF_WEEK}\b)"
)
_SHORT = {"hourly": "every hour", "every half hour": "every half an hour", "half-hourly": "every half an hour"}


def parse_rule(text: str, *, today: dt.date) -> Rule:
    """Read when something runs, as typed on that day, which an end such as `until 31 dec` counts from.

    What names no day of its week or month (`weekly`) takes that of today. Raises `RuleError` for what says no times.
    """
    if len(text) > LONGEST_TEXT:
        raise RuleError(RuleReason.TOO_LONG, text)
    if looks_like_cron(text):
        return read_cron(text)
    words = words_of(text)
    if not words:
        raise RuleError(RuleReason.EMPTY)
    said = _WEEKS_AND_DAYS.sub(r"\g<weeks> on ", " ".join(words), count=1)
    return _interval(said) or _calendar(said.split(), text, today)


def _interval(text: str) -> Interval | None:
    """Read `every 15 minutes`, `every hour`, `hourly`, `2h`; None for what has not that shape."""
    said = _SHORT.get(text, text)
    bare = _EACH.sub("", said, count=1)
    if bare.startswith(SPAN_LEADS):
        return None
    tries = (bare,) if bare == said else (bare, f"in {bare}", f"in a {bare}")
    try:
        span = next((found for attempt in tries if (found := read_span(attempt))), None)
        if span is None or span.seconds is None:
            return None
        length = dt.timedelta(days=span.days, seconds=span.seconds)
    except (DueError, OverflowError) as error:
        raise RuleError(RuleReason.TOO_RARE, text) from error
    if not SHORTEST <= length <= LONGEST:
        raise RuleError(RuleReason.TOO_OFTEN if length < SHORTEST else RuleReason.TOO_RARE, text)
    return Interval(length)


def _calendar(words: Sequence[str], text: str, today: dt.date) -> Calendar:
    """Read days with times of day; raises `RuleError`."""
    try:
        days = read_recurrence(_in_full(" ".join(words)), today=today)
        if days:
            return _made(replace(days, time=None), (days.time or _START_OF_WORK,), text, today)
        for found, rest in _with_times(words):
            days = read_recurrence(rest, today=today) if rest else Recurrence(Every.DAY)
            if days and not days.time:
                return _made(days, _clocks(found, days, text), text, today)
        raise RuleError.of(_refusal(text, today))
    except DueError as error:
        raise RuleError(RuleReason.NO_SUCH_TIME, error.part) from error
    except RecurrenceError as error:
        raise RuleError.of(error) from error


def _in_full(text: str) -> str:
    """Return `2d` and `every 2d` as repetitions say it, and any other text as it is."""
    short = _SHORT_DAYS.fullmatch(text)
    return f"every {short['number']} {'days' if short['unit'] == 'd' else 'weeks'}" if short else text


def _made(days: Recurrence, clocks: Sequence[dt.time], text: str, today: dt.date) -> Calendar:
    if days.count or days.after_done:
        raise RuleError(RuleReason.ENDLESS, text)
    return Calendar(days.anchored(today), tuple(sorted(set(clocks))))


def _with_times(words: Sequence[str]) -> Iterator[tuple[list[TimeOfDay], str]]:
    """Give each way to take times of day out of words, as many in a row as there are, with the rest."""
    for start in range(len(words)):
        times, count = _times(words[start:])
        if times:
            yield times, " ".join([*words[:start], *words[start + count :]])


def _times(words: Sequence[str]) -> tuple[list[TimeOfDay], int]:
    """Read the times of day that words begin with, and count those words; behind `at` hours may be bare numbers."""
    found: list[TimeOfDay] = []
    place, said_at = 0, False
    while place < len(words) and len(found) <= TIMES_LIMIT:
        joint = place
        while joint < len(words) and words[joint] in _JOINTS and (found or words[joint] == "at"):
            said_at = said_at or words[joint] == "at"
            joint += 1
        clock, count = _time(words[joint : joint + _LONGEST_TIME], said_at=said_at)
        if clock is None:
            break
        found.append(clock)
        place = joint + count
    return found, place


def _time(words: Sequence[str], *, said_at: bool) -> tuple[TimeOfDay | None, int]:
    for count in range(len(words), 0, -1):
        text = " ".join(words[:count])
        clock = read_time(text) or (read_time(f"at {text}") if said_at else None)
        if clock:
            return clock, count
    return None, 0


def _clocks(times: Sequence[TimeOfDay], days: Recurrence, text: str) -> list[dt.time]:
    """Return times as the clock shows them; raises `RuleError` for what may be one of two."""
    if len(times) > TIMES_LIMIT:
        raise RuleError(RuleReason.TOO_LONG, text)
    for clock in times:
        if clock.readings:
            raise RuleError(RuleReason.AMBIGUOUS, f"at {clock.time.hour}", readings=clock.readings)
        if clock.days and (days.every is not Every.DAY or days.interval > 1):
            raise RuleError(RuleReason.AMBIGUOUS, "midnight", readings=("00:00", "23:59"))
    return [clock.time.replace(second=0) for clock in times]


def _refusal(text: str, today: dt.date) -> RecurrenceError:
    """Return why a text is no repetition, which says best what is wrong with it."""
    try:
        parse_recurrence(text, today=today)
    except RecurrenceError as error:
        return error
    raise AssertionError("what was refused can be read")
