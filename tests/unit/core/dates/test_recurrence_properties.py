"""What holds for every repetition, every due and every text; days are checked against another program's."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import assume, example, given

from core.dates.due import Due
from core.dates.recurrence import LAST, WORKDAYS, Every, Recurrence, in_order
from core.dates.recurrence_errors import RecurrenceError
from core.dates.recurrence_grammar import match_recurrence, parse_recurrence
from core.dates.recurrence_rules import LONGEST_RULE, recurrence_of, rule_of
from core.shared.zones import zone

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
CHANGES = ("2026-03-28", "2026-10-24", "2026-03-07", "2026-10-31", "2028-02-29", "2027-01-31")

dates = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)) | st.sampled_from(CHANGES).map(dt.date.fromisoformat)
times = st.builds(dt.time, st.integers(0, 23), st.integers(0, 59), fold=st.sampled_from((0, 1)))
dues = st.builds(Due, dates, st.none() | times, st.sampled_from(ZONES))
nows = st.integers(0, 229 * 365 * 86_400).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC))

intervals = st.integers(1, 5) | st.integers(1, 400)
some_weekdays = st.sets(st.integers(0, 6)).map(lambda found: tuple(sorted(found)))
one_weekday = st.integers(0, 6).map(lambda found: (found,))
late_days = st.sampled_from(((), (LAST,), (29,), (30,), (31,)))
days_of_month = st.builds(
    lambda early, late: (*sorted(early), *late), st.sets(st.integers(1, 28), max_size=9), late_days
)
positions = st.sets(st.sampled_from((1, 2, 3, 4, LAST)), min_size=1).map(lambda found: in_order(tuple(found)))
shapes = (
    st.builds(Recurrence, st.just(Every.DAY), intervals)
    | st.builds(Recurrence, st.just(Every.WEEK), intervals, some_weekdays)
    | st.builds(Recurrence, st.just(Every.MONTH), intervals, days=days_of_month)
    | st.builds(Recurrence, st.just(Every.MONTH), intervals, one_weekday | st.just(WORKDAYS), positions=positions)
    | st.builds(
        Recurrence,
        st.just(Every.MONTH),
        st.sampled_from((12, 24, 36)),
        days=st.sampled_from((LAST, *range(1, 30))).map(lambda day: (day,)),
        month=st.integers(1, 12),
    )
    | st.builds(
        Recurrence,
        st.just(Every.MONTH),
        st.just(12),
        one_weekday,
        positions=st.sampled_from(((1,), (LAST,))),
        month=st.integers(1, 12),
    )
)
clocks: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.builds(
    dict, time=st.builds(dt.time, st.integers(0, 23), st.integers(0, 59))
)
ends: st.SearchStrategy[dict[str, Any]] = (
    st.just({}) | st.builds(dict, until=dates) | st.builds(dict, count=st.integers(1, 1000))
)


@st.composite
def some_recurrences(draw: st.DrawFn) -> Recurrence:
    shape = draw(shapes)
    is_bare = not (shape.weekdays or shape.days)
    after_done = is_bare and draw(st.booleans())
    return replace(shape, after_done=after_done, **draw(clocks), **draw(ends))


recurrences = some_recurrences()

WORDS = (
    "every", "each", "other", "2", "3", "0", "two", "day", "days", "weeks", "month", "year", "daily", "weekly", "on",
    "monthly", "mon", "thursdays", "friday,", "and", "&", "the", "last", "first", "2nd", "5th", "31st", "15", "of",
    "month", "weekday", "working", "until", "for", "5", "times", "31", "dec", "feb", "2027", "at", "9am", "hourly",
    "end", "to", "-", "except", "sundays", "after", "completion", "1st", "3rd", "weekend", "march", "9:30", "at",
    "morning", "once", "a", "quarter", "x-from=done",
    "FREQ=WEEKLY;BYHOUR=9", "FREQ=WEEKLY", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=DAILY;UNTIL=99999999",
)  # fmt: skip
texts = st.text(max_size=200) | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


def recurrence_or_error(read: Callable[[], Recurrence]) -> Recurrence | RecurrenceError:
    """What reading gives, or why it refuses; any other exception fails the test."""
    try:
        return read()
    except RecurrenceError as error:
        return error


@given(texts, dates)
@example("\ufdfa" * 160, dt.date(2026, 1, 1))
@example("\ud800\0", dt.date(2026, 1, 1))
@example("every " + "9" * 150, dt.date(2026, 1, 1))
@example("mon and " * 20, dt.date(2026, 1, 1))
@example("mon until " * 16, dt.date(2026, 1, 1))
@example("every morning at noon except monday until 3x after done " * 2, dt.date(2026, 1, 1))
@example("FREQ=" + "A" * 150, dt.date(2026, 1, 1))
@example("FREQ=DAILY;INTERVAL=²", dt.date(2026, 1, 1))
@example("FREQ=MONTHLY;BYMONTHDAY=28,999999999;BYSETPOS=-1", dt.date(2026, 1, 1))
def test_any_text_is_a_repetition_or_refused_with_a_reason(text: str, today: dt.date) -> None:
    found = recurrence_or_error(lambda: parse_recurrence(text, today=today))
    if isinstance(found, RecurrenceError):
        assert found.example
        assert len(found.part) <= 40
    else:
        assert parse_recurrence(found.words(), today=today) == found


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=10), max_size=9), dates)
def test_counted_words_are_a_repetition_or_refused_for_what_they_name(words: list[str], today: dt.date) -> None:
    count = match_recurrence(words, today=today)
    assert 0 <= count <= len(words)


@given(recurrences, dates)
def test_a_repetition_survives_being_said_and_stored(recurrence: Recurrence, today: dt.date) -> None:
    assert parse_recurrence(recurrence.words(), today=today) == recurrence
    assert len(rule_of(recurrence)) < LONGEST_RULE
    assert recurrence_of(rule_of(recurrence)) == recurrence
    assert parse_recurrence(f"RRULE:{rule_of(recurrence)}", today=today) == recurrence


@given(recurrences, dues, st.none() | nows)
def test_a_due_that_follows_is_later_at_the_same_time_on_the_same_clock(
    recurrence: Recurrence, due: Due, now: dt.datetime | None
) -> None:
    found = recurrence.next_after(due, now)
    if found is None:
        return
    assert (found.time, found.zone) == (recurrence.time or due.time, due.zone)
    if recurrence.after_done and now:
        assert found.date > now.astimezone(zone(due.zone)).date()
    else:
        assert found.date > due.date
    assert found.date <= (recurrence.until or dt.date(2199, 12, 31))


@given(recurrences, dates, dates)
def test_the_first_day_fits_and_is_not_passed_over(recurrence: Recurrence, today: dt.date, other: dt.date) -> None:
    first = recurrence.first(today)
    assert first >= today
    anchored = recurrence.anchored(first)
    assert anchored.first(first) == first
    if today <= other < first and not (recurrence.weekdays or recurrence.month or recurrence.after_done):
        assert recurrence.anchored(today).first(other) == first


@given(shapes, dates, st.integers(1, 6))
def test_the_days_are_those_that_calendars_find(shape: Recurrence, start: dt.date, steps: int) -> None:
    assume(start.year < 2199)
    recurrence = shape.anchored(start)
    rules = rrulestr(rule_of(recurrence), dtstart=dt.datetime.combine(start, dt.time()), ignoretz=True)
    day = start
    for _ in range(steps):
        expected = rules.after(dt.datetime.combine(day, dt.time())).date()
        found = recurrence.next_day(day, day)
        if expected.year > 2199:
            assert found is None
            return
        assert found == expected
        day = found


@given(shapes, dates, dates)
def test_days_after_a_gap_are_those_that_calendars_find(shape: Recurrence, start: dt.date, after: dt.date) -> None:
    assume(start <= after <= start + dt.timedelta(days=2000))
    recurrence = shape.anchored(start)
    rules = rrulestr(rule_of(recurrence), dtstart=dt.datetime.combine(start, dt.time()), ignoretz=True)
    expected = rules.after(dt.datetime.combine(after, dt.time())).date()
    assert recurrence.next_day(start, after) == (expected if expected.year <= 2199 else None)
