"""Ranges of days in words, and the range before each of them."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.dates.ranges import ALL, LATEST, Calendar, Range, RangeError, RangeReason, between, read_range
from core.dates.weeks import week_start

SUNDAY = dt.date(2026, 11, 29)
HERE = Calendar(SUNDAY)
_DAY = dt.timedelta(days=1)


def said(text: str, calendar: Calendar = HERE) -> str:
    found = read_range(text, calendar)
    return f"{found.first} {found.last}"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("today", "2026-11-29 2026-11-29"),
        ("Yesterday", "2026-11-28 2026-11-28"),
        ("3 days ago", "2026-11-26 2026-11-26"),
        ("fri", "2026-11-27 2026-11-27"),
        ("last sunday", "2026-11-22 2026-11-22"),
        ("this week", "2026-11-23 2026-11-29"),
        ("last week", "2026-11-16 2026-11-22"),
        ("next week", "2026-11-30 2026-12-06"),
        ("next month", "2026-12-01 2026-12-31"),
        ("next quarter", "2027-01-01 2027-03-31"),
        ("last 2 weeks", "2026-11-09 2026-11-22"),
        ("this month", "2026-11-01 2026-11-29"),
        ("mtd", "2026-11-01 2026-11-29"),
        ("month to date", "2026-11-01 2026-11-29"),
        ("previous month", "2026-10-01 2026-10-31"),
        ("last three months", "2026-08-01 2026-10-31"),
        ("past 30 days", "2026-10-31 2026-11-29"),
        ("this quarter", "2026-10-01 2026-11-29"),
        ("last quarter", "2026-07-01 2026-09-30"),
        ("ytd", "2026-01-01 2026-11-29"),
        ("last year", "2025-01-01 2025-12-31"),
        ("2010", "2010-01-01 2010-12-31"),
        ("2010-12", "2010-12-01 2010-12-31"),
        ("12/2010", "2010-12-01 2010-12-31"),
        ("Dec 2010", "2010-12-01 2010-12-31"),
        ("december", "2025-12-01 2025-12-31"),
        ("november", "2026-11-01 2026-11-30"),
        ("q4 2010", "2010-10-01 2010-12-31"),
        ("2010-Q4", "2010-10-01 2010-12-31"),
        ("q1", "2026-01-01 2026-03-31"),
        ("2010-w48", "2010-11-29 2010-12-05"),
        ("2010-12-03", "2010-12-03 2010-12-03"),
        ("3 dec", "2025-12-03 2025-12-03"),
        ("29 feb", "2024-02-29 2024-02-29"),
        ("from 2010-12-01 to 2010-12-05", "2010-12-01 2010-12-05"),
        ("1 dec 2010 - 5 dec 2010", "2010-12-01 2010-12-05"),
        ("2010-12-01..2010-12-05", "2010-12-01 2010-12-05"),
        ("between 2010-11 and 2011-02", "2010-11-01 2011-02-28"),
        ("nov to dec 2010", "2010-11-01 2010-12-31"),
        ("since 3 dec 2010", "2010-12-03 2026-11-29"),
        ("until 5 dec 2010", "1900-01-01 2010-12-05"),
        ("all", "1900-01-01 2199-12-31"),
    ],
)
def test_a_range_is_read_as_people_say_it(text: str, days: str) -> None:
    assert said(text) == days


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", RangeReason.NOT_UNDERSTOOD),
        ("soon", RangeReason.NOT_UNDERSTOOD),
        ("2010-13", RangeReason.NOT_UNDERSTOOD),
        ("last 0 days", RangeReason.NOT_UNDERSTOOD),
        ("x" * 200, RangeReason.NOT_UNDERSTOOD),
        ("2010-02-30", RangeReason.NO_SUCH_DATE),
        ("03/12/2010", RangeReason.AMBIGUOUS),
        ("2011 to 2010", RangeReason.BACKWARDS),
        ("last 99999 days", RangeReason.TOO_FAR),
        ("1850", RangeReason.TOO_FAR),
        ("2010-w60", RangeReason.TOO_FAR),
        ("tomorrow morning", RangeReason.NOT_UNDERSTOOD),
    ],
)
def test_what_is_no_range_is_refused_with_the_reason(text: str, reason: RangeReason) -> None:
    with pytest.raises(RangeError) as refused:
        read_range(text, HERE)
    assert refused.value.reason is reason


@pytest.mark.parametrize(("locale", "first"), [("en", 0), ("de-DE", 0), ("en-US", 6), ("ar_EG", 5), ("?!", 0)])
def test_weeks_begin_as_they_do_where_the_locale_is_spoken(locale: str, first: int) -> None:
    assert week_start(locale) == first


def test_a_week_that_begins_on_sunday_has_begun_on_a_sunday() -> None:
    there = Calendar(SUNDAY, week_start("en-US"))
    assert said("this week", there) == "2026-11-29 2026-11-29"
    assert said("last week", there) == "2026-11-22 2026-11-28"


def test_there_is_nothing_before_what_has_no_beginning() -> None:
    assert ALL.before is None
    assert read_range("until 2010", HERE).before is None
    assert read_range("1900-02", HERE).before is None or read_range("1900-02", HERE).before == Range(
        dt.date(1900, 1, 1), dt.date(1900, 1, 31)
    )


todays = st.dates(dt.date(1990, 1, 1), dt.date(2150, 12, 31))
units = st.sampled_from(("week", "month", "quarter", "year"))
texts = st.one_of(
    st.sampled_from(("today", "yesterday", "wtd", "mtd", "qtd", "ytd", "fri", "3 dec", "december", "q2", "29 feb")),
    st.builds("this {}".format, units),
    st.builds("last {}".format, units),
    st.builds("last {} {}s".format, st.integers(1, 40), st.sampled_from(("day", "week", "month", "quarter", "year"))),
    st.builds("{}-{:02}".format, st.integers(1950, 2150), st.integers(1, 12)),
    st.builds("q{} {}".format, st.integers(1, 4), st.integers(1950, 2150)),
)
calendars = st.builds(Calendar, todays, st.integers(0, 6))


@given(texts, calendars)
def test_the_range_before_ends_where_a_range_begins_and_is_as_long(text: str, calendar: Calendar) -> None:
    found = read_range(text, calendar)
    before = found.before
    assert before is not None
    assert found.first <= found.last
    assert before.last + _DAY == found.first
    assert before.months == found.months if found.months else before.days == found.days


@given(texts, texts, calendars)
def test_a_range_made_of_two_runs_from_the_first_day_to_the_last(one: str, other: str, calendar: Calendar) -> None:
    begin, end = read_range(one, calendar), read_range(other, calendar)
    assume(begin.first <= end.last)
    assert between(one, other, calendar) == Range(begin.first, end.last)
    typed = f"from {begin.first} to {end.last}"
    assert read_range(typed, calendar) == Range(begin.first, end.last)


@given(texts, calendars)
def test_what_is_said_of_the_present_is_over_by_today(text: str, calendar: Calendar) -> None:
    assume(text.startswith(("this", "last", "today", "yesterday")) or text.endswith("td"))
    assert read_range(text, calendar).last <= calendar.today


pieces = st.lists(st.sampled_from("from to last week 2010 dec 3 .. - q4 until".split()))


@given(st.text(max_size=60) | pieces.map(" ".join))
def test_any_text_is_a_range_or_refused(text: str) -> None:
    with suppress(RangeError):
        found = read_range(text, HERE)
        assert found.first <= found.last <= LATEST
