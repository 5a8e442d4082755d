"""The job that writes a workbook of one sheet: what is text stays text, and nothing is a formula."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from adapters.processes.jobs.cell_texts import escaped
from adapters.processes.sheet_lines import from_line
from core.ports.workbooks import FlawedCell, SheetValue

_AUTHOR = "Quartermaster"
"""Whom the file names as its author; a person's name is nobody's business who gets it."""

_SAMPLE = 200
"""Rows that are looked at to tell how wide the columns are."""

_NARROWEST, _WIDEST = 9, 60
_AS_TEXT = "@"
_FORMATS = {str: _AS_TEXT, date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm:ss", time: "hh:mm:ss"}

# The types that a cell has in the file; the library would guess them, and take `=1` for a formula.
_IS_TEXT, _IS_ERROR = "s", "e"


def write_sheet(given: dict[str, Any]) -> dict[str, Any]:
    """Write the lines of the file `source` as a sheet called `name` into the workbook `target`, the first as header."""
    source, target = Path(given["source"]), Path(given["target"])
    before, tempfile.tempdir = tempfile.tempdir, str(target.parent)
    try:
        # The library writes rows to a passing file first, and they are nothing for a folder that everybody shares.
        _write(source, target, given["name"])
    finally:
        tempfile.tempdir = before
    return {}


def _write(source: Path, target: Path, name: str) -> None:
    book = Workbook(write_only=True)
    book.properties.creator = _AUTHOR
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    sample = list(islice(_rows(source), _SAMPLE))
    for index in range(max(map(len, sample), default=0)):
        values = [row[index] for row in sample if index < len(row)]
        column = sheet.column_dimensions[get_column_letter(index + 1)]
        column.width = min(max([_NARROWEST, *(_width(value) + 2 for value in values)]), _WIDEST)
        if all(isinstance(value, str | None) for value in values):
            # What is typed into the column later stays as it is typed, too.
            column.number_format = _AS_TEXT
    cells = _Cells(sheet)
    for row in _rows(source):
        sheet.append(cells.of(row))
    book.save(target)


def _rows(source: Path) -> Iterator[list[SheetValue]]:
    with source.open("rb") as lines:
        for line in lines:
            yield from_line(line)


def _width(value: SheetValue) -> int:
    """Return how many signs a value takes, if it is more than one line the longest of them."""
    if isinstance(value, str):
        return max(map(len, value[:1000].splitlines()), default=0)
    return 0 if value is None else len(str(value))


class _Cells:
    """Makes the cells of row after row, out of the same few: each row is written before the next."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._made: dict[tuple[int, type], Any] = {}
        self._is_header = True

    def of(self, row: Sequence[SheetValue]) -> list[Any]:
        """Return the cells of a row."""
        cells = [None if value is None else self._cell(index, value) for index, value in enumerate(row)]
        if self._is_header:
            self._is_header = False
            self._made.clear()
            for cell in filter(None, cells):
                cell.font = Font(bold=True)
        return cells

    def _cell(self, index: int, value: SheetValue) -> Any:
        kind = type(value)
        cell = self._made.get((index, kind))
        if cell is None:
            cell = self._made[index, kind] = WriteOnlyCell(self._sheet)
            if number_format := _FORMATS.get(kind):
                cell.number_format = number_format
        if isinstance(value, str):
            cell.value = escaped(value)
            cell.data_type = _IS_TEXT
        elif isinstance(value, FlawedCell):
            cell.value = value.shown if value.shown.startswith("#") else "#VALUE!"
            cell.data_type = _IS_ERROR
        else:
            cell.value = value
        return cell
