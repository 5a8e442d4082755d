"""What the cells of columns say that many areas have: numbers, texts, choices, people, channels, links, dates, moments.

These are what a `Column` reads with, or they make it from what the area knows; what can't be used raises `CellError`,
with a reason whose sentence is among those that all areas have, or which the area names.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from core.dates.due import Due, DueError, parse_due
from core.dates.recurrence import Recurrence
from core.dates.recurrence_errors import RecurrenceError
from core.dates.recurrence_grammar import read_recurrence
from core.ports.numbered import HIGHEST_NUMBER
from core.shared.errors import InvalidArgumentError
from core.shared.zones import zone as zone_named
from core.transfer.plain import plain_up_to
from core.transfer.roster import UnknownPersonError
from core.transfer.rows import shown
from core.transfer.sheet import CellError, Read, Surroundings

MOST_DUE_WORDS = 6
"""Words of a due in a file. What is longer is no date, and finding that out would take the grammar of dates long."""
YES, NO = frozenset("yes true 1 x ✓ ✔".split()), frozenset("no false 0".split())

_YES_OR_NO = dict.fromkeys(YES, True) | dict.fromkeys(NO | {""}, False)
_LINK_LIMIT = 500
_PEOPLE_TEXT_LIMIT = 4000
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"#?([0-9]{1,10})(?:\.0)?")
_LINE_BREAK = re.compile(r"[\r\n]")
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def number_of(text: str, _around: Surroundings) -> int:
    """Read the number of a record; an empty cell is 0."""
    match = _NUMBER.fullmatch(text)
    if not text:
        return 0
    if match is None or not 0 < int(match[1]) <= HIGHEST_NUMBER:
        raise CellError("number_bad")
    return int(match[1])


class Words:
    """Reads texts by an area's rule for them, which raises `InvalidArgumentError` and is asked of odd ones only."""

    def __init__(
        self, clean: Callable[[str], str], limit: int, *, may_be_empty: bool = False, line_break: str = ""
    ) -> None:
        """Take the rule and how long a text may be; where a line break is wrong, `line_break` is the reason."""
        self._clean = clean
        self._line_break = line_break
        self.are_plain: Callable[[Sequence[str]], bool] = plain_up_to(limit, may_be_empty=may_be_empty)

    def __call__(self, text: str, _around: Surroundings) -> str:
        """Return a text as it is kept."""
        if self.are_plain([text]):
            return text
        if self._line_break and _LINE_BREAK.search(text):
            raise CellError(self._line_break)
        try:
            return self._clean(text)
        except InvalidArgumentError as error:
            details = {name: value for name, value in error.details.items() if name in ("length", "limit")}
            raise CellError(error.reason, **details) from error


def choice(name: str, words: Mapping[str, object], labels: Collection[str]) -> Read:
    """Return what reads one of some words in any case, of which people are told the `labels`; an empty cell is None."""

    def read(text: str, _around: Surroundings) -> object:
        word = text.casefold()
        if word and word not in words:
            raise CellError("choice_unknown", name=name, choices=", ".join(labels))
        return words.get(word)

    return read


def is_yes(text: str, _around: Surroundings) -> bool:
    """Read a yes or no; an empty cell is a no."""
    if (word := text.casefold()) not in _YES_OR_NO:
        raise CellError("flag_unknown")
    return _YES_OR_NO[word]


def people(limit: int) -> Read:
    """Return what reads the members that a cell names, at most so many."""

    def read(text: str, around: Surroundings) -> tuple[int, ...]:
        if len(text) > _PEOPLE_TEXT_LIMIT:
            raise CellError("too_many_people", limit=limit)
        try:
            found = around.people.read(text)
        except UnknownPersonError as error:
            reason = "several_people" if error.choices else "nobody_by_that_name"
            raise CellError(reason, name=shown(error.name), choices=", ".join(error.choices)) from error
        if len(found) > limit:
            raise CellError("too_many_people", limit=limit)
        return found

    return read


def channel_of(text: str, around: Surroundings) -> int | None:
    """Read the channel of a name; 0 stands for one that is not here."""
    return (around.channels.read(text) or 0) if text else None


def link_of(text: str, _around: Surroundings) -> str:
    """Read a link."""
    if text and not (len(text) <= _LINK_LIMIT and _LINK.fullmatch(text)):
        raise CellError("link_bad")
    return text


def due_of(text: str, around: Surroundings) -> Due | None:
    """Read a due in any of the words that people have for one."""
    if not text:
        return None
    if text.count(" ") >= MOST_DUE_WORDS:
        raise CellError("due_not_understood")
    try:
        return parse_due(text, now=around.now, zone=around.zone)
    except DueError as error:
        raise CellError(f"due_{error.reason.value}", part=error.part) from error


def is_date(text: str) -> bool:
    """Tell whether a text begins with a date as we write it."""
    return _DATE.match(text) is not None


def due_value(due: Due | None, around: Surroundings) -> date | str | None:
    """Write a day without a time as one, if it is meant where the reader is; all else as a text with its zone."""
    if due is None:
        return None
    return due.date if due.time is None and due.zone == around.zone else due.iso()


def repeat_of(text: str, around: Surroundings) -> Recurrence | None:
    """Read how something repeats."""
    if not text:
        return None
    try:
        found = read_recurrence(text, today=around.now.astimezone(zone_named(around.zone)).date())
    except RecurrenceError as error:
        raise CellError(f"repeat_{error.reason.value}") from error
    if found is None:
        raise CellError("repeat_not_understood")
    return found


def moment_of(text: str, around: Surroundings) -> datetime | None:
    """Read an instant in ISO 8601, in the reader's zone if it names none; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
        local = moment if moment.tzinfo else moment.replace(tzinfo=zone_named(around.zone))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def past_of(text: str, around: Surroundings) -> datetime | None:
    """Read when something was; what is no such moment is left out, for it is no reason to refuse a row."""
    moment = moment_of(text, around)
    return moment if moment and moment <= around.now + timedelta(days=1) else None


class Reached(NamedTuple):
    """What a cell says of a state that is reached; `at` is None when only that it is."""

    at: datetime | None


def reached(yes: Collection[str], no: Collection[str]) -> Read:
    """Return what reads since when a state is reached, or only whether, in some words besides yes and no."""

    def read(text: str, around: Surroundings) -> Reached | None:
        word = text.casefold()
        if not word or word in NO or word in no:
            return None
        moment = moment_of(text, around)
        if moment is None and word not in YES and word not in yes:
            raise CellError("reached_unknown")
        return Reached(moment)

    return read


def moment_value(at: datetime | None) -> str | None:
    """Write an instant to the second."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z" if at else None
