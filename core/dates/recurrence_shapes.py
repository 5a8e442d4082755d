"""What repetitions look like in words, without their time of day and their end."""

import re
from collections.abc import Callable
from dataclasses import replace

from core.dates.calendar_dates import LONG_MONTHS, MONTHS, WEEKDAYS
from core.dates.recurrence import INTERVAL_LIMIT, LAST, WORKDAYS, YEAR, Every, Recurrence, in_order
from core.dates.recurrence_errors import RecurrenceError, RecurrenceReason
from core.dates.shapes import Shapes, any_of
from core.dates.times import PARTS, read_time

_Builder = Callable[[re.Match[str]], Recurrence]

_COUNTED = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {word: number for number, word in enumerate(_COUNTED, start=2)} | {"other": 2}
"""Numbers in words, as far as they count units."""

UNITS = {
    "day": (Every.DAY, 1),
    "week": (Every.WEEK, 1),
    "fortnight": (Every.WEEK, 2),
    "month": (Every.MONTH, 1),
    "quarter": (Every.MONTH, 3),
    "year": (Every.MONTH, YEAR),
}
"""What an interval counts, as units of a repetition and how many of them."""

_RHYTHMS = {
    "daily": "day",
    "everyday": "day",
    "weekly": "week",
    "fortnightly": "fortnight",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "annually": "year",
}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": LAST}
_WEEKEND = (5, 6)

_DAY_NAME = rf"(?:{any_of(WEEKDAYS)})s?"
DAYS_OF_WEEK = rf"(?:{_DAY_NAME}(?:(?: and | & | ){_DAY_NAME})*|{_DAY_NAME} ?(?:-|to|through) ?{_DAY_NAME})"
"""Days of the week, or from one to another."""

_DAYS = rf"(?P<days>{DAYS_OF_WEEK})"
_EACH = "(?:every|each)"
_NUMBER = rf"(?P<number>[0-9]{{1,9}}|{any_of(NUMBERS)})"
_RHYTHM = (
    rf"(?:(?P<rhythm>{any_of(_RHYTHMS)})|{_EACH} (?:{_NUMBER} )?(?P<unit>{any_of(UNITS)})s?"
    rf"|once (?:a|an|per|every|each) (?P<once>{any_of(UNITS)}))"
)
_WORKDAY = "(?:weekday|workday|working day|business day)"
_RANK = rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th)|{any_of(_ORDINALS)})"
_RANKS = rf"(?P<ranks>{_RANK}(?:(?: and | & | )(?:the )?{_RANK}){{0,4}})"
_MONTH = rf"(?P<month>{any_of(MONTHS)})"
_OF_MONTH = r"(?: (?:of|in) (?:the|each|every|a) month)"
_DATE = r"[0-9]{1,2}(?:st|nd|rd|th)"
_LAST_DAY = r"(?:last day|end)"
_FIRST_DAY = r"(?:the )?(?:first|1st)"
_DATES = (
    rf"(?P<dates>(?:the )?(?:day )?[0-9]{{1,2}}|(?:the )?(?:{_DATE}|{_LAST_DAY})"
    rf"(?:(?: and | & | )(?:the )?(?:{_DATE}|{_LAST_DAY})){{0,9}})"
)
_ONE_DATE = r"(?:the )?(?P<date>[0-9]{1,2})(?:st|nd|rd|th)?"
_OF_WEEKDAY = rf"(?:the )?{_RANKS} (?:(?P<weekday>{any_of(WEEKDAYS)})|(?P<workday>{_WORKDAY}))"


def _rhythm(match: re.Match[str]) -> Recurrence:
    """Build `daily`, `every 2 weeks`, `once a month`."""
    said = match.groupdict()
    unit = said["once"] or said["unit"] or _RHYTHMS[said["rhythm"]]
    every, length = UNITS[unit]
    return Recurrence(every, _interval(said["number"] or "1", length, match[0]))


def _interval(number: str, length: int, text: str) -> int:
    """Give how many units lie between two times."""
    count = (NUMBERS.get(number) or int(number)) * length
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
    every, length = UNITS[match["unit"]]
    return Recurrence(every, _interval(str(rank), length, match[0]))


