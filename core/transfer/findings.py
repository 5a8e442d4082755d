"""What is found in a file while it is read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Generic

from core.shared.value_objects import value_object
from core.transfer.sheet import R, RowProblem

ELSEWHERE = "elsewhere"
"""The tally of new rows whose channel is not here, so that their records come to where they are imported."""

SHOWN_PROBLEMS = 10
SHOWN_ROWS = 5
SHOWN_CHANGES = 10
SHOWN_PICKED = 25


class Sort(StrEnum):
    """What a good row comes to."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@value_object
class ShownRow(Generic[R]):
    """A row picked out for showing: its line, what it comes to, and the record.

    A new one whose number is 0 has not got it yet; `place` says which of an import's numbers it will be. One that
    changes was as in `before`.
    """

    line: int
    sort: Sort
    record: R
    place: int = -1
    before: R | None = None


@dataclass(slots=True)
class Findings(Generic[R]):
    """What was found in a file; grows while it is read.

    `problems`, `sample`, `changed` and `picked` hold the first few in the order of the file; records that change are no
    part of the sample. What is `picked` is for the area to say, and so are the `tallies`, by name. `late` counts the
    bad rows that were good when they were checked, `following` the records that come after others, `new_keys` rows
    whose key is not known here and which are new records therefore. Of a spreadsheet, `hidden` counts the rows that it
    does not show, `merged` the times that cells are merged. Of columns that are there `twice` the column, the heading
    that counts, and the one that does not. Of `told` of the bad rows the `problems` tell.
    """

    rows: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    bad: int = 0
    told: int = 0
    late: int = 0
    following: int = 0
    new_keys: int = 0
    hidden: int = 0
    merged: int = 0
    tallies: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)
    sample: list[ShownRow[R]] = field(default_factory=list)
    changed: list[ShownRow[R]] = field(default_factory=list)
    picked: list[ShownRow[R]] = field(default_factory=list)
    pickable: int = 0
    unused: tuple[str, ...] = ()
    twice: Sequence[Sequence[str]] = ()

    @property
    def good(self) -> int:
        """Return how many rows can be used."""
        return self.rows - self.bad

    @property
    def changes(self) -> int:
        """Return how many rows would change something."""
        return self.new + self.updated

    def refuse(self, problems: Sequence[RowProblem]) -> None:
        """Count a bad row."""
        self.bad += 1
        self.told += len(self.problems) < SHOWN_PROBLEMS
        self.problems.extend(problems[: SHOWN_PROBLEMS - len(self.problems)])

    def withdraw(self, problem: RowProblem, sort: Sort) -> None:
        """Take back that a row could be used: by the time it was to be applied, it could not any more."""
        if sort is Sort.NEW:
            self.new -= 1
        else:
            self.updated -= 1
        self.late += 1
        self.refuse([problem])

    def number_from(self, first: int) -> None:
        """Give the new records that are shown the numbers that they will have."""
        for rows in (self.sample, self.picked):
            rows[:] = [
                row if row.place < 0 else replace(row, record=replace(row.record, number=first + row.place))
                for row in rows
            ]

    def data(self) -> dict[str, Any]:
        """Return what was found as plain data, the rows for showing aside."""
        counts = {name: getattr(self, name) for name in _COUNTS}
        problems = [[one.line, one.column, one.value, one.reason, _plain(one.details)] for one in self.problems]
        columns = {"unused": list(self.unused), "twice": list(map(list, self.twice))}
        return {**counts, "tallies": dict(self.tallies), "problems": problems, **columns}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Findings[R]":
        """Return the findings that data was made of."""
        found: Findings[R] = cls(**{name: data.get(name, 0) for name in _COUNTS})
        found.tallies.update(data.get("tallies", {}))
        found.problems = [RowProblem(*parts) for parts in data.get("problems", ())]
        found.unused = tuple(data.get("unused", ()))
        found.twice = data.get("twice", ())
        return found


_COUNTS = ("rows", "new", "updated", "unchanged", "bad", "told", "late", "following", "new_keys", "hidden", "merged")


def _plain(details: Mapping[str, object]) -> dict[str, Any]:
    """Return what a sentence needs in types that JSON has."""
    return {name: value if isinstance(value, (int, str)) else str(value) for name, value in details.items()}
