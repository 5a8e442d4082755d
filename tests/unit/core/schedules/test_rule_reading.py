"""What people type for when something runs, and what is made of it."""

import datetime as dt

import pytest

from core.schedules.cron import Cron
from core.schedules.errors import RuleError, RuleReason
from core.schedules.grammar import LONGEST_TEXT, parse_rule
from core.schedules.rules import LONGEST_RULE, Calendar, Interval, stored_rule

FRIDAY = dt.date(2026, 11, 20)

READ = {
    "weekdays 9:00": ("every weekday at 09:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR@09:00"),
    "every monday 8am": ("every Monday at 08:00", "FREQ=WEEKLY;BYDAY=MO@08:00"),
    "daily 18:30": ("daily at 18:30", "FREQ=DAILY@18:30"),
    "1st of the month 7:00": ("monthly on the 1st at 07:00", "FREQ=MONTHLY;BYMONTHDAY=1@07:00"),
    "last day of the month 17:00": ("monthly on the last day at 17:00", "FREQ=MONTHLY;BYMONTHDAY=-1@17:00"),
    "Mon, Thu 9:00 and 17:00": ("every Monday and Thursday at 09:00 and 17:00", "FREQ=WEEKLY;BYDAY=MO,TH@09:00,17:00"),
    "daily at 17, 9 and 12": ("daily at 09:00, 12:00 and 17:00", "FREQ=DAILY@09:00,12:00,17:00"),
    "at 5pm and 9am weekdays": ("every weekday at 09:00 and 17:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR@09:00,17:00"),
    "daily 9:00 and 9am": ("daily at 09:00", "FREQ=DAILY@09:00"),
    "daily 9:00 and 17:00 until 31 dec": (
        "daily at 09:00 and 17:00 until 31 Dec 2026",
        "FREQ=DAILY;UNTIL=20261231@09:00,17:00",
    ),
    "every 2 weeks on fri 9:00": ("every 2 weeks on Friday at 09:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR@09:00"),
    "every 2 weeks mon and fri 9:00": (
        "every 2 weeks on Monday and Friday at 09:00",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR@09:00",
    ),
    "weekly monday": ("every Monday at 09:00", "FREQ=WEEKLY;BYDAY=MO@09:00"),
    "first of the month 7:00": ("monthly on the 1st at 07:00", "FREQ=MONTHLY;BYMONTHDAY=1@07:00"),
    "every evening": ("daily at 18:00", "FREQ=DAILY@18:00"),
    "FREQ=WEEKLY;BYDAY=MO;BYHOUR=8": ("every Monday at 08:00", "FREQ=WEEKLY;BYDAY=MO@08:00"),
    # A time alone is each day's, days alone run at 9:00; a week without a day has today's.
    "9:00": ("daily at 09:00", "FREQ=DAILY@09:00"),
    "17h": ("daily at 17:00", "FREQ=DAILY@17:00"),
    "weekdays": ("every weekday at 09:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR@09:00"),
    "weekly 8:00": ("every Friday at 08:00", "FREQ=WEEKLY;BYDAY=FR@08:00"),
    "monthly": ("monthly on the 20th at 09:00", "FREQ=MONTHLY;BYMONTHDAY=20@09:00"),
    "daily midnight": ("daily at 00:00", "FREQ=DAILY@00:00"),
    "every 2d": ("every 2 days at 09:00", "FREQ=DAILY;INTERVAL=2@09:00"),
    "every 15 minutes": ("every 15 minutes", "PT900S"),
    "15m": ("every 15 minutes", "PT900S"),
    "every 2 hours": ("every 2 hours", "PT7200S"),
    "every 1h30m": ("every 1 hour 30 minutes", "PT5400S"),
    "every hour": ("every hour", "PT3600S"),
    "hourly": ("every hour", "PT3600S"),
    "every half hour": ("every 30 minutes", "PT1800S"),
    "every minute": ("every minute", "PT60S"),
    "every 17h": ("every 17 hours", "PT61200S"),
    "0 9 * * 1-5": ("every weekday at 09:00", "0 9 * * 1-5"),
    "  0  9 * *  MON-FRI ": ("every weekday at 09:00", "0 9 * * mon-fri"),
    "@daily": ("daily at 00:00", "0 0 * * *"),
}


