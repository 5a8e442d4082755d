"""Sales by spans of days: what the database added up by day becomes weeks and months, each beside the one before."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from core.dates.ranges import Calendar, Range
from core.sales.figures import NOTHING, By, DayFigure, Figure, Figures, Question, Total

_DAY = dt.timedelta(days=1)
MOST_SPANS = 31
"""Spans that are shown one below the other, unless others are asked for."""

MOST_WITH_GAPS = 366
"""Spans of which those without sales are told too."""


def asked_days(question: Question) -> Range:
    """Return the days that have to be added up for a question: those of its range, and of the one before it."""
    return Range((question.before or question.range).first, question.range.last)


def span_of(within: Range, days: Sequence[DayFigure], most: int = MOST_SPANS) -> By:
    """Return what sales of a range are shown by, unless it is said: days, or weeks or months where those are many."""
    sold = [day.day for day in days if day.day >= within.first]
    if not sold:
        return By.DAY
    first = sold[0] if within.is_open else within.first
    count = (sold[-1] - first).days + 1
    if count <= most:
        return By.DAY
    return By.WEEK if count <= 7 * most else By.MONTH


def by_spans(question: Question, days: Sequence[DayFigure], calendar: Calendar) -> Figures:
    """Put days, which come in their order, together to the spans that are asked for."""
    return _Spans(question, days, calendar).figures()


@dataclass(slots=True)
class _Sum:
    """What was sold in a span of days, as far as it is in the range asked for, and in all (`whole`)."""

    amount: Decimal = NOTHING
    quantity: Decimal = NOTHING
    lines: int = 0
    whole: Decimal = NOTHING

    def add(self, day: DayFigure, *, is_asked: bool) -> None:
        self.whole += day.amount
        if is_asked:
            self.amount += day.amount
            self.quantity += day.quantity
            self.lines += day.lines


_NONE = _Sum()


class _Spans:
    """The spans that a question is about, each by its first day and a currency."""

    def __init__(self, question: Question, days: Sequence[DayFigure], calendar: Calendar) -> None:
        self._question = question
        self._calendar = calendar
        self._sums: dict[tuple[dt.date, str], _Sum] = defaultdict(_Sum)
        self._totals: dict[str, _Sum] = defaultdict(_Sum)
        is_open = question.range.is_open and days
        # The first day of which all is known that was sold.
        self._known_from = days[0].day if is_open else asked_days(question).first
        for day in days:
            is_asked = day.day >= question.range.first
            self._sums[self._beginning(day.day), day.currency].add(day, is_asked=is_asked)
            self._totals[day.currency].add(day, is_asked=is_asked)

    def figures(self) -> Figures:
        sold = sorted(span for span, one in self._sums.items() if one.lines)
        figures = [self._figure(*span) for span in sorted([*sold, *self._gaps(sold)])]
        counts = Counter(currency for _, currency in sold)
        is_compared = self._question.before is not None
        totals = [
            Total(
                currency=currency,
                amount=one.amount,
                quantity=one.quantity,
                lines=one.lines,
                before=one.whole - one.amount if is_compared else None,
                groups=counts[currency],
            )
            for currency, one in self._totals.items()
            if one.lines
        ]
        return Figures(self._question, figures, sorted(totals, key=lambda total: (-total.lines, total.currency)))

    def _figure(self, first: dt.date, currency: str) -> Figure:
        one = self._sums.get((first, currency), _NONE)
        return Figure(first.isoformat(), currency, one.amount, one.quantity, one.lines, self._before(first, currency))

    def _gaps(self, sold: Sequence[tuple[dt.date, str]]) -> Iterator[tuple[dt.date, str]]:
        """Yield the spans without sales between others, without which charts would have them side by side."""
        for currency in self._totals:
            firsts = [first for first, its in sold if its == currency]
            between = list(islice(self._between(firsts), MOST_WITH_GAPS + 1))
            if len(between) <= MOST_WITH_GAPS:
                yield from ((first, currency) for first in set(between) - set(firsts))

    def _between(self, firsts: Sequence[dt.date]) -> Iterator[dt.date]:
        """Yield the spans from the first of these to the last."""
        span = firsts[0] if firsts else dt.date.max
        while firsts and span <= firsts[-1]:
            yield span
            span = self._following(span)

    def _following(self, first: dt.date) -> dt.date:
        return self._calendar.further(self._question.by.value, first, 1)

    def _beginning(self, day: dt.date) -> dt.date:
        return self._calendar.beginning(self._question.by.value, day)

    def _before(self, first: dt.date, currency: str) -> Decimal | None:
        """Return what was sold in the span before, if both are wholly known: what is cut compares with nothing."""
        asked, earlier = self._question.range, self._beginning(first - _DAY)
        last = self._following(first) - _DAY
        if first < asked.first or last > min(asked.last, self._calendar.today) or earlier < self._known_from:
            return None
        found = self._sums.get((earlier, currency))
        return found.whole if found else NOTHING
