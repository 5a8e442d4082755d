"""What people read when tasks come from a file or go into one."""

from collections.abc import Callable, Mapping, Sequence

from bot.texts import errors
from bot.texts.common import listed
from bot.texts.tasks.words import View, due_cell, undo_action
from core.chat.reply import Action, Cell, Column, Field, FileLink, Placement, Problem, Reply, Row, Style, Table
from core.chat.text import Code, Text, lines, text
from core.dates.recurrence_errors import RecurrenceReason
from core.files.model import StoredFile
from core.tasks.cells import RowProblem
from core.tasks.exporting import ExportFormat
from core.tasks.importing import Findings, ShownRow, Sort
from core.tasks.model import Priority
from core.tasks.sheets import SHEET_NAME
from core.tasks.transfer import Exported, Imported, ImportUndone

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}


def _too_long(subject: str, problem: RowProblem) -> str:
    return f"The {subject} {problem.details['length']:,} characters; at most {problem.details['limit']:,} fit."


_ROW_REASONS: Mapping[str, Callable[[RowProblem], str]] = {
    "title_empty": lambda _p: "A task needs a title.",
    "title_too_long": lambda p: _too_long("title has", p),
    "title_line_break": lambda _p: "A title is one line. Is a quote left open here or in a row above?",
    "notes_too_long": lambda p: _too_long("notes have", p),
    "number_bad": lambda _p: "A task number is a whole number such as 12. Leave it empty for a new task.",
    "number_twice": lambda p: f"This number stands on line {p.details['first']} already.",
    "number_unknown": lambda _p: "You see no task of this number, and a new one needs a title.",
    "status_unknown": lambda _p: "The status is pending or completed.",
    "priority_unknown": lambda _p: "The priority is low, medium, high or urgent.",
    "completed_unknown": lambda _p: "Write yes, no or a date such as 2026-12-31.",
    "link_bad": lambda _p: "A link begins with https:// or http:// and has at most 500 characters.",
    "nobody_by_that_name": lambda p: f"Nobody here is called “{p.details['name']}”.",
    "several_people": lambda p: f"Several people are called “{p.details['name']}”. Add the number, as in Ann#12.",
    "too_many_assignees": lambda p: f"At most {p.details['limit']} people fit on a task.",
    "too_many_cells": lambda p: (
        f"There are {p.details['count']} cells for {p.details['expected']} columns. A text with a "
        f"{_DELIMITERS[str(p.details['delimiter'])]} in it goes in quotes."
    ),
    "cell_error": lambda _p: "The spreadsheet shows an error here. Put what is meant in its place.",
    "cell_uncalculated": lambda _p: (
        "The file does not say what this formula comes to. Save it once in your spreadsheet program and send it again."
    ),
    "digits_lost": lambda _p: (
        "A spreadsheet keeps 15 digits of a number and changes the others. Make the cell a text and type it again."
    ),
    "due_empty": lambda _p: "Write the date as 2026-12-31.",
    "due_too_long": lambda _p: "That is no date. Write it as 2026-12-31.",
    "due_not_understood": lambda _p: "That is no date. Write it as 2026-12-31.",
    "due_ambiguous": lambda _p: "This could be day and month either way round. Write it as 2026-12-31.",
    "due_no_such_date": lambda _p: "There is no such day in the calendar.",
    "due_no_such_time": lambda _p: "There is no such time on the clock.",
    "due_no_such_zone": lambda _p: "There is no such time zone.",
    "due_too_far": lambda _p: "The year has to be between 1900 and 2199.",
    "due_in_the_past": lambda _p: "This is in the past.",
    **dict.fromkeys(
        (f"repeat_{reason.value}" for reason in RecurrenceReason),
        lambda _p: "Write it as daily, every weekday, every mon and thu, every 2 weeks on fri or monthly on the 15th.",
    ),
    "repeat_over": lambda _p: "This ends before the task is first due.",
}
"""What is wrong with a cell, by reason."""


def row_reason(problem: RowProblem) -> str:
    """Say in a sentence or two what is wrong with a cell and what would do."""
    return _ROW_REASONS[problem.reason](problem)


