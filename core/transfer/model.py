"""An import under way: its rows are staged first, then applied step by step, so that it can go on after any death."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.files.model import StoredFile
from core.shared.value_objects import value_object
from core.transfer.choices import ImportMode


class ImportState(StrEnum):
    """How far an import is."""

    READING = "reading"
    """Its rows are being staged; nothing is changed yet."""
    APPLYING = "applying"
    ENDED = "ended"
    UNDOING = "undoing"
    UNDONE = "undone"

    @property
    def is_under_way(self) -> bool:
        """Tell whether there is something left to do."""
        return self in (ImportState.READING, ImportState.APPLYING, ImportState.UNDOING)


@value_object
class Asked:
    """What was asked and by whom, in such words that it can be asked again; `delivery` makes the repetition known.

    `member_id` is who asked; what an earlier version kept does not say (0).
    """

    delivery: str
    platform: str
    space: str
    channel: Mapping[str, Any]
    user: Mapping[str, Any]
    text: str
    member_id: int = 0

    def again(self, delivery: str, file_id: str) -> "Asked":
        """Return what asks the same of a file that is stored by now."""
        return replace(self, delivery=delivery, text=self.text.replace(FILE, file_id))

    def settled(self) -> "Asked":
        """Return it without who that was, which nothing needs once it is answered."""
        return replace(self, user={})


FILE = "{file}"
"""Stands in what was asked for the file, which has no id before it is stored."""


@value_object
class StagedCells:
    """What staged rows hold of the rows of a file: cells of these columns, which may be `guarded` as in the file.

    An earlier version kept those of all columns of the sheet, for which none is named.
    """

    columns: tuple[str, ...] = ()
    guarded: bool = False


StagedRow = Sequence[Any]
"""The line, the version of the record it is about (0: a new one), the place of its number (-1: none), its cells."""


@value_object
class Import:
    """An import as stored.

    `id` is also that of its undo entry, `noun` what its records are called. `asked` is what is being worked at: the
    import, later its undo. `key` is the delivery that began it. `place` and `position` are the staged piece and the row
    in it that come next; while the file is read `position` counts the steps, whoever takes them; of an undo, `place` is
    the step that comes next. `steps` are how many had an effect: by then it has made (`created`) and changed
    (`updated`) so many records. New records have numbers from `first_number` on. `returned` is the file to mend,
    `findings` what was found so far, `cells` what the staged rows hold. It is alive as long as its `runner`, a process,
    says so in `touched_at`; at `over_at` nothing needs it any more. One that could not be taken to its end says in
    `broke_off_at` at which line (0: it is not known), unless it `was_cancelled`. One that nobody works on has no
    `runner`: anybody can go on with it at once.
    """

    id: str
    noun: str
    key: str
    asked: Asked
    mode: ImportMode
    file: StoredFile
    is_new: bool
    member_id: int
    channel_id: int
    zone: str
    started_at: datetime
    runner: str
    touched_at: datetime
    state: ImportState = ImportState.READING
    place: int = 0
    position: int = 0
    steps: int = 0
    first_number: int = 0
    returned: StoredFile | None = None
    findings: Mapping[str, Any] = field(default_factory=dict)
    over_at: datetime | None = None
    area: str = ""
    cells: StagedCells = StagedCells()
    created: int = 0
    updated: int = 0
    broke_off_at: int | None = None
    was_cancelled: bool = False

    @property
    def of_area(self) -> str:
        """Return the word of the area's commands; of an import that does not say it yet, it is the noun."""
        return self.area or self.noun


@value_object
class Effect:
    """What a step of an import did: the numbers of new records, and changed ones as they were and became, as data."""

    new: Sequence[int]
    before: Sequence[Mapping[str, Any]] = ()
    after: Sequence[Mapping[str, Any]] = ()
