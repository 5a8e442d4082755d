"""Tasks from and to workbooks, through the processes that read and write them, and through the application."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import openpyxl
import pytest

from bot.texts.tasks.transfer import TASK_WORDS
from core.chat.reply import Reply
from core.chat.request import Attachment
from core.chat.text import plain
from core.ports.workbooks import CELL_LIMIT, Sheet, SheetFault, SheetWriter
from core.shared.errors import RefusedError
from core.tasks.model import Priority
from core.tasks.sheet import TASK_SHEET
from core.transfer.choices import ExportFormat, ImportMode
from core.transfer.importing import FileImport
from tests.support import workbooks
from tests.support.task_files import ASKED, Desk, in_pieces
from tests.support.workbooks import number, row, sheet, text, texts, workbook
from tests.unit.bot.stage import Stage, button, staged

CONTENT = '''title,status,priority,due,assignees,notes,channel,origin
Buy milk,open,high,2027-01-01,"@Ann Lee, ""@Cid, Jr.""","the ""oat"" one
not the soy one",general,https://example.com/1
'=SUM(A1),done,low,2026-11-20T14:30[Asia/Tokyo],,,shop,
Käse 🧀,open,medium,2027-02-03[Asia/Tokyo],Ben,,,
0123,open,medium,,,,,
'''
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MIXED = workbook(
    sheet(
        texts(1, "title", "due", "priority"),
        row(2, text("A2", "Buy milk"), number("B2", "46388", workbooks.DATE), text("C2", "high")),
        row(3, text("A3", "Never"), text("B3", "2027-02-30"), text("C3", "low")),
        row(4, '<c r="A4" t="e"><v>#REF!</v></c>', more='hidden="1"'),
    )
)


def cells(data: bytes) -> list[list[object]]:
    """The values of the only sheet."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    (only,) = book.worksheets
    return [[cell.value for cell in line] for line in only.iter_rows()]


def files_in(folder: Path) -> list[Path]:
    return [path for name in ("files", "scratch") for path in (folder / name).rglob("*") if path.is_file()]


# --- through the service --------------------------------------------------------------------------------------------


async def test_an_export_has_days_as_days_and_all_else_as_text(desk: Desk) -> None:
    await desk.run(CONTENT)
    rows = cells(await desk.export(ExportFormat.XLSX))
    assert [line[:2] for line in rows] == [
        ["number", "title"], [1, "Buy milk"], [2, "=SUM(A1)"], [3, "Käse 🧀"], [4, "0123"],
    ]  # fmt: skip
    dues = [line[4] for line in rows[1:]]
    assert str(dues[0]) == "2027-01-01 00:00:00"
    assert dues[1:] == ["2026-11-20T14:30+09:00[Asia/Tokyo]", "2027-02-03[Asia/Tokyo]", None]


@pytest.mark.parametrize("mode", [ImportMode.CHECK, ImportMode.ALL])
async def test_an_export_imports_again_and_changes_nothing(desk: Desk, mode: ImportMode) -> None:
    await desk.run(CONTENT)
    before = await desk.tasks()
    again = await desk.run(await desk.export(ExportFormat.XLSX), mode, "tasks.xlsx")
    assert (again.findings.unchanged, again.findings.changes, again.findings.bad) == (4, 0, 0)
    assert await desk.tasks() == before


async def test_an_export_makes_the_same_tasks_again_once_they_are_gone(desk: Desk) -> None:
    done = await desk.run(CONTENT)
    before = await desk.tasks()
    data = await desk.export(ExportFormat.XLSX)
    await desk.undo(done)
    again = await desk.run(data, ImportMode.ALL, "tasks.xlsx")
    assert (again.findings.new, again.findings.new_keys) == (4, 4)
    assert [replace(task, number=0, batch="") for task in await desk.tasks()] == [
        replace(task, number=0, batch="") for task in before
    ]


async def test_an_export_of_nothing_is_a_workbook_with_headings(desk: Desk) -> None:
    (header,) = cells(await desk.export(ExportFormat.XLSX))
    assert header[:3] == ["number", "title", "status"]


async def test_an_export_is_named_and_typed_as_a_workbook(desk: Desk) -> None:
    made = await desk.exported(ExportFormat.XLSX)
    assert (made.file.name, made.file.media_type) == ("tasks-2026-11-20.xlsx", MEDIA_TYPE)


async def test_a_long_export_is_whole_and_in_order(desk: Desk) -> None:
    await desk.run("title\n" + "".join(f"Task {place}\n" for place in range(1, 2501)))
    rows = cells(await desk.export(ExportFormat.XLSX))
    assert [line[0] for line in rows[1:]] == list(range(1, 2501))


async def test_a_check_gives_all_rows_back_in_a_workbook_with_their_errors(desk: Desk) -> None:
    checked = await desk.run(MIXED, ImportMode.CHECK, "plan.xlsx")
    found = checked.findings
    assert (found.new, found.bad, found.hidden) == (1, 2, 1)
    assert checked.returned is not None
    assert (checked.returned.name, checked.returned.media_type) == ("plan-errors.xlsx", MEDIA_TYPE)
    header, good, bad, broken = cells(await desk.read(checked.returned))
    assert header == ["title", "due", "priority", "error"]
    assert good[3] is None
    assert bad[:3] == ["Never", "2027-02-30", "low"]
    assert bad[3] == "due “2027-02-30”: There is no such day in the calendar."
    assert broken[0] == "#REF!"
    assert broken[3] == "title “#REF!”: The spreadsheet shows an error here. Put what is meant in its place."


async def test_the_rows_that_were_left_out_come_back_and_can_be_mended(desk: Desk) -> None:
    done = await desk.run(MIXED, ImportMode.GOOD, "plan.xlsx")
    assert [task.title for task in await desk.tasks()] == ["Buy milk"]
    book = openpyxl.load_workbook(io.BytesIO(await desk.read(done.returned)))
    only = book.worksheets[0]
    only["B2"], only["A3"] = "2027-02-28", "Found again"
    buffer = io.BytesIO()
    book.save(buffer)
    again = await desk.run(buffer.getvalue(), ImportMode.ALL, "plan-errors.xlsx")
    assert (again.findings.new, again.findings.bad, again.findings.unused) == (2, 0, ())
    assert [task.title for task in await desk.tasks()] == ["Buy milk", "Never", "Found again"]


async def test_a_workbook_counts_by_its_bytes_and_not_by_its_name(desk: Desk) -> None:
    found = (await desk.run(MIXED, ImportMode.CHECK, "tasks.csv")).findings
    assert (found.new, found.bad) == (1, 2)
    text_file = await desk.run("title,priority\nx,hgh\n", ImportMode.CHECK, "tasks.xlsx")
    assert text_file.returned is not None
    assert text_file.returned.name == "tasks-errors.csv"


async def test_macros_are_left_alone_and_not_given_back(desk: Desk) -> None:
    content = workbook(
        sheet(texts(1, "title", "priority"), texts(2, "x", "hgh")), parts={"xl/vbaProject.bin": b"\0" * 500}
    )
    checked = await desk.run(content, ImportMode.CHECK, "plan.xlsm")
    assert checked.returned is not None
    assert checked.returned.name == "plan-errors.xlsx"
    with zipfile.ZipFile(io.BytesIO(await desk.read(checked.returned))) as archive:
        assert [name for name in archive.namelist() if "vba" in name] == []


async def test_values_of_a_sheet_become_tasks(desk: Desk) -> None:
    content = workbook(
        sheet(
            texts(1, "Name", "Due date", "Priority", "Done"),
            row(2, text("A2", "=1+1"), number("B2", "46388.5", workbooks.MOMENT), text("C2", "High"),
                '<c r="D2" t="b"><v>1</v></c>'),
            row(3, number("A3", "4711"), number("B3", "46388", workbooks.MOMENT)),
        )
    )  # fmt: skip
    await desk.run(content, ImportMode.ALL, "plan.xlsx")
    first, second = await desk.tasks()
    assert (first.title, first.priority, first.completed_at is not None) == ("=1+1", Priority.HIGH, True)
    assert first.due is not None
    assert first.due.iso() == "2027-01-01T12:00+01:00[Europe/Berlin]"
    assert second.due is not None
    assert (second.title, second.due.iso()) == ("4711", "2027-01-01[Europe/Berlin]")


class Slow:
    """Workbooks that take until they are told to go on."""

    def __init__(self) -> None:
        self.begun, self.go = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def reading(self, chunks: AsyncIterator[bytes], *, prefer: str, row_limit: int) -> AsyncIterator[Sheet]:
        self.begun.set()
        await self.go.wait()
        if self.go.is_set():
            raise RefusedError(SheetFault.SLOW, field="file")
        yield cast("Sheet", None)

    def writing(self, name: str) -> AbstractAsyncContextManager[SheetWriter]:
        raise AssertionError(name)


@pytest.mark.parametrize("mode", list(ImportMode))
async def test_nobody_waits_for_the_database_while_a_workbook_is_read(desk: Desk, mode: ImportMode) -> None:
    request, slow = desk.storage.request(desk.ann.workspace_id, "import"), Slow()
    tools = replace(desk.tools_with(request), workbooks=slow)
    transfer = FileImport(tools, TASK_SHEET, TASK_WORDS.error)
    file = await tools.files.receive(desk.ann, Attachment("plan.xlsx", "", None, lambda: in_pieces(MIXED)))
    importing = asyncio.create_task(transfer.apply(ASKED, desk.ann, desk.audience(desk.ann), file, mode))
    await slow.begun.wait()
    assert (await desk.run("title\nBuy milk\n")).findings.new == 1
    slow.go.set()
    with pytest.raises(RefusedError):
        await importing
    await request.abandon()


# --- through the application ----------------------------------------------------------------------------------------


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        yield made


async def drop(stage: Stage, data: bytes, line: str = "/task import", name: str = "plan.xlsx") -> Reply:
    """Type a line with a file attached to it."""
    attachment = Attachment(name, "", len(data), lambda: in_pieces(data))
    request = replace(stage.request(line), attachments=(attachment,))
    return await stage.product.application.handle(request)


async def titles(stage: Stage) -> list[object]:
    reply = await stage.type("/task list")
    return [line.cells[1] for table in reply.tables for line in table.rows]


async def test_a_dropped_workbook_is_checked_imported_and_undone_by_buttons(stage: Stage, tmp_path: Path) -> None:
    checked = await drop(stage, MIXED)
    assert "1 row that the spreadsheet hides" in plain(checked.text)
    assert [file.name for file in checked.files] == ["plan-errors.xlsx"]
    done = await stage.press(button(checked, "Import valid rows"))
    assert plain(done.text).startswith("Owner imported plan.xlsx.")
    assert await titles(stage) == ["Buy milk"]
    await stage.press(button(done, "Undo"))
    assert await titles(stage) == []
    assert [path for path in (tmp_path / "scratch").rglob("*") if path.is_file()] == []


async def test_an_export_by_command_comes_back_unchanged(stage: Stage) -> None:
    await drop(stage, MIXED, "/task import mode:good")
    reply = await stage.type("/task export xlsx")
    assert [(file.name, file.media_type) for file in reply.files] == [("tasks-2026-11-20.xlsx", MEDIA_TYPE)]
    again = await stage.type(f"/task import file:{reply.files[0].id}")
    assert plain(again.text).splitlines()[1] == "1 row: 1 unchanged."


async def test_merged_cells_are_told_of(stage: Stage) -> None:
    merged = '<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>'
    content = workbook(sheet(texts(1, "title", "due"), texts(2, "a", "2027-01-01"), texts(3, "b"), after=merged))
    assert "Some cells are merged" in plain((await drop(stage, content)).text)


BOMB = workbook(sheet(texts(1, "title")), parts={"xl/sharedStrings.xml": b" " * 20_000_000})
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaa">]><worksheet/>'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (workbooks.old_file(), "That is a file of an old office program."),
        (workbooks.old_file("EncryptedPackage"), "That spreadsheet is protected by a password."),
        (MIXED[:-100], "That spreadsheet is damaged."),
        (workbook(parts={"_rels/.rels": "<Relationships/>"}), "That is a packed file, but no Excel workbook (.xlsx)."),
        (BOMB, "That spreadsheet is built as no program builds one, so I don't unpack it."),
        (
            workbook(parts={workbooks.SHEET: ENTITIES}),
            "That spreadsheet is built as no program builds one, so I don't unpack it.",
        ),
        (workbook(sheet(), names=("Plan",)), "There is nothing on the sheet “Plan”."),
        (workbook(names=()), "There is no sheet in that file."),
        (
            workbook(sheet(texts(4, "x" * (CELL_LIMIT + 1)))),
            "Row 4 of that spreadsheet has a cell of more than 32,767 characters.",
        ),
        (workbook(sheet(row(4, number("XFD4", "1")))), "The row on line 4 has more than 200 cells."),
        (
            workbooks.tasks(("Dear all,",), ("see below",)),
            "I don't know the columns of that file; it begins with “Dear all,”.",
        ),
    ],
)
@pytest.mark.parametrize("mode", ["check", "all"])
async def test_a_wrong_workbook_is_one_clear_sentence_and_leaves_no_bytes(
    stage: Stage, tmp_path: Path, content: bytes, message: str, mode: str
) -> None:
    reply = await drop(stage, content, f"/task import mode:{mode}")
    assert reply.problem is not None
    assert reply.problem.message == message
    assert reply.problem.hint
    assert files_in(tmp_path) == []


async def test_other_commands_are_answered_while_a_workbook_is_written(stage: Stage) -> None:
    await drop(stage, MIXED, "/task import mode:good")
    export = asyncio.create_task(stage.type("/task export xlsx"))
    await asyncio.sleep(0)
    assert (await stage.type("/task add Call Bob")).ok
    assert (await export).ok
