"""Reading a file whole: which of its rows can be used, what they come to, and what is wrong with the others.

Plain, blocking code for a worker thread: `RowBatches` reads rows in batches, `Checker` settles each batch against the
records that are there, counts, and says what of it is to be applied. Neither touches storage.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, NamedTuple

from core.shared.errors import InvalidArgumentError
from core.shared.stepping import rested, stretches
from core.transfer.findings import ELSEWHERE, SHOWN_CHANGES, SHOWN_PICKED, SHOWN_ROWS, Findings, ShownRow, Sort
from core.transfer.layout import Layout
from core.transfer.making import Maker
from core.transfer.model import StagedCells, StagedRow
from core.transfer.rows import RowReader
from core.transfer.sheet import D, Draft, Importer, R, RowProblem, Sheet, Surroundings
from core.transfer.sources import Mended, Piece, Source
from core.transfer.unique import Held, taken

BATCH_SIZE = 1024
"""Rows that are read and staged together; fewer if they are long."""

_BATCH_BYTES = 1_000_000


_NONE_HELD: Held = {}


class ReadRows(NamedTuple, Generic[D]):
    """Rows: each as it is in the file, its cells, and its draft or what is wrong with it."""

    raw: list[Any]
    cells: list[Sequence[str | None]]
    outcomes: list[D | list[RowProblem]]

    @property
    def drafts(self) -> Iterator[D]:
        """Return the good ones."""
        return (one for one in self.outcomes if not isinstance(one, list))


class RowBatches(Generic[D, R]):
    """Reads and checks the rows of one file."""

    def __init__(self, sheet: Sheet[D, R], source: Source, around: Surroundings) -> None:
        """Prepare to read a file whose people and channels are looked up there."""
        self.source = source
        self._reader = RowReader(sheet, source.layout, around, guarded=source.guarded, flawed=source.flawed)
        self._rows = self.source.rows()

    def next(self) -> ReadRows[D]:
        """Return the next rows, none at the end."""
        batch: ReadRows[D] = ReadRows([], [], [])
        start = self.source.position
        for some in stretches(islice(self._rows, BATCH_SIZE)):
            lines, cells, raws = zip(*some, strict=True)
            batch.raw.extend(raws)
            batch.cells.extend(cells)
            batch.outcomes.extend(self._reader.read_all(lines, cells))
            if self.source.position - start >= _BATCH_BYTES:
                break
        return batch


@dataclass(slots=True)
class Checked:
    """What a batch comes to: the rows to be applied, where each goes, and the next piece of the file to give back."""

    staged: list[StagedRow] = field(default_factory=list)
    order: list[int] = field(default_factory=list)
    returned: Piece = b""

    def add(self, order: int, row: StagedRow) -> None:
        """Let a row be applied."""
        self.order.append(order)
        self.staged.append(row)


class Checker(Generic[D, R]):
    """Settles batch after batch against the records that are there, and changes nothing.

    `wording` says a problem in one sentence for the `error` column. With `only_bad` the file to give back holds the bad
    rows alone, else all of them. One that `stages` says what is to be applied; `numbers` is how many numbers that
    takes, `cells` are what the staged rows hold of a row.
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
        self._maker = Maker(sheet, importer, source.layout.places)
        self._wording = wording
        self._only_bad = only_bad
        places = source.layout.places
        columns = tuple(name for name in sheet.names if name in places)
        self.cells = StagedCells(columns, source.guarded)
        self._places = [places[name] for name in columns]
        self._width = len(source.layout.headings)
        # Most files are of new records alone: their rows need not be asked which ones they are about.
        self._names_records = sheet.names_records(places)

    def settle(self, batch: ReadRows[D], known: Mapping[object, R], held: Held = _NONE_HELD) -> Checked:
        """Sort the rows of a batch, given the records that they name, and who has what only one can have."""
        checked = Checked()
        returned: list[tuple[Any, str]] = []
        for raw, cells, outcome in rested(zip(*batch, strict=True)):
            problems = outcome if isinstance(outcome, list) else self._settle_row(outcome, cells, known, held, checked)
            if problems:
                self.findings.refuse(problems)
                returned.append((raw, " ".join(map(self._wording, problems))))
            elif not self._only_bad:
                returned.append((raw, ""))
        self.findings.rows += len(batch.raw)
        if returned:
            checked.returned = self.mended.write(rested(returned))
        return checked

    def _settle_row(
        self, draft: D, cells: Sequence[str | None], known: Mapping[object, R], held: Held, checked: Checked
    ) -> list[RowProblem]:
        """Add a row to those to be applied, or return why it can't be; one that changes nothing is only counted."""
        record = known.get(self._sheet.key_of(draft)) if known else None
        if record is not None and not self._maker.is_about(draft, record):
            record = None
        if problems := taken(self._sheet, draft, record.number if record else 0, held):
            return problems
        try:
            if record is None:
                return self._settle_new(draft, cells, checked)
            self._settle_known(draft, record, cells, checked)
        except InvalidArgumentError as error:
            return [combined(draft, error)]
        return []

    def _settle_known(self, draft: D, record: R, cells: Sequence[str | None], checked: Checked) -> None:
        merged = self._maker.merged(draft, record, 0)
        if merged.record is record:
            self.findings.unchanged += 1
            self._count(draft, Sort.UNCHANGED, record)
            return
        follows = merged.following is not None
        if self._stages:
            place = self._number() if follows else -1
            checked.add(0, self._staged(draft, record.version, place, cells))
        self.findings.following += follows
        self.findings.updated += 1
        self._count(draft, Sort.UPDATED, merged.record, before=record)

    def _settle_new(self, draft: D, cells: Sequence[str | None], checked: Checked) -> list[RowProblem]:
        key = self._sheet.key_of(draft) if self._names_records else None
        if key and (missing := self._sheet.missing(draft)):
            details = {"key": self._sheet.key, "column": missing}
            return [RowProblem(draft.line, self._sheet.key, str(key), "key_unknown", details)]
        # Most rows need not become a record to be found to be good.
        record = None if self._sheet.is_sure(draft) else self._maker.new(draft, 0)
        self.findings.new += 1
        if self._maker.is_elsewhere(draft):
            self.findings.tallies[ELSEWHERE] += 1
        if key and not self._sheet.keeps_key:
            self.findings.new_keys += 1
        self._count(draft, Sort.NEW, record, self.numbers)
        number = self._number()
        if self._stages:
            checked.add(self._sheet.order(draft), self._staged(draft, 0, number, cells))
        return []

    def _number(self) -> int:
        """Return the place of the next number among those that the import takes."""
        self.numbers += 1
        return self.numbers - 1

    def _staged(self, draft: D, version: int, place: int, cells: Sequence[str | None]) -> StagedRow:
        if len(cells) < self._width:
            cells = [*cells, *[""] * (self._width - len(cells))]
        return [draft.line, version, place, *[cells[place] for place in self._places]]

    def _count(self, draft: D, sort: Sort, record: R | None, place: int = -1, *, before: R | None = None) -> None:
        """Count a good row, and keep it if it is one of those that people are shown."""
        findings, count = self.findings, self._sheet.count
        shown: list[list[ShownRow[R]]] = []
        first, most = (findings.sample, SHOWN_ROWS) if before is None else (findings.changed, SHOWN_CHANGES)
        if len(first) < most:
            shown.append(first)
        if count is not None and count(findings, draft, record, self._importer):
            findings.pickable += 1
            if len(findings.picked) < SHOWN_PICKED:
                shown.append(findings.picked)
        if shown:
            made = self._maker.new(draft, 0) if record is None else record
            for rows in shown:
                rows.append(ShownRow(draft.line, sort, made, place, before))


def staged_layout(sheet: Sheet[D, R], staged: StagedCells) -> Layout:
    """Return how the cells of staged rows are laid out."""
    names = staged.columns or tuple(sheet.names)
    return Layout("", names, True, {name: place for place, name in enumerate(names)}, ())


def keys_of(sheet: Sheet[D, R], layout: Layout, batch: ReadRows[D]) -> list[object]:
    """Return the keys that the good rows of a batch name."""
    if not sheet.names_records(layout.places):
        return []
    return [key for key in map(sheet.key_of, batch.drafts) if key]


def combined(draft: Draft, error: InvalidArgumentError) -> RowProblem:
    """Return what is wrong with a row where that shows only beside another cell or the record."""
    cell = str(error.details.get("cell", ""))
    return RowProblem(draft.line, error.field or "", cell, error.reason, error.details)
