"""The job that reads one sheet of a workbook into lines of JSON, without trusting anything that the file says.

It reads the XML itself: the library's own reader takes a formula without a result for an empty cell, doesn't tell what
is hidden or merged, changes some texts, and gives up on files whose styles or filters it dislikes.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

from adapters.processes.errors import JobRefusedError
from adapters.processes.jobs.packages import Package
from adapters.processes.jobs.sheet_cells import CellReader, column_of
from adapters.processes.jobs.workbook_parts import SheetLink, WorkbookParts, read_parts
from adapters.processes.jobs.xml_parts import Attributes, TextRuns, parsed
from adapters.processes.sheet_lines import to_line
from core.ports.workbooks import CELL_LIMIT, ROWS_EVER, SheetFault, SheetValue

COLUMN_LIMIT = 200
"""Columns that are read, as of a text file."""

_ROWS_ABOVE = 20
"""Rows that may stand above a table, headings among them."""

LINES_LIMIT = 512 * 1024 * 1024
"""Bytes of the lines: a text that many cells share is small in the file and not in them."""

_BROKEN = (BadZipFile, ExpatError, zlib.error, EOFError, ValueError, LookupError, OSError, RuntimeError)


def read_sheet(given: dict[str, Any]) -> dict[str, Any]:
    """Read a sheet of the workbook at `source` into the file `target`: the one called `prefer`, or the first shown.

    At most `rows` with anything in them, besides a few above the table. Returns its `name`, how many of its rows are
    `hidden`, and how many times cells are `merged`.
    """
    try:
        with Package(Path(given["source"])) as package:
            parts = read_parts(package)
            chosen = _choose(parts, given["prefer"])
            reader = _SheetReader(parts, given["rows"])
            with package.open(chosen.part) as stream, Path(given["target"]).open("w", encoding="ascii") as target:
                written = _write(reader.lines(stream), target)
    except _BROKEN as error:
        raise JobRefusedError(SheetFault.DAMAGED) from error
    if not written:
        raise JobRefusedError(SheetFault.EMPTY, name=chosen.name)
    return {"name": chosen.name, "hidden": reader.hidden, "merged": reader.merged}


def _choose(parts: WorkbookParts, prefer: str) -> SheetLink:
    """Return the sheet that is meant."""
    named = [sheet for sheet in parts.sheets if sheet.name.strip().casefold() == prefer.casefold()]
    chosen = next(iter([*named, *(sheet for sheet in parts.sheets if sheet.is_shown), *parts.sheets]), None)
    if chosen is None:
        raise JobRefusedError(SheetFault.EMPTY, name="")
    return chosen


def _write(lines: Iterator[str], target: IO[str]) -> int:
    """Write the lines and return their size."""
    size = 0
    for line in lines:
        size += len(line)
        if size > LINES_LIMIT:
            raise JobRefusedError(SheetFault.TOO_LARGE)
        target.write(line)
    return size


class _SheetReader:
    """Follows the elements of a sheet and collects its rows."""

    def __init__(self, parts: WorkbookParts, row_limit: int) -> None:
        self.hidden = 0
        self.merged = 0
        self._cells = CellReader(parts.texts, parts.kinds, parts.epoch)
        self._row_limit = row_limit
        self._count = 0
        self._ready: list[str] = []
        self._row = 0
        self._is_hidden = False
        self._values: list[SheetValue] = []
        self._attributes: Attributes = {}
        self._runs = TextRuns()
        self._value: list[str] = []
        self._value_length = 0
        self._is_value = False
        self._has_formula = False

    def lines(self, stream: IO[bytes]) -> Iterator[str]:
        """Yield a line for every row that holds anything."""
        for _ in parsed(stream, self._start, self._end, self._text):
            yield from self._ready
            self._ready.clear()

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._attributes = attributes
            self._runs.clear()
            self._value.clear()
            self._value_length = 0
            self._has_formula = False
        elif name == "v":
            self._is_value = True
        elif name == "row":
            self._begin_row(attributes)
        elif name == "f":
            self._has_formula = True
        elif name == "mergeCell":
            self.merged += 1
        else:
            self._runs.start(name)

    def _text(self, piece: str) -> None:
        if self._is_value:
            self._value_length += len(piece)
            if self._value_length > CELL_LIMIT:
                raise self._too_long()
            self._value.append(piece)
        else:
            self._runs.text(piece)

    def _end(self, name: str) -> None:
        if name == "v":
            self._is_value = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        else:
            self._runs.end(name)

    def _begin_row(self, attributes: Attributes) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        if not 0 < self._row <= ROWS_EVER:
            raise JobRefusedError(SheetFault.DAMAGED)
        self._is_hidden = attributes.get("hidden") in ("1", "true")
        self._values = []

    def _end_cell(self) -> None:
        if self._runs.is_too_long:
            raise self._too_long()
        kind = self._attributes.get("t", "n")
        raw = self._runs.value if kind == "inlineStr" else "".join(self._value)
        reference = self._attributes.get("r", "")
        place = column_of(reference) if reference else len(self._values) + 1
        try:
            style = self._attributes.get("s", "")
            value = self._cells.value(kind, style, raw, has_formula=self._has_formula)
        except OverflowError:
            raise self._too_long() from None
        if place > COLUMN_LIMIT:
            if value is not None:
                raise JobRefusedError(SheetFault.TOO_MANY_COLUMNS, line=self._row, limit=COLUMN_LIMIT)
            return
        if place > len(self._values):
            self._values += [None] * (place - len(self._values))
        self._values[place - 1] = value

    def _end_row(self) -> None:
        values = self._values
        while values and values[-1] in (None, ""):
            values.pop()
        if not values:
            return
        self._count += 1
        if self._count > self._row_limit + _ROWS_ABOVE:
            raise JobRefusedError(SheetFault.TOO_MANY_ROWS, limit=self._row_limit)
        self.hidden += self._is_hidden
        self._ready.append(to_line(values, self._row))

    def _too_long(self) -> JobRefusedError:
        return JobRefusedError(SheetFault.CELL_TOO_LONG, line=self._row, limit=CELL_LIMIT)
