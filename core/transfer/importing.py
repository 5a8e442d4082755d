"""What an import makes of a file: which rows are new records, which change one, which can't be used, and why.

Plain, blocking code for a worker thread: `ImportReader` reads and checks rows in batches, `ImportRun` settles each
batch against the records that are there and counts. Neither touches storage.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Generic

from core.shared.errors import InvalidArgumentError, RefusedError
from core.transfer.findings import SHOWN_ROWS, Findings, ShownRow, Sort
from core.transfer.rows import RowReader
from core.transfer.sheet import D, Draft, Importer, R, RowProblem, Sheet, Surroundings
from core.transfer.sources import Mended, Piece, Source

ROW_LIMIT = 200_000
BATCH_SIZE = 1000
"""Rows that are read and stored together; fewer if they are long."""

_BATCH_BYTES = 2_000_000
_STEP = 50

ReadRow = tuple[Any, D | list[RowProblem]]
"""A row as in the file, beside what it was read as."""


class ImportReader(Generic[D, R]):
    """Reads and checks the rows of one file."""

    def __init__(self, sheet: Sheet[D, R], source: Source, around: Surroundings) -> None:
        """Prepare to read a file whose people and channels are looked up there."""
        self.source = source
        self._reader = RowReader(sheet, source.layout, around, guarded=source.guarded, flawed=source.flawed)
        self._rows = self.source.rows()
        self._count = 0

    def next_batch(self) -> list[ReadRow[D]]:
        """Return the next rows, none at the end; too many in all are refused."""
        read = self._reader.read
        batch: list[ReadRow[D]] = []
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
class Settled(Generic[R]):
    """What a batch comes to: new records, changed ones before and after, the next piece of the file to give back."""

    new: list[R] = field(default_factory=list)
    before: list[R] = field(default_factory=list)
    after: list[R] = field(default_factory=list)
    returned: Piece = b""


class ImportRun(Generic[D, R]):
    """Settles batch after batch against the records that are there.

    `wording` says a problem in one sentence for the `error` column. With `only_bad` the file to give back holds the bad
    rows alone, else all of them.
    """

    def __init__(
        self,
        sheet: Sheet[D, R],
        importer: Importer,
        mended: Mended,
        wording: Callable[[RowProblem], str],
        findings: Findings[R] | None = None,
        *,
        only_bad: bool,
    ) -> None:
        """Begin with what was found before, if anything."""
        self.findings: Findings[R] = findings or Findings()
        self._sheet = sheet
        self._importer = importer
        self._mended = mended
        self._wording = wording
        self._only_bad = only_bad

    def settle(self, batch: Sequence[ReadRow[D]], known: Mapping[object, R], first_number: int = 0) -> Settled[R]:
        """Sort the rows of a batch; new records get numbers from `first_number` on, or 0 when it is 0."""
        settled: Settled[R] = Settled()
        returned: list[tuple[Any, str]] = []
        for raw, outcome in batch:
            if isinstance(outcome, list):
                problems = outcome
            else:
                number = first_number + len(settled.new) if first_number else 0
                problems = self._settle_row(outcome, known, number, settled)
            if problems:
                self.findings.refuse(problems)
            error = " ".join(map(self._wording, problems))
            if error or not self._only_bad:
                returned.append((raw, error))
        self.findings.rows += len(batch)
        return replace(settled, returned=self._mended.write(returned) if returned else b"")

    def _settle_row(self, draft: D, known: Mapping[object, R], number: int, settled: Settled[R]) -> list[RowProblem]:
        """Add what a row comes to, or return why it can't be."""
        record = known.get(self._sheet.key_of(draft))
        try:
            if record is None or not self._sheet.is_about(draft, record):
                return self._settle_new(draft, number, settled)
            self._settle_known(draft, record, number, settled)
        except InvalidArgumentError as error:
            return [_combined(draft, error)]
        return []

    def _settle_known(self, draft: D, record: R, number: int, settled: Settled[R]) -> None:
        merged = self._sheet.merge(draft, record, number, self._importer)
        if self._sheet.same(record, merged.record):
            self.findings.unchanged += 1
            self._count(draft, Sort.UNCHANGED, record)
            return
        if merged.following is not None:
            self.findings.following += 1
            settled.new.extend([merged.following] if number else [])
        settled.before.append(record)
        settled.after.append(merged.record)
        self.findings.updated += 1
        self._count(draft, Sort.UPDATED, merged.record)

    def _settle_new(self, draft: D, number: int, settled: Settled[R]) -> list[RowProblem]:
        key = self._sheet.key_of(draft)
        if key and (missing := self._sheet.missing(draft)):
            details = {"key": self._sheet.key, "column": missing}
            return [RowProblem(draft.line, self._sheet.key, str(key), "key_unknown", details)]
        record = self._sheet.build(draft, number, self._importer)
        settled.new.append(record)
        self.findings.new += 1
        self.findings.new_keys += bool(key)
        self._count(draft, Sort.NEW, record)
        return []

    def _count(self, draft: D, sort: Sort, record: R) -> None:
        findings, row = self.findings, ShownRow(draft.line, sort, record)
        if len(findings.sample) < SHOWN_ROWS:
            findings.sample.append(row)
        if self._sheet.count:
            self._sheet.count(findings, draft, row, self._importer)


def keys_of(sheet: Sheet[D, R], batch: Iterable[ReadRow[D]]) -> list[object]:
    """Return the keys that the good rows of a batch name."""
    keys = (sheet.key_of(draft) for _, draft in batch if not isinstance(draft, list))
    return [key for key in keys if key]


def count_new(sheet: Sheet[D, R], batch: Iterable[ReadRow[D]], known: Mapping[object, R]) -> int:
    """Return how many numbers a batch may need, at most."""
    drafts = (draft for _, draft in batch if not isinstance(draft, list))
    found = ((draft, known.get(sheet.key_of(draft))) for draft in drafts)
    return sum(
        record is None or not sheet.is_about(draft, record) or sheet.may_follow(draft, record)
        for draft, record in found
    )


def _combined(draft: Draft, error: InvalidArgumentError) -> RowProblem:
    """Return what is wrong with a row where that shows only beside another cell or the record."""
    cell = str(error.details.get("cell", ""))
    return RowProblem(draft.line, error.field or "", cell, error.reason, error.details)
