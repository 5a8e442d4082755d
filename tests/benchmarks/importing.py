"""What the benches of imports share: the import of a file, what is measured beside it, and both sides' figures."""

import asyncio
import resource
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from adapters.storage.engine.dialects.sqlite_connections import Visited
from bot.cli.serve import spare_collections
from bot.texts.transfer import TransferWords
from core.chat.reply import Reply
from core.chat.request import Attachment
from core.transfer.choices import ImportMode
from core.transfer.importing import FileImport
from core.transfer.sheet import Sheet
from tests.benchmarks.figures import Figure, Target, compared, percentile
from tests.benchmarks.fresh import Figures
from tests.benchmarks.processes import MEBIBYTE
from tests.support.task_files import ASKED, Desk, open_desk

HOLD = Target("ours", "≤", 20)


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(256 * 1024):
            yield chunk


async def import_file(desk: Desk, path: Path, sheet: Sheet[Any, Any], words: TransferWords[Any]) -> None:
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


async def imported(folder: Path, path: Path, few: Path, sheet: Sheet[Any, Any], words: TransferWords[Any]) -> Figures:
    """Measure the import of a file, after that of a few rows has loaded all that it needs."""
    async with open_desk(folder, files_url=f"file://{folder / 'files'}") as desk:
        await import_file(desk, few, sheet, words)
    shutil.rmtree(folder / "files")
    async with open_desk(folder, files_url=f"file://{folder / 'files'}") as desk:
        return await measured(import_file(desk, path, sheet, words))


async def imported_barely(folder: Path, content: bytes, barely: Callable[[Path, Path], None]) -> Figures:
    """Measure what reads a file into a database, and does nothing else."""
    path = folder / "bare.csv"
    path.write_bytes(content)
    async with open_desk(folder):
        pass
    start = time.perf_counter()
    barely(folder / "quartermaster.db", path)
    return {"seconds": time.perf_counter() - start}


@contextmanager
def bare_database(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database by the product's own rules, for one transaction."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for rule in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {rule}")
        yield connection


def insert_of(connection: sqlite3.Connection, table: str) -> tuple[Sequence[str], str]:
    """Return the columns of a table, and what inserts a row of it."""
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    return names, f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


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


async def measured(importing: Awaitable[object]) -> Figures:
    """Measure an import: its time, the growth of this process, and for how long it held up others."""
    # As `serve` does once it is ready.
    spare_collections()
    stall, holds = Stall(), Holds()
    watcher = asyncio.create_task(stall.watch())
    await asyncio.sleep(0)
    before, start = memory(), time.perf_counter()
    with holds.watched():
        await importing
    seconds = time.perf_counter() - start
    watcher.cancel()
    return {
        "seconds": seconds,
        "growth": memory() - before,
        "stall": stall.longest,
        "hold": percentile(holds.seconds, 0.99),
        "longest hold": max(holds.seconds),
    }


def figures(
    rows: str, memory_of: str, mine: Sequence[Figures], bare: Sequence[Figures], limits: tuple[Target, Target]
) -> list[Figure]:
    """The time against the reference, the worst growth, and the worst hold; `limits` are those of time and memory."""
    worst = {name: max(one[name] for one in mine) * 1000 for name in ("stall", "longest hold")}
    note = f"longest stall of the event loop {worst['stall']:.0f} ms"
    holds = tuple(one["hold"] * 1000 for one in mine)
    longest = f"in 99 of 100 transactions; {worst['longest hold']:.0f} ms in the longest"
    growths = tuple(one["growth"] / MEBIBYTE for one in mine)
    ours, others = ([one["seconds"] for one in runs] for runs in (mine, bare))
    time_limit, memory_limit = limits
    return [
        compared(f"import of {rows}", "s", ours, others, time_limit, note),
        Figure(f"{memory_of} of that import", "MB", max(growths), memory_limit, samples=growths),
        Figure("write lock held by a step of it", "ms", max(holds), HOLD, note=longest, samples=holds),
    ]
