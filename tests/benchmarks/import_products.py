"""Import of 100,000 products against the least that could do it: `csv.reader` and `executemany` into the same tables.

These are the products, the first movement of each, and the terms by which they are searched. Ours is all of it, as that
of tasks is.
"""

import asyncio
import csv
import gc
import io
import re
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.texts.low import became_low
from bot.texts.stock.transfer import words_of
from core.stock.model import Shop
from core.stock.sheet import sheet_of
from tests.benchmarks.figures import Figure, Target, compared, percentile
from tests.benchmarks.fresh import in_turn, tell
from tests.benchmarks.goods import goods
from tests.benchmarks.import_tasks import Holds, Stall, import_file, memory
from tests.benchmarks.processes import MEBIBYTE
from tests.support.clock import HeldClock
from tests.support.task_files import ZONE, open_desk

ROWS, BAD_EVERY = 100_000, 100
TIME = Target("ratio", "≤", 4)
MEMORY = Target("ours", "<", 100)
HOLD = Target("ours", "≤", 20)

_HEAD = ("sku", "name", "quantity", "price", "category", "tags", "description")
_SHEET, _WORDS = sheet_of(Shop("EUR", ZONE), HeldClock(), became_low), words_of("EUR")
_WORD = re.compile("[a-z0-9]+")


def sample(rows: int) -> bytes:
    """A file of so many products, every hundredth with a bad price."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(_HEAD)
    for one in goods(rows):
        price = "1,2,3" if one.number % BAD_EVERY == 1 else f"{one.number % 900 + 1}.50"
        tags = ", ".join(one.tags)
        writer.writerow([one.sku, one.name, one.number % 30 + 1, price, one.category, tags, one.description])
    return buffer.getvalue().encode()


def import_barely(database: Path, path: Path) -> None:
    """Read a file and insert its rows, with nothing else."""
    with sqlite3.connect(database) as connection:
        for rule in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {rule}")
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            read = list(enumerate(rows, start=1))
        for table, values in (("products", _products(read)), ("movements", _movements(read)), ("search_terms", None)):
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            marks = ", ".join("?" * len(names))
            insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
            connection.executemany(insert, _terms(read) if values is None else _rows(names, values))
    connection.close()


Read = Sequence[tuple[int, list[str]]]


def _rows(names: Sequence[str], values: Iterable[dict[str, object]]) -> Iterator[list[object]]:
    for value in values:
        yield list(map(value.get, names))


def _products(read: Read) -> Iterator[dict[str, object]]:
    for number, (sku, name, quantity, _, category, tags, description) in read:
        yield {
            **_SAME,
            "number": number,
            "sku": sku,
            "sku_sort": sku.lower(),
            "name": name,
            "name_sort": name.lower(),
            "words": f"{sku} {name}".lower(),
            "description": description,
            "category": category,
            "category_sort": category,
            "tags": tags.replace(", ", "\n"),
            "price": number % 900 * 10_000 + 15_000,
            "on_hand": int(quantity),
        }


_SAME: dict[str, object] = {
    "workspace_id": 1,
    "author_id": 1,
    "created_at": "2026-11-20 12:00:00.000000",
    "version": 1,
    "is_discontinued": 0,
    "on_order": 0,
    "dimensions": "",
    "added_on": "2026-11-20",
    "reserved": 0,
    "elsewhere": 0,
}


def _movements(read: Read) -> Iterator[dict[str, object]]:
    same = {"workspace_id": 1, "kind": "restock", "at": _SAME["created_at"], "business_date": _SAME["added_on"]}
    texts = dict.fromkeys(("reason", "reference", "location"), "")
    for number, row in read:
        yield {**same, **texts, "author_id": 1, "number": number, "quantity": int(row[2])}


def _terms(read: Read) -> Iterator[tuple[int, int, int, str, int]]:
    known = set()
    for number, (sku, name, _, _, category, tags, description) in read:
        terms = set(_WORD.findall(f"{sku} {name} {category} {tags} {description}".lower()))
        terms |= {"=" + "".join(_WORD.findall(text.lower())) for text in (sku, name)}
        known |= terms
        yield from ((1, 1, number, term, number // 1024 % 128) for term in terms)
    yield from ((1, 1, 0, term, 0) for term in known if term.isalpha())


async def _run_ours(rows: int, folder: Path) -> dict[str, float]:
    path, few = folder / "products.csv", folder / "few.csv"
    path.write_bytes(sample(rows))
    few.write_bytes(sample(300).replace(b"SKU-", b"FEW-"))
    async with open_desk(folder, files_url=f"file://{folder / 'files'}") as desk:
        await import_file(desk, few, _SHEET, _WORDS)
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
            await import_file(desk, path, _SHEET, _WORDS)
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
    path = folder / "products.csv"
    path.write_bytes(sample(rows))
    async with open_desk(folder):
        pass
    start = time.perf_counter()
    import_barely(folder / "quartermaster.db", path)
    return {"seconds": time.perf_counter() - start}


async def run(*, is_quick: bool) -> list[Figure]:
    """Ours and the reference in turn, each in a fresh process."""
    mine, bare = await in_turn("import_products", 1 if is_quick else 3, ROWS)
    worst = {name: max(one[name] for one in mine) * 1000 for name in ("stall", "longest hold")}
    note = f"longest stall of the event loop {worst['stall']:.0f} ms"
    holds = tuple(one["hold"] * 1000 for one in mine)
    longest = f"in 99 of 100 transactions; {worst['longest hold']:.0f} ms in the longest"
    growths = tuple(one["growth"] / MEBIBYTE for one in mine)
    ours, others = ([one["seconds"] for one in runs] for runs in (mine, bare))
    return [
        compared(f"import of {ROWS:,} products", "s", ours, others, TIME, note),
        Figure("memory growth of that import", "MB", max(growths), MEMORY, samples=growths),
        Figure("write lock held by a step of it", "ms", max(holds), HOLD, note=longest, samples=holds),
    ]


if __name__ == "__main__":
    tell(_run_ours, _run_barely)