def row_error(problem: RowProblem) -> str:
    """Say the same for the `error` column of a file, with the column and the value it is about."""
    place = problem.column or "row"
    value = f" “{problem.value}”" if problem.value else ""
    return f"{place}{value}: {row_reason(problem)}"


_SAVE_AS = "In a spreadsheet: Save as, “CSV UTF-8”."
_SAVE_AS_WORKBOOK = "In your spreadsheet program: Save as, “Excel workbook (.xlsx)”."
_SAVE_AGAIN = "Open it in your spreadsheet program and save it again, or save it as “CSV UTF-8”."
_SPLIT = "Split it into smaller ones, or save it as “CSV UTF-8”."

_REFUSALS: Mapping[str, errors.Wording] = {
    "file_empty": lambda _w: ("That file is empty.", "Put a row in it such as `Buy milk,2026-12-31,high`."),
    "file_binary": lambda _w: ("That file is not text, so there are no rows in it to read.", f"Send CSV. {_SAVE_AS}"),
    "file_workbook": lambda _w: ("That is a spreadsheet's own format, which I can't read here.", _SAVE_AS),
    "sheet_locked": lambda _w: (
        "That spreadsheet is protected by a password.",
        "Save it without one and send it again.",
    ),
    "sheet_old": lambda _w: ("That is a file of an old office program.", _SAVE_AS_WORKBOOK),
    "sheet_other": lambda _w: ("That is a packed file, but no Excel workbook (.xlsx).", _SAVE_AS_WORKBOOK),
    "sheet_damaged": lambda _w: ("That spreadsheet is damaged.", _SAVE_AGAIN),
    "sheet_unsafe": lambda _w: (
        "That spreadsheet is built as no program builds one, so I don't unpack it.",
        _SAVE_AGAIN,
    ),
    "sheet_too_large": lambda _w: ("That spreadsheet holds more than I can unpack.", _SPLIT),
    "sheet_slow": lambda _w: ("That spreadsheet takes too long to read.", _SPLIT),
    "sheet_not_written": lambda _w: ("That is too much for one spreadsheet.", "Take fewer tasks, or take CSV."),
    "sheet_empty": lambda w: (
        f"There is nothing on the sheet “{errors.shown(w['name'])}”."
        if w["name"]
        else "There is no sheet in that file.",
        f"Put the tasks on the first sheet, or on one called “{SHEET_NAME}”.",
    ),
    "sheet_cell_too_long": lambda w: (
        f"Row {w['line']:,} of that spreadsheet has a cell of more than {w['limit']:,} characters.",
        "Shorten it.",
    ),
    "file_encoding": lambda w: (f"Line {w['line']:,} of that file has letters that are not UTF-8.", _SAVE_AS),
    "file_no_header": lambda w: (
        f"I don't know the columns of that file; it begins with “{errors.shown(w['found'])}”.",
        "The first line names them, such as `title,due,priority,assignees`.",
    ),
    "file_unclosed_quote": lambda w: (
        f"A quote is opened in the row on line {w['line']:,} and never closed.",
        'Close it, or write `""` for a quote within a cell.',
    ),
    "file_cell_too_long": lambda w: (
        f"The row on line {w['line']:,} has a cell of more than {w['limit']:,} characters.",
        "Look for a quote that is opened there and never closed.",
    ),
    "file_line_too_long": lambda w: (
        f"Line {w['line']:,} of that file is longer than {w['limit']:,} characters.",
        "Put each task on a line of its own.",
    ),
    "file_too_many_columns": lambda w: (
        f"The row on line {w['line']:,} has more than {w['limit']:,} cells.",
        "Leave out the columns that are no part of a task.",
    ),
    "file_too_many_rows": lambda w: (f"That file has more than {w['limit']:,} rows.", "Split it into smaller ones."),
    "file_json_broken": lambda w: (
        f"That file stops being JSON at the value on line {w['line']:,}.",
        'It should be a list of objects such as `[{"title": "Buy milk"}]`, as `/task export json` writes it.',
    ),
    "import_changed_since": lambda w: (
        f"{_numbers(w)} changed after the import, so nothing was undone.",
        "Remove with `/task remove` what is not wanted.",
    ),
}
REASONS = errors.Reasons(refusals=_REFUSALS)


