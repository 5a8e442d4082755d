"""Times of day as people write them: `9am`, `09:30`, `at 9`, `noon`, `in the morning`."""

import datetime as dt
import re
from typing import NamedTuple

from core.dates.errors import DueError, DueReason
from core.dates.shapes import Shapes


class TimeOfDay(NamedTuple):
    """A time of day; `days` is 1 when it ends the day, `bare` when neither am nor pm was said.

    `in_doubt` is one that was said as people speak, such as `half past 3`: which half of the day is meant?
    """

    time: dt.time
    days: int = 0
    bare: bool = False
    in_doubt: bool = False

    @property
    def readings(self) -> tuple[str, ...]:
        """Both times that one in doubt may mean, on a clock of 24 hours; none of any other."""
        if not self.in_doubt:
            return ()
        return tuple(f"{hour:02}:{self.time:%M}" for hour in (self.time.hour % 12, self.time.hour % 12 + 12))


class Part(NamedTuple):
    """A part of the day: the hour it stands for, and the hours that lie in it."""

    hour: int
    hours: range


PARTS = {
    "morning": Part(9, range(4, 12)),
    "afternoon": Part(14, range(12, 18)),
    "evening": Part(18, range(17, 24)),
    "night": Part(20, range(17, 24)),
}
_PART = "|".join(PARTS)
_NOON, _MIDNIGHT = TimeOfDay(dt.time(12)), TimeOfDay(dt.time(0), days=1)
_NAMED_TIMES = {"noon": _NOON, "midday": _NOON, "midnight": _MIDNIGHT}
_NAMED_TIMES |= {f"12 {name}": time for name, time in _NAMED_TIMES.items()}
_NAMED_TIMES |= {
    f"{lead}{name}": TimeOfDay(dt.time(part.hour)) for name, part in PARTS.items() for lead in ("", "in the ")
}
_NAMED_TIMES["first thing"] = _NAMED_TIMES["morning"]
_NAMED_TIMES["at night"] = _NAMED_TIMES["night"]

_IN_DOUBT = re.compile(r"[1-6]")
"""Hours at which people are asleep or at work: said without a clock's `03:00` either may be meant."""

_HOUR, _HALF = r"(?P<hour>[0-9]{1,2})", r"(?: ?(?P<half>[ap])\.?m|(?P<short>[ap]))"
_LEADS = ("at ", "by ", "before ")
_AT = f"(?:{'|'.join(_LEADS)})?"
_IN_PART = "(?:in the (?P<part>morning|afternoon|evening)|at (?P<night>night))"
_TIMES = Shapes[None](
    (rf"{_AT}{_HOUR}[:.](?P<minute>[0-9]{{2}})(?::(?P<second>[0-9]{{2}}))?{_HALF}?", None),
    (rf"{_AT}{_HOUR}(?: ?o'?clock)?{_HALF}", None),
    (rf"{_AT}{_HOUR} ?o'?clock", None),
    (rf"at {_HOUR}", None),
    (rf"at {_HOUR} ?h|(?:at |by )?(?P<hour_h>[01][0-9]|2[0-4]) ?h", None),
    # `2h30` may be two hours and a half as well.
    (rf"at {_HOUR} ?h ?(?P<minute>[0-9]{{2}})", None),
    (r"(?:by )?(?P<hour_h>0[0-9]|[7-9]|1[0-9]|2[0-4]) ?h ?(?P<minute>[0-9]{2})", None),
    (rf"{_AT}{_HOUR}(?:[:.](?P<minute>[0-9]{{2}}))? {_IN_PART}", None),
    (rf"{_AT}(?P<away>half past|quarter past|quarter to) {_HOUR}{_HALF}?", None),
)
_AWAY = {"half past": dt.timedelta(minutes=30), "quarter past": dt.timedelta(minutes=15)}
_QUARTER_TO = dt.timedelta(minutes=-15)


def time_of_day(text: str, hour: int, minute: int = 0, second: int = 0, half: str = "") -> tuple[dt.time, int]:
    """Give the time and the days to add (1 for 24:00, else 0); `half` is `a` (am), `p` (pm) or nothing.

    Raises `DueError` naming `text` when the clock never shows that.
    """
    if half:
        if not 1 <= hour <= 12:
            raise DueError(DueReason.NO_SUCH_TIME, text)
        hour = hour % 12 + (12 if half == "p" else 0)
    if (hour, minute, second) == (24, 0, 0):
        return dt.time(0), 1
    try:
        return dt.time(hour, minute, second), 0
    except ValueError as error:
        raise DueError(DueReason.NO_SUCH_TIME, text) from error


def read_time(text: str) -> TimeOfDay | None:
    """Read a time of day; None if the text has not that shape."""
    names = (text, *map(text.removeprefix, _LEADS))
    if named := next((_NAMED_TIMES[name] for name in names if name in _NAMED_TIMES), None):
        return named
    match, _ = next(_TIMES.matching(text), (None, None))
    if match is None:
        return None
    said = match.groupdict()
    bare_text = next((text.removeprefix(lead) for lead in _LEADS if text.startswith(lead)), text)
    half = said.get("half") or said.get("short") or ""
    minute, second = (int(said.get(unit) or 0) for unit in ("minute", "second"))
    hour = int(said.get("hour") or said["hour_h"])
    time, days = time_of_day(bare_text, hour, minute, second, half)
    in_doubt = not half and said.get("minute") is None and _IN_DOUBT.fullmatch(said.get("hour") or "") is not None
    if away := said.get("away"):
        shifted = dt.datetime.combine(dt.date.min + dt.timedelta(days=1), time) + _AWAY.get(away, _QUARTER_TO)
        return TimeOfDay(shifted.time(), bare=not half, in_doubt=in_doubt)
    clock = TimeOfDay(time, days, bare=not half, in_doubt=in_doubt)
    part = said.get("part") or said.get("night")
    return within(part, clock) if part else clock


def within(part: str, clock: TimeOfDay | None) -> TimeOfDay | None:
    """Give the time meant in that part of the day: its own if none was said; None if the one said lies outside."""
    hour, hours = PARTS[part]
    if clock is None:
        return TimeOfDay(dt.time(hour))
    if clock.days:
        return clock if hours.stop == 24 else None
    if clock.bare and clock.time.hour not in hours and 0 < clock.time.hour < 12:
        clock = TimeOfDay(clock.time.replace(hour=clock.time.hour + 12))
    return clock._replace(in_doubt=False) if clock.time.hour in hours else None
