"""What people read of tasks in files."""

from collections.abc import Mapping

from bot.texts.common import counted_in_full
from bot.texts.dates import due_cell
from bot.texts.tasks.words import REPEAT, repeat_cell
from bot.texts.transfer import Reason, TransferWords, too_long
from bot.texts.view import View
from core.chat.reply import Cell, Column
from core.tasks.drafted import ELSEWHERE, OVERDUE, UPCOMING
from core.tasks.kind import TASK_NAMES
from core.tasks.model import Priority, Task
from core.transfer.findings import Findings

_REASONS: Mapping[str, Reason] = {
    "title_empty": lambda _p: "A task needs a title.",
    "title_too_long": lambda p: too_long("title has", p),
    "title_line_break": lambda _p: "A title is one line. Is a quote left open here or in a row above?",
    "notes_too_long": lambda p: too_long("notes have", p),
    "repeat_over": lambda _p: "This ends before the task is first due.",
}

_COLUMNS = (
    Column("number", "No.", "number"),
    Column("title", "Title"),
    Column("due", "Due", "moment"),
    Column("priority", "Priority"),
    Column("status", "Status"),
    Column("assignees", "For", "people"),
    REPEAT,
)


def _counts(found: Findings[Task]) -> Mapping[str, tuple[str, int]]:
    names = [*(priority.label for priority in Priority), OVERDUE, UPCOMING]
    return {name: (name.capitalize(), found.tallies[name]) for name in names}


def _remarks(found: Findings[Task]) -> list[str]:
    remarks = []
    if found.tallies[ELSEWHERE]:
        rows = counted_in_full(found.tallies[ELSEWHERE], "row")
        remarks.append(f"{rows} of a channel that you don't see here: as new tasks they come to this one.")
    if found.following:
        tasks = counted_in_full(found.following, "task")
        remarks.append(f"{tasks} more: the next ones of those that repeat and are completed here.")
    return remarks


TASK_WORDS: TransferWords[Task] = TransferWords(
    called=TASK_NAMES,
    reasons=_REASONS,
    columns=_COLUMNS,
    counts=_counts,
    remarks=_remarks,
    picked=("Overdue", "overdue row"),
    lossy="A plain list holds names and statuses only; CSV, XLSX and JSON hold everything and can be imported again.",
)
"""How files of tasks are spoken of."""


def task_cells(task: Task, view: View) -> tuple[Cell, ...]:
    """Return what is shown of a task that a row is about."""
    return (
        task.number or None,
        task.title,
        due_cell(task.due, view.actor.zone),
        task.priority.label,
        task.status.label,
        view.people(task.assignees),
        repeat_cell(task),
    )
