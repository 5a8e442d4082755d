"""The words people use for a repetition, read whole or refused.

Shapes are tables, as those of dues are: a rhythm (`daily`, `every 2 weeks`), days of the week (`every mon and thu`,
`weekdays`), days of the month (`monthly on the 1st and 15th`, `last friday of the month`) or of the year (`yearly on 1
march`). Behind any of them there may be days that it leaves out (`except friday`), a time of day (`at 9am`), an end
(`until 31 dec`, `5 times`, `for 5 days`), and what it counts from (`after completion`). Rules as calendars write them
(`FREQ=WEEKLY;BYDAY=MO`) are read too.

What is read where English leaves a choice:
- `weekly` and `monthly` alone go on from the day that they begin on.
- `every 3rd friday` is the third of each month, `every other friday` is every second week. `every 2nd friday` may be
  either, and is refused.
- `weekdays` are Monday to Friday. `last weekday of the month` is the last of those, `last friday` the last Friday.
- `monthly on the 31st` is the last day of shorter months.
- `5 times` counts the time at hand; `until` a day includes that day. `for 2 weeks` is as many times as come in those,
  or, where that can't be told (`weekly for 2 months`), until then from today.
- `after completion` counts from the day on which the one at hand was done, whenever it was due.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from core.dates.days import read_day
from core.dates.errors import DueError
from core.dates.grammar import words_of
from core.dates.recurrence import COUNT_LIMIT, WORKDAYS, Every, Recurrence
from core.dates.recurrence_errors import RecurrenceError, RecurrenceReason
from core.dates.recurrence_rules import recurrence_of
from core.dates.recurrence_shapes import DAYS_OF_WEEK, NUMBERS, UNITS, read_rhythm, weekdays_of
from core.dates.shapes import any_of
from core.dates.spans import Span
from core.dates.times import read_time

LONGEST_TEXT = 160
"""Characters of a repetition; all seven days in full with an interval and an end fit."""

MOST_WORDS = 24
_LONGEST_TIME = 5
"""Words of a time of day: `half past 9 pm`, `9 in the morning`."""

_RULE = r"\s*(?:RRULE:)?[A-Z-]+=[A-Z0-9+]+(?:;[A-Z-]+=[A-Z0-9+,-]+)*;?\s*"
_UNTIL = r"(?P<rule>.+?) (?:until|till|til|ending|ending on|ends|ends on|up to) (?P<until>.+)"
_TIMES = r"(?P<rule>.+?) (?:(?:for )?(?P<count>[0-9]{1,9}) times?|(?P<short>[0-9]{1,9})x)"
_LENGTH = rf"(?P<rule>.+?) for (?:the next )?(?P<number>[0-9]{{1,9}}|an?|{any_of(NUMBERS)}) (?P<unit>{any_of(UNITS)})s?"
_EXCEPT = (
    r"(?P<rule>.+?) (?:except|except for|except on|but|but not|excluding|without|not on|apart from|other than)"
    rf"(?: on)? (?:(?P<workdays>weekdays?)|(?P<weekend>(?:the )?weekends?)|(?P<days>{DAYS_OF_WEEK}))"
)
_DONE = (
    r"(?:(?:each |its |the )?(?:completion|finishing|doing it)"
    r"|(?:it|that)?(?: is| was|'s)?(?: been)? ?(?:done|completed))"
)
_AFTER = rf"(?P<rule>.+?) (?:(?:after|from|since) {_DONE}|(?:when|once) (?:it is |it's )?(?:done|completed))"

_Clause = Callable[[str, dt.date, "frozenset[str]"], "Recurrence | None"]


def parse_recurrence(text: str, *, today: dt.date) -> Recurrence:
    """Read a repetition as typed on that day, which an end such as `until 31 dec` counts from.

    Raises `RecurrenceError` for what is none, whatever the text.
    """
    found = read_recurrence(text, today=today)
    if found is None:
        raise _refusal(words_of(text), today)
    return found


def read_recurrence(text: str, *, today: dt.date) -> Recurrence | None:
    """Read a repetition as `parse_recurrence` does, but give None for what has no shape of one, without asking why."""
    if len(text) > LONGEST_TEXT:
        raise RecurrenceError(RecurrenceReason.TOO_LONG, text)
    if _is_rule(text):
        return recurrence_of(text.strip())
    words = words_of(text)
    if not words:
        raise RecurrenceError(RecurrenceReason.EMPTY)
    return _read(words, today)


def match_recurrence(words: Sequence[str], *, today: dt.date) -> int:
    """Count the leading words that are a repetition, as many as possible; 0 if none are.

    Words that have its shape but say nothing there is (`every 5th friday`) count too, as those of a due do.
    """
    for count in range(min(len(words), MOST_WORDS), 0, -1):
        text = " ".join(words[:count])
        if len(text) > LONGEST_TEXT:
            continue
        try:
            if _is_rule(text) or _read(words_of(text), today):
                return count
        except RecurrenceError:
            return count
    return 0


def _is_rule(text: str) -> bool:
    return re.fullmatch(_RULE, text, re.IGNORECASE) is not None


def _read(words: Sequence[str], today: dt.date) -> Recurrence | None:
    """Read plain words; None if they have no shape of a repetition."""
    text = " ".join(words)
    if not words or len(words) > MOST_WORDS or len(text) > LONGEST_TEXT:
        return None
    return _clauses(text, today, frozenset(_CLAUSES))


def _clauses(text: str, today: dt.date, left: frozenset[str]) -> Recurrence | None:
    """Read a rhythm with what is said of it behind, each kind of clause once, in any order."""
    if rule := read_rhythm(text):
        return rule
    for name, clause in _CLAUSES.items():
        if name in left and (rule := clause(text, today, left - {name})):
            return rule
    return None


def _with_until(text: str, today: dt.date, left: frozenset[str]) -> Recurrence | None:
    """Read `daily until 31 dec`."""
    match = re.fullmatch(_UNTIL, text)
    rule = _clauses(match["rule"], today, left) if match else None
    if match is None or rule is None or rule.count:
        return None
    try:
        day = read_day(match["until"], today)
    except DueError as error:
        raise RecurrenceError(RecurrenceReason.NO_SUCH_DATE, match["until"]) from error
    return replace(rule, until=day.date) if day and not day.part else None


def _with_count(text: str, today: dt.date, left: frozenset[str]) -> Recurrence | None:
    """Read `weekly, 5 times`."""
    match = re.fullmatch(_TIMES, text)
    rule = _clauses(match["rule"], today, left) if match else None
    if match is None or rule is None or rule.until or rule.count:
        return None
    return _counted(rule, int(match["count"] or match["short"]))


def _counted(rule: Recurrence, count: int) -> Recurrence:
    if not 1 <= count <= COUNT_LIMIT:
        raise RecurrenceError(RecurrenceReason.NO_SUCH_COUNT, str(count))
    return replace(rule, count=count)


def _with_length(text: str, today: dt.date, left: frozenset[str]) -> Recurrence | None:
    """Read `daily for 5 days`: as many times as come in those, or else until then from today."""
    match = re.fullmatch(_LENGTH, text)
    rule = _clauses(match["rule"], today, left) if match else None
    if match is None or rule is None or rule.until or rule.count:
        return None
    number = NUMBERS.get(match["number"]) or (int(match["number"]) if match["number"].isdigit() else 1)
    unit, length = UNITS[match["unit"]]
    if unit is Every.WEEK and rule.every is Every.DAY:
        unit, length = Every.DAY, 7 * length
    if unit is rule.every:
        steps = -(-number * length // rule.interval)
        return _counted(rule, steps * max(1, len(rule.weekdays if unit is Every.WEEK else rule.days or rule.positions)))
    try:
        day = _span(unit, number * length).after(today) - dt.timedelta(days=1)
    except DueError as error:
        raise RecurrenceError(RecurrenceReason.NO_SUCH_DATE, f"{match['number']} {match['unit']}s") from error
    return replace(rule, until=day)


def _span(unit: Every, count: int) -> Span:
    return Span(months=count) if unit is Every.MONTH else Span(days=count * (7 if unit is Every.WEEK else 1))


def _with_exclusion(text: str, today: dt.date, left: frozenset[str]) -> Recurrence | None:
    """Read `every weekday except friday`."""
    match = re.fullmatch(_EXCEPT, text)
    rule = _clauses(match["rule"], today, left) if match else None
    if match is None or rule is None:
        return None
    weekdays = rule.weekdays
    if rule.every is Every.DAY and rule.interval == 1:
        weekdays = tuple(range(7))
    excluded = weekdays_of(match["days"]) if match["days"] else WORKDAYS if match["workdays"] else (5, 6)
    kept = tuple(day for day in weekdays if day not in excluded)
    if not kept or rule.positions:
        raise RecurrenceError(RecurrenceReason.NOT_UNDERSTOOD, text[len(match["rule"]) :], match["rule"])
    return replace(rule, every=Every.WEEK, weekdays=kept)


def _with_time(text: str, today: dt.date, left: frozenset[str]) -> Recurrence | None:
    """Read `every monday 9am`, `at 9am every monday`."""
    words = text.split()
    for count in range(min(_LONGEST_TIME, len(words) - 1), 0, -1):
        for time_words, rest in ((words[-count:], words[:-count]), (words[:count], words[count:])):
            try:
                clock = read_time(" ".join(time_words))
                rule = _clauses(" ".join(rest), today, left) if clock else None
            except DueError as error:
                if _clauses(" ".join(rest), today, left) is None:
                    continue
                raise RecurrenceError(RecurrenceReason.NO_SUCH_TIME, error.part) from error
            if clock and rule and clock.readings:
                raise RecurrenceError(RecurrenceReason.AMBIGUOUS, " ".join(time_words), readings=clock.readings)
            if clock and rule and not rule.time and not clock.days:
                return replace(rule, time=clock.time.replace(second=0))
    return None


def _with_completion(text: str, today: dt.date, left: frozenset[str]) -> Recurrence | None:
    """Read `every 2 weeks after completion`, `2 weeks after it is done`."""
    match = re.fullmatch(_AFTER, text)
    if match is None:
        return None
    rule = _clauses(match["rule"], today, left) or _clauses(f"every {match['rule']}", today, left)
    if rule is None:
        return None
    try:
        return replace(rule, after_done=True)
    except ValueError as error:
        raise RecurrenceError(RecurrenceReason.NOT_UNDERSTOOD, text[len(match["rule"]) :], match["rule"]) from error


_CLAUSES: dict[str, _Clause] = {
    "until": _with_until,
    "count": _with_count,
    "length": _with_length,
    "except": _with_exclusion,
    "after": _with_completion,
    "time": _with_time,
}


def _refusal(words: Sequence[str], today: dt.date) -> RecurrenceError:
    """Say why words are refused: what is left of them after the longest beginning that reads, or all of them."""
    count = next((n for n in range(min(len(words), MOST_WORDS) - 1, 0, -1) if _reads(words[:n], today)), 0)
    return RecurrenceError(RecurrenceReason.NOT_UNDERSTOOD, " ".join(words[count:]), " ".join(words[:count]))


def _reads(words: Sequence[str], today: dt.date) -> bool:
    try:
        return _read(words, today) is not None
    except RecurrenceError:
        return True
