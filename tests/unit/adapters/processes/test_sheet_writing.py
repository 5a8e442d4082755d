"""Workbooks that we make: texts stay texts, days are days, and nobody's name is in them."""

import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from adapters.processes.jobs.sheet_reading import read_sheet
from adapters.processes.jobs.sheet_writing import write_sheet
from adapters.processes.sheet_lines import from_line, to_line
from core.ports.workbooks import Flaw, FlawedCell, SheetRow, SheetValue


def write(rows: Sequence[SheetRow], folder: Path) -> Path:
    """Write rows as `Tasks`."""
    source, target = folder / "lines", folder / "book.xlsx"
    source.write_text("".join(map(to_line, rows)), encoding="ascii")
    write_sheet({"source": str(source), "target": str(target), "name": "Tasks"})
    return target


def there_and_back(rows: Sequence[SheetRow], folder: Path) -> list[Any]:
    back = folder / "back"
    source = write(rows, folder)
    read_sheet({"source": str(source), "target": str(back), "prefer": "Tasks", "rows": 1000})
    return [from_line(line)[1:] for line in back.read_bytes().splitlines()]


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+49 30 1234",
        "-5",
        "@SUM(A1)",
        "00123",
        "9780306406157",
        "9.78E+12",
        "2026-12-31",
        "1/2",
        "TRUE",
        "#REF!",
        "'quoted",
        " spaces  kept ",
        "two\nlines\tand a tab",
        "a\rb\x01\x0b\x1f\ufffe\uffff",
        "_x000D_ _x005F_ x005F_ _x0041_x0042_",
        "🧀 Käse",
        "]]> <b>&amp;",
        "x" * 32_767,
        12,
        12.5,
        True,
        date(1900, 3, 1),
        date(2199, 12, 31),
        datetime.fromisoformat("2026-12-31T14:30:59"),
        time(9, 30),
        FlawedCell(Flaw.ERROR, "#DIV/0!"),
    ],
)
def test_a_value_comes_back_as_it_was(value: SheetValue, tmp_path: Path) -> None:
    found = there_and_back([["title"], [value]], tmp_path)[1][0]
    assert (found, type(found)) == (value, type(value))


def test_half_a_character_becomes_the_sign_for_what_is_none(tmp_path: Path) -> None:
    assert there_and_back([["title"], ["a\ud83e"]], tmp_path)[1] == ["a\ufffd"]


@pytest.mark.parametrize("value", [FlawedCell(Flaw.UNCALCULATED), FlawedCell(Flaw.ERROR, "#<odd>")])
def test_what_has_no_value_becomes_an_error_that_programs_know(value: FlawedCell, tmp_path: Path) -> None:
    assert there_and_back([["title"], [value]], tmp_path)[1] == [FlawedCell(Flaw.ERROR, "#VALUE!")]


def test_no_cell_is_a_formula_and_texts_stay_texts_when_edited(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write([["title", "due"], ["=1+1", date(2026, 12, 31)]], tmp_path))["Tasks"]
    title, due = sheet["A2"], sheet["B2"]
    assert (title.value, title.data_type, title.number_format) == ("=1+1", "s", "@")
    assert (due.data_type, due.number_format) == ("d", "yyyy-mm-dd")


def test_the_header_is_bold_and_stays_in_sight(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write([["title"], ["x"]], tmp_path))["Tasks"]
    assert sheet.freeze_panes == "A2"
    assert (sheet["A1"].font.bold, sheet["A2"].font.bold) == (True, False)


def test_columns_are_as_wide_as_what_is_in_them_within_limits(tmp_path: Path) -> None:
    rows: list[SheetRow] = [["number", "title", "notes"], [1, "Renew the insurance of the van", "x" * 500]]
    columns = openpyxl.load_workbook(write(rows, tmp_path))["Tasks"].column_dimensions
    assert [columns[letter].width for letter in "ABC"] == [9, 32, 60]
    assert columns["B"].number_format == "@"
    assert columns["A"].number_format == "General"


def test_it_names_no_person_and_leaves_no_passing_files(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write([["title"], ["x"]], tmp_path))
    properties = book.properties
    assert (properties.creator, properties.lastModifiedBy, properties.title) == ("Quartermaster", None, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.xlsx", "lines"]
    with zipfile.ZipFile(tmp_path / "book.xlsx") as archive:
        assert str(tmp_path).encode() not in b"".join(archive.read(name) for name in archive.namelist())
