"""Applying staged rows: what they come to beside the records as they are by then.

Plain code without storage. What needs no look at the records is prepared before anybody has to wait for it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Generic

from core.shared.errors import InvalidArgumentError
from core.shared.stepping import stretches
from core.shared.value_objects import value_object
from core.transfer.findings import Findings, Sort
from core.transfer.making import Maker
from core.transfer.model import StagedCells, StagedRow
from core.transfer.reading import combined, staged_layout
from core.transfer.rows import RowReader
from core.transfer.sheet import D, Importer, R, RowProblem, Sheet, Surroundings
from core.transfer.unique import Held, forms_of, taken

_NONE_HELD: Held = {}


@value_object
class Prepared(Generic[D, R]):
    """Rows of a step: new records, and drafts of rows that are about a record, with the keys to look up."""

    new: list[tuple[D, R]] = field(default_factory=list)
    drafts: list[tuple[D, StagedRow]] = field(default_factory=list)
    problems: list[tuple[RowProblem, StagedRow]] = field(default_factory=list)
    keys: list[object] = field(default_factory=list)

    @property
    def rows(self) -> Iterator[D]:
        """Return what the good rows say."""
        return (draft for draft, _ in (*self.new, *self.drafts))

    @property
    def records(self) -> list[R]:
        """Return the new records."""
        return [record for _, record in self.new]


@value_object
class Settled(Generic[R]):
    """What a step comes to: new records, those that follow changed ones, these before and after, and refused rows."""

    new: list[R] = field(default_factory=list)
    following: list[R] = field(default_factory=list)
    before: list[R] = field(default_factory=list)
    after: list[R] = field(default_factory=list)
    problems: list[tuple[RowProblem, StagedRow]] = field(default_factory=list)

    def tell(self, findings: Findings[R]) -> None:
        """Take the rows that no longer can be out of those that were found to be good."""
        for problem, row in self.problems:
            findings.withdraw(problem, Sort.UPDATED if _version(row) else Sort.NEW)


class Applier(Generic[D, R]):
    """Turns staged rows into records."""

    def __init__(
        self, sheet: Sheet[D, R], around: Surroundings, importer: Importer, first_number: int, cells: StagedCells
    ) -> None:
        """Give new records numbers from the first one on; `cells` says what the staged rows hold."""
        layout = staged_layout(sheet, cells)
        self._sheet = sheet
        self._maker = Maker(sheet, importer, layout.places)
        self._first = first_number
        self._reader = RowReader(sheet, layout, around, guarded=cells.guarded)

    def prepare(self, rows: Iterable[StagedRow]) -> Prepared[D, R]:
        """Read rows and make the new records."""
        sheet = self._sheet
        prepared: Prepared[D, R] = Prepared()
        for some in stretches(rows):
            drafts = self._reader.read_all([row[0] for row in some], [row[3:] for row in some])
            for draft, row in zip(drafts, some, strict=True):
                if isinstance(draft, list):
                    prepared.problems.append((draft[0], row))
                elif _version(row):
                    prepared.drafts.append((draft, row))
                    prepared.keys.append(sheet.key_of(draft))
                else:
                    self._make(draft, row, prepared)
        return prepared

    def _make(self, draft: D, row: StagedRow, prepared: Prepared[D, R]) -> None:
        try:
            prepared.new.append((draft, self._maker.new(draft, self._number(row))))
        except InvalidArgumentError as error:
            prepared.problems.append((combined(draft, error), row))
        if self._sheet.keeps_key and (key := self._sheet.key_of(draft)):
            prepared.keys.append(key)

    def settle(self, prepared: Prepared[D, R], known: Mapping[object, R], held: Held = _NONE_HELD) -> Settled[R]:
        """Put what the rows say into the records as they are now, given who has by now what only one can have."""
        settled: Settled[R] = Settled(problems=[*prepared.problems])
        having = {name: dict(held.get(name, {})) for name in self._sheet.unique}
        if self._sheet.keeps_key or having:
            self._settle_new(prepared, set(known), having, settled)
        else:
            settled.new.extend(prepared.records)
        for draft, row in prepared.drafts:
            record = known.get(self._sheet.key_of(draft))
            problem = self._refused(draft, record, having) if record else None
            if problem := problem or self._merge(draft, row, record, settled):
                settled.problems.append((problem, row))
        return settled

    def _settle_new(
        self, prepared: Prepared[D, R], keys: set[object], having: dict[str, dict[str, int]], settled: Settled[R]
    ) -> None:
        """Leave out new records of which another one has by now what only one can have."""
        for draft, record in prepared.new:
            key = self._sheet.key_of(draft) if self._sheet.keeps_key else None
            problem = self._late(draft, "changed_since") if key in keys else self._refused(draft, record, having)
            if problem:
                settled.problems.append((problem, [draft.line, 0]))
            else:
                keys.update([key] if key else [])
                settled.new.append(record)

    def _refused(self, draft: D, record: R, having: dict[str, dict[str, int]]) -> RowProblem | None:
        """Let a record have what only one can have, or return why it can't."""
        if problems := taken(self._sheet, draft, record.number, having):
            return problems[0]
        for name, form in forms_of(self._sheet, draft):
            having[name][form] = record.number
        return None

    def _merge(self, draft: D, row: StagedRow, record: R | None, settled: Settled[R]) -> RowProblem | None:
        if record is None:
            return self._late(draft, "gone_since")
        if record.version != _version(row):
            return self._late(draft, "changed_since")
        try:
            merged = self._maker.merged(draft, record, self._number(row))
        except InvalidArgumentError as error:
            return combined(draft, error)
        settled.before.append(record)
        settled.after.append(merged.record)
        settled.following.extend([] if merged.following is None else [merged.following])
        return None

    def _number(self, row: StagedRow) -> int:
        place: int = row[2]
        return self._first + place if place >= 0 else 0

    def _late(self, draft: D, reason: str) -> RowProblem:
        key = self._sheet.key_of(draft)
        return RowProblem(draft.line, self._sheet.key, str(key or ""), reason)


def _version(row: StagedRow) -> int:
    version: int = row[1]
    return version
