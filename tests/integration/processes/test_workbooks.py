"""Workbooks through their processes: what passes in and out, what bounds it, and that nothing stays in between."""

from pathlib import Path

import pytest

from adapters.files.workbooks import OfficeWorkbooks
from adapters.processes.pool import PoolLimits, ProcessPool
from adapters.processes.scratch import Scratch
from core.ports.workbooks import ROWS_EVER, SheetFault
from core.shared.errors import FileTooLargeError, RefusedError
from tests.support import workbooks
from tests.support.task_files import in_pieces
from tests.support.workbooks import open_workbooks

GOOD = workbooks.tasks(("title",), ("Buy milk",))
AT_ONCE = PoolLimits(seconds=0.001)


def left(folder: Path) -> list[Path]:
    return list((folder / "scratch").iterdir())


async def test_rows_go_in_and_come_out(tmp_path: Path) -> None:
    async with open_workbooks(tmp_path) as books:
        async with books.writing("Plan") as written:
            await written.add([["title"], ["=1"]])
            data = b"".join([chunk async for chunk in written.chunks()])
        async with books.reading(in_pieces(data), prefer="Tasks", row_limit=10) as sheet:
            assert (sheet.name, sheet.hidden, sheet.merged) == ("Plan", 0, 0)
            assert list(sheet.rows()) == [(1, ["title"]), (2, ["=1"])]
            assert sheet.position == sheet.size
    assert left(tmp_path) == []


async def test_a_workbook_can_be_given_up(tmp_path: Path) -> None:
    async with open_workbooks(tmp_path) as books, books.writing("Plan") as written:
        await written.add([["title"]])
    assert left(tmp_path) == []


async def test_what_waits_in_between_is_private(tmp_path: Path) -> None:
    async with open_workbooks(tmp_path) as books, books.writing("Plan"):
        modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "scratch", *left(tmp_path))]
        assert modes == [0o700, 0o700]


async def test_a_file_over_the_limit_is_not_even_kept(tmp_path: Path) -> None:
    pool = ProcessPool()
    books = OfficeWorkbooks(pool, Scratch(tmp_path / "scratch"), limit=100)
    with pytest.raises(FileTooLargeError):
        async with books.reading(in_pieces(GOOD), prefer="Tasks", row_limit=10):
            pytest.fail("was read")
    assert left(tmp_path) == []


async def test_what_takes_too_long_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    async with open_workbooks(tmp_path, AT_ONCE) as books:
        with pytest.raises(RefusedError) as reading:
            async with books.reading(in_pieces(GOOD), prefer="Tasks", row_limit=10):
                pytest.fail("was read")
        async with books.writing("Plan") as written:
            with pytest.raises(RefusedError) as writing:
                await anext(written.chunks())
    assert (reading.value.reason, reading.value.field) == (SheetFault.SLOW, "file")
    assert writing.value.reason == SheetFault.NOT_WRITTEN
    assert left(tmp_path) == []


async def test_more_rows_than_a_sheet_has_are_refused(tmp_path: Path) -> None:
    async with open_workbooks(tmp_path) as books, books.writing("Plan") as written:
        with pytest.raises(RefusedError) as caught:
            await written.add([[]] * (ROWS_EVER + 1))
    assert caught.value.reason == SheetFault.NOT_WRITTEN
