"""What people type for a due, and what is made of it."""

import datetime as dt

import pytest

from core.dates.due import LONGEST_TEXT, Due, DueError, DueReason, match_prefix, parse_due
from core.shared.zones import UnknownZoneError

# A Friday, 10:15:37 in Berlin.
NOW = dt.datetime(2026, 11, 20, 9, 15, 37, 500, tzinfo=dt.UTC)
BERLIN = "Europe/Berlin"


def read(text: str, now: dt.datetime = NOW) -> Due:
    return parse_due(text, now=now, zone=BERLIN)


def written(due: Due) -> str:
    """A due as `2026-12-01`, with its time if it has one."""
    return f"{due.date} {due.time}" if due.time is not None else f"{due.date}"


def refusal(text: str) -> tuple[DueReason, str]:
    with pytest.raises(DueError) as caught:
        read(text)
    assert caught.value.example
    return caught.value.reason, caught.value.part


DAYS = {
    "today": "2026-11-20",
    "Tomorrow": "2026-11-21",
    "  tomorrow ,": "2026-11-21",
    "the day after tomorrow": "2026-11-22",
    "yesterday": "2026-11-19",
    "fri": "2026-11-27",
    "Friday": "2026-11-27",
    "next fri": "2026-11-27",
    "this friday": "2026-11-20",
    "on monday": "2026-11-23",
    "next Monday": "2026-11-23",
    "by weds.": "2026-11-25",
    "thu": "2026-11-26",
    "next week": "2026-11-23",
    "this week": "2026-11-20",
    "next month": "2026-12-01",
    "next year": "2027-01-01",
    "eod": "2026-11-20",
    "eow": "2026-11-20",
    "end of week": "2026-11-20",
    "by the end of the week": "2026-11-20",
    "this weekend": "2026-11-21",
    "eom": "2026-11-30",
    "end of month": "2026-11-30",
    "end of this month": "2026-11-30",
    "end of year": "2026-12-31",
    "in 3 days": "2026-11-23",
    "3 days": "2026-11-23",
    "in a week": "2026-11-27",
    "within 2 weeks": "2026-12-04",
    "in 1 week and 2 days": "2026-11-29",
    "in a month": "2026-12-20",
    "in 2 years": "2028-11-20",
    "3 dec": "2026-12-03",
    "dec 3": "2026-12-03",
    "Dec. 3": "2026-12-03",
    "December 3rd": "2026-12-03",
    "December the 3rd": "2026-12-03",
    "the 3rd of december": "2026-12-03",
    "3-Dec-2026": "2026-12-03",
    "3 December 2027": "2027-12-03",
    "december 3, 2027": "2027-12-03",
    "Fri 4 Dec": "2026-12-04",
    "sept 1": "2027-09-01",
    "20 nov": "2026-11-20",
    "19 nov": "2027-11-19",
    "29 feb": "2028-02-29",
    "the 15th": "2026-12-15",
    "on the 20th": "2026-11-20",
    "31st": "2026-12-31",
    "2026/12/01": "2026-12-01",
    "2026-12-1": "2026-12-01",
    "tue 2026-12-01": "2026-12-01",
    "eod tomorrow": "2026-11-21",
    "end of day friday": "2026-11-27",
    "monday cob": "2026-11-23",
    "next week tuesday": "2026-11-24",
    "tuesday next week": "2026-11-24",
    "2 weeks from friday": "2026-12-11",
    "a fortnight from tomorrow": "2026-12-05",
    "3 days before 24 dec": "2026-12-21",
    "a week from now": "2026-11-27",
    "in a couple of days": "2026-11-22",
    "in 2 weeks' time": "2026-12-04",
    "in a week’s time": "2026-11-27",
    "in a fortnight": "2026-12-04",
    "end of next month": "2026-12-31",
    "end of next week": "2026-11-27",
    "beginning of next week": "2026-11-23",
    "last day of the month": "2026-11-30",
    "end of december": "2026-12-31",
    "last day of february": "2027-02-28",
    "first day of march": "2027-03-01",
    "20261201": "2026-12-01",
    "start of march": "2027-03-01",
    "next weekend": "2026-11-28",
    "the 15th of next month": "2026-12-15",
    "next month on the 31st": "2026-12-31",
    "25 dec 27": "2027-12-25",
    "dec 25, '27": "2027-12-25",
    "mon 30th": "2026-11-30",
    "tuesday the 1st": "2026-12-01",
    "25/12/2026": "2026-12-25",
    "12/25/2026": "2026-12-25",
    "13.12.2026": "2026-12-13",
    "25-12-26": "2026-12-25",
    "25.12.": "2026-12-25",
    "12/25": "2026-12-25",
    "1/1": "2027-01-01",
    "1/13": "2027-01-13",
    "24.12": "2026-12-24",
    "31.12": "2026-12-31",
    "fri 25/12/2026": "2026-12-25",
    "5/5/2027": "2027-05-05",
}


