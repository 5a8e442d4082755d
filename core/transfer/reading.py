"""Reading a file whole: which of its rows can be used, what they come to, and what is wrong with the others.

Plain, blocking code for a worker thread: `RowBatches` reads rows in batches, `Checker` settles each batch against the
records that are there, counts, and says what of it is to be applied. Neither touches storage.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic

from core.shared.errors import InvalidArgumentError
from core.shared.stepping import AT_A_STRETCH, REST, rested
from core.shared.tabular import unguard
from core.transfer.findings import SHOWN_CHANGES, SHOWN_PICKED, SHOWN_ROWS, Findings, ShownRow, Sort
from core.transfer.layout import Layout
from core.transfer.model import StagedRow
from core.transfer.rows import RowReader
from core.transfer.sheet import D, Draft, Importer, R, RowProblem, Sheet, Surroundings
from core.transfer.sources import Mended, Piece, Source

BATCH_SIZE = 1000
"""Rows that are read and staged together; fewer if they are long."""

_BATCH_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class ReadRow(Generic[D]):
    """A row: itself as in the file, its cells, and its draft or what is wrong with it."""

    raw: Any
    cells: Sequence[str | None]
    outcome: D | list[RowProblem]


class RowBatches(Generic[D, R]):
    """Reads and checks the rows of one file."""

    def __init__(self, sheet: Sheet[D, R], source: Source, around: Surroundings) -> None:
        """Prepare to read a file whose people and channels are looked up there."""
        self.source = source
        self._reader = RowReader(sheet, source.layout, around, guarded=source.guarded, flawed=source.flawed)
        self._rows = self.source.rows()

    def next(self) -> list[ReadRow[D]]:
        """Return the next rows, none at the end."""
        read = self._reader.read
        batch: list[ReadRow[D]] = []
        start = self.source.position
        while len(batch) < BATCH_SIZE and self.source.position - start < _BATCH_BYTES:
            some = [ReadRow(raw, cells, read(line, cells)) for line, cells, raw in islice(self._rows, AT_A_STRETCH)]
            batch += some
            if len(some) < AT_A_STRETCH:
                break
            time.sleep(REST)
        return batch


@dataclass(frozen=True, slots=True)
class Checked:
    """What a batch comes to: the rows to be applied, and the next piece of the file to give back."""

    staged: list[StagedRow] = field(default_factory=list)
    returned: Piece = b""


class Checker(Generic[D, R]):
    """Settles batch after batch against the records that are there, and changes nothing.

    `wording` says a problem in one sentence for the `error` column. With `only_bad` the file to give back holds the bad
    rows alone, else all of them. One that `stages` says what is to be applied; `numbers` is how many numbers that
    takes.
    """

    def __init__(
        self,
        sheet: Sheet[D, R],
        importer: Importer,
        source: Source,
        wording: Callable[[RowProblem], str],
        *,
        only_bad: bool,
        stages: bool = True,
    ) -> None:
        """Begin with nothing found."""
        self._stages = stages
        self.findings: Findings[R] = Findings()
        self.mended: Mended = source.mended()
        self.numbers = 0
        self._sheet = sheet
        self._importer = importer
        self._wording = wording
        self._only_bad = only_bad
        self._is_guarded = source.guarded
        self._places = [source.layout.places.get(name) for name in sheet.names]
        # Most files are of new records alone: their rows need not be asked which ones they are about.
        self._names_records = sheet.key in source.layout.places

    def settle(self, batch: Sequence[ReadRow[D]], known: Mapping[object, R]) -> Checked:
        """Sort the rows of a batch."""
        staged: list[StagedRow] = []
        returned: list[tuple[Any, str]] = []
        for row in rested(batch):
            outcome = row.outcome
            problems = outcome if isinstance(outcome, list) else self._settle_row(outcome, row, known, staged)
            if problems:
                self.findings.refuse(problems)
            error = " ".join(map(self._wording, problems))
            if error or not self._only_bad:
                returned.append((row.raw, error))
        self.findings.rows += len(batch)
        return Checked(staged, self.mended.write(returned) if returned else b"")

    def _settle_row(
        self, draft: D, row: ReadRow[D], known: Mapping[object, R], staged: list[StagedRow]
    ) -> list[RowProblem]:
        """Add a row to those to be applied, or return why it can't be; one that changes nothing is only counted."""
        record = known.get(self._sheet.key_of(draft)) if known else None
        try:
            if record is None or not self._sheet.is_about(draft, record):
                return self._settle_new(draft, row, staged)
            self._settle_known(draft, record, row, staged)
        except InvalidArgumentError as error:
            return [combined(draft, error)]
        return []

    def _settle_known(self, draft: D, record: R, row: ReadRow[D], staged: list[StagedRow]) -> None:
        merged = self._sheet.merge(draft, record, 0, self._importer)
        if self._sheet.same(record, merged.record):
            self.findings.unchanged += 1
            self._count(draft, Sort.UNCHANGED, record)
            return
        follows = merged.following is not None
        if self._stages:
            staged.append([draft.line, record.version, self._number() if follows else -1, *self._kept(row.cells)])
        self.findings.following += follows
        self.findings.updated += 1
        self._count(draft, Sort.UPDATED, merged.record, before=record)

    def _settle_new(self, draft: D, row: ReadRow[D], staged: list[StagedRow]) -> list[RowProblem]:
        key = self._sheet.key_of(draft) if self._names_records else None
        if key and (missing := self._sheet.missing(draft)):
            details = {"key": self._sheet.key, "column": missing}
            return [RowProblem(draft.line, self._sheet.key, str(key), "key_unknown", details)]
        # Most rows need not become a record to be found to be good.
        record = None if self._sheet.is_sure(draft) else self._sheet.build(draft, 0, self._importer)
        self.findings.new += 1
        if key and not self._sheet.keeps_key:
            self.findings.new_keys += 1
        self._count(draft, Sort.NEW, record, self.numbers)
        number = self._number()
        if self._stages:
            staged.append([draft.line, 0, number, *self._kept(row.cells)])
        return []

    def _number(self) -> int:
        """Return the place of the next number among those that the import takes."""
        self.numbers += 1
        return self.numbers - 1

    def _kept(self, cells: Sequence[str | None]) -> Iterable[str | None]:
        """Return the cells that mean something, in the order of the columns; None for what is not there."""
        width, is_guarded = len(cells), self._is_guarded
        return [
            None
            if place is None
            else ""
            if place >= width
            else unguard(cell)
            if is_guarded and (cell := cells[place]) and cell[0] == "'"
            else cells[place]
            for place in self._places
        ]

    def _count(self, draft: D, sort: Sort, record: R | None, place: int = -1, *, before: R | None = None) -> None:
        """Count a good row, and keep it if it is one of those that people are shown."""
        findings, count = self.findings, self._sheet.count
        shown: list[list[ShownRow[R]]] = []
        first, most = (findings.sample, SHOWN_ROWS) if before is None else (findings.changed, SHOWN_CHANGES)
        if len(first) < most:
            shown.append(first)
        if count is not None and count(findings, draft, sort, record, self._importer):
            findings.pickable += 1
            if len(findings.picked) < SHOWN_PICKED:
                shown.append(findings.picked)
        if shown:
            made = self._sheet.build(draft, 0, self._importer) if record is None else record
            for rows in shown:
                rows.append(ShownRow(draft.line, sort, made, place, before))


def staged_layout(sheet: Sheet[D, R]) -> Layout:
    """Return how the cells of staged rows are laid out."""
    return Layout("", tuple(sheet.names), True, {name: place for place, name in enumerate(sheet.names)}, ())


def keys_of(sheet: Sheet[D, R], layout: Layout, batch: Iterable[ReadRow[D]]) -> list[object]:
    """Return the keys that the good rows of a batch name."""
    if sheet.key not in layout.places:
        return []
    keys = (sheet.key_of(row.outcome) for row in batch if not isinstance(row.outcome, list))
    return [key for key in keys if key]


def combined(draft: Draft, error: InvalidArgumentError) -> RowProblem:
    """Return what is wrong with a row where that shows only beside another cell or the record."""
    cell = str(error.details.get("cell", ""))
    return RowProblem(draft.line, error.field or "", cell, error.reason, error.details)
