"""What reports on sales are made of: questions that the database answers in figures, and the figures."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from core.dates.ranges import Range, Spans
from core.shared.value_objects import value_object

NOTHING = Decimal(0)


class By(StrEnum):
    """What sales are added up by."""

    DAY = Spans.DAY.value
    WEEK = Spans.WEEK.value
    MONTH = Spans.MONTH.value
    PRODUCT = "product"
    CUSTOMER = "customer"
    COUNTRY = "country"

    @property
    def is_time(self) -> bool:
        """Tell whether it is a span of days."""
        return self in (By.DAY, By.WEEK, By.MONTH)


class Measure(StrEnum):
    """What the largest are the largest by."""

    AMOUNT = "amount"
    QUANTITY = "quantity"


@value_object
class Question:
    """Which sales are added up, by what; of `top` (0 is all) the largest by a measure come back, in each currency.

    Those of the range before are added up beside them where that is to be compared.
    """

    range: Range
    by: By
    top: int = 0
    largest: Measure = Measure.AMOUNT
    is_compared: bool = True

    @property
    def before(self) -> Range | None:
        """Return the range to compare with, if there is any."""
        return self.range.before if self.is_compared else None


@value_object
class Figure:
    """What was sold of one thing, or in one span of days, in one currency.

    `key` is a code (empty where nobody named any) or the first day in ISO 8601; `before` the amount in the range, or
    the span, right before, None where there is nothing that can be compared. `place` counts from 1 for the largest.
    """

    key: str
    currency: str
    amount: Decimal
    quantity: Decimal = NOTHING
    lines: int = 0
    before: Decimal | None = None
    name: str = ""
    place: int = 0


@value_object
class Total:
    """What was sold in all in one currency; `groups` is how many things that was, those without a code aside."""

    currency: str
    amount: Decimal
    quantity: Decimal
    lines: int
    before: Decimal | None
    groups: int = 0


@value_object
class Figures:
    """The answer to a question: nothing at all was sold where there are no totals, one for each currency.

    Where nothing was, `latest` is the last day that has sales, if any has.
    """

    question: Question
    figures: Sequence[Figure] = ()
    totals: Sequence[Total] = ()
    latest: dt.date | None = None

    def of(self, currency: str) -> Sequence[Figure]:
        """Return the figures in one currency."""
        return [figure for figure in self.figures if figure.currency == currency]


@value_object
class DayFigure:
    """What was sold on one day in one currency."""

    day: dt.date
    currency: str
    amount: Decimal
    quantity: Decimal
    lines: int


@value_object
class Cell:
    """What was sold of one product on one day in one currency."""

    product: str
    day: dt.date
    currency: str
    amount: Decimal
