"""Import of 100,000 products against the least that could do it: `csv.reader` and `executemany` into the same tables.

These are the products, the first movement of each, and the terms by which they are searched. Ours is all of it, as that
of tasks is.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.texts.low import became_low
from bot.texts.stock.transfer import words_of
from core.stock.model import Shop
from core.stock.sheet import sheet_of
from tests.benchmarks.figures import Figure, Target
from tests.benchmarks.fresh import Figures, in_turn, tell
from tests.benchmarks.goods import goods
from tests.benchmarks.importing import bare_database, figures, imported, imported_barely, insert_of
from tests.support.clock import HeldClock
from tests.support.task_files import ZONE

ROWS, BAD_EVERY = 100_000, 100
TIME = Target("ratio", "≤", 4)
MEMORY = Target("ours", "<", 100)

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
    with bare_database(database) as connection:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            read = list(enumerate(rows, start=1))
        for table, values in (("products", _products(read)), ("movements", _movements(read)), ("search_terms", None)):
            names, insert = insert_of(connection, table)
            connection.executemany(insert, _terms(read) if values is None else _rows(names, values))


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


async def _run_ours(rows: int, folder: Path) -> Figures:
    path, few = folder / "products.csv", folder / "few.csv"
    path.write_bytes(sample(rows))
    few.write_bytes(sample(300).replace(b"SKU-", b"FEW-"))
    return await imported(folder, path, few, _SHEET, _WORDS)


async def _run_barely(rows: int, folder: Path) -> Figures:
    return await imported_barely(folder, sample(rows), import_barely)


async def run(*, is_quick: bool) -> list[Figure]:
    """Ours and the reference in turn, each in a fresh process."""
    mine, bare = await in_turn("import_products", 1 if is_quick else 3, ROWS)
    return figures(f"{ROWS:,} products", "memory growth", mine, bare, (TIME, MEMORY))


if __name__ == "__main__":
    tell(_run_ours, _run_barely)
