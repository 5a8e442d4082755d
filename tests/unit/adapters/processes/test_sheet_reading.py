"""Cells of workbooks become what people mean by them, and files that mean harm are refused in bounds."""

import re
import struct
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from adapters.processes.errors import JobRefusedError
from adapters.processes.jobs import packages, sheet_reading
from adapters.processes.jobs.sheet_reading import read_sheet
from adapters.processes.sheet_lines import from_line
from core.ports.workbooks import CELL_LIMIT, Flaw, FlawedCell, Money, Percentage, SheetFault, SheetValue
from tests.support import workbooks
from tests.support.workbooks import number, row, sheet, text, texts, workbook

wall_clock = datetime.fromisoformat
UNCALCULATED = FlawedCell(Flaw.UNCALCULATED)


def read(content: bytes, folder: Path, *, prefer: str = "Tasks", rows: int = 1000) -> tuple[dict[str, Any], list[Any]]:
    """Read a workbook; the rows come with their numbers."""
    source, target = folder / "book.xlsx", folder / "lines"
    source.write_bytes(content)
    told = read_sheet({"source": str(source), "target": str(target), "prefer": prefer, "rows": rows})
    return told, [from_line(line) for line in target.read_bytes().splitlines()]


def cell(markup: str, folder: Path, **more: Any) -> SheetValue:
    """What one cell says."""
    _, rows = read(workbook(sheet(row(1, text("A1", "x"), markup)), **more), folder)
    value: SheetValue = rows[0][2] if len(rows[0]) > 2 else None
    return value


def refused(content: bytes, folder: Path, **more: Any) -> JobRefusedError:
    with pytest.raises(JobRefusedError) as caught:
        read(content, folder, **more)
    return caught.value


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        (number("B1", "12"), 12),
        (number("B1", "12.0"), 12.0),
        (number("B1", "9.78030640615E12"), 9780306406150.0),
        (number("B1", "-3"), -3.0),
        (number("B1", "7", 99), 7),
        ('<c r="B1" t="b"><v>1</v></c>', True),
        ('<c r="B1" t="b"><v>0</v></c>', False),
        ('<c r="B1" t="e"><v>#REF!</v></c>', FlawedCell(Flaw.ERROR, "#REF!")),
        ('<c r="B1" t="d"><v>2026-12-31T00:00:00</v></c>', date(2026, 12, 31)),
        ('<c r="B1" t="d"><v>2026-12-31T09:30:00</v></c>', wall_clock("2026-12-31T09:30")),
        (number("B1", "46387", workbooks.DATE), date(2026, 12, 31)),
        (number("B1", "46387.75", workbooks.DATE), date(2026, 12, 31)),
        (number("B1", "46387.604166666664", workbooks.MOMENT), wall_clock("2026-12-31T14:30")),
        (number("B1", "46387", workbooks.MOMENT), date(2026, 12, 31)),
        (number("B1", "0.5", workbooks.CLOCK), time(12)),
        (number("B1", "1.5", workbooks.SPAN), "36:00:00"),
        (number("B1", "46387", workbooks.OWN_DATE), date(2026, 12, 31)),
        (number("B1", "46387.25", workbooks.OWN_MOMENT), wall_clock("2026-12-31T06:00")),
        (number("B1", "46387", workbooks.EASTERN), date(2026, 12, 31)),
        (number("B1", "0", workbooks.DATE), None),
        (number("B1", "0", workbooks.MOMENT), None),
        (number("B1", "0", workbooks.CLOCK), time(0)),
        (number("B1", "0.5", workbooks.PERCENT), Percentage(0.5)),
        (number("B1", "12.5", workbooks.MONEY), Money(12.5)),
        (number("B1", "12", workbooks.EURO), Money(12)),
        (number("B1", "-1", workbooks.DATE), FlawedCell(Flaw.ERROR, "#VALUE!")),
        (number("B1", "9E15", workbooks.DATE), FlawedCell(Flaw.ERROR, "#VALUE!")),
        ('<c r="B1"/>', None),
        ('<c r="B1" s="1"><v></v></c>', None),
        ("<c><v>7</v></c>", 7),
        ('<c r="B1" t="inlineStr"><is><r><t>Buy </t></r><r><t>milk</t></r><rPh><t>no</t></rPh></is></c>', "Buy milk"),
        (text("B1", "a_x000D_\nb_x005F_x0041_"), "a\r\nb_x0041_"),
        ('<c r="B1" t="inlineStr"><is><t>_xD83E__xDDC0_ _xD83E_</t></is></c>', "🧀 \ufffd"),
    ],
)
def test_a_cell_says_what_it_shows(markup: str, value: SheetValue, tmp_path: Path) -> None:
    found = cell(markup, tmp_path)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        ('<c r="B1"><f>1+1</f><v>2</v></c>', 2),
        ('<c r="B1" t="str"><f>A1&amp;"!"</f><v>x!</v></c>', "x!"),
        ('<c r="B1" t="str"><f>""</f><v></v></c>', None),
        ('<c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', FlawedCell(Flaw.ERROR, "#DIV/0!")),
        ('<c r="B1"><f>TODAY()</f></c>', UNCALCULATED),
        ('<c r="B1"><f>TODAY()</f><v></v></c>', UNCALCULATED),
        ('<c r="B1"><f t="shared" si="0"/><v>4</v></c>', 4),
    ],
)
def test_a_formula_counts_by_its_last_result_and_never_as_nothing(
    markup: str, value: SheetValue, tmp_path: Path
) -> None:
    assert cell(markup, tmp_path) == value


