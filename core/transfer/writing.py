"""Records as files: CSV, XLSX and JSON that import again unchanged."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from core.ports.workbooks import DIGITS, SheetRow, SheetValue
from core.shared.json_rows import JsonWriter
from core.shared.tabular import csv_writer, guard
from core.transfer.choices import ExportFormat
from core.transfer.roster import joined
from core.transfer.sheet import CellValue, D, R, Sheet, Surroundings

_FIRST_SURE_DAY = date(1900, 3, 1)
"""Before it, spreadsheets disagree about which day a number is: some know a 29 February 1900."""

R_contra = TypeVar("R_contra", contravariant=True)


class RecordWriter(Protocol[R_contra]):
    """Writes records to one file, piece by piece."""

    def write(self, records: Sequence[R_contra]) -> bytes:
        """Return the next bytes."""
        ...

    def end(self) -> bytes:
        """Return the last bytes."""
        ...


def record_writer(sheet: Sheet[D, R], kind: ExportFormat, around: Surroundings) -> RecordWriter[R]:
    """Return what writes that kind of file, which is none that `sheet_rows` makes."""
    if kind is ExportFormat.TEXT:
        return _TextWriter(sheet.line)
    return _CsvWriter(sheet, around) if kind is ExportFormat.CSV else _JsonWriter(sheet, around)


class _CsvWriter(Generic[R]):
    """A CSV file with a header; what a spreadsheet would run is defused."""

    def __init__(self, sheet: Sheet[D, R], around: Surroundings) -> None:
        self._values = [column.write for column in sheet.columns]
        self._around = around
        self._to_bytes: Callable[[Sequence[Sequence[object]]], bytes] = csv_writer()
        self._head: bytes = self._to_bytes([sheet.names])

    def write(self, records: Sequence[R]) -> bytes:
        head, self._head = self._head, b""
        return head + self._to_bytes([self._row(record) for record in records])

    def end(self) -> bytes:
        return self._head

    def _row(self, record: R) -> list[object]:
        values = [write(record, self._around) for write in self._values]
        return [csv_value(value) for value in values]


class _JsonWriter(Generic[R]):
    """A JSON array with a record a line."""

    def __init__(self, sheet: Sheet[D, R], around: Surroundings) -> None:
        self._values = [(column.name, column.write) for column in sheet.columns]
        self._around = around
        self._writer = JsonWriter()

    def write(self, records: Sequence[R]) -> bytes:
        return self._writer.write(
            {name: _plain(write(record, self._around)) for name, write in self._values} for record in records
        )

    def end(self) -> bytes:
        return self._writer.end()


class _TextWriter(Generic[R]):
    """A plain list that does not hold everything."""

    def __init__(self, line: Callable[[R], str]) -> None:
        self._line = line

    def write(self, records: Sequence[R]) -> bytes:
        return "".join(f"{self._line(record)}\n" for record in records).encode()

    def end(self) -> bytes:
        return b""


def sheet_header(sheet: Sheet[D, R]) -> SheetRow:
    """Return the headings of a workbook's sheet."""
    return list(sheet.names)


def sheet_rows(sheet: Sheet[D, R], around: Surroundings) -> Callable[[Sequence[R]], list[SheetRow]]:
    """Return what turns records into rows of a workbook's sheet.

    Whatever is no number and no day is text, so that what looks like a number or a formula in a title is none. So is an
    amount that a spreadsheet would round.
    """
    values = [column.write for column in sheet.columns]
    return lambda records: [[sheet_value(write(record, around)) for write in values] for record in records]


def _text(value: CellValue) -> str:
    """Return a value as one text; names in a list are kept apart by quotes where they need it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, int) else joined(value)


def csv_value(value: CellValue) -> str:
    """Return a value as a cell that no spreadsheet runs; a number below zero is one like any other."""
    return _text(value) if isinstance(value, int | Decimal) else guard(_text(value))


def _plain(value: CellValue) -> object:
    if isinstance(value, date | Decimal):
        return _text(value)
    return value if value is None or isinstance(value, (str, int)) else list(value)


def sheet_value(value: CellValue) -> SheetValue:
    """Return a value as a cell of a workbook: a number or a day where it keeps that to the letter, else a text."""
    if isinstance(value, int) or (isinstance(value, date) and value >= _FIRST_SURE_DAY):
        return value
    if isinstance(value, Decimal) and _is_kept(value):
        return float(value)
    return _text(value) or None


def _is_kept(amount: Decimal) -> bool:
    """Tell whether a spreadsheet keeps all digits of an amount."""
    return abs(amount) < 10**DIGITS and Decimal(f"{amount:.{DIGITS}g}") == amount
