"""Import of many tasks against the least that could do it: `csv.reader` and `executemany` into the same table.

Ours is all of it: the upload stored, the check with its file of errors, the import of the good rows with its undo
entry, both requests settled. Memory is the growth of a fresh process.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from bot.texts.tasks.transfer import TASK_WORDS
from core.tasks.sheet import TASK_SHEET
from tests.benchmarks.figures import Figure, Target
from tests.benchmarks.fresh import Figures, in_turn, tell
from tests.benchmarks.importing import bare_database, figures, imported, imported_barely, insert_of

ROWS = 100_000
BAD_EVERY = 100
TIME = Target("ratio", "≤", 4)
MEMORY = Target("ours", "<", 100)

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


def import_barely(database: Path, path: Path) -> None:
    """Read a file and insert its good rows, with nothing else."""
    with bare_database(database) as connection, path.open(encoding="utf-8", newline="") as file:
        names, insert = insert_of(connection, "tasks")
        rows = csv.reader(file)
        next(rows)
        connection.executemany(insert, _values(names, rows))


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


async def _run_ours(rows: int, folder: Path) -> Figures:
    path, few = folder / "tasks.csv", folder / "few.csv"
    path.write_bytes(sample(rows))
    few.write_bytes(sample(300))
    return await imported(folder, path, few, TASK_SHEET, TASK_WORDS)


async def _run_barely(rows: int, folder: Path) -> Figures:
    return await imported_barely(folder, sample(rows), import_barely)


async def run(*, is_quick: bool) -> list[Figure]:
    """Ours and the reference in turn, each in a fresh process; the worst growth and the worst stall."""
    mine, bare = await in_turn("import_tasks", 1 if is_quick else 5, ROWS)
    return figures(f"{ROWS:,} rows", "memory growth", mine, bare, (TIME, MEMORY))


if __name__ == "__main__":
    tell(_run_ours, _run_barely)
