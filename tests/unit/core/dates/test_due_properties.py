"""What holds for every text, every due and every moment."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.dates.due import Due, DueError, DueReason, match_prefix, parse_due, snooze

# Zones with summer time, with half an hour of it, with an odd offset; days around their changes come up often.
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
CHANGES = ("2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-10-04", "2026-04-05", "2028-02-29")

zones = st.sampled_from(ZONES)
near_changes = st.builds(
    lambda day, seconds: dt.datetime.fromisoformat(f"{day}T12:00+00:00") + dt.timedelta(seconds=seconds),
    st.sampled_from(CHANGES),
    st.integers(-2 * 86_400, 2 * 86_400),
)
anywhen = st.integers(0, 220 * 366 * 86_400).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC))
nows = near_changes | anywhen

dates = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)) | st.sampled_from(CHANGES).map(dt.date.fromisoformat)
times = st.builds(dt.time, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), fold=st.sampled_from((0, 1)))
dues = st.builds(Due, dates, st.none() | times, zones)

WORDS = (
    "in", "within", "at", "by", "on", "the", "of", "and", "a", "an", "half", "5", "9", "12", "30", "2026", ",", "-",
    "today", "tomorrow", "tonight", "now", "fri", "mon", "next", "this", "week", "month", "end", "eow", "dec", "feb",
    "3", "29", "3rd", "12/03", "9.30", "2026-12-01", "2026-02-30", "9am", "25:00", "9:30", "24:00", "o'clock", "pm",
    "noon", "midnight", "morning", "evening", "eod", "from", "before", "17h", "@", "25/12", "+0100", "utc", "past",
    "to", "quarter", "2h", "30m", "days", "hour", ".",
)  # fmt: skip
nearly_dues = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
texts = st.text(max_size=120) | nearly_dues | st.text(alphabet="0123456789:-/.,TZ+[] apmhd", max_size=40)


def due_or_error(read: Callable[[], Due]) -> Due | DueError:
    """What reading gives, or why it refuses; any other exception fails the test."""
    try:
        return read()
    except DueError as error:
        return error


@given(texts, nows, zones)
@example("9" * 100, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "UTC")
@example(f"in {'9' * 97}", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "UTC")
@example("1h" * 50, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "UTC")
@example(" ".join(["morning"] * 12), dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "UTC")
@example("\ufdfa" * 100, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "UTC")
@example("\ud800\0", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "UTC")
def test_any_text_is_a_due_or_refused_with_a_reason(text: str, now: dt.datetime, zone: str) -> None:
    found = due_or_error(lambda: parse_due(text, now=now, zone=zone))
    if isinstance(found, DueError):
        assert found.example
        assert len(found.part) <= 40
    else:
        assert 1900 <= found.date.year <= 2199
        assert Due.from_iso(found.iso()) == found


@given(texts, st.none() | dues, nows, zones)
def test_any_text_puts_a_due_off_to_a_time_ahead_or_is_refused(
    text: str, due: Due | None, now: dt.datetime, zone: str
) -> None:
    found = due_or_error(lambda: snooze(due, text, now=now, zone=zone))
    assert isinstance(found, DueError) or found.at > now


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=10), max_size=9), nows, zones)
def test_counted_words_are_a_due_or_refused_for_what_they_name(words: list[str], now: dt.datetime, zone: str) -> None:
    count = match_prefix(words, now=now, zone=zone)
    assert 0 <= count <= min(len(words), 8)
    found = due_or_error(lambda: parse_due(" ".join(words[:count]), now=now, zone=zone))
    has_no_shape = isinstance(found, DueError) and found.reason in {DueReason.EMPTY, DueReason.NOT_UNDERSTOOD}
    assert has_no_shape == (count == 0)


@given(dues, nows, zones)
def test_a_due_survives_being_written_and_read(due: Due, now: dt.datetime, zone: str) -> None:
    for back in (Due.from_iso(due.iso()), parse_due(due.iso(), now=now, zone=zone)):
        assert back == due
        assert back.at == due.at


@given(dues, zones)
def test_a_due_survives_a_journey_through_another_zone(due: Due, zone: str) -> None:
    assert due.in_zone(zone).at == due.at


@given(
    dates,
    st.none() | times,
    nows,
    zones,
    st.sampled_from(["{0} {1} {2}", "{1} {0} {2}", "{1} {0}, {2}", "{0} of {1} {2}"]),
)
def test_a_date_written_in_words_is_read_back(
    date: dt.date, time: dt.time | None, now: dt.datetime, zone: str, shape: str
) -> None:
    text = shape.format(date.day, f"{date:%B}", date.year) + (f" at {time:%H:%M:%S}" if time else "")
    assert parse_due(text, now=now, zone=zone) == Due(date, time, zone)


RELATIVE = (
    "today", "tomorrow", "tonight", "yesterday", "now", "fri", "next fri", "this fri", "fri 14:00", "fri evening",
    "next week", "next month", "eow", "eom", "eoy", "weekend", "9am", "at 9", "02:30", "01:45", "noon", "midnight",
    "in 2h", "in 20 min", "in 1 day 2h", "in 3 days", "in 2 weeks", "in a month", "in a year", "tomorrow 9am",
    "tomorrow 02:30", "tomorrow midnight", "this morning", "3 dec", "29 feb", "the 31st",
)  # fmt: skip


@pytest.mark.parametrize("text", RELATIVE)
@given(now=nows, later=st.integers(0, 3 * 86_400), zone=zones)
def test_said_later_it_is_never_earlier(text: str, now: dt.datetime, later: int, zone: str) -> None:
    first = parse_due(text, now=now, zone=zone)
    second = parse_due(text, now=now + dt.timedelta(seconds=later), zone=zone)
    assert first.at <= second.at


@given(
    st.sampled_from(["9am", "at 9", "02:30", "01:45", "noon", "midnight", "fri", "fri 14:00", "next fri"]), nows, zones
)
def test_a_next_occurrence_lies_ahead_and_within_eight_days(text: str, now: dt.datetime, zone: str) -> None:
    at = parse_due(text, now=now, zone=zone).at
    assert now < at <= now + dt.timedelta(days=8, hours=2)


@given(st.integers(0, 100_000), nows, zones)
def test_minutes_are_counted_exactly(minutes: int, now: dt.datetime, zone: str) -> None:
    due = parse_due(f"in {minutes} min", now=now, zone=zone)
    assert due.at == now.replace(microsecond=0) + dt.timedelta(minutes=minutes)


@given(dues, zones, st.integers(0, 86_400))
def test_once_overdue_it_stays_so(due: Due, reader: str, later: int) -> None:
    moment = due.at + dt.timedelta(seconds=later)
    assume(due.is_overdue(moment, reader))
    assert due.is_overdue(moment + dt.timedelta(days=1), reader)
