"""Why a text is no due, and how far a due may lie."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from core.dates.unread import UnreadError

FIRST_YEAR, LAST_YEAR = 1900, 2199


class DueReason(StrEnum):
    """Why a text is no due."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_UNDERSTOOD = "not_understood"
    AMBIGUOUS = "ambiguous"
    NO_SUCH_DATE = "no_such_date"
    NO_SUCH_TIME = "no_such_time"
    NO_SUCH_ZONE = "no_such_zone"
    TOO_FAR = "too_far"
    IN_THE_PAST = "in_the_past"


_EXAMPLES: Mapping[StrEnum, str] = {
    DueReason.NO_SUCH_DATE: "2026-12-31",
    DueReason.NO_SUCH_TIME: "14:30",
    DueReason.NO_SUCH_ZONE: "2026-12-31T14:30[Europe/Berlin]",
    DueReason.TOO_FAR: "in 3 months",
    DueReason.IN_THE_PAST: "in 20 min",
}


class DueError(UnreadError[DueReason]):
    """A text that is no due."""

    examples = _EXAMPLES
    usual = "tomorrow 9am"


def checked(day: dt.date, part: str = "") -> dt.date:
    """Give the day back if its year is one we keep; raises `DueError` naming `part`, or else the day."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DueError(DueReason.TOO_FAR, part or day.isoformat())
    return day
