"""Days put together to weeks and months: nothing is lost, and each compares with the one before it."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates.ranges import ALL, Calendar, Range
from core.sales.figures import By, DayFigure, Figures, Question
from core.sales.periods import asked_days, by_spans, span_of

FRIDAY = dt.date(2026, 11, 20)
HERE = Calendar(FRIDAY)
_DAY = dt.timedelta(days=1)


def sold(day: str, amount: str, currency: str = "EUR") -> DayFigure:
    return DayFigure(dt.date.fromisoformat(day), currency, Decimal(amount), Decimal(1), 1)


def days(first: str, last: str) -> Range:
    return Range(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def told(found: Figures) -> list[tuple[str, Decimal, Decimal | None]]:
    return [(one.key, one.amount, one.before) for one in found.figures]


def test_each_month_compares_with_the_one_before_it_and_the_first_with_the_range_before() -> None:
    question = Question(days("2026-09-01", "2026-10-31"), By.MONTH)
    lines = [sold("2026-07-05", "1"), sold("2026-08-05", "2"), sold("2026-09-05", "4"), sold("2026-10-05", "8")]
    found = by_spans(question, lines, HERE)
    assert told(found) == [("2026-09-01", Decimal(4), Decimal(2)), ("2026-10-01", Decimal(8), Decimal(4))]
    (total,) = found.totals
    assert (total.amount, total.before, total.groups) == (Decimal(12), Decimal(3), 2)


def test_of_a_range_without_a_beginning_the_first_span_compares_with_nothing() -> None:
    lines = [sold("2026-08-05", "2"), sold("2026-09-05", "4")]
    assert told(by_spans(Question(ALL, By.MONTH), lines, HERE)) == [
        ("2026-08-01", Decimal(2), None),
        ("2026-09-01", Decimal(4), None),
    ]
    more = [sold("2026-08-01", "0"), *lines]
    assert told(by_spans(Question(ALL, By.MONTH), more, HERE))[1] == ("2026-09-01", Decimal(4), Decimal(2))


def test_a_span_that_is_not_over_or_begins_before_the_range_compares_with_nothing() -> None:
    lines = [sold("2026-11-04", "1"), sold("2026-11-12", "2"), sold("2026-11-19", "4")]
    found = by_spans(Question(days("2026-11-03", "2026-11-30"), By.WEEK), lines, HERE)
    assert told(found) == [
        ("2026-11-02", Decimal(1), None),
        ("2026-11-09", Decimal(2), Decimal(1)),
        ("2026-11-16", Decimal(4), None),
    ]


def test_days_without_sales_are_told_between_others_of_their_currency() -> None:
    lines = [sold("2026-11-02", "3"), sold("2026-11-04", "5"), sold("2026-11-06", "1", "USD")]
    found = by_spans(Question(days("2026-11-01", "2026-11-20"), By.DAY), lines, HERE)
    assert told(Figures(found.question, found.of("EUR"))) == [
        ("2026-11-02", Decimal(3), Decimal(0)),
        ("2026-11-03", Decimal(0), Decimal(3)),
        ("2026-11-04", Decimal(5), Decimal(0)),
    ]
    assert [one.lines for one in found.of("EUR")] == [1, 0, 1]
    assert [total.groups for total in found.totals] == [2, 1]
    assert [one.key for one in found.of("USD")] == ["2026-11-06"]


def test_of_sales_far_apart_the_days_between_are_not_told_one_by_one() -> None:
    found = by_spans(Question(ALL, By.DAY), [sold("1996-11-02", "3"), sold("2026-11-04", "5")], HERE)
    assert [one.key for one in found.figures] == ["1996-11-02", "2026-11-04"]


def test_what_was_only_sold_before_the_range_makes_no_total() -> None:
    found = by_spans(Question(days("2026-11-01", "2026-11-30"), By.DAY), [sold("2026-10-05", "1")], HERE)
    assert (found.figures, found.totals) == ([], [])


@pytest.mark.parametrize(
    ("within", "last", "by"),
    [
        (days("2026-11-01", "2026-11-30"), "2026-11-20", By.DAY),
        (days("2026-06-01", "2026-11-30"), "2026-11-20", By.WEEK),
        (days("2025-01-01", "2026-11-30"), "2026-11-20", By.MONTH),
        (ALL, "2026-11-20", By.DAY),
        (ALL, "2027-11-20", By.MONTH),
    ],
)
def test_spans_are_as_long_as_suits_the_days_that_have_sales(within: Range, last: str, by: By) -> None:
    assert span_of(within, [sold("2026-11-19", "1"), sold(last, "1")]) is by


amounts = st.decimals(-(10**6), 10**6, places=4)
figures = st.lists(
    st.tuples(st.integers(0, 500), st.sampled_from(("EUR", "USD")), amounts), unique_by=lambda one: one[:2], max_size=40
)


@given(
    figures, st.sampled_from((By.DAY, By.WEEK, By.MONTH)), st.integers(0, 400), st.integers(1, 200), st.integers(0, 6)
)
def test_whatever_is_sold_in_a_range_is_in_one_of_its_spans(
    sales: Sequence[tuple[int, str, Decimal]], by: By, begin: int, length: int, week_start: int
) -> None:
    first = dt.date(2025, 1, 1)
    within = Range(first + _DAY * begin, first + _DAY * (begin + length - 1))
    question = Question(within, by)
    asked = asked_days(question)
    lines = [DayFigure(first + _DAY * day, code, amount, Decimal(1), 1) for day, code, amount in sorted(sales)]
    known = [line for line in lines if asked.first <= line.day <= asked.last]
    found = by_spans(question, known, Calendar(FRIDAY, week_start))
    for total in found.totals:
        inside = [line.amount for line in known if line.currency == total.currency and line.day >= within.first]
        outside = [line.amount for line in known if line.currency == total.currency and line.day < within.first]
        assert (total.amount, total.lines) == (sum(inside), len(inside))
        assert total.before == sum(outside)
        assert sum(one.amount for one in found.of(total.currency)) == total.amount
    assert {total.currency for total in found.totals} == {line.currency for line in known if line.day >= within.first}