@pytest.mark.parametrize(("text", "expected"), DAYS.items())
def test_reads_a_day(text: str, expected: str) -> None:
    assert written(read(text)) == expected
    assert read(text).zone == BERLIN


TIMES = {
    "now": "2026-11-20 10:15:37",
    "9am": "2026-11-21 09:00:00",
    "9:30 am": "2026-11-21 09:30:00",
    "9.30am": "2026-11-21 09:30:00",
    "9 a.m.": "2026-11-21 09:00:00",
    "09:00": "2026-11-21 09:00:00",
    "at 9": "2026-11-21 09:00:00",
    "at 11": "2026-11-20 11:00:00",
    "9 o'clock": "2026-11-21 09:00:00",
    "9 o’clock pm": "2026-11-20 21:00:00",
    "21:30": "2026-11-20 21:30:00",
    "21:30:15": "2026-11-20 21:30:15",
    "by 5pm": "2026-11-20 17:00:00",
    "noon": "2026-11-20 12:00:00",
    "at noon": "2026-11-20 12:00:00",
    "midnight": "2026-11-21 00:00:00",
    "24:00": "2026-11-21 00:00:00",
    "00:00": "2026-11-21 00:00:00",
    "12am": "2026-11-21 00:00:00",
    "12:30pm": "2026-11-20 12:30:00",
    "in the morning": "2026-11-21 09:00:00",
    "10:15": "2026-11-21 10:15:00",
    "10:16": "2026-11-20 10:16:00",
    "6p": "2026-11-20 18:00:00",
    "6:30p": "2026-11-20 18:30:00",
    "@ 7pm": "2026-11-20 19:00:00",
    "@7pm": "2026-11-20 19:00:00",
    "12 noon": "2026-11-20 12:00:00",
    "17h": "2026-11-20 17:00:00",
    "17h30": "2026-11-20 17:30:00",
    "09h": "2026-11-21 09:00:00",
    "before 5pm": "2026-11-20 17:00:00",
    "before noon": "2026-11-20 12:00:00",
    "by midnight": "2026-11-21 00:00:00",
    "16.30": "2026-11-20 16:30:00",
    "16.59": "2026-11-20 16:59:00",
    "half past 9": "2026-11-21 09:30:00",
    "quarter to 5 pm": "2026-11-20 16:45:00",
    "9 in the morning": "2026-11-21 09:00:00",
    "7 at night": "2026-11-20 19:00:00",
}


@pytest.mark.parametrize(("text", "expected"), TIMES.items())
def test_reads_a_time_as_its_next_occurrence(text: str, expected: str) -> None:
    assert written(read(text)) == expected


