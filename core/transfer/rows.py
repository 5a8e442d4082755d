"""Reading the cells of a file: each row becomes a draft or a list of what is wrong with it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, cast

from core.shared.tabular import unguard
from core.transfer.layout import KIND, Layout
from core.transfer.sheet import ABSENT, CellError, Column, D, R, RowProblem, Sheet, Surroundings
from core.transfer.unique import forms_of

_SHOWN_LENGTH = 60
_MOST_CACHED = 50_000
_LONGEST_CACHED = 200
_MOST_KEYS = 1_000_000
"""Keys that are remembered, to find those that come twice; what comes twice later is refused when it is applied."""

_EMPTY = frozenset("n/a na none null nil - – — no never".split())
"""What people and programs write where they mean nothing, unless the column has a meaning for it."""


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


Convert = Callable[[str | None], object]


class _Remembered(dict[str | None, object]):
    """Converts each text once; files repeat the same few dates, people and words."""

    def __init__(self, convert: Convert) -> None:
        super().__init__()
        self._convert = convert
        self._refused: dict[str | None, CellError] = {}

    def __missing__(self, cell: str | None) -> object:
        if known := self._refused.get(cell):
            raise CellError(known.reason, **known.details)
        if cell and len(cell) > _LONGEST_CACHED:
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


class _Cells:
    """Reads the cells of one column; `one` raises `CellError`, and a cell of None is one that its row does not have."""

    def __init__(self, column: Column[R], around: Surroundings, *, guarded: bool, flawed: bool) -> None:
        self._read = column.read
        self._around = around
        self._guarded = guarded
        self._as_they_are = None if flawed else column.as_they_are
        one: Convert = _Remembered(self._convert).__getitem__ if column.repeats else self._convert
        self.one: Convert = partial(_unflawed, one, column.takes_amounts) if flawed else one

    def all(self, cells: Sequence[str | None], refused: set[int]) -> Sequence[object]:
        """Return what each cell says, and add the places of those that can't be used."""
        if self._as_they_are and None not in cells and self._as_they_are(cast("Sequence[str]", cells)):
            return cells
        try:
            return [*map(self.one, cells)]
        except CellError:
            return [self._tried(place, cell, refused) for place, cell in enumerate(cells)]

    def _tried(self, place: int, cell: str | None, refused: set[int]) -> object:
        try:
            return self.one(cell)
        except CellError:
            refused.add(place)
            return ABSENT

    def _convert(self, cell: str | None) -> object:
        if cell is None:
            return ABSENT
        plain = unguard(cell).strip() if self._guarded and cell[:1] == "'" else cell.strip()
        try:
            return self._read(plain, self._around)
        except CellError:
            if plain.casefold() not in _EMPTY:
                raise
            return self._read("", self._around)


def _unflawed(convert: Convert, takes_amounts: bool, cell: str | None) -> object:
    if isinstance(cell, FlawedText) and not (takes_amounts and isinstance(cell, MeasuredText)):
        raise CellError(cell.reason)
    return convert(cell)


class RowReader(Generic[D, R]):
    """Turns rows of one file into drafts.

    `guarded` files (CSV) may have cells defused by a leading `'`, `flawed` ones (spreadsheets) a `FlawedText`. Keys
    that come twice and whatever else may come once, rows without what a new record needs and cells that can't be read
    are problems; so is a row with more cells than there are headings.
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
        self._lines: dict[str, dict[object, int]] = {name: {} for name in (sheet.key, *sheet.unique)}
        self._width = len(layout.headings)
        self._kind = layout.places.get(KIND)
        self._absent = [ABSENT] * len(sheet.columns)
        self._key, self._has_keys = sheet.slots.get(sheet.key, 0), sheet.key in layout.places
        self._makes_keys = sheet.makes_key
        self._needed = [(name, sheet.slots[name]) for name in sheet.required]
        columns = {column.name: column for column in sheet.columns}
        places = sorted((place, name) for name, place in layout.places.items() if name in columns)
        self._steps = [
            (sheet.slots[name], place, name, _Cells(columns[name], around, guarded=guarded, flawed=flawed))
            for place, name in places
        ]

    def read_all(self, lines: Sequence[int], rows: Sequence[Sequence[str | None]]) -> list[D | list[RowProblem]]:
        """Return what `read` does of each row, a column at a time, which takes less than half as long."""
        if self._kind is not None or {*map(len, rows)} != {self._width}:
            return [*map(self.read, lines, rows)]
        columns = [*zip(*rows, strict=True)]
        values: list[Sequence[object]] = [lines, *[[ABSENT] * len(rows)] * len(self._absent)]
        refused: set[int] = set()
        for slot, place, _, cells in self._steps:
            values[slot] = cells.all(columns[place], refused)
        outcomes: list[D | list[RowProblem]] = [*map(self._sheet.draft, zip(*values, strict=True))]
        for place in refused:
            outcomes[place] = self._all_problems(lines[place], rows[place])
        has_keys = self._makes_keys or any(values[self._key] if self._has_keys else ())
        if has_keys or self._sheet.unique or any(ABSENT in values[slot] for _, slot in self._needed):
            return [draft if isinstance(draft, list) else self._whole(draft) for draft in outcomes]
        return outcomes

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
            for slot, place, _, column in self._steps:
                values[slot] = column.one(cells[place])
        except CellError:
            return self._all_problems(line, cells)
        return self._whole(self._sheet.draft(values))

    def _whole(self, draft: D) -> D | list[RowProblem]:
        """Return a draft whose cells are all right, or what is wrong with its row nevertheless."""
        sheet, line, values = self._sheet, draft.line, cast("tuple[object, ...]", draft)
        key = sheet.key_of(draft)
        lacking = [] if key else [name for name, slot in self._needed if values[slot] is ABSENT]
        if lacking:
            return [RowProblem(line, name, "", "missing", {"column": name}) for name in lacking]
        named: list[tuple[str, object]] = [(sheet.key, key)] if key else []
        said = [(name, value, values[sheet.slots[name]]) for name, value in (*named, *forms_of(sheet, draft))]
        return [
            self._problem(line, name, str(cell), CellError("key_twice", first=first, key=name))
            for name, value, cell in (*said, *((name, value, value) for name, value in sheet.once(draft)))
            if (first := self._first(name, value, line)) != line
        ] or draft

    def _first(self, name: str, value: object, line: int) -> int:
        """Return the line that has a value first in a column of which it may stand there once."""
        lines = self._lines[name]
        return lines.setdefault(value, line) if len(lines) < _MOST_KEYS else lines.get(value, line)

    def _all_problems(self, line: int, cells: Sequence[str | None]) -> list[RowProblem]:
        """Go through a row once more, for everything that is wrong with it."""
        problems = []
        for _, place, name, column in self._steps:
            try:
                column.one(cells[place])
            except CellError as error:
                problems.append(self._problem(line, name, cells[place] or "", error))
        return problems

    def _problem(self, line: int, column: str, cell: str, error: CellError) -> RowProblem:
        return RowProblem(line, self._layout.heading(column), shown(cell), error.reason, error.details)

    def _too_many(self, line: int, cells: Sequence[str | None]) -> RowProblem:
        extra = next(filter(None, cells[self._width :]), "")
        details = {"count": len(cells), "expected": self._width, "delimiter": self._layout.delimiter}
        return RowProblem(line, "", shown(extra), "too_many_cells", details)


def shown(cell: str) -> str:
    """Return a value as it is quoted back: one line, not too long."""
    plain = " ".join(cell.split())
    return plain if len(plain) <= _SHOWN_LENGTH else f"{plain[: _SHOWN_LENGTH - 1]}…"
