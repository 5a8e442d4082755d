"""Reading the cells of a file: each row becomes a draft or a list of what is wrong with it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic

from core.shared.tabular import unguard
from core.transfer.layout import KIND, Layout
from core.transfer.sheet import ABSENT, CellError, Column, D, R, RowProblem, Sheet, Surroundings

_SHOWN_LENGTH = 60
_MOST_CACHED = 50_000
_LONGEST_CACHED = 200
_MOST_KEYS = 1_000_000
"""Keys that are remembered, to find those that come twice; what comes twice later is refused when it is applied."""

_EMPTY = frozenset("n/a na none null nil - – — no never".split())
"""What people and programs write where they mean nothing, unless the column has a meaning for it."""

Convert = Callable[[str], object]


class FlawedText(str):
    """What a cell shows that has no value to be used, such as `#REF!`; `reason` says why."""

    reason: str

    def __new__(cls, shown: str, reason: str) -> "FlawedText":
        """Keep the text and the reason's key."""
        text = super().__new__(cls, shown)
        text.reason = reason
        return text


class MeasuredText(FlawedText):
    """A percentage or an amount of money, which is of use where the column `takes_amounts`; `reason` says which."""


def _unflawed(convert: Convert, takes_amounts: bool, cell: str) -> object:
    if isinstance(cell, FlawedText) and not (takes_amounts and isinstance(cell, MeasuredText)):
        raise CellError(cell.reason)
    return convert(cell)


class _Remembered(dict[str, object]):
    """Converts each text once; files repeat the same few dates, people and words."""

    def __init__(self, convert: Convert) -> None:
        super().__init__()
        self._convert = convert
        self._refused: dict[str, CellError] = {}

    def __missing__(self, cell: str) -> object:
        if known := self._refused.get(cell):
            raise CellError(known.reason, **known.details)
        if len(cell) > _LONGEST_CACHED:
            return self._convert(cell)
        if len(self) + len(self._refused) > _MOST_CACHED:
            self.clear()
            self._refused.clear()
        try:
            value = self[cell] = self._convert(cell)
        except CellError as error:
            self._refused[cell] = error
            raise
        return value


class RowReader(Generic[D, R]):
    """Turns rows of one file into drafts.

    `guarded` files (CSV) may have cells defused by a leading `'`, `flawed` ones (spreadsheets) a `FlawedText`. Keys
    that come twice, rows without what a new record needs and cells that can't be read are problems; so is a row with
    more cells than there are headings.
    """

    def __init__(
        self,
        sheet: Sheet[D, R],
        layout: Layout,
        around: Surroundings,
        *,
        guarded: bool = True,
        flawed: bool = False,
    ) -> None:
        """Prepare for files of that layout."""
        self._sheet = sheet
        self._layout = layout
        self._lines: dict[object, int] = {}
        self._width = len(layout.headings)
        self._kind = layout.places.get(KIND)
        self._absent = [ABSENT] * len(sheet.columns)
        self._key = sheet.slots.get(sheet.key, 0)
        self._needed = [(name, sheet.slots[name]) for name in sheet.required]
        columns = {column.name: column for column in sheet.columns}
        places = sorted((place, name) for name, place in layout.places.items() if name in columns)
        self._steps = [
            (sheet.slots[name], place, name, _converter(columns[name], around, guarded=guarded, flawed=flawed))
            for place, name in places
        ]

    def read(self, line: int, cells: Sequence[str | None]) -> D | list[RowProblem]:
        """Return the draft of a row, or all that is wrong with it; a cell of None is one that the row does not have."""
        if len(cells) != self._width:
            if len(cells) > self._width and any(cells[self._width :]):
                return [self._too_many(line, cells)]
            cells = [*cells, *[""] * (self._width - len(cells))]
        if self._kind is not None and (kind := str(cells[self._kind]).strip()).casefold() in self._sheet.other_kinds:
            return [RowProblem(line, self._layout.heading(KIND), shown(kind), "other_kind")]
        values: list[object] = [line, *self._absent]
        try:
            for slot, place, _, convert in self._steps:
                if (cell := cells[place]) is not None:
                    values[slot] = convert(cell)
        except CellError:
            return self._all_problems(line, cells)
        problems = self._lacking(line, values)
        return problems if problems else self._sheet.draft(values)

    def _lacking(self, line: int, values: Sequence[object]) -> list[RowProblem]:
        """Return what is wrong with a row whose cells are all right."""
        key = values[self._key] if self._key else None
        if not key:
            problems = []
            for name, slot in self._needed:
                if values[slot] is ABSENT:
                    problems.append(RowProblem(line, name, "", "missing", {"column": name}))
            return problems
        if len(self._lines) < _MOST_KEYS:
            first = self._lines.setdefault(key, line)
            if first != line:
                twice = CellError("key_twice", first=first, key=self._sheet.key)
                return [self._problem(line, self._sheet.key, str(key), twice)]
        return []

    def _all_problems(self, line: int, cells: Sequence[str | None]) -> list[RowProblem]:
        """Go through a row once more, for everything that is wrong with it."""
        problems = []
        for _, place, name, convert in self._steps:
            if (cell := cells[place]) is not None:
                try:
                    convert(cell)
                except CellError as error:
                    problems.append(self._problem(line, name, cell, error))
        return problems

    def _problem(self, line: int, column: str, cell: str, error: CellError) -> RowProblem:
        return RowProblem(line, self._layout.heading(column), shown(cell), error.reason, error.details)

    def _too_many(self, line: int, cells: Sequence[str | None]) -> RowProblem:
        extra = next(filter(None, cells[self._width :]), "")
        details = {"count": len(cells), "expected": self._width, "delimiter": self._layout.delimiter}
        return RowProblem(line, "", shown(extra), "too_many_cells", details)


def _converter(column: Column[R], around: Surroundings, *, guarded: bool, flawed: bool) -> Convert:
    """Return what reads the cells of a column."""
    read = column.read

    def convert(cell: str) -> object:
        plain = unguard(cell).strip() if guarded and cell[:1] == "'" else cell.strip()
        try:
            return read(plain, around)
        except CellError:
            if plain.casefold() not in _EMPTY:
                raise
            return read("", around)

    remembering = _Remembered(convert).__getitem__ if column.repeats else convert
    return partial(_unflawed, remembering, column.takes_amounts) if flawed else remembering


def shown(cell: str) -> str:
    """Return a value as it is quoted back: one line, not too long."""
    plain = " ".join(cell.split())
    return plain if len(plain) <= _SHOWN_LENGTH else f"{plain[: _SHOWN_LENGTH - 1]}…"