@pytest.mark.parametrize("typed", READ)
def test_reads_what_people_type(typed: str) -> None:
    rule = parse_rule(typed, today=FRIDAY)
    assert (rule.words(), rule.written()) == READ[typed]
    assert stored_rule(rule.written()) == rule
    # Cron has words of its own beside what was typed, which says the same.
    assert parse_rule(rule.text if isinstance(rule, Cron) else rule.words(), today=FRIDAY) == rule
    assert len(rule.written()) <= LONGEST_RULE


REFUSED = {
    "": (RuleReason.EMPTY, ""),
    "x" * (LONGEST_TEXT + 1): (RuleReason.TOO_LONG, "x" * 40),
    "now and then": (RuleReason.NOT_UNDERSTOOD, "now and then"),
    "weekdays 9": (RuleReason.NOT_UNDERSTOOD, "9"),
    "weekdays 9:00 sharp": (RuleReason.NOT_UNDERSTOOD, "sharp"),
    "in 2 hours": (RuleReason.NOT_UNDERSTOOD, "in 2 hours"),
    "daily at 3": (RuleReason.AMBIGUOUS, "at 3"),
    "daily at 9 and 3": (RuleReason.AMBIGUOUS, "at 3"),
    "friday midnight": (RuleReason.AMBIGUOUS, "midnight"),
    "every second friday": (RuleReason.AMBIGUOUS, "every second friday"),
    "daily 25:00": (RuleReason.NO_SUCH_TIME, "25:00"),
    "daily 9:00 and 25:00": (RuleReason.NO_SUCH_TIME, "25:00"),
    "monthly on the 32nd": (RuleReason.NO_SUCH_DAY, "monthly on the 32nd"),
    "every 30 seconds": (RuleReason.TOO_OFTEN, "every 30 seconds"),
    "every 0 minutes": (RuleReason.TOO_OFTEN, "every 0 minutes"),
    "twice a day": (RuleReason.TOO_OFTEN, "twice a day"),
    "every 10000 hours": (RuleReason.TOO_RARE, "every 10000 hours"),
    "every 99999999999 minutes": (RuleReason.TOO_RARE, "every 99999999999 minutes"),
    "every 99999999999 days": (RuleReason.TOO_RARE, "every 99999999999 days"),
    "every 9999999999 weeks 1 hour": (RuleReason.TOO_RARE, "every 9999999999 weeks 1 hour"),
    "daily 9:00, 5 times": (RuleReason.ENDLESS, "daily 9:00, 5 times"),
    "every 2 days after completion": (RuleReason.ENDLESS, "every 2 days after completion"),
    "0 0 9 * * 1": (RuleReason.CRON_FIELDS, "0 0 9 * * 1"),
    "0 25 * * *": (RuleReason.CRON_VALUE, "25"),
    "0 9 * * sat-mon": (RuleReason.CRON_VALUE, "sat-mon"),
    "0 9 L * *": (RuleReason.CRON_VALUE, "l"),
    "*/0 * * * *": (RuleReason.CRON_VALUE, "*/0"),
    "? * * * *": (RuleReason.CRON_VALUE, "?"),
    "0 9 1,,2 * *": (RuleReason.CRON_VALUE, ""),
    "@often": (RuleReason.CRON_VALUE, "@often"),
    "0 0 30 2 *": (RuleReason.CRON_NEVER, "30 February"),
    "0 0 31 4,6 *": (RuleReason.CRON_NEVER, "31 Apr or Jun"),
    "0 0 31 2,4,6,9,11 *": (RuleReason.CRON_NEVER, "31 Feb, Apr, Jun, Sep or Nov"),
}


@pytest.mark.parametrize("typed", REFUSED)
def test_refuses_what_says_no_times_and_names_why(typed: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(typed, today=FRIDAY)
    assert (caught.value.reason, caught.value.part) == REFUSED[typed]
    parse_rule(caught.value.example, today=FRIDAY)


@pytest.mark.parametrize(
    "stored", ["", "PT59S", "PT0S", "FREQ=DAILY@", "FREQ=DAILY@25:00", "FREQ=DAILY;COUNT=2@09:00", "x"]
)
def test_stored_rules_that_say_nothing_are_errors(stored: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        stored_rule(stored)


def test_rules_are_of_three_kinds() -> None:
    assert isinstance(parse_rule("every 90 minutes", today=FRIDAY), Interval)
    assert isinstance(parse_rule("every other day", today=FRIDAY), Calendar)