def _numbers(words: errors.Words) -> str:
    numbers = words["numbers"]
    names = [f"#{number}" for number in numbers] if isinstance(numbers, tuple) else []
    return f"Tasks {listed(names)} were" if len(names) > 1 else f"Task {listed(names)} was"


# --- importing ---------------------------------------------------------------


def checked(result: Imported, view: View, *, asked_for_all: bool = False) -> Reply:
    """Show what an import would do, with the buttons that do it."""
    found = result.findings
    problem = None
    if asked_for_all:
        rows = counted_in_full(found.bad, "row")
        hint = "Import the good ones alone, or mend the file and import it."
        problem = Problem("refused", f"Nothing was imported, because {rows} can't be.", hint, "file")
    said = [
        None if problem else "Nothing is imported yet.",
        _counts(found, "would be new", "would change", "can't be imported"),
        *_remarks(found),
        text("Every row is in the file below, with what is wrong in its ", Code("error"), " column.")
        if result.returned
        else None,
    ]
    return Reply(
        problem=problem,
        title=f"Check of {result.file.name}",
        text=lines(*said),
        fields=_fields(found),
        tables=_tables(found, view),
        files=_files(result),
        actions=_actions(result, view),
    )


def imported(result: Imported, view: View) -> Reply:
    """Say what was imported, with Undo."""
    found = result.findings
    problem, said = None, f"{view.actor.name} imported {result.file.name}."
    if not found.changes:
        said = "Nothing was imported: every good row is here already." if found.good else ""
    if found.bad and not found.good:
        problem = Problem("refused", "Nothing was imported, because no row can be.", "Mend the file below.", "file")
    rest = "The file below has the rows that were left out: mend them and import it." if result.returned else None
    return Reply(
        problem=problem,
        title=f"Import of {result.file.name}",
        text=lines(said, _counts(found, "new", "changed", "left out"), *_remarks(found), rest),
        fields=_fields(found),
        tables=_tables(found, view),
        files=_files(result),
        actions=(undo_action(result.undo_id),) if result.undo_id else (),
    )


def cancelled() -> Reply:
    """Say that an import was given up."""
    return Reply(text=("Nothing was imported.",))


def undone(result: ImportUndone) -> Reply:
    """Say what the undo of an import did."""
    parts = []
    if result.removed or not result.restored:
        parts.append(f"{counted_in_full(result.removed, 'imported task')} removed")
    if result.restored:
        parts.append(f"{counted_in_full(result.restored, 'changed task')} put back as before")
    return Reply(text=(f"Import undone: {listed(parts)}.",))


