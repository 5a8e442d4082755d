"""The sheet of tasks: what the columns of a file say, and what a task writes into them."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date

from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.tasks.drafted import DueCell, TaskDraft, count_task, followed, put_back, settled
from core.tasks.kind import TASK_KIND, TASK_NAMES
from core.tasks.model import ASSIGNEES_LIMIT, NOTES_LIMIT, TITLE_LIMIT, Priority, Status, Task
from core.tasks.repository import TASKS
from core.tasks.rules import clean_notes, clean_title, reminder_for
from core.transfer import columns
from core.transfer.columns import NO, YES
from core.transfer.records import NumberedRecords
from core.transfer.sheet import ABSENT, CellError, Sheet, Surroundings

_STATUSES = {
    Status.PENDING: [*"open pending todo to-do new started".split(), "to do", "not started", "in progress", *NO],
    Status.COMPLETED: [*"done completed complete closed finished".split(), *YES],
}
_PRIORITIES = {
    Priority.LOW: "low 4 p4 minor lowest trivial".split(),
    Priority.MEDIUM: "medium 3 p3 normal default".split(),
    Priority.HIGH: "high 2 p2 major important".split(),
    Priority.URGENT: "urgent 1 p1 highest critical blocker".split(),
}
"""What programs call a priority; with all that number them, 1 is the most pressing."""


def _due(text: str, around: Surroundings) -> DueCell | Recurrence | None:
    """Read a due, or how a task repeats, which other programs write in the same column."""
    try:
        due = columns.due_of(text, around)
    except CellError:
        if text.count(" ") < columns.MOST_DUE_WORDS:
            with suppress(CellError):
                return columns.repeat_of(text, around)
        raise
    return DueCell(due, reminder_for(due, around.now), due.is_overdue(around.now, around.zone)) if due else None


def _put_due(said: DueCell | None, had: Due | None) -> Due | None:
    return columns.same_day(said.due, had) if said else None


def _due_day(draft: TaskDraft) -> int:
    """Tell where the lists of open tasks, which begin with what is due first, have a new one."""
    return (draft.due.due.date if draft.due else date.max).toordinal()


def _draft(values: Iterable[object]) -> TaskDraft:
    """Return a row as read, what its due says of repeating in its place."""
    draft = TaskDraft._make(values)
    due: object = draft.due
    return draft._replace(due=ABSENT, repeat=draft.repeat or due) if isinstance(due, Recurrence) else draft


TASK_SHEET: Sheet[TaskDraft, Task] = Sheet(
    called=TASK_NAMES,
    title="Tasks",
    columns=(
        columns.number(),
        columns.words(
            "title",
            clean_title,
            TITLE_LIMIT,
            "name task task-name summary subject what to-do todo content card card-name item item-name issue",
            one_line=True,
        ),
        columns.choice("status", _STATUSES, "state done", unsaid=Status.PENDING),
        columns.choice("priority", _PRIORITIES, "prio importance urgency", unsaid=Priority.MEDIUM),
        replace(columns.due("due", "due-date due-on due-at deadline date"), read=_due, put=_put_due),
        columns.people(
            "assignees",
            ASSIGNEES_LIMIT,
            "assignee assigned assigned-to assign owner owners responsible who people members",
        ),
        columns.words(
            "notes", clean_notes, NOTES_LIMIT, "note description details comment comments", may_be_empty=True
        ),
        columns.channel(),
        columns.link("origin", "link url permalink"),
        columns.created(),
        columns.reached("completed", {"completed", "done"}, {"open", "pending"}, at="completed_at"),
        columns.repeat("repeat", "repeats recurrence recurring rrule frequency"),
    ),
    draft=_draft,
    key="number",
    other_kinds=frozenset({"note", "comment", "section"}),
    required=("title",),
    rule=settled,
    follow=followed,
    records=NumberedRecords(lambda work: work.of(TASKS)),
    kind=TASK_KIND,
    put_back=put_back,
    # Only how a new task repeats may turn out to be impossible.
    is_sure=lambda draft: not draft.repeat,
    count=count_task,
    order=_due_day,
    sample={"title": "Buy milk", "due": "2026-12-31", "priority": "high", "assignees": ""},
    line=lambda task: f"{task.title}: {task.status.label}",
    bare=("title", "due", "priority"),
)
"""The files of tasks."""
