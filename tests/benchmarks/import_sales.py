"""Import of as many sale lines as a shop has in a year against the least that could do it.

That is `csv.reader` and `executemany` into the same table. Ours is all of it: the upload stored, the file read in a
process of its own, each line looked for among those that are there, the answer with its undo entry. Memory is the
growth of a fresh process and all of the one that reads.
"""

import asyncio
import csv
import gc
import io
import resource
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from adapters.files import OfficeFileJobs, OfficeWorkbooks
from bot.texts.reports import importing as texts
from core.chat.reply import Reply
from core.chat.request import Attachment
from core.sales.importing import How, SalesImport
from core.sales.model import Dedupe
from core.transfer.choices import ImportMode
from tests.benchmarks.figures import Figure, Target, compared, percentile
from tests.benchmarks.fresh import in_turn, tell
from tests.benchmarks.import_tasks import Holds, Stall, memory
from tests.benchmarks.processes import MEBIBYTE
from tests.support.task_files import ASKED, Desk, in_pieces, open_desk

ROWS, FEW_ROWS = 541_909, 60_000
TIME = Target("ratio", "≤", 3)
MEMORY = Target("ours", "<", 150)
HOLD = Target("ours", "≤", 20)

_DATA = Path(__file__).parents[1] / "data" / "retail"
_PIECE = 256 * 1024


def sample(rows: int) -> bytes:
    """A file of so many lines: the four days that there are, again and again, each time later."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow("InvoiceNo StockCode Description Quantity InvoiceDate UnitPrice CustomerID Country".split())
    writer.writerows(islice(_lines(), rows))
    return buffer.getvalue().encode()


def _lines() -> Iterator[list[str]]:
    known = [row for path in sorted(_DATA.glob("*.csv")) for row in list(csv.reader(path.open(encoding="utf-8")))[1:]]
    weeks = 0
    for place, (invoice, *rest) in enumerate(cycle(known)):
        weeks = place // len(known)
        moment = datetime.fromisoformat(rest[3]) + timedelta(weeks=weeks)
        yield [f"{invoice}{weeks}", *rest[:3], f"{moment}", *rest[4:]]


async def import_file(desk: Desk, data: bytes, delivery: str) -> int:
    """Upload and import a file as a request does; return how many lines it brought."""
    request = desk.storage.request(desk.ann.workspace_id, delivery)
    tools = desk.tools_with(request)
    attachment = Attachment("sales.csv", "text/csv", len(data), lambda: in_pieces(data, _PIECE))
    file = await tools.files.receive(desk.ann, attachment, only=desk.ann.member_id)
    assert isinstance(desk.workbooks, OfficeWorkbooks)
    how = How("Europe/London", "GBP", Dedupe.LINE, {}, {})
    importing = SalesImport(tools, OfficeFileJobs(desk.workbooks), how, texts.words("GBP").error)
    asked = replace(ASKED, delivery=delivery)
    done = await importing.apply(asked, desk.ann, desk.audience(desk.ann), file, ImportMode.GOOD)
    await request.settle(Reply())
    assert done.undo_id
    return done.findings.new


def import_barely(database: Path, path: Path) -> None:
    """Read a file and insert its rows, with nothing else."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            connection.executemany(_INSERT, _values(rows))
    connection.close()


_INSERT = (
    "INSERT INTO sale_lines (workspace_id, business_date, sold_at, product, product_name, customer, customer_name,"
    " country, quantity, price, discount, tax, amount, currency, source, reference, batch, digest)"
    " VALUES (1, ?, ?, ?, ?, ?, '', ?, ?, ?, 0, 0, 0, 'GBP', 'import', ?, '01J00000000000000000000000', ?)"
)


def _values(rows: Iterator[list[str]]) -> Iterator[tuple[object, ...]]:
    """The least that the table takes."""
    for place, (invoice, code, name, quantity, moment, price, customer, country) in enumerate(rows):
        yield moment[:10], moment, code, name, customer, country, quantity, price, invoice, f"{moment[:10]}{place}"


async def _run_ours(rows: int, folder: Path) -> dict[str, float]:
    async with open_desk(folder, files_url=f"file://{folder / 'files'}") as desk:
        await import_file(desk, sample(300), "few")
        data = sample(rows)
        # As `serve` does once it is ready.
        gc.collect()
        gc.freeze()
        stall, holds = Stall(), Holds()
        watcher = asyncio.create_task(stall.watch())
        await asyncio.sleep(0)
        before, start = memory(), time.perf_counter()
        with holds.watched():
            await import_file(desk, data, "many")
        seconds = time.perf_counter() - start
        watcher.cancel()
        growth = memory() - before
    return {
        "seconds": seconds,
        "growth": growth + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
        "stall": stall.longest,
        "hold": percentile(holds.seconds, 0.99),
        "longest hold": max(holds.seconds),
    }


async def _run_barely(rows: int, folder: Path) -> dict[str, float]:
    path = folder / "sales.csv"
    path.write_bytes(sample(rows))
    async with open_desk(folder):
        pass
    start = time.perf_counter()
    import_barely(folder / "quartermaster.db", path)
    return {"seconds": time.perf_counter() - start}


async def run(*, is_quick: bool) -> list[Figure]:
    """Ours and the reference in turn, each in a fresh process; the worst growth and the worst stall."""
    rows = FEW_ROWS if is_quick else ROWS
    mine, bare = await in_turn("import_sales", 1 if is_quick else 3, rows)
    worst = {name: max(one[name] for one in mine) * 1000 for name in ("stall", "longest hold")}
    note = f"longest stall of the event loop {worst['stall']:.0f} ms"
    holds = tuple(one["hold"] * 1000 for one in mine)
    longest = f"in 99 of 100 transactions; {worst['longest hold']:.0f} ms in the longest"
    growths = tuple(one["growth"] / MEBIBYTE for one in mine)
    ours, others = ([one["seconds"] for one in runs] for runs in (mine, bare))
    return [
        compared(f"import of {rows:,} sale lines", "s", ours, others, TIME, note),
        Figure("memory of that import", "MB", max(growths), MEMORY, samples=growths),
        Figure("write lock held by a step of it", "ms", max(holds), HOLD, note=longest, samples=holds),
    ]


if __name__ == "__main__":
    tell(_run_ours, _run_barely)