TOGETHER = {
    "tomorrow 9am": "2026-11-21 09:00:00",
    "9am tomorrow": "2026-11-21 09:00:00",
    "TOMORROW,   9 AM": "2026-11-21 09:00:00",
    "tomorrow\u00a0at\u00a09": "2026-11-21 09:00:00",
    "at 9 tomorrow": "2026-11-21 09:00:00",
    "tomorrow at 9.30": "2026-11-21 09:30:00",
    "tomorrow midnight": "2026-11-22 00:00:00",
    "tomorrow 24:00": "2026-11-22 00:00:00",
    "tomorrow 00:00": "2026-11-21 00:00:00",
    "fri at 14:00": "2026-11-20 14:00:00",  # still ahead today
    "fri 9:00": "2026-11-27 09:00:00",  # has passed today
    "this fri 9:00": "2026-11-20 09:00:00",
    "next fri 14:00": "2026-11-27 14:00:00",
    "fri midnight": "2026-11-21 00:00:00",
    "today 9am": "2026-11-20 09:00:00",
    "next week 9am": "2026-11-23 09:00:00",
    "eom 18:00": "2026-11-30 18:00:00",
    "in 3 days at 9am": "2026-11-23 09:00:00",
    "9am in 3 days": "2026-11-23 09:00:00",
    "dec 3 2026 9am": "2026-12-03 09:00:00",
    "9am on the 3rd of december": "2026-12-03 09:00:00",
    "2026-12-1 9am": "2026-12-01 09:00:00",
    "tomorrow morning": "2026-11-21 09:00:00",
    "fri evening": "2026-11-20 18:00:00",
    "tomorrow evening at 8": "2026-11-21 20:00:00",
    "this afternoon at 3:30": "2026-11-20 15:30:00",
    "this afternoon at 3": "2026-11-20 15:00:00",
    "tomorrow afternoon half past 3": "2026-11-21 15:30:00",
    "tomorrow at 3 in the afternoon": "2026-11-21 15:00:00",
    "tomorrow 3:30": "2026-11-21 03:30:00",
    "tomorrow at 03": "2026-11-21 03:00:00",
    "tomorrow at 7": "2026-11-21 07:00:00",
    "tonight": "2026-11-20 20:00:00",
    "tonight at 9": "2026-11-20 21:00:00",
    "tonight 21:30": "2026-11-20 21:30:00",
    "tonight at midnight": "2026-11-21 00:00:00",
    "this morning": "2026-11-20",  # has passed: today
    "tomorrow at 6p": "2026-11-21 18:00:00",
    "fri @ 7pm": "2026-11-20 19:00:00",
    "tomorrow 17h": "2026-11-21 17:00:00",
    "first thing tomorrow": "2026-11-21 09:00:00",
    "noon tomorrow": "2026-11-21 12:00:00",
    "dec 25 2026 at 10 in the morning": "2026-12-25 10:00:00",
    "Fri, 25 Dec 2026 10:00:00 +0100": "2026-12-25 10:00:00",
    "25 dec 10:00 utc": "2026-12-25 11:00:00",
    "tomorrow 9am -05:00": "2026-11-21 15:00:00",
}


@pytest.mark.parametrize(("text", "expected"), TOGETHER.items())
def test_reads_a_day_with_a_time_in_either_order(text: str, expected: str) -> None:
    assert written(read(text)) == expected


SPANS = {
    "in 2h": "2026-11-20 12:15:37",
    "2h": "2026-11-20 12:15:37",
    "In 2 Hours": "2026-11-20 12:15:37",
    "in 20 min": "2026-11-20 10:35:37",
    "in 30s": "2026-11-20 10:16:07",
    "in 1h30m": "2026-11-20 11:45:37",
    "1h 30m": "2026-11-20 11:45:37",
    "in 1 hour and 30 minutes": "2026-11-20 11:45:37",
    "1.5 hours": "2026-11-20 11:45:37",
    "in an hour": "2026-11-20 11:15:37",
    "in half an hour": "2026-11-20 10:45:37",
    "in 1 day 2h": "2026-11-21 12:15:37",
    "in 17h": "2026-11-21 03:15:37",
    "2 hours from now": "2026-11-20 12:15:37",
}


@pytest.mark.parametrize(("text", "expected"), SPANS.items())
def test_counts_hours_exactly_from_now(text: str, expected: str) -> None:
    assert written(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01 14:30", "2026-12-01 14:30:00"),
        ("2026-12-01T14:30", "2026-12-01 14:30:00"),
        ("2026-12-01T14:30:15.999", "2026-12-01 14:30:15"),
        ("2026-12-01T24:00", "2026-12-02 00:00:00"),
        ("2026-12-01T14:30Z", "2026-12-01 15:30:00"),
        ("2026-12-01 14:30 z", "2026-12-01 15:30:00"),
        ("2026-07-01T14:30Z", "2026-07-01 16:30:00"),
        ("2026-12-01T23:30-05:00", "2026-12-02 05:30:00"),
        ("2026-12-01T14:30+0545", "2026-12-01 09:45:00"),
        ("2026–12–01", "2026-12-01"),
        ("\uff12\uff10\uff12\uff16-12-01", "2026-12-01"),
        ("1900-01-01", "1900-01-01"),
        ("2199-12-31", "2199-12-31"),
    ],
)
def test_reads_iso(text: str, expected: str) -> None:
    assert written(read(text)) == expected


def test_a_zone_in_brackets_goes_before_the_readers() -> None:
    assert read("2026-12-01T14:30[america/new_york]") == Due(dt.date(2026, 12, 1), dt.time(14, 30), "America/New_York")


