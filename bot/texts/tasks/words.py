"""The pieces of wording that everything said about tasks is made of."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.texts.dates import due_cell, due_clause
from bot.texts.view import View
from core.chat.reply import Action, Cell, Choice, Column, Field, Later, Row, Style, Table
from core.chat.text import Bold, Text, text
from core.tasks.model import Status, Task
from core.tasks.requests import TaskSort


def task_name(task: Task) -> Text:
    """Return `#12 Buy milk`."""
    return text(f"#{task.number} ", Bold(task.title))


def task_line(task: Task, now: datetime) -> Text:
    """Return `• #12 Buy milk, due …, ↻ repeats …`."""
    return text("• ", task_name(task), due_clause(task.due, now), repeat_clause(task))


def repeat_clause(task: Task) -> Text:
    """Return `, ↻ repeats every Friday`, or nothing; the sign is for the eye, the words for everybody."""
    return text(f", ↻ repeats {task.repeat.words()}") if task.repeat else ()


def is_overdue(task: Task, view: View) -> bool:
    """Tell whether an open task's due has passed where the actor is."""
    return task.status is Status.PENDING and task.due is not None and task.due.is_overdue(view.now, view.actor.zone)


COLUMNS = (
    Column("number", "No.", "number"),
    Column("title", "Title"),
    Column("status", "Status"),
    Column("priority", "Priority"),
    Column("due", "Due", "moment"),
    Column("assignees", "For", "people"),
    Column("channel", "Channel"),
)
"""The columns of every table of tasks; scripts go by their keys."""

SORTED_BY = tuple((column, TaskSort(column.key)) for column in COLUMNS if column.key in set(TaskSort))
"""The columns by which a whole list of tasks can be sorted, with the words to type."""

REPEAT = Column("repeat", "Repeats", joins="due")
"""The column that comes behind them where a task repeats."""


def task_table(
    title: str,
    tasks: Sequence[Task],
    view: View,
    actions: Callable[[Task], tuple[Action, ...]] | None = None,
    ordered: str = "",
) -> Table:
    """Return tasks as a table of `COLUMNS`, `ordered` by one of them, with how they repeat if any of them does."""
    rows = tuple(task_row(task, view, actions(task) if actions else ()) for task in tasks)
    columns = tuple(
        replace(column, implied=_is_implied(index, rows), ordered=column.key == ordered)
        for index, column in enumerate(COLUMNS)
    )
    if not any(task.repeat for task in tasks):
        return Table(title, columns, rows)
    rows = tuple(replace(row, cells=(*row.cells, repeat_cell(task))) for task, row in zip(tasks, rows, strict=True))
    return Table(title, (*columns, REPEAT), rows)


def _is_implied(index: int, rows: Sequence[Row]) -> bool:
    """Tell whether all tasks have the same status, or the same people; of a single one its people are worth telling."""
    values = {row.cells[index] for row in rows}
    key = COLUMNS[index].key
    return len(values) == 1 and (key == "status" or (key == "assignees" and (len(rows) > 1 or not any(values))))


def repeat_cell(task: Task) -> str | None:
    """Return how a task repeats in words, such as `every Monday and Thursday`."""
    return task.repeat.words() if task.repeat else None


def task_row(task: Task, view: View, actions: tuple[Action, ...] = ()) -> Row:
    """Return a task as a row of `COLUMNS`."""
    cells = (
        task.number,
        task.title,
        task.status.label,
        task.priority.label,
        due_cell(task.due, view.actor.zone),
        view.people(task.assignees),
        view.directory.channel_name(task.channel_id),
    )
    mark = "done" if task.status is Status.COMPLETED else "warning" if is_overdue(task, view) else ""
    return Row(cells, actions, mark)  # type: ignore[arg-type]


def task_cells(task: Task, view: View) -> dict[str, Cell]:
    """Return what is shown of a task under the keys of `COLUMNS`."""
    return dict(zip((column.key for column in COLUMNS), task_row(task, view).cells, strict=True))


def task_fields(task: Task, view: View, *keys: str) -> tuple[Field, ...]:
    """Return those of a task's values as fields, under the keys of `COLUMNS`, and how it repeats if it does."""
    cells = task_cells(task, view)
    repeats = (Field(REPEAT.key, REPEAT.label, repeat_cell(task)),) if task.repeat and not task.removed_at else ()
    found = tuple(
        Field(column.key, column.label, cells[column.key], column.kind) for column in COLUMNS if column.key in keys
    )
    return found + repeats


def done_action(number: int | str, then: str | None = None) -> Action:
    """Return the button that completes a task; here and below `number` may be `core.chat.actions.NUMBER`."""
    return Action("Done", f"/task done {number}", style=Style.PRIMARY, then=then)


def skip_action(number: int, then: str | None = None) -> Action:
    """Return the button that moves a task that repeats on to its next time."""
    return Action("Skip", f"/task skip {number}", then=then)


def snooze_action(number: int | str, then: str | None = None) -> Action:
    """Return the select that puts a task's reminder off; without a time the command asks for one.

    It stays in a chat for days, so what it offers is never the same day twice, whatever the day it is used on: "next
    Monday" would be tomorrow on Sundays.
    """
    later = (
        ("20 minutes", " in 20 min", Later(minutes=20)),
        ("3 hours", " in 3 h", Later(minutes=180)),
        ("Tomorrow 9:00", " tomorrow 9:00", Later(days=1, hour=9)),
        ("In a week 9:00", " in a week 9:00", Later(days=7, hour=9)),
        ("Pick a time…", "", None),
    )
    choices = tuple(Choice(label, f"/task snooze {number}{when}", later=off) for label, when, off in later)
    return Action("Snooze", choices=choices, then=then)


def assign_action(number: int | str, then: str | None = None) -> Action:
    """Return the button that asks whom to give a task."""
    return Action("Assign", f"/task assign {number}", then=then)
