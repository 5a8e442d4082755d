"""Tasks as files: CSV, XLSX and JSON that import again unchanged, and a plain list that does not hold everything."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from core.dates.due import Due
from core.ports.workbooks import SheetRow, SheetValue
from core.shared.json_rows import JsonWriter
from core.shared.tabular import csv_writer, guard
from core.tasks.columns import TaskColumn
from core.tasks.model import Task
from core.tasks.roster import Channels, People


class ExportFormat(StrEnum):
    """What an export can be."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    TEXT = "text"

    @property
    def ending(self) -> str:
        """Return how the names of such files end."""
        return "txt" if self is ExportFormat.TEXT else self.value


COLUMNS: Sequence[TaskColumn] = tuple(column for column in TaskColumn if column is not TaskColumn.ERROR)


_REMEMBERED = 10_000
_FIRST_SURE_DAY = date(1900, 3, 1)
"""Before it, spreadsheets disagree about which day a number is: some know a 29 February 1900."""

_NULL_IF_EMPTY = frozenset({TaskColumn.DUE, TaskColumn.CREATED, TaskColumn.COMPLETED, TaskColumn.REPEAT})


class TaskWriter(Protocol):
    """Writes tasks to one file, piece by piece."""

    def write(self, tasks: Sequence[Task]) -> bytes:
        """Return the next bytes."""
        ...

    def end(self) -> bytes:
        """Return the last bytes."""
        ...


def task_writer(kind: ExportFormat, people: People, channels: Channels, zone: str) -> TaskWriter:
    """Return what writes that kind of file, which is none that `sheet_rows` makes.

    A day without a time is written without a zone if that is `zone`.
    """
    if kind is ExportFormat.TEXT:
        return _TextWriter()
    fields = _Fields(people, channels, zone)
    return _CsvWriter(fields) if kind is ExportFormat.CSV else _JsonWriter(fields)


class _Fields:
    """The values of a task by column."""

    def __init__(self, people: People, channels: Channels, zone: str) -> None:
        self._zone = zone
        # Few people and channels make up many tasks.
        remembered = lru_cache(maxsize=_REMEMBERED)
        self.people = remembered(people.write)
        self.names = remembered(people.names)
        self._channel = remembered(channels.write)

    def of(self, task: Task) -> dict[TaskColumn, str]:
        return {
            TaskColumn.TITLE: task.title,
            TaskColumn.STATUS: task.status.value,
            TaskColumn.PRIORITY: task.priority.label,
            TaskColumn.DUE: self._due(task.due) if task.due else "",
            TaskColumn.NOTES: task.notes,
            TaskColumn.CHANNEL: self._channel(task.channel_id),
            TaskColumn.ORIGIN: task.origin,
            TaskColumn.CREATED: _moment(task.created_at),
            TaskColumn.COMPLETED: _moment(task.completed_at),
            TaskColumn.REPEAT: task.repeat.words() if task.repeat else "",
        }

    def _due(self, due: Due) -> str:
        return due.date.isoformat() if due.time is None and due.zone == self._zone else due.iso()


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z" if at else ""


class _CsvWriter:
    """A CSV file with a header; what a spreadsheet would run is defused."""

    def __init__(self, fields: _Fields) -> None:
        self._fields = fields
        self._to_bytes: Callable[[Sequence[Sequence[object]]], bytes] = csv_writer()
        self._head: bytes = self._to_bytes([[column.value for column in COLUMNS]])

    def write(self, tasks: Sequence[Task]) -> bytes:
        head, self._head = self._head, b""
        return head + self._to_bytes([self._row(task) for task in tasks])

    def end(self) -> bytes:
        return self._head

    def _row(self, task: Task) -> list[object]:
        cells: Mapping[TaskColumn, str] = {
            **self._fields.of(task),
            TaskColumn.ASSIGNEES: self._fields.people(task.assignees),
        }
        return [task.number if column is TaskColumn.NUMBER else guard(cells[column]) for column in COLUMNS]


class _JsonWriter:
    """A JSON array with a task a line."""

    def __init__(self, fields: _Fields) -> None:
        self._fields = fields
        self._writer = JsonWriter()

    def write(self, tasks: Sequence[Task]) -> bytes:
        return self._writer.write([self._object(task) for task in tasks])

    def end(self) -> bytes:
        return self._writer.end()

    def _object(self, task: Task) -> dict[str, object]:
        values: Mapping[TaskColumn, object] = {
            **self._fields.of(task),
            TaskColumn.NUMBER: task.number,
            TaskColumn.ASSIGNEES: self._fields.names(task.assignees),
        }
        return {
            column.value: (values[column] or None) if column in _NULL_IF_EMPTY else values[column] for column in COLUMNS
        }


def sheet_header() -> SheetRow:
    """Return the headings of a sheet of tasks."""
    return [column.value for column in COLUMNS]


def sheet_rows(people: People, channels: Channels, zone: str) -> Callable[[Sequence[Task]], list[SheetRow]]:
    """Return what turns tasks into rows of a sheet.

    A day without a time is a date if its zone is `zone`. All else is text, for a spreadsheet knows no zones, and what
    looks like a number or a formula in a title is none.
    """
    fields = _Fields(people, channels, zone)

    def row(task: Task) -> SheetRow:
        due = task.due
        cells: dict[TaskColumn, SheetValue] = {
            **fields.of(task),
            TaskColumn.NUMBER: task.number,
            TaskColumn.ASSIGNEES: fields.people(task.assignees),
        }
        if due and due.time is None and due.zone == zone and due.date >= _FIRST_SURE_DAY:
            cells[TaskColumn.DUE] = due.date
        return [cells[column] or None for column in COLUMNS]

    return lambda tasks: [row(task) for task in tasks]


class _TextWriter:
    """A plain list, `name: status` a line."""

    def write(self, tasks: Sequence[Task]) -> bytes:
        return "".join(f"{task.title}: {task.status.value}\n" for task in tasks).encode()

    def end(self) -> bytes:
        return b""