REFUSED = {
    "": (DueReason.EMPTY, ""),
    " , ": (DueReason.EMPTY, ""),
    "a": (DueReason.NOT_UNDERSTOOD, "a"),
    "5": (DueReason.NOT_UNDERSTOOD, "5"),
    "in": (DueReason.NOT_UNDERSTOOD, "in"),
    "in a": (DueReason.NOT_UNDERSTOOD, "in a"),
    "in 2": (DueReason.NOT_UNDERSTOOD, "in 2"),
    "a month": (DueReason.NOT_UNDERSTOOD, "a month"),
    "in and 2h": (DueReason.NOT_UNDERSTOOD, "in and 2h"),
    "2h 2h": (DueReason.NOT_UNDERSTOOD, "2h"),
    "30m 1h": (DueReason.NOT_UNDERSTOOD, "1h"),
    "in 1 month 2h": (DueReason.NOT_UNDERSTOOD, "2h"),
    "in 1.5 days": (DueReason.NOT_UNDERSTOOD, "in 1.5 days"),
    "tomorrow 9": (DueReason.NOT_UNDERSTOOD, "9"),
    "tomorrow blah": (DueReason.NOT_UNDERSTOOD, "blah"),
    "tomorrow 9am Buy milk": (DueReason.NOT_UNDERSTOOD, "buy milk"),
    "tomorrow of": (DueReason.NOT_UNDERSTOOD, "of"),
    "buy milk": (DueReason.NOT_UNDERSTOOD, "buy milk"),
    "fri sat": (DueReason.NOT_UNDERSTOOD, "sat"),
    "today tomorrow": (DueReason.NOT_UNDERSTOOD, "tomorrow"),
    "9am 10am": (DueReason.NOT_UNDERSTOOD, "10am"),
    "tonight 9am": (DueReason.NOT_UNDERSTOOD, "9am"),
    "this morning at 24:00": (DueReason.NOT_UNDERSTOOD, "at 24:00"),
    "morgen": (DueReason.NOT_UNDERSTOOD, "morgen"),
    "dec 2026": (DueReason.NOT_UNDERSTOOD, "dec 2026"),
    "tomorrow " * 11: (DueReason.NOT_UNDERSTOOD, ("tomorrow " * 10)[:40].strip()),
    "a b c d e f g h i j k l m n o p q r": (DueReason.NOT_UNDERSTOOD, "a b c d e f g h i j k l m n o p q r"),
    "12/03": (DueReason.AMBIGUOUS, "12/03"),
    "at 3": (DueReason.AMBIGUOUS, "at 3"),
    "half past 3 tomorrow": (DueReason.AMBIGUOUS, "half past 3"),
    "fri 6 o'clock": (DueReason.AMBIGUOUS, "6 o'clock"),
    "by quarter to 1": (DueReason.AMBIGUOUS, "by quarter to 1"),
    "12/03 9am": (DueReason.AMBIGUOUS, "12/03"),
    "12/03/2026": (DueReason.AMBIGUOUS, "12/03/2026"),
    "3.12.": (DueReason.AMBIGUOUS, "3.12."),
    "3.12.2026": (DueReason.AMBIGUOUS, "3.12.2026"),
    "12-03": (DueReason.AMBIGUOUS, "12-03"),
    "2h30": (DueReason.NOT_UNDERSTOOD, "2h30"),
    "13.12": (DueReason.AMBIGUOUS, "13.12"),
    "23.12": (DueReason.AMBIGUOUS, "23.12"),
    "16.60": (DueReason.NO_SUCH_DATE, "16.60"),
    "32/12": (DueReason.NO_SUCH_DATE, "32/12"),
    "32/13/2026": (DueReason.NO_SUCH_DATE, "32/13/2026"),
    "30/02/2027": (DueReason.NO_SUCH_DATE, "30/02/2027"),
    "thu 25/12/2026": (DueReason.NO_SUCH_DATE, "thu 25/12/2026"),
    "next month on the 32nd": (DueReason.NO_SUCH_DATE, "next month on the 32nd"),
    "1st week of january": (DueReason.NOT_UNDERSTOOD, "week of january"),
    "25 dec 17": (DueReason.NOT_UNDERSTOOD, "17"),
    "eod eod tomorrow": (DueReason.NOT_UNDERSTOOD, "tomorrow"),
    "tomorrow utc": (DueReason.NOT_UNDERSTOOD, "utc"),
    "tomorrow 9am +99:00": (DueReason.NO_SUCH_TIME, "+99:00"),
    "tomorrow 25:00": (DueReason.NO_SUCH_TIME, "25:00"),
    "25:00 tomorrow": (DueReason.NO_SUCH_TIME, "25:00"),
    "tomorrow at 9:60": (DueReason.NO_SUCH_TIME, "9:60"),
    "13pm": (DueReason.NO_SUCH_TIME, "13pm"),
    "0am": (DueReason.NO_SUCH_TIME, "0am"),
    "at 30": (DueReason.NO_SUCH_TIME, "30"),
    "2026-12-01T25:00": (DueReason.NO_SUCH_TIME, "25:00"),
    "2026-12-01 14:30+99:00": (DueReason.NO_SUCH_TIME, "+99:00"),
    "2026-02-30": (DueReason.NO_SUCH_DATE, "2026-02-30"),
    "2026-13-01": (DueReason.NO_SUCH_DATE, "2026-13-01"),
    "2026/02/30": (DueReason.NO_SUCH_DATE, "2026/02/30"),
    "30 feb": (DueReason.NO_SUCH_DATE, "30 feb"),
    "30 feb 9am": (DueReason.NO_SUCH_DATE, "30 feb"),
    "29 feb 2027": (DueReason.NO_SUCH_DATE, "29 feb 2027"),
    "32nd": (DueReason.NO_SUCH_DATE, "32nd"),
    "0th": (DueReason.NO_SUCH_DATE, "0th"),
    "fri 3 dec": (DueReason.NO_SUCH_DATE, "fri 3 dec"),
    "1850-01-01": (DueReason.TOO_FAR, "1850-01-01"),
    "2200-01-01": (DueReason.TOO_FAR, "2200-01-01"),
    "2199-12-31T24:00": (DueReason.TOO_FAR, "2200-01-01"),
    "1900-01-01T00:00+12:00": (DueReason.TOO_FAR, "1899-12-31"),
    "1 jan 2500": (DueReason.TOO_FAR, "1 jan 2500"),
    "in 9999999 days": (DueReason.TOO_FAR, "in 9999999 days"),
    "in 999999999 days": (DueReason.TOO_FAR, "in 999999999 days"),
    "in 300 years": (DueReason.TOO_FAR, "in 300 years"),
    "in 9000000000 years": (DueReason.TOO_FAR, "in 9000000000 years"),
    "in 3000000h": (DueReason.TOO_FAR, "in 3000000h"),
    "in 9000000000 days 2h": (DueReason.TOO_FAR, "in 9000000000 days 2h"),
    f"in {'9' * 40}h": (DueReason.TOO_FAR, f"in {'9' * 37}"),
    "2026-12-01T10:00[Mars/Olympus]": (DueReason.NO_SUCH_ZONE, "Mars/Olympus"),
    "2026-12-01[../../etc/passwd]": (DueReason.NO_SUCH_ZONE, "../../etc/passwd"),
    "9" * 101: (DueReason.TOO_LONG, "9" * 40),
}


