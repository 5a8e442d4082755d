"""The columns of a file of tasks, by the headings that people and other programs give them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.shared.errors import RefusedError
from core.shared.tabular import DELIMITERS, csv_rows_of
from core.tasks.model import Priority


class TaskColumn(StrEnum):
    """What a column holds; the values are the headings that we write."""

    NUMBER = "number"
    TITLE = "title"
    STATUS = "status"
    PRIORITY = "priority"
    DUE = "due"
    ASSIGNEES = "assignees"
    NOTES = "notes"
    CHANNEL = "channel"
    ORIGIN = "origin"
    CREATED = "created"
    COMPLETED = "completed"
    REPEAT = "repeat"
    ERROR = "error"
    """What was wrong with a row when its file came back; not read."""


BARE = (TaskColumn.TITLE, TaskColumn.DUE, TaskColumn.PRIORITY)
"""The columns of a file without headings."""

_HEADINGS: Mapping[TaskColumn, str] = {
    TaskColumn.NUMBER: "number no nr id task-id task-number",
    TaskColumn.TITLE: "title name task task-name summary subject what to-do todo",
    TaskColumn.STATUS: "status state done",
    TaskColumn.PRIORITY: "priority prio importance urgency",
    TaskColumn.DUE: "due due-date due-on due-at deadline date",
    TaskColumn.ASSIGNEES: "assignees assignee assigned assigned-to assign owner owners who people",
    TaskColumn.NOTES: "notes note description details comment comments",
    TaskColumn.CHANNEL: "channel",
    TaskColumn.ORIGIN: "origin link url permalink",
    TaskColumn.CREATED: "created created-at created-on date-created",
    TaskColumn.COMPLETED: "completed completed-at completed-on date-completed",
    TaskColumn.REPEAT: "repeat repeats recurrence recurring rrule frequency",
    TaskColumn.ERROR: "error errors",
}
_BY_HEADING = {word.replace("-", " "): column for column, words in _HEADINGS.items() for word in words.split()}
_ASIDE = re.compile(r"\([^)]*\)|[*:?]")
_MOST_ABOVE_HEADER = 10
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PRIORITIES = frozenset(priority.label for priority in Priority)


def column_named(heading: str) -> TaskColumn | None:
    """Return what a heading means, case, `_`, `-` and anything in brackets aside; None if nothing that we know."""
    words = _ASIDE.sub(" ", unicodedata.normalize("NFKC", heading[:100]).casefold())
    plain = " ".join(re.sub(r"[\s_\-.]+", " ", words).split())
    return TaskColumn.NUMBER if plain == "#" else _BY_HEADING.get(plain)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a CSV file is laid out.

    `headings` are as the file has them, or ours if it has none (`has_header` tells). `places` says in which cell each
    known column is found; `unused` are the headings that mean nothing to us.
    """

    delimiter: str
    headings: tuple[str, ...]
    has_header: bool
    places: Mapping[TaskColumn, int]
    unused: tuple[str, ...]

    @classmethod
    def of(cls, headings: Sequence[str], delimiter: str) -> "Layout":
        """Return the layout that a header gives; of several headings for one column our own or the first is used."""
        places: dict[TaskColumn, int] = {}
        for index, heading in enumerate(headings):
            column = column_named(heading)
            if column and (column not in places or heading.strip().casefold() == column.value):
                places[column] = index
        used = set(places.values())
        unused = tuple(heading.strip() for index, heading in enumerate(headings) if index not in used)
        return cls(delimiter, tuple(headings), True, places, tuple(filter(None, unused)))

    @classmethod
    def bare(cls, delimiter: str) -> "Layout":
        """Return the layout of name, due date and priority without a header."""
        places = {column: index for index, column in enumerate(BARE)}
        return cls(delimiter, tuple(column.value for column in BARE), False, places, ())

    def heading(self, column: TaskColumn) -> str:
        """Return what the file calls a column."""
        place = self.places.get(column)
        return self.headings[place].strip() if place is not None else column.value


def detect_layout(sample: Sequence[str]) -> Layout:
    """Tell delimiter and columns from the first lines of a file.

    A header is a first row that names the title, or a number beside another column. Without one the rows have to be the
    bare three columns. Raises `RefusedError` with reason `file_no_header` for anything else.
    """
    cut = {delimiter: csv_rows_of(sample, delimiter) for delimiter in DELIMITERS}
    layouts = [Layout.of(rows[0], delimiter) for delimiter, rows in cut.items() if rows and _is_header(rows[0])]
    if layouts:
        return max(layouts, key=lambda layout: len(layout.places))
    shares = {delimiter: _share_of_bare(rows) for delimiter, rows in cut.items()}
    delimiter = max(shares, key=lambda candidate: shares[candidate])
    if shares[delimiter] < 0.5:
        raise RefusedError("file_no_header", field="file", found=_excerpt(sample))
    return Layout.bare(delimiter)


def detect_sheet_layout(rows: Sequence[Sequence[str]]) -> tuple[Layout, int]:
    """Tell the columns from the first rows of a sheet, and how many of these come before the tasks.

    The header is the first row that is one; above it there may be a title. Raises as `detect_layout` does.
    """
    for index, cells in enumerate(rows[:_MOST_ABOVE_HEADER]):
        if _is_header(cells):
            return Layout.of(cells, ""), index + 1
    if _share_of_bare(rows) < 0.5:
        raise RefusedError("file_no_header", field="file", found=_excerpt([" ".join(row) for row in rows]))
    return Layout.bare(""), 0


def _is_header(cells: Sequence[str]) -> bool:
    """Tell whether a row holds headings; one with a date or a priority in it holds a task that is called `Task`."""
    if any(_DATE.match(cell.strip()) or cell.strip().casefold() in _PRIORITIES for cell in cells):
        return False
    found = {column_named(cell) for cell in cells} - {None}
    return TaskColumn.TITLE in found or (TaskColumn.NUMBER in found and len(found) > 1)


def _share_of_bare(rows: Sequence[Sequence[str]]) -> float:
    """Return how many of the rows have three cells of which the last two look like a due and a priority."""
    return sum(_looks_bare(cells) for cells in rows) / len(rows) if rows else 0.0


def _looks_bare(cells: Sequence[str]) -> bool:
    if len(cells) != len(BARE):
        return False
    return bool(_DATE.match(cells[1].strip())) or cells[2].strip().casefold() in _PRIORITIES


def _excerpt(sample: Sequence[str]) -> str:
    return sample[0].strip()[:80] if sample else ""
