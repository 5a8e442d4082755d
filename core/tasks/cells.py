"""Reading the cells of a file of tasks: each row becomes a draft of a task or a list of what is wrong with it."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import partial
from typing import Final, NamedTuple, cast

from core.dates.due import Due, DueError, parse_due
from core.dates.recurrence import Recurrence
from core.dates.recurrence_errors import RecurrenceError
from core.dates.recurrence_grammar import read_recurrence
from core.shared.errors import InvalidArgumentError
from core.shared.tabular import unguard
from core.shared.zones import zone as zone_named
from core.tasks.columns import Layout, TaskColumn
from core.tasks.model import ASSIGNEES_LIMIT, TITLE_LIMIT, Priority, Status
from core.tasks.roster import Channels, People, UnknownPersonError
from core.tasks.rules import HIGHEST_NUMBER, clean_notes, clean_title, reminder_for

ORIGIN_LIMIT = 500
_ASSIGNEES_TEXT_LIMIT = 4000
_SHOWN_LENGTH = 60
_MOST_CACHED = 50_000
_LONGEST_CACHED = 200
_MOST_DUE_WORDS = 6
"""Words of a due in a file. What is longer is no date, and finding that out would take the grammar of dates long."""


_NUMBER = re.compile(r"#?([0-9]{1,10})(?:\.0)?")
_LINE_BREAK = re.compile(r"[\r\n]")
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_PENDING = frozenset("pending open todo to-do no false 0 new started".split()) | {"to do", "not started", "in progress"}
_COMPLETED = frozenset("completed complete done closed finished yes true 1 x ✓ ✔".split())
_YES, _NO = frozenset("yes true 1 x ✓ ✔ done completed".split()), frozenset("no false 0 open pending -".split())


class Absent(Enum):
    """Stands for a column that the file does not have: what a task has there already stays."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row: the line it begins on, the column as the file calls it, the value (cut), the reason.

    `reason` names a sentence of the texts, `details` are what it needs.
    """

    line: int
    column: str
    value: str
    reason: str
    details: Mapping[str, object] = field(default_factory=dict)


class CellError(ValueError):
    """A cell that can't be used."""

    def __init__(self, reason: str, **details: object) -> None:
        """Keep the reason's key and what its sentence needs."""
        super().__init__(reason)
        self.reason = reason
        self.details = details


class FlawedText(str):
    """What a cell shows that has no value to be used, such as `#REF!`; `reason` says why."""

    reason: str

    def __new__(cls, shown: str, reason: str) -> "FlawedText":
        """Keep the text and the reason's key."""
        text = super().__new__(cls, shown)
        text.reason = reason
        return text


def _unflawed(convert: Callable[[str], object], cell: str) -> object:
    if isinstance(cell, FlawedText):
        raise CellError(cell.reason)
    return convert(cell)


class DueCell(NamedTuple):
    """A due as read, with what follows from it at the time of the import."""

    due: Due
    remind_at: datetime | None
    overdue: bool


class Completion(NamedTuple):
    """What a completed column says; `at` is None when only that it is done."""

    at: datetime | None


class Draft(NamedTuple):
    """A row as read. `ABSENT` is a column that is not there, None an empty cell; a number is 0 if there is none."""

    line: int
    number: int
    title: str | Absent
    status: Status | Absent | None
    priority: Priority | Absent | None
    due: DueCell | Absent | None
    assignees: tuple[int, ...] | Absent
    notes: str | Absent
    channel: int | Absent | None
    origin: str | Absent
    created: datetime | Absent | None
    completed: Completion | Absent | None
    repeat: Recurrence | Absent | None


_SLOTS: Mapping[TaskColumn, int] = {TaskColumn(name): slot for slot, name in enumerate(Draft._fields) if slot}
_COLUMN_OF_SLOT: Mapping[int, TaskColumn] = {slot: column for column, slot in _SLOTS.items()}
_NUMBER_SLOT, _TITLE_SLOT = _SLOTS[TaskColumn.NUMBER], _SLOTS[TaskColumn.TITLE]
_EMPTY: Sequence[object] = (0, *([ABSENT] * (len(_SLOTS) - 1)))
"""What a row says that says nothing."""


class _Remembered(dict[str, object]):
    """Converts each text once; files repeat the same few dates, people and words."""

    def __init__(self, convert: Callable[[str], object]) -> None:
        super().__init__()
        self._convert = convert
        self._refused: dict[str, CellError] = {}

    def __missing__(self, cell: str) -> object:
        if known := self._refused.get(cell):
            raise CellError(known.reason, **known.details)
        if len(cell) > _LONGEST_CACHED:
            return self._convert(cell)
        if len(self) + len(self._refused) > _MOST_CACHED:
            self.clear()
            self._refused.clear()
        try:
            value = self[cell] = self._convert(cell)
        except CellError as error:
            self._refused[cell] = error
            raise
        return value


