"""CSV files as tables for the jobs that look at figures; what is wrong with one is told with its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from adapters.processes.errors import JobRefusedError
from core.ports.analyses import FigureFault
from core.shared.errors import RefusedError
from core.shared.tabular import DELIMITERS, TextFile, csv_rows_of, read_csv, unguard

MOST_CELLS = 5_000_000
"""Cells of a file that are looked at; more don't fit into the memory of a process."""

_PIECE = 256 * 1024
_MISSING = frozenset({"", "-", "n/a", "na", "nan", "null", "none"})
_NUMBER = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)?(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,2})?", re.IGNORECASE)
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class TableFile:
    """The rows of a file, each as wide as the first, with the lines that they begin on."""

    rows: list[list[str]]
    lines: list[int]


def read_table(source: Path) -> TableFile:
    """Read a CSV file; raises `JobRefusedError` for one that is damaged."""
    try:
        with source.open("rb") as file:
            text = TextFile(iter(lambda: file.read(_PIECE), b""))
            found = list(read_csv(text, _delimiter(text.sample())))
    except RefusedError as error:
        raise JobRefusedError(error.reason, **{k: v for k, v in error.details.items() if k != "reason"}) from error
    width = len(found[0][1])
    for line, cells in found:
        if len(cells) != width:
            raise JobRefusedError(FigureFault.RAGGED, line=line, cells=len(cells), columns=width)
    if len(found) * width > MOST_CELLS:
        raise JobRefusedError(FigureFault.TOO_MANY, limit=MOST_CELLS)
    return TableFile([[unguard(cell.strip()) for cell in cells] for _, cells in found], [line for line, _ in found])


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
