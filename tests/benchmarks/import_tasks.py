"""Import of many tasks against the least that could do it: `csv.reader` and `executemany` into the same table.

Ours is all of it: the upload stored, the check with its file of errors, the import of the good rows with its undo
entry, both requests settled. Memory is the growth of a fresh process.
"""

import asyncio
import csv
import gc
import io
import resource
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from adapters.storage.engine.dialects.sqlite_connections import Visited
from bot.texts.tasks.transfer import TASK_WORDS
from bot.texts.transfer import TransferWords
from core.chat.reply import Reply
from core.chat.request import Attachment
from core.tasks.sheet import TASK_SHEET
from core.transfer.choices import ImportMode
from core.transfer.importing import FileImport
from core.transfer.sheet import Sheet
from tests.benchmarks.figures import Figure, Target, compared, percentile
from tests.benchmarks.fresh import in_turn, tell
from tests.benchmarks.processes import MEBIBYTE
from tests.support.task_files import ASKED, Desk, open_desk

ROWS = 100_000
BAD_EVERY = 100
TIME = Target("ratio", "≤", 4)
MEMORY = Target("ours", "<", 100)
HOLD = Target("ours", "≤", 20)

_FIRST_DAY = date(2025, 1, 1)
_PRIORITIES = ("High", "Low", "Medium")


def sample(rows: int) -> bytes:
    """A file of so many tasks, every hundredth with a bad date."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(["title", "due date", "priority", "notes"])
    for number in range(rows):
        day = _FIRST_DAY + timedelta(days=number % 900)
        due = "2026-02-30" if number % BAD_EVERY == 1 else day.isoformat()
        writer.writerow([f"Täsk number {number} of the long list", due, _PRIORITIES[number % 3], "Ask at the counter"])
    return buffer.getvalue().encode()


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(256 * 1024):
            yield chunk


async def import_file(
    desk: Desk, path: Path, sheet: Sheet[Any, Any] = TASK_SHEET, words: TransferWords[Any] = TASK_WORDS
) -> None:
    """Upload, check and import a file as two requests do."""
    audience = desk.audience(desk.ann)
    request = desk.storage.request(desk.ann.workspace_id, "check")
    tools = desk.tools_with(request)
    attachment = Attachment(path.name, "text/csv", None, lambda: _chunks(path))
    file = await tools.files.receive(desk.ann, attachment, only=desk.ann.member_id)
    checked = await FileImport(tools, sheet, words.error).check(desk.ann, audience, file)
    await request.settle(Reply())
    request = desk.storage.request(desk.ann.workspace_id, "import")
    tools = desk.tools_with(request)
    transfer = FileImport(tools, sheet, words.error)
    done = await transfer.apply(ASKED, desk.ann, audience, file.id, ImportMode.GOOD)
    await request.settle(Reply())
    assert checked.returned
    assert done.undo_id
    assert done.findings.new == checked.findings.new == checked.findings.rows - checked.findings.bad


def import_barely(database: Path, path: Path) -> None:
    """Read a file and insert its good rows, with nothing else."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        names = [row[1] for row in connection.execute("PRAGMA table_info(tasks)")]
        marks = ", ".join("?" * len(names))
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            connection.executemany(
                f"INSERT INTO tasks ({', '.join(names)}) VALUES ({marks})",
                _values(names, rows),
            )
    connection.close()


def _values(names: Sequence[str], rows: Iterable[list[str]]) -> Iterator[tuple[object, ...]]:
    """The least that the table takes."""
    same: dict[str, object] = {
        "workspace_id": 1,
        "status": "pending",
        "priority": 2,
        "due_zone": "Europe/Berlin",
        "due_fold": 0,
        "channel_id": 1,
        "author_id": 1,
        "origin": "",
        "created_at": "2026-11-20 12:00:00.000000",
        "version": 1,
        "batch": "01J00000000000000000000000",
    }
    columns = [same.get(name) for name in names]
    places = [names.index(name) for name in ("number", "title", "title_sort", "due_date", "due_sort", "notes")]
    for number, (title, due, _, notes) in enumerate(rows, start=1):
        for place, value in zip(places, (number, title, title, due, f"{due} 23:00:00.000000", notes), strict=True):
            columns[place] = value
        yield tuple(columns)


class Stall:
    """Watches how late the event loop comes round."""

    longest = 0.0

    async def watch(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            self.longest = max(self.longest, time.perf_counter() - before - 0.005)


class Holds:
    """Measures for how long each writing transaction on SQLite has the lock, its commit included."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Measure the transactions of the block."""
        execute = sqlite3.Connection.execute
        began = 0.0

        def measured(connection: Visited, statement: str, *values: Any) -> sqlite3.Cursor:
            nonlocal began
            done = execute(connection, statement, *values)
            if statement == "BEGIN IMMEDIATE":
                began = time.perf_counter()
            elif statement == "COMMIT" and began:
                self.seconds.append(time.perf_counter() - began)
                began = 0.0
            return done

        with patch.object(Visited, "execute", measured):
            yield


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def _run_ours(rows: int, folder: Path) -> dict[str, float]:
    path, few = folder / "tasks.csv", folder / "few.csv"
    path.write_bytes(sample(rows))
    few.write_bytes(sample(300))
    async with open_desk(folder, files_url=f"file://{folder / 'files'}") as desk:
        await import_file(desk, few)
    shutil.rmtree(folder / "files")
    async with open_desk(folder, files_url=f"file://{folder / 'files'}") as desk:
        # As `serve` does once it is ready.
        gc.collect()
        gc.freeze()
        stall = Stall()
        watcher = asyncio.create_task(stall.watch())
        await asyncio.sleep(0)
        before, start, holds = memory(), time.perf_counter(), Holds()
        with holds.watched():
            await import_file(desk, path)
        seconds = time.perf_counter() - start
        watcher.cancel()
    return {
        "seconds": seconds,
        "growth": memory() - before,
        "stall": stall.longest,
        "hold": percentile(holds.seconds, 0.99),
        "longest hold": max(holds.seconds),
    }


async def _run_barely(rows: int, folder: Path) -> dict[str, float]:
    path = folder / "tasks.csv"
    path.write_bytes(sample(rows))
    async with open_desk(folder):
        pass
    start = time.perf_counter()
    import_barely(folder / "quartermaster.db", path)
    return {"seconds": time.perf_counter() - start}


async def run(*, is_quick: bool) -> list[Figure]:
    """Ours and the reference in turn, each in a fresh process; the worst growth and the worst stall."""
    mine, bare = await in_turn("import_tasks", 1 if is_quick else 5, ROWS)
    worst = {name: max(one[name] for one in mine) * 1000 for name in ("stall", "longest hold")}
    note = f"longest stall of the event loop {worst['stall']:.0f} ms"
    holds = tuple(one["hold"] * 1000 for one in mine)
    longest = f"in 99 of 100 transactions; {worst['longest hold']:.0f} ms in the longest"
    growths = tuple(one["growth"] / MEBIBYTE for one in mine)
    ours, others = ([one["seconds"] for one in runs] for runs in (mine, bare))
    return [
        compared(f"import of {ROWS:,} rows", "s", ours, others, TIME, note),
        Figure("memory growth of that import", "MB", max(growths), MEMORY, samples=growths),
        Figure("write lock held by a step of it", "ms", max(holds), HOLD, note=longest, samples=holds),
    ]


if __name__ == "__main__":
    tell(_run_ours, _run_barely)
