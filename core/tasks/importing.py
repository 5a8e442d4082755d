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

from core.shared.errors import RefusedError
from core.tasks.cells import ABSENT, Draft, DueCell, RowProblem, RowReader
from core.tasks.columns import TaskColumn
from core.tasks.due import Due
from core.tasks.model import Priority, Status, Task
from core.tasks.roster import Channels, People
from core.tasks.rules import reminder_for
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
class Importer:
    """Who imports, when, where to and under which id; dues and overdue are as in `zone`."""

    member_id: int
    channel_id: int
    zone: str
    now: datetime
    batch: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row picked out for showing: its line, what it comes to, and the task (number 0: not given yet)."""

    line: int
    sort: Sort
    task: Task


@dataclass(slots=True)
class Findings:
    """What was found in a file; grows while it is read.

    `problems`, `sample` and `overdue_rows` hold the first few in the order of the file. `new_numbers` counts rows whose
    number is not known here and which are new tasks therefore, `elsewhere` those whose channel is not here. Of a
    spreadsheet, `hidden` counts the rows that it does not show, `merged` the times that cells are merged.
    """

    rows: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    bad: int = 0
    overdue: int = 0
    upcoming: int = 0
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
        merged = merged_task(draft, task, self._importer)
        if merged == task:
            findings.unchanged += 1
            self._count(draft, Sort.UNCHANGED, task)
            return []
        merged = replace(merged, version=task.version + 1)
        settled.before.append(task)
        settled.after.append(merged)
        findings.updated += 1
        self._count(draft, Sort.UPDATED, merged)
        return []

    def _settle_new(self, draft: Draft, number: int, settled: Settled) -> list[RowProblem]:
        if draft.title is ABSENT:
            return [RowProblem(draft.line, TaskColumn.NUMBER.value, str(draft.number), "number_unknown")]
        findings = self.findings
        findings.new += 1
        findings.new_numbers += draft.number != 0
        findings.elsewhere += draft.channel == 0
        if number or self._may_be_shown(draft):
            task = new_task(draft, number, self._importer)
            settled.new.append(task)
            self._count(draft, Sort.NEW, task)
            return []
        # A mere check has no use for the tasks themselves.
        findings.by_priority[_priority_of(draft, Priority.MEDIUM)] += 1
        if isinstance(draft.due, DueCell) and _status_of(draft) is not Status.COMPLETED:
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
    return sum(draft.number not in known or not _is_same(draft, known[draft.number]) for draft in drafts)


def _is_same(draft: Draft, task: Task) -> bool:
    """Tell whether a row is about that task, and not about one of another workspace that has the same number.

    Only our own exports say when a task was made, which tells them apart.
    """
    created = draft.created
    return not isinstance(created, datetime) or abs(created - task.created_at) < _SAME_MOMENT


def new_task(draft: Draft, number: int, importer: Importer) -> Task:
    """Return the task that a row describes."""
    status = _status_of(draft) or Status.PENDING
    done = status is Status.COMPLETED
    due = None if draft.due is ABSENT else draft.due
    return Task(
        number=number,
        title="" if draft.title is ABSENT else draft.title,
        notes="" if draft.notes is ABSENT else draft.notes,
        status=status,
        priority=_priority_of(draft, Priority.MEDIUM),
        due=due.due if due else None,
        channel_id=importer.channel_id if draft.channel is ABSENT or not draft.channel else draft.channel,
        author_id=importer.member_id,
        assignees=() if draft.assignees is ABSENT else draft.assignees,
        origin="" if draft.origin is ABSENT else draft.origin,
        created_at=draft.created if isinstance(draft.created, datetime) else importer.now,
        completed_at=_completed_at(draft, importer.now) if done else None,
        completed_by=importer.member_id if done else None,
        remind_at=due.remind_at if due and not done else None,
        batch=importer.batch,
    )


def merged_task(draft: Draft, task: Task, importer: Importer) -> Task:
    """Return a task with what a row says of it; its channel, author and moments stay, and so does what is not said."""
    status = _status_of(draft) or task.status
    done = status is Status.COMPLETED
    due = _merged_due(draft, task)
    merged = replace(
        task,
        title=task.title if draft.title is ABSENT else draft.title,
        notes=task.notes if draft.notes is ABSENT else draft.notes,
        status=status,
        priority=_priority_of(draft, task.priority),
        due=due,
        assignees=_merged_people(draft, task),
        origin=task.origin if draft.origin is ABSENT else draft.origin,
    )
    if status is not task.status:
        merged = replace(
            merged,
            completed_at=_completed_at(draft, importer.now) if done else None,
            completed_by=importer.member_id if done else None,
        )
    if status is not task.status or due != task.due:
        merged = replace(merged, remind_at=None if done else reminder_for(due, importer.now))
    return merged


def _priority_of(draft: Draft, unsaid: Priority) -> Priority:
    """Return the priority that a row says."""
    return draft.priority if isinstance(draft.priority, Priority) else unsaid


def _status_of(draft: Draft) -> Status | None:
    """Return the status that a row says, in so many words or by being completed at some time."""
    if isinstance(draft.status, Status):
        return draft.status
    return Status.COMPLETED if draft.completed is not ABSENT and draft.completed is not None else None


def _completed_at(draft: Draft, now: datetime) -> datetime:
    said = None if draft.completed is ABSENT or draft.completed is None else draft.completed.at
    return min(said, now) if said else now


def _merged_due(draft: Draft, task: Task) -> Due | None:
    """Return the due of a row; a day without a time stays in the zone that the task has it in."""
    if draft.due is ABSENT:
        return task.due
    if draft.due is None:
        return None
    due, old = draft.due.due, task.due
    same_day = old is not None and old.time is None and due.time is None and old.date == due.date
    return old if same_day else due


def _merged_people(draft: Draft, task: Task) -> tuple[int, ...]:
    """Return the people of a row, in the order that the task has them in if they are the same."""
    if draft.assignees is ABSENT or set(draft.assignees) == set(task.assignees):
        return task.assignees
    return draft.assignees
