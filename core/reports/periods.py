"""Sales by spans of days: what the database added up by day becomes weeks and months, each beside the one before."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.reports.model import NOTHING, By, DayFigure, Figure, Figures, Question, Total
from core.reports.ranges import Calendar, Range

_DAY = dt.timedelta(days=1)
_MOST_DAYS, _MOST_WEEKS = 31, 26
"""Spans that are shown side by side, unless others are asked for."""


def asked_days(question: Question) -> Range:
    """Return the days that have to be added up for a question: those of its range, and of the one before it."""
    return Range((question.before or question.range).first, question.range.last)


def span_of(within: Range, days: Sequence[DayFigure]) -> By:
    """Return what sales of a range are shown by unless it is said: days, or weeks or months where those are many."""
    sold = [day.day for day in days if day.day >= within.first]
    if not sold:
        return By.DAY
    first, last = (min(sold), max(sold)) if within.is_open else (within.first, min(within.last, max(sold)))
    count = (last - first).days + 1
    if count <= _MOST_DAYS:
        return By.DAY
    return By.WEEK if count <= 7 * _MOST_WEEKS else By.MONTH


def by_spans(question: Question, days: Sequence[DayFigure], calendar: Calendar) -> Figures:
    """Put days together to the spans that are asked for, in the order of time."""
    spans: dict[tuple[dt.date, str], _Span] = defaultdict(_Span)
    totals: dict[str, _Span] = defaultdict(_Span)
    for day in days:
        is_now = day.day >= question.range.first
        for one in (spans[_beginning(question.by, day.day, calendar), day.currency], totals[day.currency]):
            one.add(day, is_now=is_now)
    covered = Range(_covered_from(question, days), min(question.range.last, calendar.today))
    figures = [
        replace(_figure(first, currency, span), before=_before(question.by, first, currency, spans, covered, calendar))
        for (first, currency), span in sorted(spans.items())
        if span.lines
    ]
    return Figures(question, figures, _totals(question, totals, figures))


@dataclass(slots=True)
class _Span:
    """What was sold in a span of days, as far as it is in the range asked for, and in all (`whole`)."""

    amount: Decimal = NOTHING
    quantity: Decimal = NOTHING
    lines: int = 0
    whole: Decimal = NOTHING

    def add(self, day: DayFigure, *, is_now: bool) -> None:
        self.whole += day.amount
        if is_now:
            self.amount += day.amount
            self.quantity += day.quantity
            self.lines += day.lines


def _beginning(by: By, day: dt.date, calendar: Calendar) -> dt.date:
    return day if by is By.DAY else calendar.beginning(by.value, day)


def _end(by: By, first: dt.date, calendar: Calendar) -> dt.date:
    return first if by is By.DAY else calendar.further(by.value, first, 1) - _DAY


def _covered_from(question: Question, days: Sequence[DayFigure]) -> dt.date:
    """Return the first day of which all is known that was sold; of a range without a beginning that of any sale."""
    first = asked_days(question).first
    return days[0].day if question.range.is_open and days else first


def _figure(first: dt.date, currency: str, span: _Span) -> Figure:
    return Figure(first.isoformat(), currency, span.amount, span.quantity, span.lines)


def _before(
    by: By,
    first: dt.date,
    currency: str,
    spans: Mapping[tuple[dt.date, str], _Span],
    covered: Range,
    calendar: Calendar,
) -> Decimal | None:
    """Return what was sold in the span before, if both are wholly known: what is cut compares with nothing."""
    earlier = _beginning(by, first - _DAY, calendar)
    if earlier < covered.first or _end(by, first, calendar) > covered.last:
        return None
    return spans[earlier, currency].whole if (earlier, currency) in spans else NOTHING


def _totals(question: Question, sums: Mapping[str, _Span], figures: Iterable[Figure]) -> Sequence[Total]:
    counts: dict[str, int] = defaultdict(int)
    for figure in figures:
        counts[figure.currency] += 1
    is_compared = question.before is not None
    totals = [
        Total(
            currency,
            one.amount,
            one.quantity,
            one.lines,
            one.whole - one.amount if is_compared else None,
            counts[currency],
        )
        for currency, one in sums.items()
        if one.lines
    ]
    return sorted(totals, key=lambda total: (-total.lines, total.currency))