class RowReader:
    """Turns rows of one file into drafts.

    `guarded` files (CSV) may have cells defused by a leading `'`, `flawed` ones (spreadsheets) a `FlawedText`. Numbers
    that come twice, rows without a title and cells that can't be read are problems; so is a row with more cells than
    there are headings.
    """

    def __init__(
        self,
        layout: Layout,
        people: People,
        channels: Channels,
        *,
        now: datetime,
        zone: str,
        guarded: bool = True,
        flawed: bool = False,
    ) -> None:
        """Prepare for files of that layout, dues without a zone being meant in `zone`."""
        self._layout = layout
        self._people = people
        self._channels = channels
        self._now = now
        self._zone = zone_named(zone).key
        self._unguard: Callable[[str], str] = unguard if guarded else str
        self._lines: dict[int, int] = {}
        self._width = len(layout.headings)
        converters = self._converters()
        self._steps = [
            (_SLOTS[column], place, partial(_unflawed, converters[column]) if flawed else converters[column])
            for column, place in sorted(layout.places.items(), key=lambda item: item[1])
            if column in _SLOTS
        ]

    def _converters(self) -> Mapping[TaskColumn, Callable[[str], object]]:
        """Return what reads each column; those whose cells repeat remember what they read."""
        repeating: Mapping[TaskColumn, Callable[[str], object]] = {
            TaskColumn.STATUS: _status,
            TaskColumn.PRIORITY: _priority,
            TaskColumn.DUE: self._due,
            TaskColumn.ASSIGNEES: self._assignees,
            TaskColumn.CHANNEL: self._channel,
            TaskColumn.COMPLETED: partial(_completion, self._zone),
            TaskColumn.CREATED: partial(_created, self._zone, self._now),
            TaskColumn.REPEAT: partial(_repeat, self._now.astimezone(zone_named(self._zone)).date()),
        }
        remembered = {
            column: _Remembered(partial(self._plain, convert)).__getitem__ for column, convert in repeating.items()
        }
        return {
            TaskColumn.NUMBER: self._number,
            TaskColumn.TITLE: self._title,
            TaskColumn.NOTES: self._notes,
            TaskColumn.ORIGIN: self._origin,
            **remembered,
        }

    def _plain(self, convert: Callable[[str], object], cell: str) -> object:
        return convert(self._unguard(cell).strip())

    def read(self, line: int, cells: Sequence[str | None]) -> Draft | list[RowProblem]:
        """Return the draft of a row, or all that is wrong with it; a cell of None is one that the row does not have."""
        if len(cells) != self._width:
            if len(cells) > self._width and any(cells[self._width :]):
                return [self._too_many(line, cells)]
            cells = [*cells, *[""] * (self._width - len(cells))]
        values = [line, *_EMPTY]
        try:
            for slot, place, convert in self._steps:
                if (cell := cells[place]) is not None:
                    values[slot] = convert(cell)
        except CellError:
            return self._all_problems(line, cells)
        number = values[_NUMBER_SLOT]
        if number:
            first = self._lines.setdefault(cast("int", number), line)
            if first != line:
                twice = CellError("number_twice", first=first)
                return [self._problem(line, TaskColumn.NUMBER, str(number), twice)]
        elif values[_TITLE_SLOT] is ABSENT:
            return [RowProblem(line, TaskColumn.TITLE.value, "", "title_empty")]
        return Draft._make(values)

    def _all_problems(self, line: int, cells: Sequence[str | None]) -> list[RowProblem]:
        """Go through a row once more, for everything that is wrong with it."""
        problems = []
        for slot, place, convert in self._steps:
            if (cell := cells[place]) is not None:
                try:
                    convert(cell)
                except CellError as error:
                    problems.append(self._problem(line, _COLUMN_OF_SLOT[slot], cell, error))
        return problems

    def _problem(self, line: int, column: TaskColumn, cell: str, error: CellError) -> RowProblem:
        return RowProblem(line, self._layout.heading(column), _shown(cell), error.reason, error.details)

    def _too_many(self, line: int, cells: Sequence[str | None]) -> RowProblem:
        extra = next(filter(None, cells[self._width :]), "")
        details = {"count": len(cells), "expected": self._width, "delimiter": self._layout.delimiter}
        return RowProblem(line, "", _shown(extra), "too_many_cells", details)

    def _number(self, cell: str) -> int:
        if not cell:
            return 0
        match = _NUMBER.fullmatch(self._unguard(cell).strip())
        if match is None and not cell.strip():
            return 0
        if match is None or not 0 < int(match[1]) <= HIGHEST_NUMBER:
            raise CellError("number_bad")
        return int(match[1])

    def _title(self, cell: str) -> str:
        text = self._unguard(cell) if cell[:1] == "'" else cell
        if _is_clean(text):
            return text
        if _LINE_BREAK.search(text.strip()):
            raise CellError("title_line_break")
        return _cleaned(clean_title, text)

    def _notes(self, cell: str) -> str:
        text = self._unguard(cell) if cell[:1] == "'" else cell
        return text if not text or _is_clean(text) else _cleaned(clean_notes, text)

    def _origin(self, cell: str) -> str:
        text = self._unguard(cell).strip()
        if text and not (len(text) <= ORIGIN_LIMIT and _LINK.fullmatch(text)):
            raise CellError("link_bad")
        return text

    def _due(self, text: str) -> DueCell | None:
        if not text:
            return None
        if text.count(" ") >= _MOST_DUE_WORDS:
            raise CellError("due_not_understood")
        try:
            due = parse_due(text, now=self._now, zone=self._zone)
        except DueError as error:
            raise CellError(f"due_{error.reason.value}", part=error.part) from error
        return DueCell(due, reminder_for(due, self._now), due.is_overdue(self._now, self._zone))

    def _assignees(self, text: str) -> tuple[int, ...]:
        if len(text) > _ASSIGNEES_TEXT_LIMIT:
            raise CellError("too_many_assignees", limit=ASSIGNEES_LIMIT)
        try:
            found = self._people.read(text)
        except UnknownPersonError as error:
            reason = "several_people" if error.several else "nobody_by_that_name"
            raise CellError(reason, name=_shown(error.name)) from error
        if len(found) > ASSIGNEES_LIMIT:
            raise CellError("too_many_assignees", limit=ASSIGNEES_LIMIT)
        return found

    def _channel(self, text: str) -> int | None:
        """Return the channel of that name; 0 stands for one that is not here."""
        return (self._channels.read(text) or 0) if text else None


