"""What people type for a repetition, and what is made of it."""

import datetime as dt

import pytest

from core.dates.recurrence_errors import RecurrenceError, RecurrenceReason
from core.dates.recurrence_grammar import LONGEST_TEXT, match_recurrence, parse_recurrence
from core.dates.recurrence_rules import recurrence_of, rule_of

FRIDAY = dt.date(2026, 11, 20)


def refusal(text: str) -> tuple[RecurrenceReason, str]:
    with pytest.raises(RecurrenceError) as caught:
        parse_recurrence(text, today=FRIDAY)
    assert caught.value.example
    return caught.value.reason, caught.value.part


READ = {
    "daily": ("daily", "FREQ=DAILY"),
    "Every day": ("daily", "FREQ=DAILY"),
    "everyday": ("daily", "FREQ=DAILY"),
    "every 3 days": ("every 3 days", "FREQ=DAILY;INTERVAL=3"),
    "every three days": ("every 3 days", "FREQ=DAILY;INTERVAL=3"),
    "every 3rd day": ("every 3 days", "FREQ=DAILY;INTERVAL=3"),
    "every other day": ("every 2 days", "FREQ=DAILY;INTERVAL=2"),
    "weekdays": ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    "every weekday": ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    "every working day": ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    "mon–fri": ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    "monday to friday": ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    "sat to mon": ("every Monday, Saturday and Sunday", "FREQ=WEEKLY;BYDAY=MO,SA,SU"),
    "weekly": ("weekly", "FREQ=WEEKLY"),
    "every week": ("weekly", "FREQ=WEEKLY"),
    "fortnightly": ("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
    "every mon and thu": ("every Monday and Thursday", "FREQ=WEEKLY;BYDAY=MO,TH"),
    "every Thursday, Monday": ("every Monday and Thursday", "FREQ=WEEKLY;BYDAY=MO,TH"),
    "Mondays & thursdays": ("every Monday and Thursday", "FREQ=WEEKLY;BYDAY=MO,TH"),
    "fri": ("every Friday", "FREQ=WEEKLY;BYDAY=FR"),
    "weekly on tues.": ("every Tuesday", "FREQ=WEEKLY;BYDAY=TU"),
    "every 2 weeks on fri": ("every 2 weeks on Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
    "every other friday": ("every 2 weeks on Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
    "monthly": ("monthly", "FREQ=MONTHLY"),
    "every 2 months": ("every 2 months", "FREQ=MONTHLY;INTERVAL=2"),
    "quarterly": ("every 3 months", "FREQ=MONTHLY;INTERVAL=3"),
    "yearly": ("yearly", "FREQ=MONTHLY;INTERVAL=12"),
    "every 2 years": ("every 2 years", "FREQ=MONTHLY;INTERVAL=24"),
    "monthly on the 15th": ("monthly on the 15th", "FREQ=MONTHLY;BYMONTHDAY=15"),
    "every month on day 15": ("monthly on the 15th", "FREQ=MONTHLY;BYMONTHDAY=15"),
    "the 1st of each month": ("monthly on the 1st", "FREQ=MONTHLY;BYMONTHDAY=1"),
    "every 22nd": ("monthly on the 22nd", "FREQ=MONTHLY;BYMONTHDAY=22"),
    "monthly on the 13th": ("monthly on the 13th", "FREQ=MONTHLY;BYMONTHDAY=13"),
    "monthly on the 29th": ("monthly on the 29th", "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1"),
    "monthly on the 31st": ("monthly on the 31st", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
    "every month on the last day": ("monthly on the last day", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    "last day of the month": ("monthly on the last day", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    "last day of month": ("monthly on the last day", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    "end of month": ("monthly on the last day", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    "end of the month": ("monthly on the last day", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    "first day of the month": ("monthly on the 1st", "FREQ=MONTHLY;BYMONTHDAY=1"),
    "1st day of each month": ("monthly on the 1st", "FREQ=MONTHLY;BYMONTHDAY=1"),
    "on the first of the month": ("monthly on the 1st", "FREQ=MONTHLY;BYMONTHDAY=1"),
    "every 2 months on the first day": ("every 2 months on the 1st", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1"),
    "first monday of the month": ("monthly on the first Monday", "FREQ=MONTHLY;BYDAY=1MO"),
    "every 3rd friday": ("monthly on the third Friday", "FREQ=MONTHLY;BYDAY=3FR"),
    "every second friday of the month": ("monthly on the second Friday", "FREQ=MONTHLY;BYDAY=2FR"),
    "quarterly on the 2nd tue": ("every 3 months on the second Tuesday", "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU"),
    "monthly on the last friday": ("monthly on the last Friday", "FREQ=MONTHLY;BYDAY=-1FR"),
    "last weekday of the month": (
        "monthly on the last weekday",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    ),
    "first working day of the month": (
        "monthly on the first weekday",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
    ),
    "daily until 2026-12-31": ("daily until 31 Dec 2026", "FREQ=DAILY;UNTIL=20261231"),
    "every fri until the end of the year": ("every Friday until 31 Dec 2026", "FREQ=WEEKLY;BYDAY=FR;UNTIL=20261231"),
    "weekly until December 3, 2027": ("weekly until 3 Dec 2027", "FREQ=WEEKLY;UNTIL=20271203"),
    "weekly, 5 times": ("weekly, 5 times", "FREQ=WEEKLY;COUNT=5"),
    "every fri for 1 time": ("every Friday, 1 time", "FREQ=WEEKLY;BYDAY=FR;COUNT=1"),
    "rrule:freq=weekly;byday=th,mo;wkst=mo": ("every Monday and Thursday", "FREQ=WEEKLY;BYDAY=MO,TH"),
    "every weekday except friday": (
        "every Monday, Tuesday, Wednesday and Thursday",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH",
    ),
    "every day but sundays": (
        "every Monday, Tuesday, Wednesday, Thursday, Friday and Saturday",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA",
    ),
    "daily except weekends": ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    "every weekend": ("every weekend", "FREQ=WEEKLY;BYDAY=SA,SU"),
    "every other weekend": ("every 2 weeks on Saturday and Sunday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU"),
    "every fortnight": ("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
    "every quarter": ("every 3 months", "FREQ=MONTHLY;INTERVAL=3"),
    "once a week": ("weekly", "FREQ=WEEKLY"),
    "1st and 15th": ("monthly on the 1st and 15th", "FREQ=MONTHLY;BYMONTHDAY=1,15"),
    "the 20th, 1st & 10th of each month": (
        "monthly on the 1st, 10th and 20th",
        "FREQ=MONTHLY;BYMONTHDAY=1,10,20",
    ),
    "15th and last day of the month": ("monthly on the 15th and last day", "FREQ=MONTHLY;BYMONTHDAY=15,-1"),
    "monthly on the 15th and 31st": (
        "monthly on the 15th and 31st",
        "FREQ=MONTHLY;BYMONTHDAY=15,28,29,30,31;BYSETPOS=1,-1",
    ),
    "every 1st and 3rd monday": ("monthly on the first and third Monday", "FREQ=MONTHLY;BYDAY=1MO,3MO"),
    "first and last working day of the month": (
        "monthly on the first and last weekday",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1",
    ),
    "annually on 1 march": ("yearly on 1 March", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1"),
    "every december 25th": ("yearly on 25 December", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25"),
    "every 2 years on 29 feb": (
        "every 2 years on 29 February",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1",
    ),
    "yearly on the last friday of november": (
        "yearly on the last Friday of November",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=-1FR",
    ),
    "yearly on the last day of february": ("yearly on the last day of February", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"),
    "daily for 5 days": ("daily, 5 times", "FREQ=DAILY;COUNT=5"),
    "daily for two weeks": ("daily, 14 times", "FREQ=DAILY;COUNT=14"),
    "every 2 days for a week": ("every 2 days, 4 times", "FREQ=DAILY;INTERVAL=2;COUNT=4"),
    "every mon and thu for 2 weeks": ("every Monday and Thursday, 4 times", "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4"),
    "1st and 15th for a year": ("monthly on the 1st and 15th, 24 times", "FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=24"),
    "weekly for 2 months": ("weekly until 19 Jan 2027", "FREQ=WEEKLY;UNTIL=20270119"),
    "daily 3x": ("daily, 3 times", "FREQ=DAILY;COUNT=3"),
    "every mon at 9am": ("every Monday at 09:00", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0"),
    "at half past 7 every monday": ("every Monday at 07:30", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=7;BYMINUTE=30"),
    "every evening": ("daily at 18:00", "FREQ=DAILY;BYHOUR=18;BYMINUTE=0"),
    "every day except friday at noon until 31 dec": (
        "every Monday, Tuesday, Wednesday, Thursday, Saturday and Sunday at 12:00 until 31 Dec 2026",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,SA,SU;BYHOUR=12;BYMINUTE=0;UNTIL=20261231",
    ),
    "every monday until 31 dec at 9am": (
        "every Monday at 09:00 until 31 Dec 2026",
        "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;UNTIL=20261231",
    ),
    "every 2 weeks after completion": ("every 2 weeks after completion", "FREQ=WEEKLY;INTERVAL=2;X-FROM=DONE"),
    "3 days after it is done, 5 times": (
        "every 3 days after completion, 5 times",
        "FREQ=DAILY;INTERVAL=3;COUNT=5;X-FROM=DONE",
    ),
    "FREQ=WEEKLY;BYDAY=MO;WKST=SU": ("every Monday", "FREQ=WEEKLY;BYDAY=MO"),
    "FREQ=WEEKLY;BYDAY=MO,TH;WKST=SU": ("every Monday and Thursday", "FREQ=WEEKLY;BYDAY=MO,TH"),
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU": ("every 2 weeks on Monday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    "FREQ=MONTHLY;BYMONTHDAY=28": ("monthly on the 28th", "FREQ=MONTHLY;BYMONTHDAY=28"),
    "FREQ=DAILY;BYHOUR=9;BYSECOND=00": ("daily at 09:00", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0"),
    "FREQ=DAILY;COUNT=1000": ("daily, 1000 times", "FREQ=DAILY;COUNT=1000"),
    "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR": ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    "FREQ=MONTHLY;BYDAY=+1MO": ("monthly on the first Monday", "FREQ=MONTHLY;BYDAY=1MO"),
    "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=30;BYSECOND=0": (
        "every Monday at 09:30",
        "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=30",
    ),
    "FREQ=YEARLY;COUNT=3": ("yearly, 3 times", "FREQ=MONTHLY;INTERVAL=12;COUNT=3"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_reads_a_repetition_and_says_and_stores_it_the_same(text: str, expected: tuple[str, str]) -> None:
    found = parse_recurrence(text, today=FRIDAY)
    assert (found.words(), rule_of(found)) == expected
    assert parse_recurrence(found.words(), today=FRIDAY) == found
    assert recurrence_of(rule_of(found)) == found


REFUSED = {
    "": (RecurrenceReason.EMPTY, ""),
    " , ": (RecurrenceReason.EMPTY, ""),
    "x" * (LONGEST_TEXT + 1): (RecurrenceReason.TOO_LONG, "x" * 40),
    "blub": (RecurrenceReason.NOT_UNDERSTOOD, "blub"),
    "every": (RecurrenceReason.NOT_UNDERSTOOD, "every"),
    "every friday buy milk": (RecurrenceReason.NOT_UNDERSTOOD, "buy milk"),
    "every last day": (RecurrenceReason.NOT_UNDERSTOOD, "every last day"),
    "weekly on the 15th": (RecurrenceReason.NOT_UNDERSTOOD, "weekly on the 15th"),
    "monthly on fri": (RecurrenceReason.NOT_UNDERSTOOD, "fri"),
    "daily until never": (RecurrenceReason.NOT_UNDERSTOOD, "until never"),
    "daily until 31 feb": (RecurrenceReason.NO_SUCH_DATE, "31 feb"),
    "daily 0 times": (RecurrenceReason.NO_SUCH_COUNT, "0"),
    "daily 1001 times": (RecurrenceReason.NO_SUCH_COUNT, "1001"),
    "every second friday": (RecurrenceReason.AMBIGUOUS, "every second friday"),
    "every friday at 3": (RecurrenceReason.AMBIGUOUS, "at 3"),
    "every 5th friday": (RecurrenceReason.NO_FIFTH, "every 5th friday"),
    "every 6th friday": (RecurrenceReason.NO_SUCH_DAY, "every 6th friday"),
    "monthly on the 32nd": (RecurrenceReason.NO_SUCH_DAY, "monthly on the 32nd"),
    "monthly on the 0th": (RecurrenceReason.NO_SUCH_DAY, "monthly on the 0th"),
    "hourly": (RecurrenceReason.TOO_OFTEN, "hourly"),
    "every 20 minutes": (RecurrenceReason.TOO_OFTEN, "every 20 minutes"),
    "twice a day": (RecurrenceReason.TOO_OFTEN, "twice a day"),
    "every 0 days": (RecurrenceReason.TOO_OFTEN, "every 0 days"),
    "every 401 days": (RecurrenceReason.TOO_RARE, "every 401 days"),
    "every 100 years": (RecurrenceReason.TOO_RARE, "every 100 years"),
    "daily at 25:00": (RecurrenceReason.NO_SUCH_TIME, "25:00"),
    "29th and 31st": (RecurrenceReason.LATE_DAYS, "29th and 31st"),
    "every 30 feb": (RecurrenceReason.NO_SUCH_DATE, "30 February"),
    "weekly on 1 march": (RecurrenceReason.NOT_UNDERSTOOD, "weekly on 1 march"),
    "every monday after completion": (RecurrenceReason.NOT_UNDERSTOOD, "after completion"),
    "every monday except monday": (RecurrenceReason.NOT_UNDERSTOOD, "except monday"),
    "weekly for 1001 weeks": (RecurrenceReason.NO_SUCH_COUNT, "1001"),
    "FREQ=YEARLY;BYMONTHDAY=3": (RecurrenceReason.NOT_UNDERSTOOD, "FREQ=YEARLY;BYMONTHDAY=3"),
    "FREQ=DAILY;BYHOUR=9;BYSECOND=30": (RecurrenceReason.NOT_UNDERSTOOD, "FREQ=DAILY;BYHOUR=9;BYSECOND=30"),
    "FREQ=HOURLY": (RecurrenceReason.NOT_UNDERSTOOD, "FREQ=HOURLY"),
    "FREQ=MONTHLY;BYMONTHDAY=31": (RecurrenceReason.NOT_UNDERSTOOD, "FREQ=MONTHLY;BYMONTHDAY=31"),
    "FREQ=WEEKLY;FREQ=DAILY": (RecurrenceReason.NOT_UNDERSTOOD, "FREQ=WEEKLY;FREQ=DAILY"),
    "FREQ=WEEKLY;BYDAY=MO,MO": (RecurrenceReason.NOT_UNDERSTOOD, "FREQ=WEEKLY;BYDAY=MO,MO"),
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU": (
        RecurrenceReason.NOT_UNDERSTOOD,
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=",
    ),
    "FREQ=DAILY;BYWEEKNO=3": (RecurrenceReason.NOT_UNDERSTOOD, "FREQ=DAILY;BYWEEKNO=3"),
    "FREQ=DAILY;COUNT=-1": (RecurrenceReason.NOT_UNDERSTOOD, "FREQ=DAILY;COUNT=-1"),
    "FREQ=DAILY;COUNT=00003": (RecurrenceReason.NOT_UNDERSTOOD, "FREQ=DAILY;COUNT=00003"),
    "FREQ=MONTHLY;BYDAY=1MO,2TU": (RecurrenceReason.NOT_UNDERSTOOD, "FREQ=MONTHLY;BYDAY=1MO,2TU"),
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29": (
        RecurrenceReason.NOT_UNDERSTOOD,
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    ),
    "FREQ=DAILY;COUNT=2;UNTIL=20261231": (RecurrenceReason.NOT_UNDERSTOOD, "FREQ=DAILY;COUNT=2;UNTIL=20261231"),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.items(), ids=lambda value: str(value)[:30])
def test_refuses_what_it_does_not_wholly_understand_and_names_the_part(
    text: str, expected: tuple[RecurrenceReason, str]
) -> None:
    assert refusal(text) == expected


@pytest.mark.parametrize(
    ("text", "readings"),
    {
        "every 2nd tuesday": ("every other tuesday", "every 2nd tuesday of the month"),
        "every second weekday": ("every 2 days", "every second weekday of the month"),
        "every 5th monday": ("last monday of the month",),
        "every 31 february": ("yearly on the last day of February",),
        "daily at 3": ("03:00", "15:00"),
    }.items(),
)
def test_what_would_do_is_about_the_day_that_was_said(text: str, readings: tuple[str, ...]) -> None:
    with pytest.raises(RecurrenceError) as caught:
        parse_recurrence(text, today=FRIDAY)
    assert caught.value.readings == readings


def test_names_the_part_that_reads_by_itself() -> None:
    with pytest.raises(RecurrenceError) as caught:
        parse_recurrence("every monday at 9 please", today=FRIDAY)
    assert (caught.value.read, caught.value.part) == ("every monday at 9", "please")


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("weekly Buy milk", 1),
        ("every 2 weeks on fri Buy milk", 5),
        ("every Monday, Wednesday and Friday until 31 Dec 2027 Water the plants", 9),
        ("weekly, 5 times, Buy milk", 3),
        ("every monday at 9 Buy milk", 4),
        ("every 2 weeks after completion Buy milk", 5),
        ("monthly on the 15th pay the rent", 4),
        ("every 5th friday Buy milk", 3),
        ("FREQ=WEEKLY;BYDAY=MO Buy milk", 1),
        ("Buy milk weekly", 0),
        ("none", 0),
        ("", 0),
    ],
)
def test_counts_the_words_in_front_that_say_a_repetition(line: str, count: int) -> None:
    assert match_recurrence(line.split(), today=FRIDAY) == count