def _workdays(_match: re.Match[str]) -> Recurrence:
    """Build `weekdays`."""
    return Recurrence(Every.WEEK, weekdays=WORKDAYS)


def _weekends(match: re.Match[str]) -> Recurrence:
    """Build `every weekend`."""
    return Recurrence(Every.WEEK, 2 if match["other"] else 1, _WEEKEND)


def _part_of_days(match: re.Match[str]) -> Recurrence:
    """Build `every morning`."""
    clock = read_time(match["part"])
    return Recurrence(Every.DAY, time=clock.time if clock else None)


def _days_of_week(match: re.Match[str]) -> Recurrence:
    """Build `every mon and thu`, `every 2 weeks on fri`, `every other friday`."""
    said = match.groupdict()
    rule = _rhythm(match) if "rhythm" in said else Recurrence(Every.WEEK)
    if said.get("other"):
        rule = replace(rule, interval=2)
    if rule.every is not Every.WEEK:
        raise RecurrenceError(RecurrenceReason.NOT_UNDERSTOOD, match["days"])
    return replace(rule, weekdays=weekdays_of(match["days"]))


def weekdays_of(text: str) -> tuple[int, ...]:
    """Read days of the week: several, or from one to another, over the end of the week too."""
    found = [_weekday(name) for name in re.findall(_DAY_NAME, text)]
    if not re.search(rf"{_DAY_NAME} ?(?:-|to|through)", text):
        return tuple(sorted(set(found)))
    first, last = found
    return tuple(sorted((first + more) % 7 for more in range((last - first) % 7 + 1)))


def _weekday(name: str) -> int:
    return WEEKDAYS[name] if name in WEEKDAYS else WEEKDAYS[name[:-1]]


def _days_of_month(match: re.Match[str]) -> Recurrence:
    """Build `monthly on the 15th`, `1st and 15th`, `every month on the last day`, `the 1st of each month`."""
    days = [_day(word, match[0]) if word.isdigit() else LAST for word in re.findall(r"[0-9]+|last|end", match["dates"])]
    return _on_days(_months(match), days, match[0])


def _first_of_month(match: re.Match[str]) -> Recurrence:
    """Build `first day of the month`, `monthly on the first day`, `first of the month`."""
    return _on_days(_months(match), [1], match[0])


def _on_days(rule: Recurrence, days: list[int], text: str) -> Recurrence:
    try:
        return replace(rule, days=in_order(days))
    except ValueError as error:
        raise RecurrenceError(RecurrenceReason.LATE_DAYS, text) from error


def _weekday_of_month(match: re.Match[str]) -> Recurrence:
    """Build `first monday of the month`, `every 1st and 3rd friday`, `monthly on the last weekday`."""
    rule, ranks = _months(match), [_rank(word) for word in re.findall(_RANK, match["ranks"])]
    said = match.groupdict()
    if ranks == [2] and said.get("each") and not (match["of"] or said.get("month")):
        other = "every 2 days" if match["workday"] else f"every other {match['weekday']}"
        raise RecurrenceError(RecurrenceReason.AMBIGUOUS, match[0], readings=(other, f"{match[0]} of the month"))
    for rank in ranks:
        if rank not in (LAST, 1, 2, 3, 4):
            reason = RecurrenceReason.NO_FIFTH if rank == 5 else RecurrenceReason.NO_SUCH_DAY
            last = f"last {match['weekday'] or match['workday']} of the month"
            raise RecurrenceError(reason, match[0], readings=(last,))
    weekdays = WORKDAYS if match["workday"] else (WEEKDAYS[match["weekday"]],)
    return replace(rule, weekdays=weekdays, positions=in_order(ranks))


def _months(match: re.Match[str]) -> Recurrence:
    """Give the months of a day: each, unless a rhythm says otherwise."""
    said = match.groupdict()
    rule = _rhythm(match) if "rhythm" in said else Recurrence(Every.MONTH)
    if rule.every is not Every.MONTH:
        raise RecurrenceError(RecurrenceReason.NOT_UNDERSTOOD, match[0])
    return rule


