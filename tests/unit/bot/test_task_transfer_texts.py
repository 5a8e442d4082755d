"""What people read when tasks come from a file or go into one."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.commands.areas import AREAS
from bot.grammar.registry import Registry
from bot.identity.directory import Directory
from bot.texts import transfer as texts
from bot.texts.tasks.transfer import TASK_WORDS
from bot.texts.view import View
from core.chat.actor import Actor
from core.chat.reply import Reply
from core.chat.request import ChannelKind, Platform
from core.chat.text import plain
from core.dates.due import Due, DueReason
from core.dates.recurrence import Every, Recurrence
from core.dates.recurrence_errors import RecurrenceReason
from core.files.model import StoredFile
from core.people.model import Member, Role
from core.shared.errors import ConflictError, RefusedError
from core.tasks.kind import TASK_NAMES
from core.tasks.model import Priority, Status, Task
from core.transfer.choices import ExportFormat, ImportMode
from core.transfer.findings import ELSEWHERE, Findings, ShownRow, Sort
from core.transfer.results import Exported, Imported, ImportUndone
from core.transfer.sheet import RowProblem
from core.workspaces.model import Workspace

TEXTS = Registry.of(AREAS).errors
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BERLIN = "Europe/Berlin"
ACTOR = Actor(1, 1, "Ann", Role.MEMBER, BERLIN, "en", Platform.WEB, 1, 7, "general", ChannelKind.PUBLIC)
ANN = Member(1, "Ann", Role.MEMBER, "", "", active=True)
VIEW = View(ACTOR, Directory.of(Workspace(1, "default", BERLIN, "EUR", "en"), [ANN], []), NOW)
FILE = StoredFile("F" * 26, "tasks.csv", "text/csv", 1200, "", 1, 7, 1, NOW)
ERRORS = replace(FILE, id="E" * 26, name="tasks-errors.csv")
LATE = Due(date(2024, 1, 5), None, BERLIN)
MILK = Task(12, "Buy milk", "", Status.PENDING, Priority.HIGH, LATE, 7, 1, (1,), "", NOW)
DETAILS = {
    "length": 501,
    "limit": 500,
    "first": 3,
    "name": "Zoe",
    "choices": "@zoe#3, @zoe#4",
    "count": 5,
    "expected": 3,
    "delimiter": ";",
    "key": "number",
    "column": "title",
    "currency": "EUR",
    "places": 4,
    "number": 9,
}
FILE_DETAILS = {
    "line": 1234,
    "limit": 200_000,
    "found": "colour|size",
    "noun": "task",
    "many": "tasks",
    "area": "task",
    "title": "Tasks",
    "header": "title,due",
    "row": "Buy milk,2026-12-31",
    "object": '[{"title": "Buy milk"}]',
}

SOURCES = [Path(texts.__file__).parents[2] / "core" / name for name in ("dates", "shared", "tasks", "transfer")]


def raised(pattern: str) -> set[str]:
    """The reasons that the code gives, by how it gives them."""
    code = "".join(path.read_text(encoding="utf-8") for folder in SOURCES for path in folder.glob("*.py"))
    return set(re.findall(pattern, code))


def test_every_reason_of_a_row_has_its_words() -> None:
    reasons = raised(r'CellError\("(\w+)"') | raised(r'RowProblem\([^)]*"(\w+)"[,)]')
    reasons |= {f"due_{word}" for word in DueReason} | {f"repeat_{word}" for word in RecurrenceReason}
    reasons |= {"title_empty", "title_too_long", "notes_too_long", "several_people", "nobody_by_that_name"}
    assert len(reasons) > 20
    for reason in reasons:
        said = TASK_WORDS.reason(RowProblem(7, "due", "x", reason, DETAILS))
        assert re.fullmatch(r"[A-Z].*[.?]", said), reason


def test_every_reason_of_a_file_is_one_sentence_and_what_to_do() -> None:
    reasons = raised(r'RefusedError\("(file_\w+)"')
    assert len(reasons) > 8
    for reason in reasons:
        problem = TEXTS.problem_of(RefusedError(reason, field="file", **FILE_DETAILS))
        assert problem.message.count(".") == 1
        assert problem.hint
        assert problem.field == "file"


def test_a_problem_is_worded_for_the_error_column_with_its_place() -> None:
    choices = {"name": "priority", "choices": "low, medium, high, urgent"}
    assert TASK_WORDS.error(RowProblem(7, "Prio", "medum", "choice_unknown", choices)) == (
        "Prio “medum”: The priority is low, medium, high or urgent."
    )
    assert TASK_WORDS.error(RowProblem(7, "", "eggs", "too_many_cells", DETAILS)) == (
        "row “eggs”: There are 5 cells for 3 columns. A text with a semicolon in it goes in quotes."
    )


def findings(new: int = 0, updated: int = 0, unchanged: int = 0, bad: int = 0) -> Findings[Task]:
    found: Findings[Task] = Findings(new + updated + unchanged + bad, new, updated, unchanged, bad)
    found.sample = [ShownRow(2, Sort.NEW, replace(MILK, number=0))]
    return found


def checked(result: Imported[Task], *, asked_for_all: bool = False) -> Reply:
    return texts.checked(TASK_WORDS, result, VIEW, asked_for_all=asked_for_all)


def imported(result: Imported[Task]) -> Reply:
    return texts.imported(TASK_WORDS, result, VIEW)


def test_a_check_shows_what_would_change_as_it_was_and_as_it_becomes() -> None:
    found: Findings[Task] = Findings(12, 0, 12)
    after = replace(MILK, title="Buy oat milk", priority=Priority.LOW)
    found.changed = [ShownRow(3, Sort.UPDATED, after, before=MILK)]
    [changes] = checked(Imported(ImportMode.CHECK, FILE, found, None)).tables
    assert changes.rows[0].cells == (
        3, "changed", MILK.number, "Buy milk → Buy oat milk", "2024-01-05", "high → low", "open", "Ann"
    )  # fmt: skip
    assert plain(changes.note) == "… and 11 more changes."


def test_a_check_shows_how_tasks_would_repeat() -> None:
    weekly = replace(MILK, repeat=Recurrence(Every.WEEK))
    found: Findings[Task] = Findings(2, 1, 1)
    found.sample = [ShownRow(2, Sort.NEW, replace(weekly, number=0)), ShownRow(3, Sort.NEW, replace(MILK, number=0))]
    found.changed = [ShownRow(4, Sort.UPDATED, weekly, before=MILK)]
    changes, first = checked(Imported(ImportMode.CHECK, FILE, found, None)).tables
    assert [table.columns[-1].label for table in (changes, first)] == ["Repeats", "Repeats"]
    assert [row.cells[-1] for row in (*changes.rows, *first.rows)] == ["– → weekly", "weekly", None]


def test_bad_rows_that_all_stand_on_one_line_are_counted_each() -> None:
    found = findings()
    for _ in range(12):
        found.refuse([RowProblem(1, name, "soon", "due_not_understood") for name in ("due", "remind")])
    bad = checked(Imported(ImportMode.CHECK, FILE, found, ERRORS)).tables[0]
    assert len(bad.rows) == 10
    assert plain(bad.note) == "… and 7 more bad rows."


def test_a_check_says_what_would_happen_and_offers_it() -> None:
    found = findings(new=980, updated=5, unchanged=5, bad=10)
    found.problems, found.told = [RowProblem(7, "due", "soon", "due_not_understood")], 1
    reply = checked(Imported(ImportMode.CHECK, FILE, found, ERRORS))
    assert plain(reply.text) == (
        "Nothing is imported yet.\n"
        "1,000 rows: 980 would be new, 5 would change, 5 unchanged and 10 can't be imported.\n"
        "Every row is in the file below, with what is wrong in its error column."
    )
    assert [(action.label, action.command, action.once, action.only) for action in reply.actions] == [
        ("Import valid rows", f"/task import file:{FILE.id} mode:good", True, 1),
        ("Cancel", f"/task import file:{FILE.id} mode:cancel", True, 1),
    ]
    assert [file.name for file in reply.files] == ["tasks-errors.csv"]
    bad, first = reply.tables
    assert bad.rows[0].cells == (7, "due", "soon", "That is no date. Write it as 2026-12-31.")
    assert plain(bad.note) == "… and 9 more bad rows."
    assert first.rows[0].cells == (2, "new", None, "Buy milk", "2024-01-05", "high", "open", "Ann")
    assert plain(first.note) == "… and 984 more rows."
    assert reply.ok


def test_a_file_without_mistakes_is_offered_whole() -> None:
    reply = checked(Imported(ImportMode.CHECK, FILE, findings(new=1), None))
    go = reply.actions[0]
    assert (go.label, go.command) == ("Import 1 row", f"/task import file:{FILE.id} mode:all")
    assert reply.files == ()


def test_nothing_is_offered_where_nothing_would_change() -> None:
    assert checked(Imported(ImportMode.CHECK, FILE, findings(unchanged=3), None)).actions == ()
    assert checked(Imported(ImportMode.CHECK, FILE, findings(bad=3), ERRORS)).actions == ()


def test_all_or_nothing_that_became_nothing_says_why() -> None:
    reply = checked(Imported(ImportMode.CHECK, FILE, findings(new=2, bad=1), ERRORS), asked_for_all=True)
    assert reply.problem
    assert reply.problem.message == "Nothing was imported, because 1 row can't be."
    assert "Nothing is imported yet" not in plain(reply.text)
    assert reply.actions


def test_surprises_are_said() -> None:
    found = findings(new=4)
    found.new_keys, found.tallies[ELSEWHERE], found.unused = 2, 1, ("Colour", "Size")
    found.twice = (("due", "Due date", "Deadline"), ("title", "Name", "Name"))
    said = plain(checked(Imported(ImportMode.CHECK, FILE, found, None)).text)
    assert "2 rows with a number that is not known here: as new tasks they get new numbers." in said
    assert "1 row of a channel that you don't see here: as new tasks they come to this one." in said
    assert "Columns that mean nothing to me: Colour and Size." in said
    assert "“Due date” and “Deadline” both mean the due: “Due date” is read. If that is wrong, rename it." in said
    assert "Two columns are called “Name”: the first one is read. If the other one is meant, rename the first." in said


def test_an_import_can_be_undone() -> None:
    reply = imported(Imported(ImportMode.GOOD, FILE, findings(new=2, bad=1), ERRORS, "U1"))
    assert plain(reply.text).startswith("Ann imported tasks.csv.\n3 rows: 2 new and 1 left out.")
    assert [(action.label, action.command) for action in reply.actions] == [("Undo", "/qm undo U1")]


def test_an_import_that_changes_nothing_says_so() -> None:
    same = imported(Imported(ImportMode.ALL, FILE, findings(unchanged=2), None))
    assert (same.ok, same.actions) == (True, ())
    assert plain(same.text).startswith("Nothing was imported: every valid row is here already.")
    none = imported(Imported(ImportMode.GOOD, FILE, findings(bad=2), ERRORS))
    assert none.problem
    assert none.problem.message == "Nothing was imported, because no row can be."
    for said in (checked, imported):
        empty = said(Imported(ImportMode.CHECK, FILE, findings(), None))
        assert empty.problem
        assert (empty.problem.message, empty.problem.hint) == (
            "Nothing was imported, because there is no row in it.",
            "Put the tasks below the headings, a row each, and send it again.",
        )


@pytest.mark.parametrize(
    ("removed", "restored", "said"),
    [
        (1, 0, "Import undone: 1 imported task removed."),
        (99_000, 2, "Import undone: 99,000 imported tasks removed and 2 changed tasks put back as before."),
        (0, 1, "Import undone: 1 changed task put back as before."),
    ],
)
def test_an_undo_says_what_it_did(removed: int, restored: int, said: str) -> None:
    assert plain(texts.undone(TASK_NAMES, ImportUndone(removed, restored)).text) == said


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((3,), "Task #3 was changed after the import, so nothing was undone."),
        ((3, 5), "Tasks #3 and #5 were changed after the import, so nothing was undone."),
    ],
)
def test_an_undo_that_no_longer_holds_names_the_tasks(numbers: tuple[int, ...], said: str) -> None:
    refusal = ConflictError("import_changed_since", numbers=numbers, more=False, noun="task", many="tasks", area="task")
    assert TEXTS.problem_of(refusal).message == said


def test_an_undo_that_no_longer_holds_says_that_there_are_more_tasks_than_it_names() -> None:
    refusal = ConflictError("import_changed_since", numbers=(3, 5), more=True, noun="task", many="tasks", area="task")
    assert TEXTS.problem_of(refusal).message.startswith("Tasks #3, #5 and others were changed after the import")


def test_a_plain_list_says_what_it_leaves_out() -> None:
    assert "names and statuses only" in plain(texts.exported(TASK_WORDS, Exported(FILE, 3, ExportFormat.TEXT)).text)
    assert plain(texts.exported(TASK_WORDS, Exported(FILE, 3, ExportFormat.CSV)).text) == (
        "3 tasks of all channels that you see."
    )
    nothing = plain(texts.exported(TASK_WORDS, Exported(FILE, 0, ExportFormat.JSON)).text)
    assert nothing == "No task in all channels that you see fits that, so the file has none."
    of_one = texts.exported(TASK_WORDS, Exported(FILE, 3, ExportFormat.CSV), "#general")
    assert plain(of_one.text) == "3 tasks of #general."
    assert plain(texts.exported(TASK_WORDS, Exported(FILE, 1, ExportFormat.CSV), everything=True).text) == (
        "1 task of all channels."
    )
