"""Why a text says no times at which something runs."""

from collections.abc import Mapping
from enum import StrEnum

from core.dates.recurrence_errors import RecurrenceError
from core.dates.unread import UnreadError


class RuleReason(StrEnum):
    """Why a text says no times; those of repetitions by the calendar have the same words as there."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_UNDERSTOOD = "not_understood"
    AMBIGUOUS = "ambiguous"
    NO_SUCH_DAY = "no_such_day"
    NO_FIFTH = "no_fifth"
    NO_SUCH_DATE = "no_such_date"
    NO_SUCH_COUNT = "no_such_count"
    TOO_OFTEN = "too_often"
    """Less than a minute from one time to the next."""
    TOO_RARE = "too_rare"
    NO_SUCH_TIME = "no_such_time"
    LATE_DAYS = "late_days"
    ENDLESS = "endless"
    """Something that only tasks do: coming so many times, or after they were done."""
    CRON_FIELDS = "cron_fields"
    """More fields than five."""
    CRON_VALUE = "cron_value"
    CRON_NEVER = "cron_never"
    """A date that no year has."""


_EXAMPLES: Mapping[StrEnum, str] = {
    RuleReason.NO_SUCH_DAY: "last day of the month 17:00",
    RuleReason.NO_SUCH_DATE: "weekly until 2026-12-31",
    RuleReason.TOO_OFTEN: "every 15 minutes",
    RuleReason.TOO_RARE: "yearly on 1 march",
    RuleReason.NO_SUCH_TIME: "daily 14:30",
    RuleReason.LATE_DAYS: "monthly on the 15th and last day",
    RuleReason.ENDLESS: "daily 9:00 until 2026-12-31",
    RuleReason.CRON_FIELDS: "0 9 * * 1-5",
    RuleReason.CRON_VALUE: "0 9 * * 1-5",
    RuleReason.CRON_NEVER: "0 9 28 2 *",
}


class RuleError(UnreadError[RuleReason]):
    """A text that says no times; `field` is that of a cron expression that it stands in, with what this takes."""

    examples = _EXAMPLES
    usual = "weekdays 9:00"

    def __init__(
        self,
        reason: RuleReason,
        part: str = "",
        read: str = "",
        readings: tuple[str, ...] = (),
        field: str = "",
    ) -> None:
        """Keep what the wording needs."""
        super().__init__(reason, part, read, readings)
        self.field = field

    @classmethod
    def of(cls, error: RecurrenceError) -> "RuleError":
        """Return why a repetition by the calendar can't be read."""
        return cls(RuleReason(error.reason.value), error.part, error.read, error.readings)
