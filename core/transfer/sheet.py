"""What an area says of its sheet: its columns, and how the rows of a file become its records."""

import json
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Literal, Protocol, TypeVar, cast

from core.shared.errors import RefusedError
from core.shared.names import Names
from core.shared.value_objects import value_object
from core.transfer.records import Records
from core.transfer.roster import Channels, People
from core.undo.kinds import RecordKind

if TYPE_CHECKING:
    from core.transfer.findings import Findings


class Record(Protocol):
    """What the rows of a file are about: a dataclass with a number and a version, which grows with every change."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def number(self) -> int:
        """Return its number in the workspace."""
        ...

    @property
    def version(self) -> int:
        """Return its version."""
        ...


class Draft(Protocol):
    """A row as read: a tuple of the line it begins on and what each column says, in the order of the columns."""

    @property
    def line(self) -> int:
        """Return the line that the row begins on."""
        ...


class PlainDraft(tuple[Any, ...]):
    """A row as read of an area without rules of its own; one that has some names what it reads of a row."""

    __slots__ = ()

    @property
    def line(self) -> int:
        """Return the line that the row begins on."""
        return cast("int", self[0])


D = TypeVar("D", bound=Draft)
R = TypeVar("R", bound=Record)

ERROR = "error"
"""The column that says what was wrong with a row when its file came back; it is not read."""


class Absent(Enum):
    """Stands for a column that the file does not have: what a record has there already stays."""

    ABSENT = "absent"

    def __bool__(self) -> Literal[False]:
        """Count as nothing: `cell or value` is the value where there is no such column."""
        return False


ABSENT: Final = Absent.ABSENT

CellValue = str | int | Decimal | date | Sequence[str] | None
"""What a column writes: several names are one cell, or a list in JSON; None is an empty cell, or null in JSON.

An exact amount is a number in a workbook as far as one can hold it, and a text in JSON.
"""


@value_object
class Surroundings:
    """What cells are read and written against: who and what they may name, the time, and whose clock it is on."""

    people: People
    channels: Channels
    now: datetime
    zone: str


@value_object
class Importer:
    """Who imports, when, where to and under which id; days are as in `zone`."""

    member_id: int
    channel_id: int
    zone: str
    now: datetime
    batch: str


Fields = dict[str, Any]
"""What the fields of a record are to be, by name."""


class CellError(ValueError):
    """A cell that can't be used; `reason` names a sentence of the texts, `details` are what it needs."""

    def __init__(self, reason: str, **details: object) -> None:
        """Keep the reason's key and what its sentence needs."""
        super().__init__(reason)
        self.reason = reason
        self.details = details


@value_object
class RowProblem:
    """What is wrong with a row: the line it begins on, the column as the file calls it, the value (cut), the reason.

    `reason` names a sentence of the texts, `details` are what it needs.
    """

    line: int
    column: str
    value: str
    reason: str
    details: Mapping[str, object] = field(default_factory=dict)


Read = Callable[[str, Surroundings], object]
"""What a cell without blanks around it says; raises `CellError`."""


@value_object
class Column(Generic[R]):
    """One column: the heading that we write, and what else people and other programs call it.

    `aliases` are in lower case, apart by blanks, the words of one joined by `-`. Cells that `repeat` from row to row
    are read once. One that `takes_amounts` may have a cell that a spreadsheet shows as money or as a percentage.
    `as_they_are` tells of many cells at once, if that is quickly told, that each says what stands there to the letter.
    `is_value` tells of a cell without blanks around it that it surely is no heading.

    `field` is the field of a record that it says, if it is one: a new record has there what is said, or `unsaid`, and
    one that is there has what `put` makes of what is said and what it had. One that `stays` is said of new ones only.
    """

    name: str
    read: Read
    write: Callable[[R, Surroundings], CellValue]
    aliases: str = ""
    repeats: bool = True
    takes_amounts: bool = False
    as_they_are: Callable[[Sequence[str]], bool] | None = None
    is_value: Callable[[str], bool] | None = None
    field: str = ""
    unsaid: object = None
    put: Callable[[Any, Any], object] | None = None
    stays: bool = False


@value_object
class Merged(Generic[R]):
    """A record with what a row says of it, and the record that comes after it, if any."""

    record: R
    following: R | None = None


_PLAIN: Callable[[Iterable[object]], Any] = PlainDraft


