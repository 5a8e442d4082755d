"""The job that reads a file of sales into lines as they are stored, a block of them at a time."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from adapters.processes.errors import JobRefusedError
from adapters.processes.sheet_lines import from_line, to_line
from core.ports.workbooks import SheetValue
from core.sales.columns import SaleHeads, refuse_unknown
from core.sales.days import are_day_first, has_numbers
from core.sales.model import Dedupe
from core.sales.reading import Manner, ReadBlock, SaleReading
from core.shared.errors import RefusedError
from core.shared.tabular import TextFile
from core.transfer.sources import Source, open_source
from core.transfer.workbooks import SheetSource

_PIECE = 256 * 1024
_LOOKED_AT = 100
"""Rows that tell whether there are dates that could be read in two ways."""


def read_sales(given: dict[str, Any]) -> dict[str, Any]:
    """Read the file `source` (`is_sheet`: lines of a sheet) into `target`, a block a line with how far that is.

    `said` and `remembered` are what columns are called, `zone`, `currency` and `dedupe` the manner. Rows that can't be
    used go to the file `bad`: for each a line with its problems and one with the row itself. Returns what was `found`,
    and how the file is laid out.
    """
    heads = SaleHeads(given["said"], given["remembered"])
    opened = partial(_open, heads, Path(given["source"]), given["name"], is_sheet=given["is_sheet"])
    try:
        day_first = _is_day_first(opened)
        source = opened()
        manner = Manner(given["zone"], given["currency"], Dedupe(given["dedupe"]), day_first)
        reading = SaleReading(source, manner, given["said"])
        with (
            Path(given["target"]).open("w", encoding="ascii") as target,
            Path(given["bad"]).open("w", encoding="ascii") as bad,
        ):
            size = Path(given["source"]).stat().st_size
            for block in reading.blocks():
                _write(block, source.position / size, target, bad, is_sheet=given["is_sheet"])
    except RefusedError as error:
        details = {name: value for name, value in error.details.items() if name != "reason"}
        raise JobRefusedError(error.reason, **details) from error
    layout = {**asdict(source.layout), "suffix": source.suffix, "encoding": source.encoding}
    return {"found": reading.found.data(), "layout": layout}


def _open(heads: SaleHeads, path: Path, name: str, *, is_sheet: bool) -> Source:
    try:
        return SheetSource(heads, _Sheet(path)) if is_sheet else open_source(heads, name, _pieces(path))
    except RefusedError as error:
        if error.reason == "file_no_header":
            first = next(_Sheet(path).rows())[1] if is_sheet else TextFile(_pieces(path)).sample()
            refuse_unknown(first)
        raise


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


class _Sheet:
    """A sheet whose rows lie ready as lines."""

    name = ""
    hidden = 0
    merged = 0
    size = 0

    def __init__(self, path: Path) -> None:
        self._path = path
        self.position = 0

    def rows(self) -> Iterator[tuple[int, list[SheetValue]]]:
        with self._path.open("rb") as lines:
            for line in lines:
                self.position += len(line)
                number, *values = from_line(line)
                yield number, values


def _is_day_first(opened: Callable[[], Source]) -> bool | None:
    """Look through the dates of the file, if they need it; None if they don't tell."""
    source = opened()
    place = source.layout.places.get("date")
    if place is None:
        return None
    dates = (cells[place] or "" for _, cells, _ in source.rows() if len(cells) > place)
    first = list(islice(dates, _LOOKED_AT))
    return are_day_first(chain(first, dates)) if any(map(has_numbers, first)) else None


def _write(block: ReadBlock, fraction: float, target: IO[str], bad: IO[str], *, is_sheet: bool) -> None:
    target.write(json.dumps([min(fraction, 1.0), block.lines]) + "\n")
    # Whoever waits for the lines takes them while the next ones are read.
    target.flush()
    for row, problems in block.bad:
        said = [[one.line, one.column, one.value, one.reason, dict(one.details)] for one in problems]
        bad.write(json.dumps(said) + "\n" + (to_line(row) if is_sheet else json.dumps(row) + "\n"))
