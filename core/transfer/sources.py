"""Files of rows, whatever their format: rows to read, and the same rows with an `error` column to give back."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

from core.ports.workbooks import SheetRow
from core.shared.errors import RefusedError
from core.shared.json_rows import JsonWriter, read_json
from core.shared.tabular import TextFile, csv_writer, read_csv, reguarded
from core.transfer.layout import KIND, AnySheet, Layout, column_named, detect_layout, is_ours
from core.transfer.sheet import ERROR

_JSON_NAME = re.compile(r"\.(json|jsonl|ndjson)$", re.IGNORECASE)
_JSON_START = re.compile(r"\s*(\{|\[\s*(\{|\]))")


SourceRow = tuple[int, Sequence[str | None], Any]
"""A row: the line it begins on, its cells by the layout's places (None: not there), and itself as in the file."""


Piece = bytes | list[SheetRow]
"""A piece of a file to give back: its next bytes, or the next rows of its sheet."""


class Mended(Protocol):
    """Writes a file back with what was wrong with each of its rows."""

    def write(self, rows: Iterable[tuple[Any, str]]) -> Piece:
        """Return the next piece, for rows as they were in the file with their errors (empty: nothing wrong)."""
        ...

    def end(self) -> Piece:
        """Return the last piece."""
        ...


class Source(Protocol):
    """One file of rows."""

    @property
    def layout(self) -> Layout:
        """Return what the file's columns are."""
        ...

    @property
    def guarded(self) -> bool:
        """Tell whether cells may be defused by a leading `'`."""
        ...

    @property
    def flawed(self) -> bool:
        """Tell whether cells may be a `FlawedText`."""
        ...

    @property
    def suffix(self) -> str:
        """Return the ending of names of such files."""
        ...

    @property
    def unused(self) -> Sequence[str]:
        """Return the headings met so far that mean nothing to us."""
        ...

    @property
    def position(self) -> int:
        """Return how many bytes have been read, in steps of a buffer."""
        ...

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows, once."""
        ...

    def mended(self) -> Mended:
        """Return what writes the file back."""
        ...

    @property
    def encoding(self) -> str:
        """Return what a text goes back in."""
        ...


def mended_as(sheet: AnySheet, suffix: str, layout: Layout, encoding: str) -> Mended:
    """Return what writes such a text file back, wherever it was read."""
    return _MendedJson(sheet) if suffix == _JsonSource.suffix else _MendedCsv(layout, encoding)


def open_source(sheet: AnySheet, name: str, chunks: Iterable[bytes]) -> Source:
    """Tell what a text file is and prepare to read it; raises `RefusedError` for what can't be read."""
    text = TextFile(chunks)
    sample = text.sample()
    if _JSON_NAME.search(name) or _JSON_START.match("".join(sample)):
        return _JsonSource(sheet, text)
    return _CsvSource(text, detect_layout(sheet, sample))


class _CsvSource:
    """A CSV file, with or without headings."""

    guarded = True
    flawed = False
    suffix = "csv"

    def __init__(self, text: TextFile, layout: Layout) -> None:
        self._text = text
        self.layout = layout
        self.unused = layout.unused

    @property
    def position(self) -> int:
        return self._text.position

    def rows(self) -> Iterator[SourceRow]:
        rows = read_csv(self._text, self.layout.delimiter, skips_blanks=self.layout.skips_blanks)
        for line, cells in islice(rows, self.layout.begins, None):
            yield line, cells, cells

    @property
    def encoding(self) -> str:
        return self._text.encoding

    def mended(self) -> Mended:
        return _MendedCsv(self.layout, self.encoding)


