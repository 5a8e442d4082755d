"""What the cells of a sheet say: typed values from their marks in the file."""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from openpyxl.utils.datetime import from_excel

from adapters.processes.errors import JobRefusedError
from adapters.processes.jobs.cell_texts import unescaped
from adapters.processes.jobs.workbook_parts import NumberKind
from core.ports.workbooks import Flaw, FlawedCell, Money, Percentage, SheetFault, SheetValue

COLUMNS_EVER = 18_278
"""The number of `ZZZ`, past every column that there can be."""

_AMOUNTS: Mapping[NumberKind, Callable[[float], float]] = {
    NumberKind.NUMBER: lambda number: number,
    NumberKind.PERCENTAGE: Percentage,
    NumberKind.MONEY: Money,
}
_HALF_SECOND = timedelta(milliseconds=500)
_DIGITS = "0123456789"
_LONGEST_NUMBER = 40


@lru_cache(maxsize=COLUMNS_EVER)
def column_number(letters: str) -> int:
    """Return which column letters stand for, from 1; raises `JobRefusedError` for what are none."""
    number = 0
    if not 0 < len(letters) <= 3 or not letters.isascii() or not letters.isalpha():
        raise JobRefusedError(SheetFault.DAMAGED)
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_of(reference: str) -> int:
    """Return the column of a reference such as `AB12`."""
    return column_number(reference.rstrip(_DIGITS))


class CellReader:
    """Turns what stands in a cell into its value."""

    def __init__(self, texts: Sequence[str | None], kinds: Sequence[NumberKind], epoch: datetime) -> None:
        """Read with the texts that cells share, the kinds of numbers by style, and the day that they count from."""
        self._texts = texts
        self._kinds = kinds
        self._epoch = epoch

    def value(self, kind: str, style: str, raw: str, *, has_formula: bool) -> SheetValue:
        """Return a cell's value; raises `ValueError` for what no program writes, and `LookupError`.

        A shared text that is too long for a cell raises `OverflowError`.
        """
        if not raw:
            # A formula may well come to an empty text, and then the file says that it is a text.
            return FlawedCell(Flaw.UNCALCULATED) if has_formula and kind != "str" else None
        if kind == "s":
            return self._shared(int(raw))
        if kind in ("str", "inlineStr"):
            return unescaped(raw)
        if kind == "b":
            return raw in ("1", "true")
        if kind == "e":
            return FlawedCell(Flaw.ERROR, raw[:_LONGEST_NUMBER])
        if kind == "d":
            return _plain_moment(datetime.fromisoformat(raw))
        return self._number(style, raw)

    def _shared(self, index: int) -> str:
        text = self._texts[index] if index >= 0 else None
        if text is None:
            raise OverflowError
        return text

    def _number(self, style: str, raw: str) -> SheetValue:
        number = int(raw) if len(raw) < _LONGEST_NUMBER and raw.isdecimal() else float(raw)
        if not math.isfinite(number):
            raise ValueError(raw)
        place = int(style) if style else -1
        kind = self._kinds[place] if 0 <= place < len(self._kinds) else NumberKind.NUMBER
        if kind in _AMOUNTS:
            return _AMOUNTS[kind](number)
        if not number and kind in (NumberKind.DATE, NumberKind.MOMENT):
            # Day 0 is no day: what a formula makes of an empty cell.
            return None
        try:
            return self._of_time(kind, number)
        except (OverflowError, ValueError):
            # What is before or after all dates is shown as signs that mean nothing.
            return FlawedCell(Flaw.ERROR, "#VALUE!")

    def _of_time(self, kind: NumberKind, number: float) -> SheetValue:
        """Return what a number that is shown as a date or a time says."""
        if kind is NumberKind.SPAN:
            seconds = round(number * 86_400)
            sign, (minutes, rest) = "-" if seconds < 0 else "", divmod(abs(seconds), 60)
            return f"{sign}{minutes // 60}:{minutes % 60:02}:{rest:02}"
        if number < 0:
            raise ValueError(number)
        moment = from_excel(number, self._epoch)
        if isinstance(moment, time):
            return moment.replace(microsecond=0)
        if not isinstance(moment, datetime):
            raise TypeError(type(moment))
        # What the person sees counts: a date without its hours is that day.
        return moment.date() if kind is NumberKind.DATE else _plain_moment(moment)


def _plain_moment(moment: datetime) -> datetime | date:
    """Return a wall clock in whole seconds, or the day alone if it is midnight, as spreadsheets write days."""
    rounded = (moment.replace(tzinfo=None) + _HALF_SECOND).replace(microsecond=0)
    return rounded.date() if rounded.time() == time() else rounded