def counted_in_full(count: int, one: str) -> str:
    """Return `1 task`, `100,000 tasks`; counts of files are exact."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"


def _counts(found: Findings, new: str, changed: str, bad: str) -> str:
    parts = [(found.new, new), (found.updated, changed), (found.unchanged, "unchanged"), (found.bad, bad)]
    said = listed([f"{count:,} {words}" for count, words in parts if count])
    return f"{counted_in_full(found.rows, 'row')}: {said}." if said else "There are no rows in it."


def _remarks(found: Findings) -> list[str]:
    remarks = []
    if found.new_numbers:
        rows = counted_in_full(found.new_numbers, "row")
        remarks.append(f"{rows} with a number that is not known here: as new tasks they get new numbers.")
    if found.elsewhere:
        rows = counted_in_full(found.elsewhere, "row")
        remarks.append(f"{rows} of a channel that you don't see here: as new tasks they come to this one.")
    if found.hidden:
        rows = counted_in_full(found.hidden, "row")
        remarks.append(f"{rows} that the spreadsheet hides: they are read like the others.")
    if found.merged:
        remarks.append("Some cells are merged: only the first row of each has what stands there.")
    if found.following:
        tasks = counted_in_full(found.following, "task")
        remarks.append(f"{tasks} more: the next ones of those that repeat and are completed here.")
    if found.unused:
        names = listed([errors.shown(name) for name in found.unused[:10]])
        remarks.append(f"Columns that mean nothing to me: {names}.")
    return remarks


def _fields(found: Findings) -> tuple[Field, ...]:
    counts = {
        "rows": ("Rows", found.rows),
        "new": ("New", found.new),
        "updated": ("Changed", found.updated),
        "unchanged": ("Unchanged", found.unchanged),
        "bad": ("Bad", found.bad),
        **{priority.label: (priority.label.capitalize(), found.by_priority[priority]) for priority in Priority},
        "overdue": ("Overdue", found.overdue),
        "upcoming": ("Upcoming", found.upcoming),
    }
    return tuple(Field(key, label, value, "number") for key, (label, value) in counts.items())


_ROW_COLUMNS = (
    Column("line", "Line", "number"),
    Column("change", "What"),
    Column("number", "No.", "number"),
    Column("title", "Title"),
    Column("due", "Due", "moment"),
    Column("priority", "Priority"),
    Column("status", "Status"),
    Column("assignees", "For", "people"),
)
_PROBLEM_COLUMNS = (
    Column("line", "Line", "number"),
    Column("column", "Column"),
    Column("value", "Value"),
    Column("reason", "Reason"),
)
_SORTS = {Sort.NEW: "new", Sort.UPDATED: "changed", Sort.UNCHANGED: "unchanged"}


def _tables(found: Findings, view: View) -> tuple[Table, ...]:
    tables = []
    if found.problems:
        rows = tuple(_problem_row(problem) for problem in found.problems)
        note = _more(found.bad, len({problem.line for problem in found.problems}), "bad row")
        tables.append(Table("Rows that can't be imported", _PROBLEM_COLUMNS, rows, note))
    if found.overdue_rows:
        note = _more(found.overdue, len(found.overdue_rows), "overdue row")
        tables.append(Table("Overdue", _ROW_COLUMNS, _rows(found.overdue_rows, view), note))
    if found.sample:
        note = _more(found.good, len(found.sample), "row")
        tables.append(Table("First rows", _ROW_COLUMNS, _rows(found.sample, view), note))
    return tuple(tables)


def _more(total: int, shown: int, one: str) -> Text:
    return (f"… and {counted_in_full(total - shown, f'more {one}')}.",) if total > shown else ()


def _problem_row(problem: RowProblem) -> Row:
    return Row((problem.line, problem.column, problem.value, row_reason(problem)), mark="warning")


def _rows(shown: Sequence[ShownRow], view: View) -> tuple[Row, ...]:
    return tuple(Row(_cells(row, view)) for row in shown)


def _cells(row: ShownRow, view: View) -> tuple[Cell, ...]:
    task = row.task
    return (
        row.line,
        _SORTS[row.sort],
        task.number or None,
        task.title,
        due_cell(task.due, view.actor.zone),
        task.priority.label,
        task.status.value,
        view.people(task.assignees),
    )


def _files(result: Imported) -> tuple[FileLink, ...]:
    return (file_link(result.returned),) if result.returned else ()


def file_link(file: StoredFile) -> FileLink:
    """Return a stored file as it comes with an answer."""
    return FileLink(file.id, file.name, file.media_type, file.size)


def _actions(result: Imported, view: View) -> tuple[Action, ...]:
    found = result.findings
    if not found.changes:
        return ()
    command = f"/task import file:{result.file.id} mode:"
    rows = counted_in_full(found.good, "good row" if found.bad else "row")
    go = f"Import the {rows}" if found.bad else f"Import {rows}"
    mode = "good" if found.bad else "all"
    only = view.actor.member_id
    return (
        Action(go, f"{command}{mode}", Style.PRIMARY, Placement.UPDATE, once=True, only=only),
        Action("Cancel", f"{command}cancel", Style.DEFAULT, Placement.UPDATE, once=True, only=only),
    )


# --- exporting ---------------------------------------------------------------


def exported(result: Exported) -> Reply:
    """Hand over an export, and say what a plain list leaves out."""
    found = f"{counted_in_full(result.count, 'task')}." if result.count else "No task fits that, so the file has none."
    lossy = "A plain list holds names and statuses only; CSV, XLSX and JSON hold everything and can be imported again."
    return Reply(
        title="Export of tasks",
        text=lines(found, lossy if result.format is ExportFormat.TEXT else None),
        fields=(Field("count", "Tasks", result.count, "number"),),
        files=(file_link(result.file),),
    )
