"""What is found in a file while it is read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic

from core.transfer.sheet import R, RowProblem

SHOWN_PROBLEMS = 10
SHOWN_ROWS = 5
SHOWN_PICKED = 25


class ImportMode(StrEnum):
    """What is done with a file: only checked, its good rows imported, or all of it if every row is good."""

    CHECK = "check"
    GOOD = "good"
    ALL = "all"


class Sort(StrEnum):
    """What a good row comes to."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ShownRow(Generic[R]):
    """A row picked out for showing: its line, what it comes to, and the record (number 0: not given yet)."""

    line: int
    sort: Sort
    record: R


@dataclass(slots=True)
class Findings(Generic[R]):
    """What was found in a file; grows while it is read.

    `problems`, `sample` and `picked` hold the first few in the order of the file; what is `picked` is for the area to
    say, and so are the `tallies`, by name. `following` counts the records that come after others, `new_keys` rows
    whose key is not known here and which are new records therefore. Of a spreadsheet, `hidden` counts the rows that it
    does not show, `merged` the times that cells are merged.
    """

    rows: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    bad: int = 0
    following: int = 0
    new_keys: int = 0
    hidden: int = 0
    merged: int = 0
    tallies: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)
    sample: list[ShownRow[R]] = field(default_factory=list)
    picked: list[ShownRow[R]] = field(default_factory=list)
    pickable: int = 0
    unused: tuple[str, ...] = ()

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
        self.problems.extend(problems[: SHOWN_PROBLEMS - len(self.problems)])

    def pick(self, row: ShownRow[R]) -> None:
        """Count a row that people ask about, and keep it while there is room."""
        self.pickable += 1
        if len(self.picked) < SHOWN_PICKED:
            self.picked.append(row)
