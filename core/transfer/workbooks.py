"""Sheets of spreadsheet programs: their cells as the texts that people mean by them."""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice

from core.ports.workbooks import DIGITS, Flaw, FlawedCell, Money, Percentage, Sheet, SheetRow, SheetValue
from core.transfer.layout import AnySheet, detect_sheet_layout
from core.transfer.rows import FlawedText, MeasuredText
from core.transfer.sheet import ERROR
from core.transfer.sources import SourceRow

_HEAD = 20
_EXACT_BELOW = 10**DIGITS
_REASONS = {Flaw.ERROR: "cell_error", Flaw.UNCALCULATED: "cell_uncalculated"}


class SheetSource:
    """A sheet, with or without headings; a title above the headings is skipped."""

    guarded = False
    flawed = True
    suffix = "xlsx"
    encoding = ""

    def __init__(self, sheet: AnySheet, given: Sheet) -> None:
        """Look at the first rows given; raises `RefusedError` if they are none of that sheet."""
        self._given = given
        self._rows = given.rows()
        self._head = list(islice(self._rows, _HEAD))
        self.layout = detect_sheet_layout(sheet, [_texts(values) for _, values in self._head])
        self.unused = self.layout.unused

    @property
    def position(self) -> int:
        """Return how much has been read."""
        return self._given.position

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows, once."""
        width = len(self.layout.headings)
        for line, values in chain(self._head[self.layout.begins :], self._rows):
            # What stands beside the table is no part of it.
            yield line, _texts(values[:width]), values

    def mended(self) -> "MendedSheet":
        """Return what gives the sheet back."""
        return MendedSheet(self.layout.headings, self.layout.places.get(ERROR))


class MendedSheet:
    """The same sheet with an `error` column after its last heading, or the one it already had filled anew."""

    def __init__(self, headings: Sequence[str], place: int | None) -> None:
        """Write under those headings, the errors at that place if they have one."""
        self._headings = headings
        self._place = place
        self._begun = False

    def write(self, rows: Iterable[tuple[Sequence[SheetValue], str]]) -> list[SheetRow]:
        """Return the next rows, for rows as they were with their errors."""
        return [*self.end(), *(self._row(values, error) for values, error in rows)]

    def end(self) -> list[SheetRow]:
        """Return the header, unless it is there already."""
        if self._begun:
            return []
        self._begun = True
        return [[*self._headings, *([ERROR] if self._place is None else [])]]

    def _row(self, values: Sequence[SheetValue], error: str) -> SheetRow:
        width = len(self._headings)
        row = [*values, *[None] * (width - len(values))]
        if self._place is None:
            return [*row[:width], error or None, *row[width:]]
        return [*row[: self._place], error or None, *row[self._place + 1 :]]


def _texts(values: Iterable[SheetValue]) -> list[str]:
    return [value if isinstance(value, str) else text_of(value) for value in values]


def text_of(value: SheetValue) -> str:
    """Return a cell as a person would type it; what can't be trusted is a `FlawedText`."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Percentage():
            return MeasuredText(f"{_number(value * 100)}%", "cell_percentage")
        case Money():
            return MeasuredText(_number(value), "cell_money")
        case int() | float():
            return _number(value)
        case datetime():
            return value.isoformat(timespec="minutes" if value.second == 0 else "seconds")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="minutes" if value.second == 0 else "seconds")
        case FlawedCell():
            return FlawedText(value.shown, _REASONS[value.flaw])


def _number(value: float) -> str:
    """Return a number as it is shown: with the digits that a spreadsheet keeps, and never as `9.78E+12`."""
    if not math.isfinite(value):
        return FlawedText(str(value), "cell_error")
    # Of a longer number the last digits are made up; it was an identifier before it became a number.
    plain = format(Decimal(f"{value:.{DIGITS}g}"), "f")
    return FlawedText(plain, "digits_lost") if abs(value) >= _EXACT_BELOW else plain