class _MendedCsv:
    """A CSV file with an `error` column at its end, or the one it already had filled anew."""

    def __init__(self, layout: Layout, encoding: str) -> None:
        self._layout = layout
        self._width = len(layout.headings)
        self._place = layout.places.get(ERROR)
        self._to_bytes: Callable[[Iterable[Sequence[object]]], bytes] = csv_writer(layout.delimiter, encoding)
        self._begun = False

    def write(self, rows: Iterable[tuple[Any, str]]) -> bytes:
        return self._head() + self._to_bytes(self._row(cells, error) for cells, error in rows)

    def end(self) -> bytes:
        return self._head()

    def _head(self) -> bytes:
        if self._begun:
            return b""
        self._begun = True
        extra = [] if self._place is not None else [ERROR]
        return self._to_bytes([[*self._layout.headings, *extra]])

    def _row(self, cells: list[str], error: str) -> Sequence[str]:
        width = self._width
        if len(cells) != width:
            # What is too much stays visible in the last cell, so that the error column is the same for all rows.
            last = [self._layout.delimiter.join(cells[width - 1 :])] if len(cells) >= width else []
            cells = [*cells[: width - len(last)], *last]
            cells += [""] * (width - len(cells))
        safe = reguarded(cells)
        if self._place is None:
            return [*safe, error]
        return [*safe[: self._place], error, *safe[self._place + 1 :]]


_MOST_UNUSED = 20
_LOOKED_AT = 1000
"""Values of a JSON file among which there has to be an object."""


class _JsonSource:
    """A JSON file of objects, or one with an object a line."""

    guarded = False
    flawed = False
    suffix = "json"

    def __init__(self, sheet: AnySheet, text: TextFile) -> None:
        self._sheet = sheet
        self._text = text
        self._places: dict[str, int | None] = {}
        self.layout = Layout.of(sheet, [*sheet.names, ERROR, *([KIND] if sheet.other_kinds else [])], ",")
        self.unused: list[str] = []
        self._is_ours = True

    @property
    def position(self) -> int:
        return self._text.position

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows; a file that holds something else is not read to its end, only for each of them to be bad."""
        has_object = False
        for count, (line, value) in enumerate(read_json(self._text), 1):
            has_object = has_object or isinstance(value, Mapping)
            if count == _LOOKED_AT and not has_object:
                raise RefusedError("file_json_no_objects", field="file", limit=_LOOKED_AT)
            yield line, self._cells(value), value

    def _cells(self, value: object) -> list[str | None]:
        cells: list[str | None] = [None] * len(self.layout.headings)
        if isinstance(value, Mapping):
            named = [(place, key) for key in value if (place := self._place(key)) is not None]
            for place, key in named:
                cells[place] = _cell_of(value[key])
            # An object may have fewer keys than the one before it; whose file it is was told by that one.
            self._is_ours &= is_ours(self._sheet, [(self.layout.headings[place], key) for place, key in named])
            if not self._is_ours:
                self._leave_out_key(cells)
        return cells

    def _leave_out_key(self, cells: list[str | None]) -> None:
        """Leave out a number that another program has given."""
        place = self.layout.places.get(self._sheet.key)
        if place is not None and cells[place] is not None:
            cells[place] = None
            if self._sheet.key not in self.unused:
                self.unused.append(self._sheet.key)

    def _place(self, key: str) -> int | None:
        if key not in self._places and len(self._places) < 1000:
            column = column_named(self._sheet, key)
            self._places[key] = self.layout.places[column] if column else None
            if column is None and len(self.unused) < _MOST_UNUSED:
                self.unused.append(key)
        return self._places.get(key)

    @property
    def encoding(self) -> str:
        return self._text.encoding

    def mended(self) -> Mended:
        return _MendedJson(self._sheet)


def _cell_of(item: object) -> str:
    """Return a JSON value as the text that a CSV file would have; people in a list are kept apart by quotes."""
    if isinstance(item, str):
        return item
    if item is None:
        return ""
    if isinstance(item, bool):
        return "yes" if item else "no"
    if isinstance(item, list) and all(isinstance(part, str) for part in item):
        return ", ".join('"' + part.replace('"', '""') + '"' for part in item)
    return json.dumps(item)


class _MendedJson:
    """A JSON array of the same objects, each wrong one with an `error`."""

    def __init__(self, sheet: AnySheet) -> None:
        self._sheet = sheet
        self._writer = JsonWriter()

    def write(self, rows: Iterable[tuple[Any, str]]) -> bytes:
        return self._writer.write(self._with_error(value, error) for value, error in rows)

    def end(self) -> bytes:
        return self._writer.end()

    def _with_error(self, value: object, error: str) -> object:
        plain = value if isinstance(value, dict) else {"value": value}
        kept = {key: item for key, item in plain.items() if column_named(self._sheet, key) != ERROR}
        return {**kept, ERROR: error} if error else kept