def _is_clean(text: str) -> bool:
    """Tell of most texts, quickly, that cleaning would leave them as they are."""
    return (
        text.isprintable()
        and "  " not in text
        and 0 < len(text) <= TITLE_LIMIT
        and text[0] != " " != text[-1]
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
    )


def _cleaned(clean: Callable[[str], str], text: str) -> str:
    try:
        return clean(text)
    except InvalidArgumentError as error:
        details = {name: value for name, value in error.details.items() if name in ("length", "limit")}
        raise CellError(error.reason, **details) from error


def _status(text: str) -> Status | None:
    word = text.casefold()
    if not word:
        return None
    if word in _PENDING:
        return Status.PENDING
    if word in _COMPLETED:
        return Status.COMPLETED
    raise CellError("status_unknown")


def _priority(text: str) -> Priority | None:
    if not text:
        return None
    found = Priority.__members__.get(text.upper())
    if found is None:
        raise CellError("priority_unknown")
    return found


def _completion(zone: str, text: str) -> Completion | None:
    """Read when a task was completed, or only whether."""
    word = text.casefold()
    if not word or word in _NO:
        return None
    if word in _YES:
        return Completion(None)
    moment = _moment(text, zone)
    if moment is None:
        raise CellError("completed_unknown")
    return Completion(moment)


def _repeat(today: date, text: str) -> Recurrence | None:
    if not text:
        return None
    try:
        found = read_recurrence(text, today=today)
    except RecurrenceError as error:
        raise CellError(f"repeat_{error.reason.value}") from error
    if found is None:
        raise CellError("repeat_not_understood")
    return found


def _created(zone: str, now: datetime, text: str) -> datetime | None:
    """Read when a task was made; what is no such moment is left out, for it is no reason to refuse a task."""
    moment = _moment(text, zone) if text else None
    return moment if moment and moment <= now + timedelta(days=1) else None


def _moment(text: str, zone: str) -> datetime | None:
    """Read an instant in ISO 8601, in that zone if it names none."""
    try:
        moment = datetime.fromisoformat(text)
        local = moment if moment.tzinfo else moment.replace(tzinfo=zone_named(zone))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _shown(cell: str) -> str:
    """Return a value as it is quoted back: one line, not too long."""
    plain = " ".join(cell.split())
    return plain if len(plain) <= _SHOWN_LENGTH else f"{plain[: _SHOWN_LENGTH - 1]}…"
