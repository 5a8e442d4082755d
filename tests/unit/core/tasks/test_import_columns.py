"""Telling what the columns of a file are."""

import pytest

from core.shared.errors import RefusedError
from core.tasks.sheet import TASK_SHEET
from core.transfer.layout import column_named, detect_layout


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("title", "title"),
        (" Name ", "title"),
        ("TASK", "title"),
        ("due date (YYYY-MM-DD)", "due"),
        ("Due_Date", "due"),
        ("Assigned To:", "assignees"),
        ("number", "number"),
        ("Card Name", "title"),
        ("CONTENT", "title"),
        ("RESPONSIBLE", "assignees"),
        ("TYPE", "kind"),
        ("#", None),
        ("No.", None),
        ("Task ID", None),
        ("Description", "notes"),
        ("Completed At", "completed"),
        ("error", "error"),
        ("colour", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_headings_are_known_by_what_people_call_them(heading: str, column: str | None) -> None:
    assert column_named(TASK_SHEET, heading) == column


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_columns_may_come_in_any_order_with_any_delimiter(delimiter: str) -> None:
    layout = detect_layout(TASK_SHEET, [delimiter.join(["Priority", "Colour", "Due", "Title"]) + "\r\n"])
    assert layout.delimiter == delimiter
    assert layout.has_header
    assert layout.places == {"priority": 0, "due": 2, "title": 3}
    assert layout.unused == ("Colour",)
    assert layout.heading("title") == "Title"


def test_of_two_headings_for_one_column_ours_is_used() -> None:
    layout = detect_layout(TASK_SHEET, ["Name,Title,Task\n"])
    assert layout.places == {"title": 1}
    assert layout.unused == ()
    assert layout.twice == (("title", "Title", "Name"), ("title", "Title", "Task"))


def test_a_delimiter_within_quotes_is_none() -> None:
    layout = detect_layout(TASK_SHEET, ['"title;with;semicolons",due,title\n', "a,b,c\n"])
    assert layout.delimiter == ","


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_name_due_and_priority_need_no_header(delimiter: str) -> None:
    rows = [["Buy milk", "2024-01-05", "High"], ["Call Bob", "2024-01-06", "low"]]
    layout = detect_layout(TASK_SHEET, [delimiter.join(cells) for cells in rows])
    assert not layout.has_header
    assert layout.delimiter == delimiter
    assert layout.headings == ("title", "due", "priority")


def test_a_task_called_task_is_no_header() -> None:
    assert not detect_layout(TASK_SHEET, ["Task,2024-01-05,high\n"]).has_header
    assert not detect_layout(TASK_SHEET, ["Name,,low\n"]).has_header


def test_one_bad_row_at_the_top_does_not_hide_the_bare_columns() -> None:
    assert not detect_layout(TASK_SHEET, ["only one cell\n", "b,2024-01-05,high\n", "c,2024-01-05,high\n"]).has_header


def test_numbers_with_something_to_change_are_a_header() -> None:
    assert detect_layout(TASK_SHEET, ["number,status\n"]).places == {"number": 0, "status": 1}


@pytest.mark.parametrize(
    "header", ["Number,Title\n", "number,Title\n", "number,name,due\n", "No.,Task\n", "Id,Title\n"]
)
def test_numbers_of_others_are_not_ours(header: str) -> None:
    layout = detect_layout(TASK_SHEET, [f"{header}\n"])
    assert "number" not in layout.places
    assert layout.unused == (header.split(",")[0],)


@pytest.mark.parametrize(
    ("lines", "begins"),
    [
        (["sep=;\r\n", "Title;Due\r\n", "a;2027-01-04\r\n"], 2),
        (['"sep=;"\n', "Title;Due\n"], 2),
        (["sep=;\n", "a;2027-01-04;high\n"], 1),
        (["\n", "\n", "Tasks of the shop\n", "\n", "Title;Due\n"], 2),
        (["Tasks;November\n", "Title;Due\n"], 2),
    ],
)
def test_what_stands_above_the_headings_is_passed_over(lines: list[str], begins: int) -> None:
    layout = detect_layout(TASK_SHEET, lines)
    assert layout.delimiter == ";"
    assert layout.begins == begins


def test_a_task_that_is_called_like_a_heading_is_none_below_other_tasks() -> None:
    lines = ["Milk,,\n", "Summary,,\n", "Eggs,2027-01-04,high\n", "Salt,,low\n", "Rye,2027-01-04,\n"]
    layout = detect_layout(TASK_SHEET, lines)
    assert (layout.has_header, layout.begins) == (False, 0)


def test_a_blank_before_a_quote_is_no_part_of_the_cell() -> None:
    layout = detect_layout(TASK_SHEET, ['Title, "Due", "Notes"\n', 'Order, "2027-01-04", "a, b"\n'])
    assert layout.skips_blanks
    assert layout.headings == ("Title", "Due", "Notes")
    assert not detect_layout(TASK_SHEET, ["Title,Notes\n", 'Order, the "big" one\n']).skips_blanks


@pytest.mark.parametrize("line", ["some words\n", "a,b,c,d\n", "id\n", "x~2024-01-01~high\n", "colour,size,shape\n"])
def test_anything_else_is_refused_with_its_beginning(line: str) -> None:
    with pytest.raises(RefusedError) as refused:
        detect_layout(TASK_SHEET, [line])
    assert refused.value.reason == "file_no_header"
    assert refused.value.details["found"] == line.strip()
