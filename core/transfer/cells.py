"""What the cells of columns say that many areas have: numbers, texts, choices, people, channels, links, dates, moments.

These are what a `Column` reads with, or they make it from what the area knows; what can't be used raises `CellError`,
with a reason whose sentence is among those that all areas have, or which the area names.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime

from core.dates.due import Due, DueError, parse_due
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

_LINK_LIMIT = 500
_PEOPLE_TEXT_LIMIT = 4000
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


def choice(words: Mapping[str, object], reason: str) -> Read:
    """Return what reads one of some words in any case; an empty cell is None, unless it is one of them."""

    def read(text: str, _around: Surroundings) -> object:
        word = text.casefold()
        if word and word not in words:
            raise CellError(reason)
        return words.get(word)

    return read


def people(limit: int, too_many: str) -> Read:
    """Return what reads the members that a cell names, at most so many; `too_many` is the reason for more."""

    def read(text: str, around: Surroundings) -> tuple[int, ...]:
        if len(text) > _PEOPLE_TEXT_LIMIT:
            raise CellError(too_many, limit=limit)
        try:
            found = around.people.read(text)
        except UnknownPersonError as error:
            reason = "several_people" if error.choices else "nobody_by_that_name"
            raise CellError(reason, name=shown(error.name), choices=", ".join(error.choices)) from error
        if len(found) > limit:
            raise CellError(too_many, limit=limit)
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


def due_of(text: str, around: Surroundings) -> Due:
    """Read a due in any of the words that people have for one."""
    if text.count(" ") >= MOST_DUE_WORDS:
        raise CellError("due_not_understood")
    try:
        return parse_due(text, now=around.now, zone=around.zone)
    except DueError as error:
        raise CellError(f"due_{error.reason.value}", part=error.part) from error


def due_value(due: Due | None, around: Surroundings) -> date | str | None:
    """Write a day without a time as one, if it is meant where the reader is; all else as a text with its zone."""
    if due is None:
        return None
    return due.date if due.time is None and due.zone == around.zone else due.iso()


def moment_of(text: str, around: Surroundings) -> datetime | None:
    """Read an instant in ISO 8601, in the reader's zone if it names none; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
        local = moment if moment.tzinfo else moment.replace(tzinfo=zone_named(around.zone))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def moment_value(at: datetime | None) -> str | None:
    """Write an instant to the second."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z" if at else None
