"""Sheets of tasks: the texts that people mean by their cells, and the same sheet given back with its errors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pytest

from core.ports.workbooks import Flaw, FlawedCell, Money, Percentage, SheetValue
from core.shared.errors import RefusedError
from core.tasks.drafted import OVERDUE, UPCOMING
from core.tasks.model import Task
from core.tasks.sheet import TASK_SHEET
from core.transfer.findings import Findings
from core.transfer.reading import Checker, RowBatches
from core.transfer.roster import Channels, People
from core.transfer.rows import FlawedText
from core.transfer.sheet import ERROR, Importer, RowProblem, Surroundings
from core.transfer.workbooks import SheetSource, text_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ZONE = "Europe/Berlin"
HEADER = ["title", "due", "priority"]


@dataclass
class Rows:
    """A sheet of rows that lie ready."""

    values: Sequence[Sequence[SheetValue]]
    name: str = "Tasks"
    hidden: int = 0
    merged: int = 0
    size: int = 1
    position: int = 0

    def rows(self) -> Iterator[tuple[int, list[SheetValue]]]:
        for number, values in enumerate(self.values, 1):
            yield number, list(values)


def findings(*rows: Sequence[SheetValue]) -> tuple[Findings[Task], list[object]]:
    """What an import of a sheet finds, and the sheet given back."""
    source = SheetSource(TASK_SHEET, Rows(rows))
    rows_of = RowBatches(TASK_SHEET, source, Surroundings(People.of([]), Channels(1, {}), NOW, ZONE))
    run = Checker(TASK_SHEET, Importer(1, 1, ZONE, NOW, ""), source, lambda problem: problem.reason, only_bad=False)
    returned = run.settle(rows_of.next(), {}).returned
    assert isinstance(returned, list)
    return run.findings, [list(row) for row in [*returned, *run.mended.end()]]


def problems(*rows: Sequence[SheetValue]) -> list[RowProblem]:
    return findings(*rows)[0].problems


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as it is ", "as it is "),
        (None, ""),
        (12, "12"),
        (12.0, "12"),
        (12.5, "12.5"),
        (0.1 + 0.2, "0.3"),
        (9780306406157.0, "9780306406157"),
        (1e-7, "0.0000001"),
        (-4, "-4"),
        (True, "yes"),
        (False, "no"),
        (date(2026, 12, 31), "2026-12-31"),
        (datetime.fromisoformat("2026-12-31T14:30"), "2026-12-31T14:30"),
        (datetime.fromisoformat("2026-12-31T14:30:15"), "2026-12-31T14:30:15"),
        (time(9, 30), "09:30"),
    ],
)
def test_a_cell_is_the_text_that_a_person_would_type(value: SheetValue, text: str) -> None:
    assert text_of(value) == text
    assert not isinstance(text_of(value), FlawedText)


@pytest.mark.parametrize(
    ("value", "reason", "shown"),
    [
        (FlawedCell(Flaw.ERROR, "#REF!"), "cell_error", "#REF!"),
        (FlawedCell(Flaw.UNCALCULATED), "cell_uncalculated", ""),
        (4006381333931000000, "digits_lost", "4006381333931000000"),
        (4.006381333931e18, "digits_lost", "4006381333931000000"),
        (float("inf"), "cell_error", "inf"),
    ],
)
def test_a_cell_that_says_nothing_reliable_makes_its_row_bad(value: SheetValue, reason: str, shown: str) -> None:
    found = problems(["title", "due"], [value, None])
    assert [(one.line, one.column, one.value, one.reason) for one in found] == [(2, "title", shown, reason)]


@pytest.mark.parametrize(
    ("value", "reason", "shown"),
    [(Percentage(0.255), "cell_percentage", "25.5%"), (Money(12.5), "cell_money", "12.5")],
)
def test_an_amount_is_no_date_and_is_told_as_what_it_is(value: SheetValue, reason: str, shown: str) -> None:
    found = problems(["title", "due"], ["Buy milk", value], ["Pay back", None], [value, None])
    assert [(one.line, one.column, one.value, one.reason) for one in found] == [(2, "due", shown, reason)]


def test_flaws_in_columns_that_mean_nothing_do_not_matter() -> None:
    found, _ = findings(["title", "total"], ["Buy milk", FlawedCell(Flaw.ERROR, "#REF!")])
    assert (found.new, found.bad) == (1, 0)


def test_a_title_may_stand_above_the_headings() -> None:
    found, _ = findings(["Our tasks", None, "as of Friday"], HEADER, ["Buy milk", date(2027, 1, 1), "high"])
    assert (found.rows, found.new) == (1, 1)


def test_a_sheet_may_have_three_bare_columns() -> None:
    found, _ = findings(["Buy milk", date(2027, 1, 1), "High"], ["Call Bob", date(2024, 1, 1), "low"])
    assert (found.new, found.tallies[OVERDUE], found.tallies[UPCOMING]) == (2, 1, 1)


def test_a_sheet_of_something_else_is_refused() -> None:
    with pytest.raises(RefusedError) as caught:
        SheetSource(TASK_SHEET, Rows([["Dear all,"], ["see below"]]))
    assert (caught.value.reason, caught.value.details["found"]) == ("file_no_header", "Dear all,")


def test_what_stands_beside_the_table_is_no_part_of_it_and_comes_back() -> None:
    found, back = findings(HEADER, ["Buy milk", None, "high", None, "look!"], ["Bad", "soon-ish", None])
    assert (found.new, found.bad) == (1, 1)
    assert back == [
        [*HEADER, "error"],
        ["Buy milk", None, "high", None, None, "look!"],
        ["Bad", "soon-ish", None, "due_not_understood"],
    ]


def test_cells_come_back_with_their_kinds_beside_the_error() -> None:
    day = date(2027, 1, 1)
    _, back = findings(["number", *HEADER], [7, "Buy milk", day, "hgh"], [8.0, FlawedCell(Flaw.ERROR, "#N/A"), day])
    assert back[1:] == [
        [7, "Buy milk", day, "hgh", "choice_unknown"],
        [8.0, FlawedCell(Flaw.ERROR, "#N/A"), day, None, "cell_error"],
    ]


def test_an_error_column_that_is_there_is_filled_anew() -> None:
    source = SheetSource(TASK_SHEET, Rows([["error", "title"], ["old words", "Buy milk"]]))
    assert source.layout.places[ERROR] == 0
    mended = source.mended()
    assert mended.write([(["old words", "Buy milk"], ""), ([None], "title_empty")]) == [
        ["error", "title"],
        [None, "Buy milk"],
        ["title_empty", None],
    ]
