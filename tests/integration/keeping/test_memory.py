"""A copy needs the memory of a few rows, however many there are."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.contract.storage.world import build_place
from tests.support.databases import fresh_database
from tests.support.many_tasks import add_tasks
from tests.support.storage import fresh_url, make_storage

FEW, MANY = 10_000, 100_000
MORE = 30.0
"""Megabytes that ten times as many rows may need; kept in memory they would need hundreds."""

_COPY = """
import asyncio, json, resource, sys
from adapters.storage.copying import Copy
copied = asyncio.run(Copy(sys.argv[1], sys.argv[2]).run())
print(json.dumps([copied.tables["tasks"].rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


async def _megabytes(source: str, target: str, count: int) -> float:
    """Copy in a process of its own, and return the most memory that it had."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _COPY, source, target, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    out, _ = await process.communicate()
    rows, megabytes = json.loads(out)
    assert rows == count
    return float(megabytes)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_hundred_thousand_tasks_need_hardly_more_than_ten_thousand(tmp_path: Path, kind: str) -> None:
    needed = []
    for count in (FEW, MANY):
        folder = tmp_path / str(count)
        (folder / "target").mkdir(parents=True)
        url = fresh_url(folder)
        storage = await make_storage(url=url)
        place = await build_place(storage, "here")
        await place.add(place.task())
        await storage.close()
        await add_tasks(url, count - 1)
        async with fresh_database(kind, folder / "target", empty=True) as target:
            needed.append(await _megabytes(url, target, count))
    assert needed[1] - needed[0] < MORE, needed
