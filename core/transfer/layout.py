"""Telling which column of a file is which, by the headings that people and other programs give them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.shared.errors import RefusedError
from core.shared.tabular import DELIMITERS, csv_rows_of
from core.transfer.sheet import ERROR, Sheet

AnySheet = Sheet[Any, Any]

_ERROR_HEADINGS = "error errors"
_ASIDE = re.compile(r"\([^()]*\)|[*:?]")
_BETWEEN = re.compile(r"[\s_\-.]+")
_MOST_ABOVE_HEADER = 10


@lru_cache(maxsize=64)
def _headings(sheet: AnySheet) -> Mapping[str, str]:
    """Return the names of the columns by everything that they are called."""
    called = {column.name: f"{column.name} {column.aliases}" for column in sheet.columns} | {ERROR: _ERROR_HEADINGS}
    return {word.replace("-", " "): name for name, words in called.items() for word in words.split()}


def column_named(sheet: AnySheet, heading: str) -> str | None:
    """Return the column that a heading means, case, `_`, `-` and anything in brackets aside; None if none."""
    words = _ASIDE.sub(" ", unicodedata.normalize("NFKC", heading[:100]).casefold())
    plain = " ".join(_BETWEEN.sub(" ", words).split())
    return _headings(sheet).get(plain)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out.

    `headings` are as the file has them, or ours if it has none (`has_header` tells). `places` says in which cell each
    known column is found; `unused` are the headings that mean nothing to us.
    """

    delimiter: str
    headings: tuple[str, ...]
    has_header: bool
    places: Mapping[str, int]
    unused: tuple[str, ...]

    @classmethod
    def of(cls, sheet: AnySheet, headings: Sequence[str], delimiter: str) -> "Layout":
        """Return the layout that a header gives; of several headings for one column our own or the first is used."""
        places: dict[str, int] = {}
        for index, heading in enumerate(headings):
            column = column_named(sheet, heading)
            if column and (column not in places or heading.strip().casefold() == column):
                places[column] = index
        used = set(places.values())
        unused = tuple(heading.strip() for index, heading in enumerate(headings) if index not in used)
        return cls(delimiter, tuple(headings), True, places, tuple(filter(None, unused)))

    @classmethod
    def bare(cls, sheet: AnySheet, delimiter: str) -> "Layout":
        """Return the layout of the bare columns without a header."""
        places = {name: index for index, name in enumerate(sheet.bare)}
        return cls(delimiter, tuple(sheet.bare), False, places, ())

    def heading(self, column: str) -> str:
        """Return what the file calls a column."""
        place = self.places.get(column)
        return self.headings[place].strip() if place is not None else column


def detect_layout(sheet: AnySheet, sample: Sequence[str]) -> Layout:
    """Tell delimiter and columns from the first lines of a file.

    A header is a first row that names a required column, or the key beside another column. Without one the rows have to
    be the bare columns. Raises `RefusedError` with reason `file_no_header` for anything else.
    """
    cut = {delimiter: csv_rows_of(sample, delimiter) for delimiter in DELIMITERS}
    layouts = [
        Layout.of(sheet, rows[0], delimiter) for delimiter, rows in cut.items() if rows and _is_header(sheet, rows[0])
    ]
    if layouts:
        return max(layouts, key=lambda layout: len(layout.places))
    shares = {delimiter: _share_of_bare(sheet, rows) for delimiter, rows in cut.items()}
    delimiter = max(shares, key=lambda candidate: shares[candidate])
    if shares[delimiter] < 0.5:
        raise RefusedError("file_no_header", field="file", found=_excerpt(sample))
    return Layout.bare(sheet, delimiter)


def detect_sheet_layout(sheet: AnySheet, rows: Sequence[Sequence[str]]) -> tuple[Layout, int]:
    """Tell the columns from the first rows of a workbook's sheet, and how many of these come before the records.

    The header is the first row that is one; above it there may be a title. Raises as `detect_layout` does.
    """
    for index, cells in enumerate(rows[:_MOST_ABOVE_HEADER]):
        if _is_header(sheet, cells):
            return Layout.of(sheet, cells, ""), index + 1
    if _share_of_bare(sheet, rows) < 0.5:
        raise RefusedError("file_no_header", field="file", found=_excerpt([" ".join(row) for row in rows]))
    return Layout.bare(sheet, ""), 0


def _is_header(sheet: AnySheet, cells: Sequence[str]) -> bool:
    """Tell whether a row holds headings; one with a value in it holds a record that is called like a heading."""
    if any(sheet.is_value(cell) for cell in cells):
        return False
    found = {column_named(sheet, cell) for cell in cells} - {None}
    return not found.isdisjoint(sheet.required) or (sheet.key in found and len(found) > 1)


def _share_of_bare(sheet: AnySheet, rows: Sequence[Sequence[str]]) -> float:
    """Return how many of the rows have the bare columns: the first says what it is called, some other has a value."""
    if not rows or not sheet.bare:
        return 0.0
    return sum(len(cells) == len(sheet.bare) and any(map(sheet.is_value, cells[1:])) for cells in rows) / len(rows)


def _excerpt(sample: Sequence[str]) -> str:
    return sample[0].strip()[:80] if sample else ""
