"""The words people use for a time, read whole or refused.

Shapes are tables: a day (`fri`, `3 dec`, `end of month`), a time of day (`9am`, `noon`), a span (`2h`, `3 days`). A due
is a span, a day, a time, or a day and a time in either order. Text that the shapes do not wholly consume is refused, so
a stray letter or number never becomes a date.

What is read where English leaves a choice:
- `fri` is the next such day; said on a Friday it is in seven days, unless the time with it is still ahead today.
  `this fri` may be today, `next fri` never is.
- `3 dec` without a year is the next one, today included. A time alone is its next occurrence.
- `next week` is its Monday, `next month` its first day. `end of week` is Friday, on a weekend its Sunday.
- Hours are of 24 unless am, pm or a part of the day says otherwise: `at 9` is 09:00, `tonight at 9` is 21:00. `at 3`
  and `half past 3` are said of either half of the day, up to 6, and are refused; `3:30` and `at 03` are the clock's.
- `midnight` and `24:00` end the day they are said of; `00:00` and `12am` begin it.
- `tonight` is 20:00, `morning` 9:00, `afternoon` 14:00, `evening` 18:00; once that has passed today (`tonight`, said
  at 21:00), it is today without a time.
- `3 days` is a day without a time; `2h` and `1 day 2h` count exactly from now. `17h` and `17h30` are times.
- `25/12/2026` can be read in one way, so it is; `3/12/2026` is refused. `25 dec 27` is of 2027.
- `end of day` and `eod` are the day as a whole.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.dates.days import Day, read_day
from core.dates.errors import DueError, DueReason
from core.dates.spans import read_span
from core.dates.times import TimeOfDay, read_time, within
from core.shared.zones import instant

_MOST_WORDS = 16
_WIDEST_OFFSET = 14
"""Hours between a zone and UTC; no place on earth is farther off."""
_PUNCTUATION = {
    ord(","): " ",
    ord("\u2212"): "-",
    **dict.fromkeys(range(0x2010, 0x2016), "-"),
    **dict.fromkeys((0x02BC, 0x2018, 0x2019), "'"),
}


class Reading(NamedTuple):
    """What a text says: a date and perhaps a time on the wall clock of the zone it was read in."""

    date: dt.date
    time: dt.time | None


def words_of(text: str) -> list[str]:
    """Split a text into plain words: compatibility forms, case, dashes, commas and spaces levelled."""
    plain = unicodedata.normalize("NFKC", text).translate(_PUNCTUATION).casefold()
    # `fri @ 7pm`
    plain = re.sub(r"(?:^|(?<=\s))@(?=\s|[0-9])", "at ", plain)
    return [word.rstrip(".") if word[:1].isalpha() else word for word in plain.split()]


def read(words: Sequence[str], now: dt.datetime, where: ZoneInfo) -> Reading | None:
    """Read plain words as seen at `now` (UTC) in that zone; None if they have no shape of a due.

    Raises `DueError` for words that have the shape but name no date or time there is.
    """
    if not words or len(words) > _MOST_WORDS:
        return None
    local = now.astimezone(where)
    text = " ".join(words)
    try:
        if text == "now":
            return on_the_clock(now, where)
        span = read_span(text)
        if span and span.seconds is not None:
            return on_the_clock(span.since(now), where)
        return _read_split(words, local, where) or _read_with_offset(words, now, where)
    except DueError as error:
        raise DueError(error.reason, error.part or text, readings=error.readings) from error


def _read_with_offset(words: Sequence[str], now: dt.datetime, where: ZoneInfo) -> Reading | None:
    """Read a day and a time with the offset they are meant in, such as `fri 25 dec 2026 10:00 +0100`."""
    meant = _zone_of(words[-1]) if len(words) > 1 else None
    reading = _read_split(words[:-1], now.astimezone(meant), meant) if meant else None
    if reading is None or reading.time is None:
        return None
    return on_the_clock(dt.datetime.combine(reading.date, reading.time, meant), where)


def _zone_of(word: str) -> dt.tzinfo | None:
    """Return what `+0100`, `-05:30` or `utc` means."""
    if word in ("utc", "gmt", "z"):
        return dt.UTC
    said = re.fullmatch(r"(?P<sign>[+-])(?P<hours>[0-9]{2}):?(?P<minutes>[0-5][0-9])", word)
    if said is None:
        return None
    if int(said["hours"]) > _WIDEST_OFFSET:
        raise DueError(DueReason.NO_SUCH_TIME, word)
    ahead = dt.timedelta(hours=int(said["hours"]), minutes=int(said["minutes"]))
    return dt.timezone(ahead if said["sign"] == "+" else -ahead)


def on_the_clock(moment: dt.datetime, where: ZoneInfo) -> Reading:
    """Read the wall clock at an instant, to the second; `fold` tells the second pass of an hour that comes twice."""
    local = moment.astimezone(where).replace(microsecond=0)
    return Reading(local.date(), local.time())


def read_and_unread(words: Sequence[str], now: dt.datetime, where: ZoneInfo) -> tuple[str, str]:
    """Part refused words into the longest beginning that reads, which may be empty, and the rest."""
    for count in range(min(len(words), _MOST_WORDS) - 1, 0, -1):
        try:
            understood = read(words[:count], now, where) is not None
        except DueError:
            understood = True
        if understood:
            return " ".join(words[:count]), " ".join(words[count:])
    return "", " ".join(words)


def _read_split(words: Sequence[str], local: dt.datetime, where: dt.tzinfo) -> Reading | None:
    """Read a day, a time, or both in either order; what has the shape of a day as a whole is nothing else."""
    if day := read_day(" ".join(words), local.date()):
        return _join(day, None, local, where)
    wrong: DueError | None = None
    for day_words, time_words in _splits(words):
        try:
            reading = _read_pair(" ".join(day_words), " ".join(time_words), local, where)
        except DueError as error:
            wrong = wrong or error
            continue
        if reading:
            return reading
    if wrong:
        raise wrong
    return None


def _splits(words: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Give each way to part words into those of a day (none, if the time is alone) and those of a time."""
    yield (), words
    for count in range(len(words) - 1, 0, -1):
        yield words[:count], words[count:]
        yield words[count:], words[:count]


