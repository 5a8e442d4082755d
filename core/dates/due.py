"""When something is due: a date, perhaps a time of day, and the zone they are meant in.

`parse_due` reads what people type and what `Due.iso` writes; what it reads where English leaves a choice is said in
`grammar`. ISO dates are tried first and never reach the grammar, which makes imports fast.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from core.dates import grammar as due_grammar
from core.dates.calendar_dates import MONTHS, last_of_month
from core.dates.errors import DueError, DueReason, checked
from core.dates.shapes import any_of
from core.dates.spans import SPAN_LEADS, Span, read_span
from core.dates.times import time_of_day
from core.shared import zones
from core.shared.value_objects import value_object

__all__ = ["LONGEST_TEXT", "Due", "DueError", "DueReason", "match_prefix", "parse_due", "says_last_of_month", "snooze"]

LONGEST_TEXT = 100
"""Characters of a due; nothing sensible comes near it."""

MOST_PREFIX_WORDS = 8
"""Words in front of a text that are looked at for a due."""

_START_OF_WORK = dt.time(9)
_MIDNIGHT = dt.time(0)
_LAST_OF_MONTH = rf"\b(?:eom|eoy|(?:end|last day) of (?:(?:the|this|next) )*(?:month|year|{any_of(MONTHS)}))\b"
_ISO = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ](?P<time>(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?)"
    r" ?(?P<offset>[Zz]|[+-][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2})?)?)?)?"
    r"(?:\[(?P<zone>[^\[\]]+)\])?"
)


@value_object
class Due:
    """A date on the calendar of `zone` (an IANA name), with a wall-clock `time` or for the whole day.

    What was typed is kept: 02:30 on a day when the clocks skip it stays 02:30, and `at` says when that is.
    `time.fold` is 1 only for an exact instant in the second pass of an hour that comes twice; equality leaves it out.
    """

    date: dt.date
    time: dt.time | None
    zone: str

    def __post_init__(self) -> None:
        """Refuse what could not be stored and read back unchanged."""
        if isinstance(self.date, dt.datetime) or (self.time and (self.time.tzinfo or self.time.microsecond)):
            raise ValueError("a due has a plain date and a wall-clock time in whole seconds")

    @property
    def at(self) -> dt.datetime:
        """The UTC instant from which it is late: the time, or for a whole day its end, the next local midnight."""
        return (
            self._end_in(self.zone) if self.time is None else zones.instant(self.date, self.time, zones.zone(self.zone))
        )

    def _end_in(self, name: str) -> dt.datetime:
        """Give the end of the day in that zone."""
        return _end_of_day(self.date, name)

    def is_overdue(self, now: dt.datetime, reader_zone: str | None = None) -> bool:
        """Tell whether it has passed at `now`: a whole day when it has ended where the reader is (default: `zone`)."""
        return now >= self._end_in(reader_zone or self.zone) if self.time is None else now > self.at

    def in_zone(self, name: str) -> "Due":
        """Give the same instant on the wall clock of another zone; a whole day is the same day everywhere."""
        return self if self.time is None else _at_instant(self.at, name)

    def iso(self) -> str:
        """Write it as `2026-12-01[Europe/Berlin]` or `2026-12-01T14:30+01:00[Europe/Berlin]` (RFC 9557)."""
        if self.time is None:
            return f"{self.date.isoformat()}[{self.zone}]"
        local = dt.datetime.combine(self.date, self.time, tzinfo=zones.zone(self.zone))
        return f"{local.isoformat(timespec='seconds' if self.time.second else 'minutes')}[{self.zone}]"

    @classmethod
    def from_iso(cls, text: str) -> "Due":
        """Read what `iso` writes; raises `DueError`."""
        match = _ISO.fullmatch(text)
        if match is None or not match["zone"]:
            raise DueError(DueReason.NOT_UNDERSTOOD, text)
        return _in_range(_from_iso_match(match, ""))


@lru_cache(maxsize=4096)
def _end_of_day(day: dt.date, name: str) -> dt.datetime:
    """Give the end of a day in a zone; lists and files name the same few days."""
    return zones.instant(day + dt.timedelta(days=1), _MIDNIGHT, zones.zone(name))


def parse_due(text: str, *, now: dt.datetime, zone: str) -> Due:
    """Read a due as typed at `now` (aware) by somebody in that zone.

    An instant with an offset becomes the wall clock of `zone`. Raises `DueError` for what is no due, whatever the
    text, and `UnknownZoneError` if `zone` is none.
    """
    if len(text) > LONGEST_TEXT:
        raise DueError(DueReason.TOO_LONG, text)
    if match := _ISO.fullmatch(text.strip()):
        return _in_range(_from_iso_match(match, zone))
    words = due_grammar.words_of(text)
    if not words:
        raise DueError(DueReason.EMPTY)
    due = _read(words, now, zone)
    if due is None:
        understood, unread = due_grammar.read_and_unread(words, now, zones.zone(zone))
        raise DueError(DueReason.NOT_UNDERSTOOD, unread, understood)
    return _in_range(due)


def says_last_of_month(text: str, due: Due) -> bool:
    """Tell whether a due was said as the last day of a month, such as `end of month`, and not by its number."""
    return (
        due.date == last_of_month(due.date)
        and re.search(_LAST_OF_MONTH, " ".join(due_grammar.words_of(text))) is not None
    )


def match_prefix(words: Sequence[str], *, now: dt.datetime, zone: str) -> int:
    """Count the leading words (at most 8) that are a due, as many as possible; 0 if none are.

    Words that have the shape of a due but name no date or time there is (`tomorrow 25:00`) count too: they were meant
    as one, and `parse_due` will say what is wrong with them.
    """
    for count in range(min(len(words), MOST_PREFIX_WORDS), 0, -1):
        text = " ".join(words[:count])
        if len(text) > LONGEST_TEXT:
            continue
        try:
            if _ISO.fullmatch(text) or _read(due_grammar.words_of(text), now, zone):
                return count
        except DueError:
            return count
    return 0


def snooze(due: Due | None, text: str, *, now: dt.datetime, zone: str) -> Due:
    """Put a due off. A bare span (`20m`, `3 days`) counts from it, or from now if that is later or it has no time.

    Anything else is a due of its own (`in 3h`, `tomorrow 9:00`, `next monday`), at 9:00 if no time is said. Raises
    `DueError`, with `IN_THE_PAST` for what is not ahead.
    """
    words = due_grammar.words_of(text) if len(text) <= LONGEST_TEXT else []
    span = read_span(" ".join(words))
    if span and words[0] not in SPAN_LEADS:
        later = _put_off(due, span, now, zone)
    else:
        later = parse_due(text, now=now, zone=zone)
        later = later if later.time else replace(later, time=_START_OF_WORK)
    if later.at <= now:
        raise DueError(DueReason.IN_THE_PAST, text)
    return _in_range(later)


def _in_range(due: Due) -> Due:
    """Give the due back if its year is one we keep."""
    checked(due.date)
    return due


def _read(words: Sequence[str], now: dt.datetime, zone: str) -> Due | None:
    """Read plain words by the grammar; None if they have no shape of a due."""
    where = zones.zone(zone)
    reading = due_grammar.read(words, now, where)
    return Due(reading.date, reading.time, where.key) if reading else None


def _at_instant(moment: dt.datetime, zone: str) -> Due:
    """Give the due at that instant (aware), to the second, on the wall clock of that zone."""
    where = zones.zone(zone)
    date, time = due_grammar.on_the_clock(moment, where)
    return Due(date, time, where.key)


def _from_iso_match(match: re.Match[str], zone: str) -> Due:
    """Build the due of an ISO text; the zone it names in brackets goes before `zone`."""
    try:
        where = zones.zone(match["zone"] or zone)
    except zones.UnknownZoneError as error:
        if match["zone"]:
            raise DueError(DueReason.NO_SUCH_ZONE, match["zone"]) from error
        raise
    try:
        date = dt.date.fromisoformat(match["date"])
    except ValueError as error:
        raise DueError(DueReason.NO_SUCH_DATE, match["date"]) from error
    checked(date)
    if not match["time"]:
        return Due(date, None, where.key)
    time, days = time_of_day(match["time"], int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    due = Due(date + dt.timedelta(days=days), time, where.key)
    return _with_offset(due, match["offset"].upper(), bool(match["zone"])) if match["offset"] else due


def _with_offset(due: Due, offset: str, zone_is_said: bool) -> Due:
    """Apply the offset of an ISO text.

    Beside a zone it only tells the two passes of an hour apart: the wall clock holds even when the zone's rules have
    changed since. Alone, or as `Z`, it says the instant.
    """
    clock = due.time or _MIDNIGHT
    try:
        said = dt.datetime.fromisoformat(f"{due.date.isoformat()}T{clock.isoformat()}{offset}")
    except ValueError as error:
        raise DueError(DueReason.NO_SUCH_TIME, offset) from error
    if not zone_is_said or offset == "Z":
        return _at_instant(said, due.zone)
    second = dt.datetime.combine(due.date, clock.replace(fold=1), tzinfo=zones.zone(due.zone))
    is_second = said.utcoffset() == second.utcoffset() != second.replace(fold=0).utcoffset()
    return replace(due, time=clock.replace(fold=1)) if is_second else due


def _put_off(due: Due | None, span: Span, now: dt.datetime, zone: str) -> Due:
    """Add a span to a due or to now, whichever is later."""
    zone = due.zone if due else zone
    if span.seconds is not None:
        base = max(now, due.at) if due and due.time else now
        return _at_instant(span.since(base), zone)
    today = now.astimezone(zones.zone(zone)).date()
    date = span.after(max(today, due.date) if due else today)
    return Due(date, due.time if due else _START_OF_WORK, zones.zone(zone).key)
