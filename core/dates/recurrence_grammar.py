"""The words people use for a repetition, read whole or refused.

Shapes are tables, as those of dues are: a rhythm (`daily`, `every 2 weeks`), days of the week (`every mon and thu`,
`weekdays`), a day of the month (`monthly on the 15th`, `last friday of the month`), and behind any of them an end
(`until 31 dec`, `5 times`). Rules as calendars write them (`FREQ=WEEKLY;BYDAY=MO`) are read too.

What is read where English leaves a choice:
- `weekly` and `monthly` alone go on from the day that they begin on.
- `every 3rd friday` is the third of each month, `every other friday` is every second week. `every 2nd friday` may be
  either, and is refused.
- `weekdays` are Monday to Friday. `last weekday of the month` is the last of those, `last friday` the last Friday.
- `monthly on the 31st` is the last day of shorter months.
- `5 times` counts the time at hand; `until` a day includes that day.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from core.dates.days import WEEKDAYS, read_day
from core.dates.errors import DueError
from core.dates.grammar import words_of
from core.dates.recurrence import COUNT_LIMIT, INTERVAL_LIMIT, LAST, WORKDAYS, Every, Recurrence
from core.dates.recurrence_errors import RecurrenceError, RecurrenceReason
from core.dates.recurrence_rules import recurrence_of
from core.dates.times import read_time

LONGEST_TEXT = 160
"""Characters of a repetition; all seven days in full with an interval and an end fit."""

MOST_WORDS = 24

_Builder = Callable[[re.Match[str]], Recurrence]

_RULE = re.compile(r"\s*(?:RRULE:)?[A-Z]+=[A-Z0-9]+(?:;[A-Z]+=[A-Z0-9,-]+)*;?\s*", re.IGNORECASE)
_END = re.compile(r"(?P<rule>.+?) (?:until (?P<until>.+)|(?:for )?(?P<count>[0-9]{1,9}) times?)")

_COUNTED = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: number for number, word in enumerate(_COUNTED, start=2)} | {"other": 2}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": LAST}
_UNITS = {"day": (Every.DAY, 1), "week": (Every.WEEK, 1), "month": (Every.MONTH, 1), "year": (Every.MONTH, 12)}
_RHYTHMS = {
    "daily": (Every.DAY, 1),
    "everyday": (Every.DAY, 1),
    "weekly": (Every.WEEK, 1),
    "fortnightly": (Every.WEEK, 2),
    "monthly": (Every.MONTH, 1),
    "quarterly": (Every.MONTH, 3),
    "yearly": (Every.MONTH, 12),
    "annually": (Every.MONTH, 12),
}

_WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_DAY_NAME = rf"(?:{_WEEKDAY})s?"
_DAYS = rf"(?P<days>{_DAY_NAME}(?:(?: and | & | ){_DAY_NAME})*|{_DAY_NAME} ?(?:-|to|through) ?{_DAY_NAME})"
_EACH = "(?:every|each)"
_NUMBER = rf"(?P<number>[0-9]{{1,9}}|{'|'.join(_NUMBERS)})"
_RANK = rf"(?P<rank>[0-9]{{1,2}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})"
_RHYTHM = rf"(?:(?P<rhythm>{'|'.join(_RHYTHMS)})|{_EACH} (?:{_NUMBER} )?(?P<unit>day|week|month|year)s?)"
_WORKDAY = "(?:weekday|workday|working day)"
_OF_MONTH = r"(?: (?:of|in) (?:the|each|every|a) month)"
_OF_DAY = r"(?:(?:the )?(?:day )?(?P<date>[0-9]{1,2})(?:st|nd|rd|th)?|(?:the )?(?P<end>last day|end))"
_OF_WEEKDAY = rf"(?:the )?{_RANK} (?:(?P<weekday>{_WEEKDAY})|(?P<workday>{_WORKDAY}))"


def _rhythm(match: re.Match[str]) -> Recurrence:
    """Build `daily`, `every 2 weeks`."""
    said = match.groupdict()
    if said["rhythm"]:
        every, interval = _RHYTHMS[said["rhythm"]]
        return Recurrence(every, interval)
    every, length = _UNITS[said["unit"]]
    return Recurrence(every, _interval(said["number"] or "1", length, match[0]))


def _interval(number: str, length: int, text: str) -> int:
    """Give how many units lie between two times."""
    count = (_NUMBERS.get(number) or int(number)) * length
    if count < 1:
        raise RecurrenceError(RecurrenceReason.TOO_OFTEN, text)
    if count > INTERVAL_LIMIT:
        raise RecurrenceError(RecurrenceReason.TOO_RARE, text)
    return count


def _every_ranked_unit(match: re.Match[str]) -> Recurrence:
    """Build `every 3rd day`."""
    rank = _rank(match["rank"])
    if rank < 2:
        raise RecurrenceError(RecurrenceReason.NOT_UNDERSTOOD, match[0])
    every, length = _UNITS[match["unit"]]
    return Recurrence(every, _interval(str(rank), length, match[0]))


def _workdays(_match: re.Match[str]) -> Recurrence:
    """Build `weekdays`."""
    return Recurrence(Every.WEEK, weekdays=WORKDAYS)


def _days_of_week(match: re.Match[str]) -> Recurrence:
    """Build `every mon and thu`, `every 2 weeks on fri`, `every other friday`."""
    said = match.groupdict()
    rule = _rhythm(match) if said.get("rhythm") or said.get("unit") else Recurrence(Every.WEEK)
    if said.get("other"):
        rule = replace(rule, interval=2)
    if rule.every is not Every.WEEK:
        raise RecurrenceError(RecurrenceReason.NOT_UNDERSTOOD, match["days"])
    return replace(rule, weekdays=_weekdays(match["days"]))


def _weekdays(text: str) -> tuple[int, ...]:
    """Read days of the week: several, or from one to another, over the end of the week too."""
    found = [_weekday(name) for name in re.findall(_DAY_NAME, text)]
    if not re.search(rf"{_DAY_NAME} ?(?:-|to|through)", text):
        return tuple(sorted(set(found)))
    first, last = found
    return tuple(sorted((first + more) % 7 for more in range((last - first) % 7 + 1)))


def _weekday(name: str) -> int:
    return WEEKDAYS[name] if name in WEEKDAYS else WEEKDAYS[name[:-1]]


def _day_of_month(match: re.Match[str]) -> Recurrence:
    """Build `monthly on the 15th`, `every month on the last day`, `the 1st of each month`."""
    return replace(_months(match), day=_day(match["date"], match[0]) if match["date"] else LAST)


def _weekday_of_month(match: re.Match[str]) -> Recurrence:
    """Build `first monday of the month`, `every 3rd friday`, `monthly on the last weekday`."""
    rule, rank = _months(match), _rank(match["rank"])
    if rank == 2 and match.groupdict().get("each") and not match["of"]:
        raise RecurrenceError(RecurrenceReason.AMBIGUOUS, match[0])
    if rank not in (LAST, 1, 2, 3, 4):
        raise RecurrenceError(RecurrenceReason.NO_FIFTH if rank == 5 else RecurrenceReason.NO_SUCH_DAY, match[0])
    return replace(rule, weekdays=WORKDAYS if match["workday"] else (WEEKDAYS[match["weekday"]],), position=rank)


def _months(match: re.Match[str]) -> Recurrence:
    """Give the months of a day: each, unless a rhythm says otherwise."""
    said = match.groupdict()
    rule = _rhythm(match) if said.get("rhythm") or said.get("unit") else Recurrence(Every.MONTH)
    if rule.every is not Every.MONTH:
        raise RecurrenceError(RecurrenceReason.NOT_UNDERSTOOD, match[0])
    return rule


def _day(number: str, text: str) -> int:
    if not 1 <= int(number) <= 31:
        raise RecurrenceError(RecurrenceReason.NO_SUCH_DAY, text)
    return int(number)


def _rank(word: str) -> int:
    return _ORDINALS[word] if word in _ORDINALS else int(word[:-2])


def _too_often(match: re.Match[str]) -> Recurrence:
    """Refuse what comes more than once a day."""
    raise RecurrenceError(RecurrenceReason.TOO_OFTEN, match[0])


_SHAPES: tuple[tuple[re.Pattern[str], _Builder], ...] = tuple(
    (re.compile(shape), build)
    for shape, build in (
        (_RHYTHM, _rhythm),
        (rf"{_EACH} (?:the )?{_RANK} (?P<unit>day|week|month|year)", _every_ranked_unit),
        (rf"(?:{_EACH} |on )?{_WORKDAY}s?", _workdays),
        (rf"(?:{_EACH} (?P<other>other )?)?(?:on )?{_DAYS}", _days_of_week),
        (rf"{_RHYTHM} on {_DAYS}", _days_of_week),
        (rf"{_RHYTHM} on {_OF_DAY}(?P<of>{_OF_MONTH})?", _day_of_month),
        (rf"{_RHYTHM} on {_OF_WEEKDAY}(?P<of>{_OF_MONTH})?", _weekday_of_month),
        (rf"(?:(?P<each>{_EACH}) |on )?{_OF_DAY}(?P<of>{_OF_MONTH})", _day_of_month),
        (rf"(?:{_EACH} |on )?(?:the )?(?P<date>[0-9]{{1,2}})(?:st|nd|rd|th)", _day_of_month),
        (rf"(?:(?P<each>{_EACH}) |on )?{_OF_WEEKDAY}(?P<of>{_OF_MONTH})?", _weekday_of_month),
        (rf"hourly|(?:{_EACH} )(?:{_NUMBER} |half )?(?:an )?(?:hour|minute|min|second)s?", _too_often),
        (r"(?:[0-9]+ times|twice|thrice) (?:a|per|every|each) day", _too_often),
    )
)


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
    if _RULE.fullmatch(text):
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
            if _RULE.fullmatch(text) or _read(words_of(text), today):
                return count
        except RecurrenceError:
            return count
    return 0


def _read(words: Sequence[str], today: dt.date) -> Recurrence | None:
    """Read plain words; None if they have no shape of a repetition."""
    if not words or len(words) > MOST_WORDS:
        return None
    text = " ".join(words)
    if len(text) > LONGEST_TEXT:
        return None
    if rule := _shaped(text):
        return rule
    end = _END.fullmatch(text)
    rule = _shaped(end["rule"]) if end else None
    if end is None or rule is None:
        return None
    if end["count"]:
        if not 1 <= int(end["count"]) <= COUNT_LIMIT:
            raise RecurrenceError(RecurrenceReason.NO_SUCH_COUNT, end["count"])
        return replace(rule, count=int(end["count"]))
    try:
        day = read_day(end["until"], today)
    except DueError as error:
        raise RecurrenceError(RecurrenceReason.NO_SUCH_DATE, end["until"]) from error
    return replace(rule, until=day.date) if day and not day.part else None


def _shaped(text: str) -> Recurrence | None:
    """Read a repetition without its end."""
    for shape, build in _SHAPES:
        if match := shape.fullmatch(text):
            return build(match)
    return None


def _refusal(words: Sequence[str], today: dt.date) -> RecurrenceError:
    """Say why words are refused: what is left of them after the longest beginning that reads, or all of them."""
    count = next((n for n in range(min(len(words), MOST_WORDS) - 1, 0, -1) if _reads(words[:n], today)), 0)
    left = words[count:]
    if count and _is_time(left):
        return RecurrenceError(RecurrenceReason.HAS_TIME, " ".join(left))
    return RecurrenceError(RecurrenceReason.NOT_UNDERSTOOD, " ".join(left))


def _reads(words: Sequence[str], today: dt.date) -> bool:
    try:
        return _read(words, today) is not None
    except RecurrenceError:
        return True


def _is_time(words: Sequence[str]) -> bool:
    try:
        return read_time(" ".join(words)) is not None
    except DueError:
        return True
