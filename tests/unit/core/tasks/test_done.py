"""The spans of days that done tasks are told by."""

import datetime as dt

from core.dates.ranges import ALL, Calendar, Range, Spans
from core.shared.zones import zone
from core.tasks.done import MOST_SPANS, firsts, instants, usual_span

HERE = Calendar(dt.date(2026, 11, 20))


def days(first: str, last: str) -> Range:
    return Range(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def test_the_spans_of_a_range_begin_with_it_and_then_with_each_week_or_month() -> None:
    within = days("2026-10-28", "2026-11-10")
    assert firsts(within, Spans.WEEK, HERE) == [dt.date(2026, 10, 28), dt.date(2026, 11, 2), dt.date(2026, 11, 9)]
    assert firsts(within, Spans.MONTH, HERE) == [dt.date(2026, 10, 28), dt.date(2026, 11, 1)]
    assert len(firsts(within, Spans.DAY, HERE)) == within.days
    assert len(firsts(ALL, Spans.DAY, HERE)) == MOST_SPANS + 1


def test_many_weeks_are_told_by_month() -> None:
    assert usual_span(days("2026-01-01", "2026-12-31")) is Spans.WEEK
    assert usual_span(days("2024-01-01", "2026-12-31")) is Spans.MONTH


def test_a_day_begins_when_the_clocks_of_its_zone_say_so() -> None:
    assert instants([dt.date(2026, 3, 29), dt.date(2026, 3, 30)], zone("Europe/Berlin")) == [
        dt.datetime(2026, 3, 28, 23, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 29, 22, tzinfo=dt.UTC),
    ]
