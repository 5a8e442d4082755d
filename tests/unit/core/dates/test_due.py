"""A due as it is kept: its instant, whether it has passed, its text form, putting it off."""

import datetime as dt

import pytest

from core.dates.due import Due, DueError, DueReason, parse_due, snooze

NOW = dt.datetime(2026, 11, 20, 9, 15, 37, tzinfo=dt.UTC)  # a Friday, 10:15:37 in Berlin
BERLIN, NEW_YORK, KATHMANDU = "Europe/Berlin", "America/New_York", "Asia/Kathmandu"
SECOND = dt.timedelta(seconds=1)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}+00:00")


def whole_day(text: str, zone: str = BERLIN) -> Due:
    return Due(dt.date.fromisoformat(text), None, zone)


def timed(text: str, zone: str = BERLIN, fold: int = 0) -> Due:
    local = dt.datetime.fromisoformat(text).replace(fold=fold)
    return Due(local.date(), local.time(), zone)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (timed("2026-12-01T14:30"), "2026-12-01T13:30"),
        (timed("2026-03-29T02:30"), "2026-03-29T01:30"),  # skipped: 03:30 summer time
        (timed("2026-10-25T02:30"), "2026-10-25T00:30"),  # twice: the first
        (timed("2026-10-25T02:30", fold=1), "2026-10-25T01:30"),
        (timed("2026-10-04T02:15", "Australia/Lord_Howe"), "2026-10-03T15:45"),
        (whole_day("2026-12-01"), "2026-12-01T23:00"),
        (whole_day("2026-03-29"), "2026-03-29T22:00"),  # a day of 23 hours
        (whole_day("2026-10-25"), "2026-10-25T23:00"),  # and one of 25
        (whole_day("2026-12-01", KATHMANDU), "2026-12-01T18:15"),
        (whole_day("2026-04-23", "Africa/Cairo"), "2026-04-23T22:00"),  # its midnight is skipped
        (whole_day("2011-12-29", "Pacific/Apia"), "2011-12-30T10:00"),  # the next day was skipped
        (whole_day("2028-02-28", "UTC"), "2028-02-29T00:00"),
        (whole_day("2199-12-31", "UTC"), "2200-01-01T00:00"),
    ],
)
def test_its_instant_is_the_time_or_the_end_of_the_day(due: Due, expected: str) -> None:
    assert due.at == utc(expected)
    assert due.at.utcoffset() == dt.timedelta(0)


def test_a_time_is_overdue_once_it_has_passed() -> None:
    due = timed("2026-12-01T14:30")
    assert not due.is_overdue(due.at)
    assert due.is_overdue(due.at + SECOND)
    assert due.is_overdue(due.at + SECOND, NEW_YORK)


def test_a_day_is_overdue_when_it_has_ended_where_the_reader_is() -> None:
    due = whole_day("2026-12-01")
    for zone, ends in ((None, "2026-12-01T23:00"), (NEW_YORK, "2026-12-02T05:00"), (KATHMANDU, "2026-12-01T18:15")):
        assert not due.is_overdue(utc(ends) - SECOND, zone)
        assert due.is_overdue(utc(ends), zone)


def test_converts_a_time_to_another_zone_and_leaves_a_day_as_it_is() -> None:
    assert timed("2026-12-01T02:30").in_zone(NEW_YORK) == timed("2026-11-30T20:30", NEW_YORK)
    assert timed("2026-03-29T02:30").in_zone(BERLIN) == timed("2026-03-29T03:30")
    assert whole_day("2026-12-01").in_zone(NEW_YORK) == whole_day("2026-12-01")


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (whole_day("2026-12-01"), "2026-12-01[Europe/Berlin]"),
        (timed("2026-12-01T14:30"), "2026-12-01T14:30+01:00[Europe/Berlin]"),
        (timed("2026-12-01T14:30:15", "UTC"), "2026-12-01T14:30:15+00:00[UTC]"),
        (timed("2026-12-01T00:00"), "2026-12-01T00:00+01:00[Europe/Berlin]"),
        (timed("2026-10-25T02:30"), "2026-10-25T02:30+02:00[Europe/Berlin]"),
        (timed("2026-10-25T02:30", fold=1), "2026-10-25T02:30+01:00[Europe/Berlin]"),
        (timed("2026-03-29T02:30"), "2026-03-29T02:30+01:00[Europe/Berlin]"),
        (timed("1900-01-01T12:00", "Africa/Monrovia"), "1900-01-01T12:00-00:43:08[Africa/Monrovia]"),
    ],
)
def test_is_written_as_iso_with_its_zone_and_read_back_unchanged(due: Due, text: str) -> None:
    assert due.iso() == text
    for back in (Due.from_iso(text), parse_due(text, now=NOW, zone=NEW_YORK)):
        assert back == due
        assert back.at == due.at