@dataclass(frozen=True, slots=True, eq=False)
class Sheet(Generic[D, R]):
    """The files of one kind of record.

    `called` is what records and the area's commands are called, `title` what their sheet is called in a workbook. The
    value of the `key` column, if there is one, says which record a row is about; a row without is a new record and
    needs the `required` columns. A file may do without headings if it has just the `bare` columns.

    Records become what the columns say of their fields. Where that is not all, `rule` makes the record of the fields
    that it shall have, given the draft and what the record was before (None: a new one); it may raise
    `InvalidArgumentError`, whose field is the column at fault. `follow` tells what comes after a record that a row has
    changed, given also as it was before, and a number for it.

    Of `unique` columns, which are texts and by the same names fields and own keys of the records, no two records have
    the same: each tells the form in which its values are compared. A row with what another record has is refused, also
    where that one gives it up further down: so imports can be taken back one after the other.

    `once` tells what else a row says that may stand in a file only once, by the column that it is of.

    A sheet `keeps_key` if new records have the key of their row, as with a SKU, and `makes_key` if a row without one
    has one all the same, which `draft` makes up. `other_kinds` are words by which
    programs mark rows between the records that are none. `is_sure` tells of a new row that the rule can't refuse it,
    so that a check need not try. `count` adds up what only this area knows of a good row, whose record may not be made,
    and tells whether people want to see it.

    `order` tells of a new row where an index keeps its record: those that lie together there are applied together, so
    that each step writes a few places rather than many.

    `records` are where they are kept, `kind` is how they are written down and told apart, and `put_back` what an undo
    makes of one as it was before. `line` is a record in a plain list, which can't be imported again; `sample` a row
    that people are shown as one.
    """

    called: Names
    title: str
    columns: Sequence[Column[R]]
    required: Sequence[str]
    records: Records[R]
    kind: RecordKind[R]
    draft: Callable[[Iterable[object]], D] = _PLAIN
    key: str = ""
    keeps_key: bool = False
    makes_key: bool = False
    unique: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    once: Callable[[D], Iterable[tuple[str, str]]] = lambda _draft: ()
    other_kinds: frozenset[str] = frozenset()
    rule: Callable[[Fields, D, R | None, Importer], R] | None = None
    follow: Callable[[D, R, R, int, Importer], Merged[R]] | None = None
    put_back: Callable[[R, datetime], R] = lambda record, _now: record
    is_sure: Callable[[D], bool] = lambda _draft: False
    count: "Callable[[Findings[R], D, R | None, Importer], bool] | None" = None
    order: Callable[[D], int] = lambda _draft: 0
    line: Callable[[R], str] = lambda record: str(record.number)
    sample: Mapping[str, str] = field(default_factory=dict)
    bare: Sequence[str] = ()
    slots: Mapping[str, int] = field(init=False)
    """Where a column's value is found in a draft."""
    key_of: Callable[[D], object] = field(init=False)
    """Tells which record a row is about; nothing (absent, 0, empty) for a new one."""

    def __post_init__(self) -> None:
        """Number the columns."""
        object.__setattr__(self, "slots", {column.name: slot for slot, column in enumerate(self.columns, 1)})
        object.__setattr__(self, "key_of", itemgetter(self.slots[self.key]) if self.key else lambda _draft: None)

    @property
    def names(self) -> Sequence[str]:
        """Return the headings that we write."""
        return tuple(self.slots)

    def names_records(self, columns: Container[str]) -> bool:
        """Tell whether the rows of a file with those columns may be about records that are there."""
        return self.makes_key or self.key in columns

    def missing(self, draft: D) -> str:
        """Return the first column that a new record needs and a row does not have; empty if it has all."""
        values = cast("tuple[object, ...]", draft)
        return next((name for name in self.required if values[self.slots[name]] is ABSENT), "")

    def is_value(self, cell: str) -> bool:
        """Tell of a cell that it is no heading: one of the bare columns would have it."""
        plain = cell.strip()
        return any(one.is_value(plain) for one in self.columns if one.is_value and one.name in self.bare)


class Heading(Protocol):
    """What a column is called: by us, and by others."""

    @property
    def name(self) -> str:
        """Return the heading that we write."""
        ...

    @property
    def aliases(self) -> str:
        """Return the others, as `Column` has them."""
        ...


class Heads(Hashable, Protocol):
    """What there is to know of files of some kind to tell their columns, as a `Sheet` has it."""

    @property
    def called(self) -> Names:
        """Return what the records are called."""
        ...

    @property
    def title(self) -> str:
        """Return what their sheet is called in a workbook."""
        ...

    @property
    def columns(self) -> Sequence[Heading]:
        """Return the columns."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """Return the headings that we write."""
        ...

    @property
    def required(self) -> Sequence[str]:
        """Return columns of which a header names one."""
        ...

    @property
    def key(self) -> str:
        """Return the column that tells which record a row is about."""
        ...

    @property
    def keeps_key(self) -> bool:
        """Tell whether new records have the key of their row."""
        ...

    @property
    def other_kinds(self) -> frozenset[str]:
        """Return words that mark rows which are no records."""
        ...

    @property
    def bare(self) -> Sequence[str]:
        """Return the columns of a file without headings."""
        ...

    @property
    def is_value(self) -> Callable[[str], bool]:
        """Return what tells of a cell that it is no heading."""
        ...

    @property
    def sample(self) -> Mapping[str, str]:
        """Return a row that people are shown as one."""
        ...


@contextmanager
def about(sheet: Heads, name: str = "") -> Iterator[None]:
    """Let what is refused within the block say what the file of that name should have been."""
    try:
        yield
    except RefusedError as error:
        error.details.update(
            area=sheet.called.area,
            file_name=name,
            noun=sheet.called.one,
            many=sheet.called.many,
            title=sheet.title,
            header=",".join(sheet.sample),
            row=",".join(filter(None, sheet.sample.values())),
            object=json.dumps([dict([next(iter(sheet.sample.items()))])]) if sheet.sample else "[]",
        )
        raise