def test_shared_texts_are_put_together_from_their_runs(tmp_path: Path) -> None:
    strings = [
        "<r><t>Buy </t></r><r><rPr/><t>milk</t></r><rPh sb='0' eb='1'><t>baj</t></rPh>",
        "a &amp; b".replace("&amp;", "&"),
    ]
    content = workbook(sheet(row(1, '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>')), strings=strings)
    assert read(content, tmp_path)[1] == [[1, "Buy milk", "a & b"]]


def test_days_may_count_from_1904(tmp_path: Path) -> None:
    assert cell(number("B1", "1", workbooks.DATE), tmp_path, properties='<workbookPr date1904="1"/>') == date(
        1904, 1, 2
    )


def test_rows_keep_their_numbers_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    rows = (texts(2, "a"), row(5), row(7, number("C7", "1"), '<c r="D7" s="1"/>'), "<row><c><v>2</v></c></row>")
    assert read(workbook(sheet(*rows)), tmp_path)[1] == [[2, "a"], [7, None, None, 1], [8, 2]]


def test_hidden_rows_are_read_and_counted_and_so_are_merged_cells(tmp_path: Path) -> None:
    rows = (texts(1, "title"), row(2, text("A2", "x"), more='hidden="1"'), row(3, more='hidden="1"'))
    after = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    told, found = read(workbook(sheet(*rows, after=after)), tmp_path)
    assert (told["hidden"], told["merged"], len(found)) == (1, 1, 2)


@pytest.mark.parametrize(
    ("names", "states", "chosen"),
    [
        (("Notes", "Tasks"), (), "Tasks"),
        (("Notes", " tasks "), ("visible", "hidden"), " tasks "),
        (("Notes", "More"), (), "Notes"),
        (("Notes", "More"), ("veryHidden", "visible"), "More"),
        (("Notes",), ("hidden",), "Notes"),
    ],
)
def test_the_sheet_of_tasks_or_the_first_shown_is_read(
    names: tuple[str, ...], states: tuple[str, ...], chosen: str, tmp_path: Path
) -> None:
    sheets = [sheet(texts(1, name)) for name in names]
    told, found = read(workbook(*sheets, names=names, states=states), tmp_path)
    assert (told["name"], found) == (chosen, [[1, chosen]])