def test_the_wall_clock_holds_when_the_rules_of_its_zone_have_changed_since() -> None:
    assert Due.from_iso("2026-12-01T14:30+05:00[Europe/Berlin]") == timed("2026-12-01T14:30")


def test_utc_beside_a_zone_says_the_instant() -> None:
    assert Due.from_iso("2026-12-01T13:30Z[Europe/Berlin]") == timed("2026-12-01T14:30")


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-12-01", "2026-12-01T14:30+01:00", "x" * 100_000])
def test_what_was_not_written_by_it_is_not_read_as_iso(text: str) -> None:
    with pytest.raises(DueError):
        Due.from_iso(text)


@pytest.mark.parametrize(
    ("date", "time"),
    [
        (dt.datetime(2026, 12, 1, tzinfo=dt.UTC), None),
        (dt.date(2026, 12, 1), dt.time(9, tzinfo=dt.UTC)),
        (dt.date(2026, 12, 1), dt.time(9, microsecond=1)),
    ],
)
def test_what_could_not_be_kept_unchanged_is_refused(date: dt.date, time: dt.time | None) -> None:
    with pytest.raises(ValueError, match="plain date"):
        Due(date, time, BERLIN)


PASSED, AHEAD, NEXT_FRIDAY = timed("2026-11-20T09:00"), timed("2026-11-21T09:00"), whole_day("2026-11-27")


@pytest.mark.parametrize(
    ("due", "text", "expected"),
    [
        (None, "20m", timed("2026-11-20T10:35:37")),
        (None, "3h", timed("2026-11-20T13:15:37")),
        (None, "tomorrow 9:00", timed("2026-11-21T09:00")),
        (None, "next Monday", timed("2026-11-23T09:00")),
        (None, "2 days", timed("2026-11-22T09:00")),
        (PASSED, "20 min", timed("2026-11-20T10:35:37")),
        (PASSED, "1 day", timed("2026-11-21T09:00")),
        (PASSED, "next monday", timed("2026-11-23T09:00")),
        (AHEAD, "3h", timed("2026-11-21T12:00")),
        (AHEAD, "in 3h", timed("2026-11-20T13:15:37")),
        (AHEAD, "1 week", timed("2026-11-28T09:00")),
        (AHEAD, "in 1 week", timed("2026-11-27T09:00")),
        (NEXT_FRIDAY, "20m", timed("2026-11-20T10:35:37")),
        (NEXT_FRIDAY, "3 days", whole_day("2026-11-30")),
        (whole_day("2026-11-01"), "1 day", whole_day("2026-11-21")),
        (timed("2026-11-20T06:00", NEW_YORK), "1 day", timed("2026-11-21T06:00", NEW_YORK)),
    ],
)
def test_a_due_is_put_off(due: Due | None, text: str, expected: Due) -> None:
    assert snooze(due, text, now=NOW, zone=BERLIN) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("yesterday", DueReason.IN_THE_PAST),
        ("now", DueReason.IN_THE_PAST),
        ("0m", DueReason.IN_THE_PAST),
        ("today 9am", DueReason.IN_THE_PAST),
        ("soon", DueReason.NOT_UNDERSTOOD),
        ("", DueReason.EMPTY),
        ("20m" * 50, DueReason.TOO_LONG),
        ("300 years", DueReason.TOO_FAR),
        ("tomorrow 25:00", DueReason.NO_SUCH_TIME),
    ],
)
def test_what_does_not_lead_ahead_puts_nothing_off(text: str, reason: DueReason) -> None:
    with pytest.raises(DueError) as caught:
        snooze(None, text, now=NOW, zone=BERLIN)
    assert caught.value.reason is reason


def test_half_an_hour_from_the_first_pass_of_a_repeated_hour_lies_in_its_second() -> None:
    now = utc("2026-10-25T00:45")  # 02:45 summer time; at 03:00 the clocks go back to 02:00
    for text in ("in 30 min", "30m"):
        due = parse_due(text, now=now, zone=BERLIN)
        assert due.at == utc("2026-10-25T01:15")
        assert Due.from_iso(due.iso()).at == due.at
        assert snooze(None, text, now=now, zone=BERLIN).at == due.at


def test_hours_are_counted_exactly_whatever_zone_now_is_told_in() -> None:
    now = utc("2026-10-24T22:00")
    due = parse_due("in 6h", now=now.astimezone(dt.timezone(dt.timedelta(hours=-5))), zone=BERLIN)
    assert due.at == utc("2026-10-25T04:00")
