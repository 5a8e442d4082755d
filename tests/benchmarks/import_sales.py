"""Import of as many sale lines as a shop has in a year against the least that could do it.

That is `csv.reader` and `executemany` into the same table. Ours is all of it: the upload stored, the file read in a
process of its own, each line looked for among those that are there, the answer with its undo entry. Memory is the
growth of a fresh process and all of the one that reads.
"""

import csv
import io
import resource
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
from tests.benchmarks.figures import Figure, Target
from tests.benchmarks.fresh import Figures, in_turn, tell
from tests.benchmarks.importing import bare_database, figures, imported_barely, measured
from tests.support.task_files import ASKED, Desk, in_pieces, open_desk

ROWS, FEW_ROWS = 541_909, 60_000
TIME = Target("ratio", "≤", 3)
MEMORY = Target("ours", "<", 150)

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
    with bare_database(database) as connection, path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        connection.executemany(_INSERT, _values(rows))


_INSERT = (
    "INSERT INTO sale_lines (workspace_id, business_date, sold_at, product, product_name, customer, customer_name,"
    " country, quantity, price, discount, tax, amount, currency, source, reference, batch, digest)"
    " VALUES (1, ?, ?, ?, ?, ?, '', ?, ?, ?, 0, 0, 0, 'GBP', 'import', ?, '01J00000000000000000000000', ?)"
)


def _values(rows: Iterator[list[str]]) -> Iterator[tuple[object, ...]]:
    """The least that the table takes."""
    for place, (invoice, code, name, quantity, moment, price, customer, country) in enumerate(rows):
        yield moment[:10], moment, code, name, customer, country, quantity, price, invoice, f"{moment[:10]}{place}"


async def _run_ours(rows: int, folder: Path) -> Figures:
    async with open_desk(folder, files_url=f"file://{folder / 'files'}") as desk:
        await import_file(desk, sample(300), "few")
        found = await measured(import_file(desk, sample(rows), "many"))
    # Known of a process once it has ended.
    reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return {**found, "growth": found["growth"] + reader}


async def _run_barely(rows: int, folder: Path) -> Figures:
    return await imported_barely(folder, sample(rows), import_barely)


async def run(*, is_quick: bool) -> list[Figure]:
    """Ours and the reference in turn, each in a fresh process; the worst growth and the worst stall."""
    rows = FEW_ROWS if is_quick else ROWS
    mine, bare = await in_turn("import_sales", 1 if is_quick else 3, rows)
    return figures(f"{rows:,} sale lines", "memory", mine, bare, (TIME, MEMORY))


if __name__ == "__main__":
    tell(_run_ours, _run_barely)
