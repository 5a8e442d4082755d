"""The sheet of tasks: what the columns of a file say, and what a task writes into them."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from core.dates.recurrence import Recurrence
from core.dates.recurrence_errors import RecurrenceError
from core.dates.recurrence_grammar import read_recurrence
from core.shared.zones import zone as zone_named
from core.tasks.drafted import (
    Completion,
    DueCell,
    TaskDraft,
    count_task,
    is_about,
    is_sure,
    merged_task,
    new_task,
    put_back,
)
from core.tasks.kind import TASK_KIND, TASK_NAMES
from core.tasks.model import ASSIGNEES_LIMIT, NOTES_LIMIT, TITLE_LIMIT, Priority, Status, Task
from core.tasks.repository import TASKS
from core.tasks.rules import clean_notes, clean_title, reminder_for
from core.transfer import cells
from core.transfer.records import NumberedRecords
from core.transfer.sheet import ABSENT, CellError, Column, Sheet, Surroundings

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PRIORITIES = {priority.label: priority for priority in Priority}
_PRIORITY_WORDS = {
    **_PRIORITIES,
    **dict.fromkeys("1 p1 highest critical blocker".split(), Priority.URGENT),
    **dict.fromkeys("2 p2 major important".split(), Priority.HIGH),
    **dict.fromkeys("3 p3 normal default".split(), Priority.MEDIUM),
    **dict.fromkeys("4 p4 minor lowest trivial".split(), Priority.LOW),
}
"""What programs call a priority; with all that number them, 1 is the most pressing."""
_PENDING = cells.NO | {*"pending open todo to-do new started".split(), "to do", "not started", "in progress"}
_COMPLETED = cells.YES | {*"completed complete done closed finished".split()}
_STATUS_WORDS = {**dict.fromkeys(_PENDING, Status.PENDING), **dict.fromkeys(_COMPLETED, Status.COMPLETED)}

_TITLE = cells.Words(clean_title, TITLE_LIMIT, line_break="title_line_break")
_NOTES = cells.Words(clean_notes, NOTES_LIMIT, may_be_empty=True)


def _due(text: str, around: Surroundings) -> DueCell | Recurrence | None:
    """Read a due, or how a task repeats, which other programs write in the same column."""
    if not text:
        return None
    try:
        due = cells.due_of(text, around)
    except CellError:
        if text.count(" ") < cells.MOST_DUE_WORDS:
            with suppress(CellError):
                return _repeat(text, around)
        raise
    return DueCell(due, reminder_for(due, around.now), due.is_overdue(around.now, around.zone))


def _created(text: str, around: Surroundings) -> datetime | None:
    """Read when a task was made; what is no such moment is left out, for it is no reason to refuse a task."""
    moment = cells.moment_of(text, around)
    return moment if moment and moment <= around.now + timedelta(days=1) else None


def _completion(text: str, around: Surroundings) -> Completion | None:
    """Read when a task was completed, or only whether."""
    word = text.casefold()
    if not word or word in cells.NO | {"open", "pending", "-"}:
        return None
    if word in cells.YES | {"done", "completed"}:
        return Completion(None)
    moment = cells.moment_of(text, around)
    if moment is None:
        raise CellError("completed_unknown")
    return Completion(moment)


def _repeat(text: str, around: Surroundings) -> Recurrence | None:
    if not text:
        return None
    try:
        found = read_recurrence(text, today=around.now.astimezone(zone_named(around.zone)).date())
    except RecurrenceError as error:
        raise CellError(f"repeat_{error.reason.value}") from error
    if found is None:
        raise CellError("repeat_not_understood")
    return found


_COLUMNS: Sequence[Column[Task]] = (
    Column("number", cells.number_of, lambda task, _: task.number, repeats=False),
    Column(
        "title",
        _TITLE,
        lambda task, _: task.title,
        "name task task-name summary subject what to-do todo content card card-name item item-name issue",
        repeats=False,
        takes_amounts=True,
        as_they_are=_TITLE.are_plain,
    ),
    Column("status", cells.choice(_STATUS_WORDS, "status_unknown"), lambda task, _: task.status.label, "state done"),
    Column(
        "priority",
        cells.choice(_PRIORITY_WORDS, "priority_unknown"),
        lambda task, _: task.priority.label,
        "prio importance urgency",
    ),
    Column("due", _due, lambda task, around: cells.due_value(task.due, around), "due-date due-on due-at deadline date"),
    Column(
        "assignees",
        cells.people(ASSIGNEES_LIMIT, "too_many_assignees"),
        lambda task, around: around.people.names(task.assignees),
        "assignee assigned assigned-to assign owner owners responsible who people members",
    ),
    Column(
        "notes",
        _NOTES,
        lambda task, _: task.notes,
        "note description details comment comments",
        repeats=False,
        takes_amounts=True,
        as_they_are=_NOTES.are_plain,
    ),
    Column("channel", cells.channel_of, lambda task, around: around.channels.write(task.channel_id)),
    Column("origin", cells.link_of, lambda task, _: task.origin, "link url permalink", repeats=False),
    Column(
        "created", _created, lambda task, _: cells.moment_value(task.created_at), "created-at created-on date-created"
    ),
    Column(
        "completed",
        _completion,
        lambda task, _: cells.moment_value(task.completed_at),
        "completed-at completed-on date-completed",
    ),
    Column(
        "repeat",
        _repeat,
        lambda task, _: task.repeat.words() if task.repeat else None,
        "repeats recurrence recurring rrule frequency",
    ),
)


def _is_value(cell: str) -> bool:
    plain = cell.strip()
    return _DATE.match(plain) is not None or plain.casefold() in _PRIORITIES


def _draft(values: Iterable[object]) -> TaskDraft:
    """Return a row as read, what its due says of repeating in its place."""
    draft = TaskDraft._make(values)
    due: object = draft.due
    return draft._replace(due=ABSENT, repeat=draft.repeat or due) if isinstance(due, Recurrence) else draft


TASK_SHEET: Sheet[TaskDraft, Task] = Sheet(
    called=TASK_NAMES,
    title="Tasks",
    columns=_COLUMNS,
    draft=_draft,
    key="number",
    other_kinds=frozenset({"note", "comment", "section"}),
    required=("title",),
    build=new_task,
    merge=merged_task,
    records=NumberedRecords(lambda work: work.of(TASKS)),
    kind=TASK_KIND,
    put_back=put_back,
    is_about=is_about,
    is_sure=is_sure,
    count=count_task,
    sample={"title": "Buy milk", "due": "2026-12-31", "priority": "high", "assignees": ""},
    line=lambda task: f"{task.title}: {task.status.label}",
    bare=("title", "due", "priority"),
    is_value=_is_value,
)
"""The files of tasks."""
