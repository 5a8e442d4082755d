"""What people read of tasks in files."""

from collections.abc import Mapping, Sequence

from bot.texts.tasks.words import COLUMNS, REPEAT, repeat_cell, task_cells
from bot.texts.transfer import Reason, TransferWords, too_long
from bot.texts.view import View
from core.chat.reply import Cell
from core.tasks.drafted import OVERDUE, UPCOMING
from core.tasks.kind import TASK_NAMES
from core.tasks.model import Priority, Task

_REASONS: Mapping[str, Reason] = {
    "title_empty": lambda _p: "A task needs a title.",
    "title_too_long": lambda p: too_long("title has", p),
    "notes_too_long": lambda p: too_long("notes have", p),
    "repeat_over": lambda _p: "This ends before the task is first due.",
}

_SHOWN = ("number", "title", "due", "priority", "status", "assignees")


def _cells(task: Task, view: View) -> Sequence[Cell]:
    found = task_cells(task, view) | {"number": task.number or None}
    return *(found[key] for key in _SHOWN), repeat_cell(task)


TASK_WORDS: TransferWords[Task] = TransferWords(
    called=TASK_NAMES,
    reasons=_REASONS,
    columns=(*(column for key in _SHOWN for column in COLUMNS if column.key == key), REPEAT),
    cells=_cells,
    counts=(*(priority.label for priority in Priority), OVERDUE, UPCOMING),
    picked=("Overdue", "overdue row"),
    lossy="A plain list holds names and statuses only; CSV, XLSX and JSON hold everything and can be imported again.",
)
"""How files of tasks are spoken of."""
