"""Telling which column of a file is which, by the headings that people and other programs give them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from core.shared.errors import RefusedError
from core.shared.tabular import DELIMITERS, csv_rows_of
from core.shared.value_objects import value_object
from core.transfer.sheet import ERROR, Heads

AnySheet = Heads

KIND = "kind"
"""What stands for the column that tells records from other things that a program writes between them."""

_ERROR_HEADINGS = "error errors"
_KIND_HEADINGS = "type kind row-type"
_ASIDE = re.compile(r"\([^()]*\)|[*:?]")
_BETWEEN = re.compile(r"[\s_\-.]+")
_MOST_ABOVE_HEADER = 10
_MOST_IN_TITLE = 2
"""Cells with something in them that a row above the headings has: a title, perhaps with a date beside it."""

_DELIMITER_LINE = re.compile(r'"?sep=([^\w\s"]|\t)"?', re.IGNORECASE)
"""Excel's own hint, `sep=;`, which it neither shows nor counts as a row."""

_LATE_QUOTE = re.compile(r'\s+"[^"]*"\s*')


@lru_cache(maxsize=64)
def _headings(sheet: AnySheet) -> Mapping[str, str]:
    """Return the names of the columns by everything that they are called."""
    called = {column.name: f"{column.name} {column.aliases}" for column in sheet.columns} | {ERROR: _ERROR_HEADINGS}
    if sheet.other_kinds:
        called |= {KIND: _KIND_HEADINGS}
    return {word.replace("-", " "): name for name, words in called.items() for word in words.split()}


def column_named(sheet: AnySheet, heading: str) -> str | None:
    """Return the column that a heading means, case, `_`, `-` and anything in brackets aside; None if none."""
    return _headings(sheet).get(folded(heading))


def folded(heading: str) -> str:
    """Return a heading as it is compared."""
    words = _ASIDE.sub(" ", unicodedata.normalize("NFKC", heading[:100]).casefold())
    return " ".join(_BETWEEN.sub(" ", words).split())


def is_ours(sheet: AnySheet, named: Iterable[tuple[str, str]]) -> bool:
    """Tell whether headings, each behind the column that it means, are as we write them.

    Where records bring their own key, such as a SKU, it is the same in everybody's files.
    """
    return sheet.keeps_key or all(heading.strip() == column for column, heading in named)


def _read_as(sheet: AnySheet, heading: str) -> str:
    """Return the column of records that a heading means, an empty one if none."""
    column = column_named(sheet, heading)
    return column if column and column not in (ERROR, KIND) else ""


def _is_own(heading: str, column: str) -> bool:
    return heading.strip().casefold() == column


@value_object
class Layout:
    """How a file is laid out.

    `headings` are as the file has them, or ours if it has none (`has_header` tells). `places` says in which cell each
    known column is found; `unused` are the headings that mean nothing to us, `twice` those of a column that another
    heading is used for: the column, that heading, the one that is left out. So many rows stand `above` it all: a
    title, or what Excel puts there. A text file that `skips_blanks` has some before its quotes.
    """

    delimiter: str
    headings: tuple[str, ...]
    has_header: bool
    places: Mapping[str, int]
    unused: tuple[str, ...]
    above: int = 0
    skips_blanks: bool = False
    twice: Sequence[Sequence[str]] = ()

    @property
    def begins(self) -> int:
        """Return how many rows come before the records."""
        return self.above + self.has_header

    @classmethod
    def of(cls, sheet: AnySheet, headings: Sequence[str], delimiter: str) -> "Layout":
        """Return the layout that a header gives; of several headings for one column our own or the first is used.

        Numbers that we give are only known by a file of ours: those of other programs, and of people, are not ours.
        """
        places: dict[str, int] = {}
        for index, heading in enumerate(headings):
            column = column_named(sheet, heading)
            before = headings[places[column]] if column in places else None
            if column and (before is None or _is_own(heading, column) > _is_own(before, column)):
                places[column] = index
        if sheet.key in places and not is_ours(sheet, [(name, headings[place]) for name, place in places.items()]):
            del places[sheet.key]
        used = set(places.values())
        rest = [heading.strip() for index, heading in enumerate(headings) if index not in used and heading.strip()]
        meant = {heading: _read_as(sheet, heading) for heading in rest}
        twice = [(meant[one], headings[places[meant[one]]].strip(), one) for one in rest if meant[one] in places]
        unused = tuple(heading for heading in rest if meant[heading] not in places)
        return cls(delimiter, tuple(headings), True, places, unused, twice=tuple(twice))

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
    """Tell delimiter and columns from the first lines of a text file.

    A header is a row that names a required column, or the key beside another column; above it there may be a title.
    Without one the rows have to be the bare columns. Raises `RefusedError` with reason `file_no_header` for anything
    else.
    """
    told = _DELIMITER_LINE.fullmatch(sample[0].strip("\r\n")) if sample else None
    cut = [_cut(sample, delimiter) for delimiter in ([told[1]] if told else DELIMITERS)]
    layouts = [
        replace(layout, delimiter=lines.delimiter, skips_blanks=lines.skips_blanks)
        for lines in cut
        if (layout := _headed(sheet, lines.rows))
    ]
    if layouts:
        return max(layouts, key=lambda layout: len(layout.places))
    shares = {lines: _share_of_bare(sheet, lines.rows[bool(told) :]) for lines in cut}
    likely = max(shares, key=lambda lines: shares[lines])
    if shares[likely] < 0.5:
        raise RefusedError("file_no_header", field="file", found=_excerpt(sample))
    bare = Layout.bare(sheet, likely.delimiter)
    return replace(bare, above=int(bool(told)), skips_blanks=likely.skips_blanks)


def detect_sheet_layout(sheet: AnySheet, rows: Sequence[Sequence[str]]) -> Layout:
    """Tell the columns from the first rows of a workbook's sheet, as `detect_layout` does and raising as it does."""
    if layout := _headed(sheet, rows):
        return layout
    if _share_of_bare(sheet, rows) < 0.5:
        raise RefusedError("file_no_header", field="file", found=_excerpt([" ".join(row) for row in rows]))
    return Layout.bare(sheet, "")


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """The first lines of a file as a delimiter cuts them."""

    delimiter: str
    rows: Sequence[Sequence[str]]
    skips_blanks: bool


def _cut(sample: Sequence[str], delimiter: str) -> _Cut:
    rows = csv_rows_of(sample, delimiter)
    if any(_LATE_QUOTE.fullmatch(cell) for cells in rows for cell in cells):
        return _Cut(delimiter, csv_rows_of(sample, delimiter, skips_blanks=True), skips_blanks=True)
    return _Cut(delimiter, rows, skips_blanks=False)


def _headed(sheet: AnySheet, rows: Sequence[Sequence[str]]) -> Layout | None:
    """Return the layout that the first row gives, or else one further down that has only titles above it."""
    for index, cells in enumerate(rows[:_MOST_ABOVE_HEADER]):
        if _is_header(sheet, cells):
            layout = Layout.of(sheet, cells, "")
            # A record may be called like a heading; a table has more than one column.
            return replace(layout, above=index) if not index or len(layout.places) > 1 else None
        if sum(map(bool, map(str.strip, cells))) > _MOST_IN_TITLE or any(map(sheet.is_value, cells)):
            return None
    return None


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