def _read_pair(day_text: str, time_text: str, local: dt.datetime, where: dt.tzinfo) -> Reading | None:
    """Read a time with its day, if any; only where both have their shape may either object."""
    clock, wrong = None, None
    try:
        clock = read_time(time_text)
    except DueError as error:
        wrong = error
    if clock is None and wrong is None:
        return None
    day = read_day(day_text, local.date()) if day_text else None
    if day_text and day is None:
        return None
    if wrong:
        raise wrong
    reading = _join(day, clock, local, where)
    if reading and clock and clock.in_doubt and not (day and day.part):
        raise DueError(DueReason.AMBIGUOUS, time_text, readings=clock.readings)
    return reading


def _join(day: Day | None, clock: TimeOfDay | None, local: dt.datetime, where: dt.tzinfo) -> Reading | None:
    """Put a day and a time together; None if they contradict each other (`tonight at 9am`)."""
    today = local.date()
    if day is None:
        day = Day(today + dt.timedelta(days=1), or_today=True)
    if day.part:
        said, clock = clock, within(day.part, clock)
        if clock is None:
            return None
        if said is None and day.date == today and not _is_ahead(today, clock, local, where):
            return Reading(today, None)
    if clock is None:
        return Reading(day.date, None)
    date = today if day.or_today and _is_ahead(today, clock, local, where) else day.date
    return Reading(date + dt.timedelta(days=clock.days), clock.time)


def _is_ahead(day: dt.date, clock: TimeOfDay, local: dt.datetime, where: dt.tzinfo) -> bool:
    """Tell whether that time of that day is still to come."""
    # In UTC, for two times of the same zone would be compared by their wall clocks.
    return instant(day + dt.timedelta(days=clock.days), clock.time, where) > local.astimezone(dt.UTC)