@pytest.mark.parametrize(
    ("text", "readings"),
    {
        "half past 3 tomorrow": ("03:30", "15:30"),
        "at 3": ("03:00", "15:00"),
        "quarter to 1": ("00:45", "12:45"),
        "12/03": ("2026-12-03", "2027-03-12"),
        "fri 3/12/2027": ("2027-03-12", "2027-12-03"),
        "thu 12/03/2026": ("2026-12-03", "2026-03-12"),
        "sun 3/12/2026": (),
        "3.30": ("2027-03-30", "03:30"),
        "2.3": ("2027-02-03", "2027-03-02", "02:03"),
    }.items(),
)
def test_what_is_read_in_two_ways_is_refused_with_both_of_them(text: str, readings: tuple[str, ...]) -> None:
    with pytest.raises(DueError) as caught:
        read(text)
    assert caught.value.reason is DueReason.AMBIGUOUS
    assert set(caught.value.readings) == set(readings)


@pytest.mark.parametrize(
    ("text", "readings"),
    {
        "31 nov": ("2026-11-30",),
        "30 feb 2028": ("2028-02-29",),
        "2026-13-01": (),
        "sat 4 dec 2026": ("2026-12-04",),
    }.items(),
)
def test_a_day_that_there_is_not_is_refused_with_one_that_there_is(text: str, readings: tuple[str, ...]) -> None:
    with pytest.raises(DueError) as caught:
        read(text)
    assert (caught.value.reason, caught.value.readings) == (DueReason.NO_SUCH_DATE, readings)


