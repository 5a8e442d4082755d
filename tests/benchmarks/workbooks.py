"""Workbooks of 10,000 tasks against the library alone: writing in its write-only mode, reading in its read-only mode.

Ours is all of it, the start of the process that does the work included: the tasks from the database, the file stored;
for the import the upload, the check, the import with its undo entry. Every round is a fresh process.
"""

import asyncio
import gc
import io
import time
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl

from bot.texts.tasks.transfer import TASK_WORDS
from core.chat.reply import Reply
from core.chat.request import Attachment
from core.tasks.sheet import TASK_SHEET
from core.transfer.choices import ExportFormat, ImportMode
from core.transfer.importing import FileImport
from tests.benchmarks.figures import Figure, Target, compared
from tests.benchmarks.fresh import in_turn, tell
from tests.benchmarks.importing import Stall, memory
from tests.benchmarks.processes import MEBIBYTE
from tests.support.task_files import ASKED, Desk, open_desk
from tests.support.workbooks import open_workbooks

ROWS = 10_000
EXPORT = Target("ours", "<", 3)
IMPORT = Target("ratio", "≤", 4)
MEMORY = Target("ours", "<", 50)

_FIRST_DAY = date(2025, 1, 1)


def _rows() -> Iterator[list[object]]:
    """The rows that an export of the sample has."""
    yield list(TASK_SHEET.names)
    for number in range(1, ROWS + 1):
        cells: dict[str, object] = {
            "number": number,
            "title": f"Täsk number {number} of the long list",
            "status": "pending",
            "priority": "medium",
            "due": _FIRST_DAY + timedelta(days=number % 900),
            "notes": "Ask at the counter",
            "channel": "#general",
            "created": "2026-11-20T12:00:00Z",
        }
        yield [cells.get(name, "") for name in TASK_SHEET.names]


def _write_barely() -> bytes:
    buffer = io.BytesIO()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Tasks")
    for row in _rows():
        sheet.append(row)
    book.save(buffer)
    return buffer.getvalue()


def _read_barely(data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    assert sum(1 for _ in book["Tasks"].iter_rows(values_only=True)) == ROWS + 1
    book.close()


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 256 * 1024):
        yield data[start : start + 256 * 1024]


async def _import(desk: Desk, data: bytes) -> None:
    """Upload, check and import a workbook as two requests do."""
    audience = desk.audience(desk.ann)
    request = desk.storage.request(desk.ann.workspace_id, "check")
    tools = desk.tools_with(request)
    transfer = FileImport(tools, TASK_SHEET, TASK_WORDS.error)
    file = await tools.files.keep(desk.ann, Attachment("tasks.xlsx", "", None, lambda: _chunks(data)))
    checked = await transfer.check(desk.ann, audience, file.id)
    await request.settle(Reply())
    request = desk.storage.request(desk.ann.workspace_id, "import")
    tools = desk.tools_with(request)
    transfer = FileImport(tools, TASK_SHEET, TASK_WORDS.error)
    done = await transfer.apply(ASKED, desk.ann, audience, file.id, ImportMode.ALL)
    await request.settle(Reply())
    assert checked.findings.new == done.findings.new == ROWS


async def _run_ours(folder: Path) -> dict[str, float]:
    data = _write_barely()
    async with open_desk(folder, files_url=f"file://{folder / 'files'}") as desk:
        start = time.perf_counter()
        await _import(desk, data)
        imported = time.perf_counter() - start
        # With workbooks of its own the export starts its process anew.
        async with open_workbooks(folder) as workbooks:
            desk.workbooks = workbooks
            # As `serve` does once it is ready.
            gc.collect()
            gc.freeze()
            stall = Stall()
            watcher = asyncio.create_task(stall.watch())
            await asyncio.sleep(0)
            before, start = memory(), time.perf_counter()
            made = await desk.exported(ExportFormat.XLSX)
            exported = time.perf_counter() - start
            watcher.cancel()
    assert made.count == ROWS
    return {"import": imported, "export": exported, "growth": memory() - before, "stall": stall.longest}


async def _run_barely(_folder: Path) -> dict[str, float]:
    start = time.perf_counter()
    data = _write_barely()
    written = time.perf_counter() - start
    start = time.perf_counter()
    _read_barely(data)
    return {"export": written, "import": time.perf_counter() - start}


async def run(*, is_quick: bool) -> list[Figure]:
    """Ours and the library alone in turn; the worst growth and the worst stall."""
    mine, bare = await in_turn("workbooks", 1 if is_quick else 5)
    note = f"longest stall of the event loop {max(one['stall'] for one in mine) * 1000:.0f} ms"
    growths = tuple(one["growth"] / MEBIBYTE for one in mine)
    figures = []
    for what, target, words in (("export", EXPORT, note), ("import", IMPORT, "checked, then imported")):
        ours, others = ([one[what] for one in rounds] for rounds in (mine, bare))
        figures.append(compared(f"{what} of a workbook of {ROWS:,} rows", "s", ours, others, target, words))
    return [*figures, Figure("memory growth of that export", "MB", max(growths), MEMORY, samples=growths)]


if __name__ == "__main__":
    tell(_run_ours, _run_barely)
