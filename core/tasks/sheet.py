"""The sheet of tasks: what the columns of a file say, and what a task writes into them."""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from core.dates.due import DueError, parse_due
from core.dates.recurrence import Recurrence
from core.dates.recurrence_errors import RecurrenceError
from core.dates.recurrence_grammar import read_recurrence
from core.shared.errors import InvalidArgumentError
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
from core.tasks.rules import HIGHEST_NUMBER, clean_notes, clean_title, reminder_for
from core.transfer.plain import plain_up_to
from core.transfer.records import NumberedRecords
from core.transfer.roster import UnknownPersonError
from core.transfer.rows import shown
from core.transfer.sheet import ABSENT, CellError, CellValue, Column, Sheet, Surroundings

ORIGIN_LIMIT = 500
_ASSIGNEES_TEXT_LIMIT = 4000
_MOST_DUE_WORDS = 6
"""Words of a due in a file. What is longer is no date, and finding that out would take the grammar of dates long."""

_NUMBER = re.compile(r"#?([0-9]{1,10})(?:\.0)?")
_IS_TITLE = plain_up_to(TITLE_LIMIT, may_be_empty=False)
_ARE_NOTES = plain_up_to(NOTES_LIMIT, may_be_empty=True)
_LINE_BREAK = re.compile(r"[\r\n]")
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PRIORITIES = frozenset(priority.label for priority in Priority)
_PRIORITY_WORDS = {
    **{priority.label: priority for priority in Priority},
    **dict.fromkeys("1 p1 highest critical blocker".split(), Priority.URGENT),
    **dict.fromkeys("2 p2 major important".split(), Priority.HIGH),
    **dict.fromkeys("3 p3 normal default".split(), Priority.MEDIUM),
    **dict.fromkeys("4 p4 minor lowest trivial".split(), Priority.LOW),
}
"""What programs call a priority; with all that number them, 1 is the most pressing."""
_PENDING = frozenset("pending open todo to-do no false 0 new started".split()) | {"to do", "not started", "in progress"}
_COMPLETED = frozenset("completed complete done closed finished yes true 1 x ✓ ✔".split())
_YES, _NO = frozenset("yes true 1 x ✓ ✔ done completed".split()), frozenset("no false 0 open pending -".split())


# --- what cells say ----------------------------------------------------------


def _number(text: str, _around: Surroundings) -> int:
    match = _NUMBER.fullmatch(text)
    if not text:
        return 0
    if match is None or not 0 < int(match[1]) <= HIGHEST_NUMBER:
        raise CellError("number_bad")
    return int(match[1])


def _title(text: str, _around: Surroundings) -> str:
    if _IS_TITLE([text]):
        return text
    if _LINE_BREAK.search(text):
        raise CellError("title_line_break")
    return _cleaned(clean_title, text)


def _notes(text: str, _around: Surroundings) -> str:
    return text if _ARE_NOTES([text]) else _cleaned(clean_notes, text)


def _cleaned(clean: Callable[[str], str], text: str) -> str:
    try:
        return clean(text)
    except InvalidArgumentError as error:
        details = {name: value for name, value in error.details.items() if name in ("length", "limit")}
        raise CellError(error.reason, **details) from error


def _status(text: str, _around: Surroundings) -> Status | None:
    word = text.casefold()
    if not word:
        return None
    if word in _PENDING:
        return Status.PENDING
    if word in _COMPLETED:
        return Status.COMPLETED
    raise CellError("status_unknown")


def _priority(text: str, _around: Surroundings) -> Priority | None:
    if not text:
        return None
    found = _PRIORITY_WORDS.get(text.casefold())
    if found is None:
        raise CellError("priority_unknown")
    return found


