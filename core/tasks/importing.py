"""What an import makes of a file: which rows are new tasks, which change one, which can't be used, and why.

Plain, blocking code for a worker thread: `ImportReader` reads and checks rows in batches, `ImportRun` settles each
batch against the tasks that are there and counts. Neither touches storage.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from core.dates.recurrence import Recurrence
from core.shared.errors import InvalidArgumentError, RefusedError
from core.tasks.cells import ABSENT, Draft, DueCell, RowProblem, RowReader
from core.tasks.columns import TaskColumn
from core.tasks.drafted import (
    Importer,
    completes_one_that_repeats,
    handed_on,
    merged_task,
    new_task,
    priority_of,
    status_of,
)
from core.tasks.model import Priority, Status, Task
from core.tasks.roster import Channels, People
from core.tasks.sources import Mended, Piece, TaskSource

ROW_LIMIT = 200_000
BATCH_SIZE = 1000
"""Rows that are read and stored together; fewer if they are long."""

SHOWN_PROBLEMS = 10
SHOWN_ROWS = 5
SHOWN_OVERDUE = 25

_BATCH_BYTES = 2_000_000
_STEP = 50
_SAME_MOMENT = timedelta(seconds=1)


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
class ShownRow:
    """A row picked out for showing: its line, what it comes to, and the task (number 0: not given yet)."""

    line: int
    sort: Sort
    task: Task


@dataclass(slots=True)
class Findings:
    """What was found in a file; grows while it is read.

    `problems`, `sample` and `overdue_rows` hold the first few in the order of the file. `following` counts the tasks
    that come after repeating ones which a row completes, `new_numbers` rows whose number is not known here and which
    are new tasks therefore, `elsewhere` those whose channel is not here. Of a spreadsheet, `hidden` counts the rows
    that it does not show, `merged` the times that cells are merged.
    """

    rows: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    bad: int = 0
    overdue: int = 0
    upcoming: int = 0
    following: int = 0
    new_numbers: int = 0
    elsewhere: int = 0
    hidden: int = 0
    merged: int = 0
    by_priority: Counter[Priority] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)
    sample: list[ShownRow] = field(default_factory=list)
    overdue_rows: list[ShownRow] = field(default_factory=list)
    unused: tuple[str, ...] = ()

    @property
    def good(self) -> int:
        """Return how many rows can be used."""
        return self.rows - self.bad

    @property
    def changes(self) -> int:
        """Return how many rows would change something."""
        return self.new + self.updated


ReadRow = tuple[Any, Draft | list[RowProblem]]
"""A row as in the file, beside what it was read as."""


class ImportReader:
    """Reads and checks the rows of one file."""

    def __init__(self, source: TaskSource, people: People, channels: Channels, *, now: datetime, zone: str) -> None:
        """Prepare to read a file whose people and channels are looked up there."""
        self.source = source
        self._reader = RowReader(
            source.layout, people, channels, now=now, zone=zone, guarded=source.guarded, flawed=source.flawed
        )
        self._rows = self.source.rows()
        self._count = 0

    def next_batch(self) -> list[ReadRow]:
        """Return the next rows, none at the end; too many in all are refused."""
        read = self._reader.read
        batch: list[ReadRow] = []
        start = self.source.position
        while len(batch) < BATCH_SIZE and self.source.position - start < _BATCH_BYTES:
            some = [(raw, read(line, cells)) for line, cells, raw in islice(self._rows, _STEP)]
            batch += some
            if len(some) < _STEP:
                break
        self._count += len(batch)
        if self._count > ROW_LIMIT:
            raise RefusedError("file_too_many_rows", field="file", limit=ROW_LIMIT)
        return batch


@dataclass(frozen=True, slots=True)
class Settled:
    """What a batch comes to: new tasks, changed ones before and after, and the next piece of the file to give back."""

    new: list[Task] = field(default_factory=list)
    before: list[Task] = field(default_factory=list)
    after: list[Task] = field(default_factory=list)
    returned: Piece = b""


class ImportRun:
    """Settles batch after batch against the tasks that are there.

    `wording` says a problem in one sentence for the `error` column. With `only_bad` the file to give back holds the bad
    rows alone, else all of them.
    """

    def __init__(
        self,
        importer: Importer,
        mended: Mended,
        wording: Callable[[RowProblem], str],
        findings: Findings | None = None,
        *,
        only_bad: bool,
    ) -> None:
        """Begin with what was found before, if anything."""
        self.findings = findings or Findings()
        self._importer = importer
        self._mended = mended
        self._wording = wording
        self._only_bad = only_bad

    def settle(self, batch: Sequence[ReadRow], known: Mapping[int, Task], first_number: int = 0) -> Settled:
        """Sort the rows of a batch; new tasks get numbers from `first_number` on, or 0 when it is 0."""
        settled = Settled()
        returned: list[tuple[Any, str]] = []
        for raw, outcome in batch:
            if isinstance(outcome, Draft):
                number = first_number + len(settled.new) if first_number else 0
                outcome = self._settle_row(outcome, known.get(outcome.number), number, settled)
            error = self._refuse(outcome) if outcome else ""
            if error or not self._only_bad:
                returned.append((raw, error))
        self.findings.rows += len(batch)
        return replace(settled, returned=self._mended.write(returned) if returned else b"")

    def _settle_row(self, draft: Draft, task: Task | None, number: int, settled: Settled) -> list[RowProblem]:
        """Add what a row comes to, or return why it can't be."""
        findings = self.findings
        if task is None or not _is_same(draft, task):
            return self._settle_new(draft, number, settled)
        try:
            merged = merged_task(draft, task, self._importer)
        except InvalidArgumentError as error:
            return [_repeat_problem(draft, error)]
        if merged == task:
            findings.unchanged += 1
            self._count(draft, Sort.UNCHANGED, task)
            return []
        if completes_one_that_repeats(draft, task):
            merged, following = handed_on(merged, number, self._importer)
            findings.following += following is not None
            settled.new.extend([following] if following and number else [])
        merged = replace(merged, version=task.version + 1)
        settled.before.append(task)
        settled.after.append(merged)
        findings.updated += 1
        self._count(draft, Sort.UPDATED, merged)
        return []

    def _settle_new(self, draft: Draft, number: int, settled: Settled) -> list[RowProblem]:
        if draft.title is ABSENT:
            return [RowProblem(draft.line, TaskColumn.NUMBER.value, str(draft.number), "number_unknown")]
        task = None
        # A mere check has no use for the tasks themselves.
        if number or self._may_be_shown(draft) or isinstance(draft.repeat, Recurrence):
            try:
                task = new_task(draft, number, self._importer)
            except InvalidArgumentError as error:
                return [_repeat_problem(draft, error)]
        findings = self.findings
        findings.new += 1
        findings.new_numbers += draft.number != 0
        findings.elsewhere += draft.channel == 0
        if task:
            settled.new.append(task)
            self._count(draft, Sort.NEW, task)
            return []
        findings.by_priority[priority_of(draft, Priority.MEDIUM)] += 1
        if isinstance(draft.due, DueCell) and status_of(draft) is not Status.COMPLETED:
            findings.overdue += draft.due.overdue
            findings.upcoming += not draft.due.overdue
        return []

    def _may_be_shown(self, draft: Draft) -> bool:
        findings = self.findings
        if len(findings.sample) < SHOWN_ROWS:
            return True
        return isinstance(draft.due, DueCell) and draft.due.overdue and len(findings.overdue_rows) < SHOWN_OVERDUE

    def _count(self, draft: Draft, sort: Sort, task: Task) -> None:
        findings = self.findings
        findings.by_priority[task.priority] += 1
        if len(findings.sample) < SHOWN_ROWS:
            findings.sample.append(ShownRow(draft.line, sort, task))
        if task.due is None or task.status is Status.COMPLETED:
            return
        cell = draft.due
        importer = self._importer
        if not (cell.overdue if isinstance(cell, DueCell) else task.due.is_overdue(importer.now, importer.zone)):
            findings.upcoming += 1
            return
        findings.overdue += 1
        if len(findings.overdue_rows) < SHOWN_OVERDUE:
            findings.overdue_rows.append(ShownRow(draft.line, sort, task))

    def _refuse(self, problems: Sequence[RowProblem]) -> str:
        """Count a bad row and return its sentence."""
        self.findings.bad += 1
        room = SHOWN_PROBLEMS - len(self.findings.problems)
        self.findings.problems.extend(problems[:room])
        return " ".join(self._wording(problem) for problem in problems)


def numbers_of(batch: Iterable[ReadRow]) -> list[int]:
    """Return the task numbers that the good rows of a batch name."""
    return [draft.number for _, draft in batch if isinstance(draft, Draft) and draft.number]


def count_new(batch: Iterable[ReadRow], known: Mapping[int, Task]) -> int:
    """Return how many numbers a batch may need, at most."""
    drafts = (draft for _, draft in batch if isinstance(draft, Draft))
    return sum(
        draft.number not in known
        or not _is_same(draft, known[draft.number])
        or completes_one_that_repeats(draft, known[draft.number])
        for draft in drafts
    )


def _repeat_problem(draft: Draft, error: InvalidArgumentError) -> RowProblem:
    """Return what is wrong with how a row repeats, where that shows only beside its due."""
    words = draft.repeat.words() if isinstance(draft.repeat, Recurrence) else ""
    return RowProblem(draft.line, TaskColumn.REPEAT.value, words, error.reason)


def _is_same(draft: Draft, task: Task) -> bool:
    """Tell whether a row is about that task, and not about one of another workspace that has the same number.

    Only our own exports say when a task was made, which tells them apart.
    """
    created = draft.created
    return not isinstance(created, datetime) or abs(created - task.created_at) < _SAME_MOMENT
