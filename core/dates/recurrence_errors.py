"""Why a text says no repetition."""

from collections.abc import Mapping
from enum import StrEnum

from core.dates.unread import UnreadError


class RecurrenceReason(StrEnum):
    """Why a text says no repetition."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_UNDERSTOOD = "not_understood"
    AMBIGUOUS = "ambiguous"
    """Every second Friday: of the month, or every other week?"""
    NO_SUCH_DAY = "no_such_day"
    NO_FIFTH = "no_fifth"
    """A fifth Friday: most months have none."""
    NO_SUCH_DATE = "no_such_date"
    NO_SUCH_COUNT = "no_such_count"
    TOO_OFTEN = "too_often"
    TOO_RARE = "too_rare"
    NO_SUCH_TIME = "no_such_time"
    LATE_DAYS = "late_days"
    """Several days that not every month has, or very many days."""


_EXAMPLES: Mapping[StrEnum, str] = {
    RecurrenceReason.NO_SUCH_DAY: "monthly on the last day",
    RecurrenceReason.NO_SUCH_DATE: "weekly until 2026-12-31",
    RecurrenceReason.NO_SUCH_COUNT: "weekly, 5 times",
    RecurrenceReason.TOO_OFTEN: "daily",
    RecurrenceReason.TOO_RARE: "yearly",
    RecurrenceReason.NO_SUCH_TIME: "daily at 14:30",
    RecurrenceReason.LATE_DAYS: "monthly on the 15th and last day",
}


class RecurrenceError(UnreadError[RecurrenceReason]):
    """A text that says no repetition."""

    examples = _EXAMPLES
    usual = "every mon and thu"