@pytest.mark.parametrize(("text", "expected"), REFUSED.items())
def test_refuses_and_names_the_part_that_is_wrong(text: str, expected: tuple[DueReason, str]) -> None:
    assert refusal(text) == expected


def test_names_the_part_that_reads_by_itself() -> None:
    with pytest.raises(DueError) as caught:
        read("1st week of january")
    assert (caught.value.read, caught.value.part) == ("1st", "week of january")


def test_every_reason_to_refuse_has_an_example_that_reads() -> None:
    for reason in DueReason:
        assert read(DueError(reason).example).zone == BERLIN


def test_a_text_of_the_longest_length_is_still_read() -> None:
    assert written(read("tomorrow".ljust(LONGEST_TEXT))) == "2026-11-21"


def test_the_readers_zone_decides_which_day_it_is() -> None:
    late = dt.datetime(2026, 11, 20, 18, 20, tzinfo=dt.UTC)  # 00:05 on the 21st in Kathmandu
    assert parse_due("today", now=late, zone="Asia/Kathmandu").date == dt.date(2026, 11, 21)
    assert parse_due("today", now=late, zone="America/New_York").date == dt.date(2026, 11, 20)


def test_an_unknown_zone_of_the_reader_is_not_their_texts_fault() -> None:
    for text in ("tomorrow", "2026-12-01"):
        with pytest.raises(UnknownZoneError):
            parse_due(text, now=NOW, zone="Mars/Olympus")


@pytest.mark.parametrize(
    ("today", "text", "expected"),
    [
        ("2026-11-18", "eow", "2026-11-20"),
        ("2026-11-21", "eow", "2026-11-22"),
        ("2026-11-22", "eow", "2026-11-22"),
        ("2026-11-22", "weekend", "2026-11-22"),
        ("2026-11-23", "weekend", "2026-11-28"),
        ("2026-11-23", "next week", "2026-11-30"),
        ("2026-11-22", "next week", "2026-11-23"),
        ("2028-02-28", "tomorrow", "2028-02-29"),
        ("2028-02-29", "29 feb", "2028-02-29"),
        ("2028-02-29", "in a year", "2029-02-28"),
        ("2028-02-01", "eom", "2028-02-29"),
        ("2028-03-01", "29 feb", "2032-02-29"),
        ("2097-01-01", "29 feb", "2104-02-29"),
        ("2027-01-31", "in a month", "2027-02-28"),
        ("2027-01-31", "in 13 months", "2028-02-29"),
        ("2026-12-31", "next month", "2027-01-01"),
        ("2027-01-30", "the 30th", "2027-01-30"),
        ("2027-01-31", "the 30th", "2027-03-30"),
    ],
)
def test_reads_by_the_calendar(today: str, text: str, expected: str) -> None:
    noon = dt.datetime.fromisoformat(f"{today}T12:00+00:00")
    assert written(read(text, noon)) == expected


def test_tonight_is_the_rest_of_the_day_once_the_evening_has_come() -> None:
    assert written(read("tonight", NOW.replace(hour=20))) == "2026-11-20"


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("tomorrow 9am Buy milk", 2),
        ("tomorrow Buy milk", 1),
        ("tomorrow, 9am, Buy milk", 2),
        ("9am tomorrow Buy milk", 2),
        ("in 2 h call Anna", 3),
        ("2026-12-01 14:30 stocktake", 2),
        ("2026-12-01 stocktake", 1),
        ("dec 3 2026 at 9 am", 6),
        ("dec 3 2026 at 9 am stocktake", 6),
        ("dec 25 2026 at 10 in the morning stocktake", 8),
        ("fri at the office", 1),
        ("fri 12 roses", 1),
        ("tomorrow 25:00 Buy milk", 2),  # meant as one: parse_due says what is wrong
        ("2026-02-30 Buy milk", 1),
        ("12/03 Buy milk", 1),
        ("Buy milk tomorrow", 0),
        ("a b c d e f g h", 0),
        ("", 0),
    ],
)
def test_counts_the_leading_words_that_are_a_due(words: str, count: int) -> None:
    assert match_prefix(words.split(), now=NOW, zone=BERLIN) == count


def test_words_beyond_any_length_are_no_due() -> None:
    assert match_prefix(["tomorrow", "x" * 1_000_000], now=NOW, zone=BERLIN) == 1
    assert match_prefix(["x" * 1_000_000], now=NOW, zone=BERLIN) == 0