def _day_of_year(match: re.Match[str]) -> Recurrence:
    """Build `annually on 1 march`, `every 25 december`, `yearly on the last day of february`."""
    month = MONTHS[match["month"]]
    day = _day(match["date"], match[0]) if match.groupdict().get("date") else LAST
    years = _years(match)
    try:
        return replace(years, days=(day,), month=month)
    except ValueError as error:
        name = LONG_MONTHS[month - 1].capitalize()
        last = f"yearly on the last day of {name}"
        raise RecurrenceError(RecurrenceReason.NO_SUCH_DATE, f"{day} {name}", readings=(last,)) from error


def _weekday_of_year(match: re.Match[str]) -> Recurrence:
    """Build `yearly on the first monday of september`."""
    found = _weekday_of_month(match)
    if len(found.positions) > 1:
        raise RecurrenceError(RecurrenceReason.NOT_UNDERSTOOD, match[0])
    return replace(_years(match), weekdays=found.weekdays, positions=found.positions, month=MONTHS[match["month"]])


def _years(match: re.Match[str]) -> Recurrence:
    """Give the years of a day: each, unless a rhythm says otherwise."""
    rule = _rhythm(match) if match.groupdict().get("each") is None else Recurrence(Every.MONTH, YEAR)
    if rule.every is not Every.MONTH or rule.interval % YEAR:
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


_YEARLY_ON = rf"(?:(?P<each>{_EACH})|{_RHYTHM})(?: on)?"
_SHAPES = Shapes[_Builder](
    (_RHYTHM, _rhythm),
    (rf"{_EACH} (?:the )?(?P<rank>{_RANK}) (?P<unit>{any_of(UNITS)})", _every_ranked_unit),
    (rf"(?:{_EACH} |on )?{_WORKDAY}s?", _workdays),
    (rf"(?:{_EACH} (?P<other>other |2nd |second )?|on )?weekends?", _weekends),
    (rf"{_EACH} (?P<part>{any_of(PARTS)})", _part_of_days),
    (rf"(?:{_EACH} (?P<other>other )?)?(?:on )?{_DAYS}", _days_of_week),
    (rf"{_RHYTHM} on {_DAYS}", _days_of_week),
    (rf"{_RHYTHM} on {_DATES}(?P<of>{_OF_MONTH})?", _days_of_month),
    (rf"{_RHYTHM} on {_OF_WEEKDAY}(?P<of>{_OF_MONTH})?", _weekday_of_month),
    (rf"(?:(?P<each>{_EACH}) |on )?{_DATES}(?P<of>{_OF_MONTH})", _days_of_month),
    (rf"(?:the )?(?P<dates>{_LAST_DAY})(?P<of> of month)", _days_of_month),
    (rf"(?:{_EACH} |on )?{_FIRST_DAY}(?: day)?(?:{_OF_MONTH}| of month)", _first_of_month),
    (rf"{_RHYTHM} on {_FIRST_DAY}(?: day)?(?:{_OF_MONTH})?", _first_of_month),
    (rf"(?:{_EACH} |on )?(?P<dates>(?:the )?{_DATE}(?:(?: and | & | )(?:the )?{_DATE}){{0,9}})", _days_of_month),
    (rf"(?:(?P<each>{_EACH}) |on )?{_OF_WEEKDAY}(?P<of>{_OF_MONTH})?", _weekday_of_month),
    (rf"{_YEARLY_ON} {_ONE_DATE}(?: of)? {_MONTH}", _day_of_year),
    (rf"{_YEARLY_ON} {_MONTH} {_ONE_DATE}", _day_of_year),
    (rf"{_YEARLY_ON} (?:the )?last day of {_MONTH}", _day_of_year),
    (rf"{_YEARLY_ON} {_OF_WEEKDAY} (?P<of>of|in) {_MONTH}", _weekday_of_year),
    (rf"hourly|(?:{_EACH} )(?:{_NUMBER} |half )?(?:an )?(?:hour|minute|min|second)s?", _too_often),
    (r"(?:[0-9]+ times|twice|thrice) (?:a|per|every|each) day", _too_often),
)


def read_rhythm(text: str) -> Recurrence | None:
    """Read a repetition in plain words; None if the text has not that shape."""
    match, build = next(_SHAPES.matching(text), (None, None))
    return build(match) if match and build else None
