"""Tasks as JSON-ready data, and what has changed between two of them: what undo is made of."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.dates.recurrence_rules import recurrence_of, rule_of
from core.tasks.model import Priority, Status, Task

Snapshot = dict[str, object]

_NAMES = tuple(field.name for field in fields(Task))
_NOT_CONTENT = frozenset({"version", "remind_at"})
"""When a task reminds, and how often it was changed to be as it is, are no reason to refuse an undo."""


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "status": Status,
    "priority": Priority,
    "due": Due.from_iso,
    "assignees": tuple,
    "created_at": datetime.fromisoformat,
    "completed_at": datetime.fromisoformat,
    "remind_at": datetime.fromisoformat,
    "removed_at": datetime.fromisoformat,
    "repeat": recurrence_of,
    "planned": Due.from_iso,
}


def _plain(value: object) -> object:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Due):
        return value.iso()
    if isinstance(value, Recurrence):
        return rule_of(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def snapshot_of(task: Task) -> Snapshot:
    """Return all of a task in types that JSON has."""
    return {name: _plain(getattr(task, name)) for name in _NAMES}


def task_of(snapshot: Mapping[str, Any]) -> Task:
    """Return the task that a snapshot was made of."""
    values: dict[str, Any] = {
        name: value if value is None or name not in _READERS else _READERS[name](value)
        for name, value in snapshot.items()
    }
    return Task(**values)


def differences(first: Task, second: Task) -> tuple[str, ...]:
    """Return the names of the fields in which two states of a task differ, reminders aside."""
    return tuple(
        field.name
        for field in fields(Task)
        if field.name not in _NOT_CONTENT and getattr(first, field.name) != getattr(second, field.name)
    )
