"""Days and moments of sales as people and programs write them."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.transfer.sheet import CellError

FIRST_YEAR, LAST_YEAR = 1900, 2199

_LONGEST = 40
_MONTHS = 12
_NUMBERS = re.compile(
    r"([0-9]{1,4})([/.\-])([0-9]{1,2})\2([0-9]{1,4})"
    r"(?:,?[ T]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?(?:\s*([AaPp])\.?[Mm]\.?)?)?"
)
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_SERIALS = range(18264, 73051)
"""Days that a spreadsheet counts from 1900 on: those of 1950 to 2099."""
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock, as spreadsheets keep it

Sold = tuple[date, datetime | None]
"""The day in the workspace's zone, and the moment if a time was told."""


class Days:
    """Reads days; of two numbers that could both be a month, the first is the day where a file is `day_first`."""

    def __init__(self, zone: ZoneInfo, *, day_first: bool = False) -> None:
        """Read wall clocks as in that zone."""
        self._zone = zone
        self._day_first = day_first
        self.met_doubtful = False

    def read(self, text: str) -> Sold:
        """Return what a text says; raises `CellError`."""
        plain = " ".join(text[: _LONGEST + 1].split())
        if not plain:
            raise CellError("day_missing")
        if len(plain) > _LONGEST:
            raise CellError("day_bad")
        try:
            day, moment = self._read(plain)
        except CellError:
            raise
        except (ValueError, OverflowError):
            raise CellError("day_bad") from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise CellError("day_too_far")
        return day, moment

    def _read(self, text: str) -> Sold:
        if _SERIAL.fullmatch(text):
            return self._of_serial(text)
        if match := _NUMBERS.fullmatch(text):
            if len(match[1]) != 4 or match[2] != "-":
                return self._of_numbers(match)
        elif len(text) <= 10:
            return date.fromisoformat(text), None
        if len(text) <= 10:
            return date(*map(int, text.split("-"))), None
        return self._at(datetime.fromisoformat(text))

    def _at(self, moment: datetime) -> Sold:
        local = moment.astimezone(self._zone) if moment.tzinfo else moment.replace(tzinfo=self._zone)
        return local.date(), local.astimezone(UTC)

    def _of_serial(self, text: str) -> Sold:
        days, _, rest = text.partition(".")
        if int(days) not in _SERIALS:
            raise CellError("day_bad")
        moment = _EPOCH + timedelta(days=int(days), seconds=round(float(f"0.{rest or 0}") * 86400))
        return self._at(moment) if rest.strip("0") else (moment.date(), None)

    def _of_numbers(self, match: re.Match[str]) -> Sold:
        first, middle, last = match[1], match[3], match[4]
        if len(first) == 4:
            day = date(int(first), int(middle), int(last))
        elif len(last) != 4:
            raise CellError("day_short_year")
        else:
            day = date(int(last), *self._month_and_day(int(first), int(middle), match[2]))
        if match[5] is None:
            return day, None
        return self._at(datetime.combine(day, _clock(match)))

    def _month_and_day(self, first: int, second: int, mark: str) -> tuple[int, int]:
        if mark == ".":
            return second, first
        self.met_doubtful = self.met_doubtful or (first != second and max(first, second) <= _MONTHS)
        return (second, first) if self._day_first else (first, second)


def _clock(match: re.Match[str]) -> time:
    hour = int(match[5])
    if match[8]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + 12 * (match[8] in "pP")
    return time(hour, int(match[6]), int(match[7] or 0))


def has_numbers(text: str) -> bool:
    """Tell whether a text is a date of two numbers that may both be a month, such as 12/1/2010."""
    match = _NUMBERS.match(text.strip())
    return bool(match and match[2] != "." and len(match[1]) <= 2 and len(match[4]) == 4)


def are_day_first(texts: Iterable[str]) -> bool | None:
    """Tell whether a day stands before its month in dates such as 25/12/2010; None without any sign of it."""
    for text in texts:
        match = _NUMBERS.match(text.strip()) if has_numbers(text) else None
        if match and int(match[1]) > _MONTHS:
            return True
        if match and int(match[3]) > _MONTHS:
            return False
    return None