def _due(text: str, around: Surroundings) -> DueCell | Recurrence | None:
    """Read a due, or how a task repeats, which other programs write in the same column."""
    if not text:
        return None
    if text.count(" ") >= _MOST_DUE_WORDS:
        raise CellError("due_not_understood")
    try:
        due = parse_due(text, now=around.now, zone=around.zone)
    except DueError as error:
        with suppress(CellError):
            return _repeat(text, around)
        raise CellError(f"due_{error.reason.value}", part=error.part) from error
    return DueCell(due, reminder_for(due, around.now), due.is_overdue(around.now, around.zone))


def _assignees(text: str, around: Surroundings) -> tuple[int, ...]:
    if len(text) > _ASSIGNEES_TEXT_LIMIT:
        raise CellError("too_many_assignees", limit=ASSIGNEES_LIMIT)
    try:
        found = around.people.read(text)
    except UnknownPersonError as error:
        reason = "several_people" if error.choices else "nobody_by_that_name"
        raise CellError(reason, name=shown(error.name), choices=", ".join(error.choices)) from error
    if len(found) > ASSIGNEES_LIMIT:
        raise CellError("too_many_assignees", limit=ASSIGNEES_LIMIT)
    return found


def _channel(text: str, around: Surroundings) -> int | None:
    """Return the channel of that name; 0 stands for one that is not here."""
    return (around.channels.read(text) or 0) if text else None


def _origin(text: str, _around: Surroundings) -> str:
    if text and not (len(text) <= ORIGIN_LIMIT and _LINK.fullmatch(text)):
        raise CellError("link_bad")
    return text


def _created(text: str, around: Surroundings) -> datetime | None:
    """Read when a task was made; what is no such moment is left out, for it is no reason to refuse a task."""
    moment = _moment(text, around.zone) if text else None
    return moment if moment and moment <= around.now + timedelta(days=1) else None


def _completion(text: str, around: Surroundings) -> Completion | None:
    """Read when a task was completed, or only whether."""
    word = text.casefold()
    if not word or word in _NO:
        return None
    if word in _YES:
        return Completion(None)
    moment = _moment(text, around.zone)
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


def _moment(text: str, zone: str) -> datetime | None:
    """Read an instant in ISO 8601, in that zone if it names none."""
    try:
        moment = datetime.fromisoformat(text)
        local = moment if moment.tzinfo else moment.replace(tzinfo=zone_named(zone))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# --- what tasks write --------------------------------------------------------


def _due_value(task: Task, around: Surroundings) -> date | str | None:
    """Return a day without a time as one, if it is meant where the reader is; all else as a text with its zone."""
    due = task.due
    if due is None:
        return None
    return due.date if due.time is None and due.zone == around.zone else due.iso()


def _moment_value(at: datetime | None) -> str | None:
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z" if at else None


def _assignees_value(task: Task, around: Surroundings) -> CellValue:
    return around.people.names(task.assignees)


_COLUMNS: Sequence[Column[Task]] = (
    Column("number", _number, lambda task, _: task.number, repeats=False),
    Column(
        "title",
        _title,
        lambda task, _: task.title,
        "name task task-name summary subject what to-do todo content card card-name item item-name issue",
        repeats=False,
        takes_amounts=True,
        as_they_are=_IS_TITLE,
    ),
    Column("status", _status, lambda task, _: task.status.label, "state done"),
    Column("priority", _priority, lambda task, _: task.priority.label, "prio importance urgency"),
    Column("due", _due, _due_value, "due-date due-on due-at deadline date"),
    Column(
        "assignees",
        _assignees,
        _assignees_value,
        "assignee assigned assigned-to assign owner owners responsible who people members",
    ),
    Column(
        "notes",
        _notes,
        lambda task, _: task.notes,
        "note description details comment comments",
        repeats=False,
        takes_amounts=True,
        as_they_are=_ARE_NOTES,
    ),
    Column("channel", _channel, lambda task, around: around.channels.write(task.channel_id)),
    Column("origin", _origin, lambda task, _: task.origin, "link url permalink", repeats=False),
    Column("created", _created, lambda task, _: _moment_value(task.created_at), "created-at created-on date-created"),
    Column(
        "completed",
        _completion,
        lambda task, _: _moment_value(task.completed_at),
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