def test_programs_may_write_prefixes_and_parts_in_other_cases(tmp_path: Path) -> None:
    body = (
        f'<x:worksheet xmlns:x="{workbooks.MAIN}"><x:sheetData>'
        '<x:row r="1"><x:c r="A1"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    content = workbook(body).replace(b"xl/sharedStrings.xml", b"xl/SharedStrings.xml")
    assert read(content, tmp_path)[1] == [[1, 5]]


def test_odd_styles_and_filters_do_not_matter(tmp_path: Path) -> None:
    after = '<autoFilter ref="nonsense"><filterColumn colId="x"/></autoFilter><dataValidations count="a"/>'
    parts = {"xl/styles.xml": "<styleSheet><fills><fill><odd/></fill></fills></styleSheet>"}
    assert read(workbook(sheet(texts(1, "a"), after=after), parts=parts), tmp_path)[1] == [[1, "a"]]


def test_macros_are_left_alone(tmp_path: Path) -> None:
    assert read(workbook(sheet(texts(1, "a")), parts={"xl/vbaProject.bin": b"\0" * 99}), tmp_path)[1] == [[1, "a"]]


def test_claimed_dimensions_are_not_believed(tmp_path: Path) -> None:
    content = workbook(sheet(texts(1, "a"), before='<dimension ref="A1:XFD1048576"/>'))
    assert read(content, tmp_path)[1] == [[1, "a"]]


# --- what is refused ------------------------------------------------------------------------------------------------

ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    f'<worksheet xmlns="{workbooks.MAIN}"><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>'
)
LONG = "x" * (CELL_LIMIT + 1)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (workbooks.old_file(), SheetFault.OLD),
        (workbooks.old_file("EncryptedPackage"), SheetFault.LOCKED),
        (b"PK\x03\x04" + b"\0" * 100, SheetFault.DAMAGED),
        (workbook(sheet(texts(1, "a")))[:-200], SheetFault.DAMAGED),
        (workbook(sheet(texts(1, "a")), parts={workbooks.SHEET: "<worksheet><row>"}), SheetFault.DAMAGED),
        (workbook(sheet(row(1, '<c r="A1" t="s"><v>7</v></c>'))), SheetFault.DAMAGED),
        (workbook(sheet(row(1, number("A1", "twelve")))), SheetFault.DAMAGED),
        (workbook(sheet(row(1, number("A1", "nan")))), SheetFault.DAMAGED),
        (workbook(sheet(row(1, number("1", "1")))), SheetFault.DAMAGED),
        (workbook(sheet(row(10**9, number("A1", "1")))), SheetFault.DAMAGED),
        (workbook(sheet(texts(1, "a")), parts={workbooks.SHEET: ENTITIES}), SheetFault.UNSAFE),
        (workbook(sheet(texts(1, "a")), parts={workbooks.SHEET: ENTITIES.encode("utf-16")}), SheetFault.UNSAFE),
        (workbook(sheet(texts(1, "a")), parts={"xl/sharedStrings.xml": ENTITIES}), SheetFault.UNSAFE),
        (workbook(sheet(texts(1, "a")), parts={"xl/workbook.xml": "<document/>"}), SheetFault.OTHER),
        (workbook(sheet(texts(1, "a")), parts={"_rels/.rels": "<Relationships/>"}), SheetFault.OTHER),
        (workbook(sheet()), SheetFault.EMPTY),
        (workbook(names=()), SheetFault.EMPTY),
        (workbook(sheet(texts(3, LONG))), SheetFault.CELL_TOO_LONG),
        (workbook(sheet(row(3, f'<c r="A3" t="str"><v>{LONG}</v></c>'))), SheetFault.CELL_TOO_LONG),
        (workbook(sheet(row(3, '<c r="A3" t="s"><v>0</v></c>')), strings=[LONG]), SheetFault.CELL_TOO_LONG),
        (workbook(sheet(row(3, number("XFD3", "1")))), SheetFault.TOO_MANY_COLUMNS),
        (workbook(sheet(texts(1, "a")), method=zipfile.ZIP_LZMA), SheetFault.UNSAFE),
    ],
)
def test_a_hostile_or_broken_file_is_refused_by_name(content: bytes, fault: SheetFault, tmp_path: Path) -> None:
    assert refused(content, tmp_path).reason == fault


def test_other_archives_are_no_workbooks(tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert refused(path.read_bytes(), tmp_path).reason == SheetFault.OTHER


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    content = workbook(sheet(texts(1, "a")), parts={"xl/sharedStrings.xml": b" " * 20_000_000})
    assert len(content) < 30_000
    assert refused(content, tmp_path).reason == SheetFault.UNSAFE


def test_a_tag_without_end_is_not_read_again_and_again(tmp_path: Path) -> None:
    numbers = "".join(f"{place * 7919:x}" for place in range(1_000_000))
    content = workbook(parts={workbooks.SHEET: f'<worksheet a="{numbers}"/>'})
    assert refused(content, tmp_path).reason == SheetFault.UNSAFE


def test_a_part_that_claims_to_be_small_is_damaged(tmp_path: Path) -> None:
    content = workbook(sheet(*(texts(place, "a") for place in range(1, 30_000))))
    # The size in the directory at the end of the archive, which is what is believed, becomes 100 bytes.
    place = content.rindex(b"PK\x01\x02", 0, content.rindex(workbooks.SHEET.encode()))
    lying = content[: place + 24] + struct.pack("<I", 100) + content[place + 28 :]
    assert refused(lying, tmp_path).reason == SheetFault.DAMAGED


def test_parts_are_refused_that_are_too_large_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "UNPACKED_LIMIT", 10_000)
    content = workbook(sheet(*(texts(place, "a") for place in range(1, 500))))
    assert refused(content, tmp_path).reason == SheetFault.TOO_LARGE


def test_a_text_that_many_cells_share_is_not_multiplied_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_reading, "LINES_LIMIT", 100_000)
    many = [row(place, *['<c t="s"><v>0</v></c>'] * 50) for place in range(1, 100)]
    assert refused(workbook(sheet(*many), strings=["x" * 1000]), tmp_path).reason == SheetFault.TOO_LARGE


def test_an_encrypted_part_is_locked(tmp_path: Path) -> None:
    content = bytearray(workbook(sheet(texts(1, "a"))))
    for found in re.finditer(rb"PK\x01\x02", bytes(content)):
        content[found.start() + 8] |= 1
    assert refused(bytes(content), tmp_path).reason == SheetFault.LOCKED


def test_too_many_rows_are_refused_with_the_limit(tmp_path: Path) -> None:
    error = refused(workbook(sheet(*(texts(place, "a") for place in range(1, 40)))), tmp_path, rows=10)
    assert (error.reason, error.details) == (SheetFault.TOO_MANY_ROWS, {"limit": 10})
