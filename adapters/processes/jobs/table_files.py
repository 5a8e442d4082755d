"""Files as tables for the jobs that look at figures; what is wrong with one is told with its line."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

from adapters.processes.errors import JobRefusedError
from adapters.processes.jobs.sheet_reading import read_sheet
from adapters.processes.sheet_lines import from_line
from core.ports.analyses import FigureFault
from core.ports.workbooks import ROWS_EVER, STARTS
from core.shared.errors import RefusedError
from core.shared.tabular import DELIMITERS, TextFile, csv_rows_of, read_csv, unguard
from core.shared.value_objects import value_object
from core.transfer.workbooks import text_of

MOST_CELLS = 5_000_000
"""Cells of a file that are looked at; more don't fit into the memory of a process."""

_PIECE = 256 * 1024
_MISSING = frozenset({"", "-", "n/a", "na", "nan", "null", "none"})
_NUMBER = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)?(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,2})?", re.IGNORECASE)
_LONGEST = 40


@value_object
class TableFile:
    """The rows of a file, each as wide as the first, with the lines that they begin on."""

    rows: list[list[str]]
    lines: list[int]


def read_table(source: Path) -> TableFile:
    """Read a CSV file or the first sheet of a workbook; raises `JobRefusedError` for one that is damaged."""
    with source.open("rb") as file:
        is_workbook = file.read(len(STARTS[0])).startswith(STARTS)
    found = list(_sheet_rows(source) if is_workbook else _text_rows(source))
    width = len(found[0][1])
    for line, cells in found:
        if len(cells) != width:
            raise JobRefusedError(FigureFault.RAGGED, line=line, cells=len(cells), columns=width)
    if len(found) * width > MOST_CELLS:
        raise JobRefusedError(FigureFault.TOO_MANY, limit=MOST_CELLS)
    return TableFile([[cell.strip() for cell in cells] for _, cells in found], [line for line, _ in found])


def _text_rows(source: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with source.open("rb") as file:
            text = TextFile(iter(lambda: file.read(_PIECE), b""))
            for line, cells in read_csv(text, _delimiter(text.sample())):
                yield line, [unguard(cell.strip()) for cell in cells]
    except RefusedError as error:
        raise JobRefusedError(error.reason, **{k: v for k, v in error.details.items() if k != "reason"}) from error


def _sheet_rows(source: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a sheet; each ends where its cells do, so that all are made as wide as the widest."""
    target = source.with_suffix(".lines")
    read_sheet({"source": str(source), "target": str(target), "prefer": "", "rows": ROWS_EVER})
    with target.open("rb") as lines:
        rows = [(line, [text_of(value) for value in values]) for line, *values in map(from_line, lines)]
    width = max(len(cells) for _, cells in rows)
    for line, cells in rows:
        yield line, [*cells, *[""] * (width - len(cells))]


def _delimiter(sample: list[str]) -> str:
    """Return what cuts the first line into most cells."""
    return max(DELIMITERS, key=lambda delimiter: max(map(len, csv_rows_of(sample, delimiter, 1)), default=0))


def is_missing(cell: str) -> bool:
    """Tell whether a cell says that there is no value."""
    return cell.casefold() in _MISSING


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number, or is missing one."""
    return is_missing(cell) or (len(cell) <= _LONGEST and bool(_NUMBER.fullmatch(cell)))


def number_of(cell: str, line: int, column: str) -> Decimal | None:
    """Return the number that a cell says to the last digit, None where there is none; raises `JobRefusedError`."""
    if is_missing(cell):
        return None
    try:
        return Decimal(cell.replace(",", "")) if is_number(cell) else _refuse(cell, line, column)
    except InvalidOperation:
        return _refuse(cell, line, column)


def _refuse(cell: str, line: int, column: str) -> Decimal:
    raise JobRefusedError(FigureFault.NOT_A_NUMBER, line=line, column=column, value=cell[:_LONGEST])


def numbered(table: TableFile) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with their lines."""
    return zip(table.lines, table.rows, strict=True)
