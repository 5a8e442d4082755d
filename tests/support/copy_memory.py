"""How much memory a copy of so many tasks needs, in a process of its own."""

import asyncio
import json
import sys
from pathlib import Path

from tests.contract.storage.world import build_place
from tests.support.databases import fresh_database
from tests.support.many_tasks import add_tasks
from tests.support.storage import fresh_url, make_storage

_COPY = """
import asyncio, json, re, sys
from pathlib import Path
from adapters.storage.copying import Copy
copied = asyncio.run(Copy(sys.argv[1], sys.argv[2]).run())
# What getrusage tells begins with the size of the process that started this one.
most = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(json.dumps([copied.tables["tasks"].rows, int(most[1]) / 1024]))
"""


async def _megabytes(source: str, target: str, count: int) -> float:
    """Copy in a process of its own, and return the most memory that it had."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _COPY, source, target, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    out, _ = await process.communicate()
    rows, megabytes = json.loads(out)
    assert rows == count
    return float(megabytes)


async def megabytes_of_a_copy(kind: str, folder: Path, count: int) -> float:
    """Copy a file with so many tasks into a database of a kind; return the most memory that it took."""
    (folder / "target").mkdir(parents=True)
    url = fresh_url(folder)
    storage = await make_storage(url=url)
    place = await build_place(storage, "here")
    await place.add(place.task())
    await storage.close()
    await add_tasks(url, count - 1)
    async with fresh_database(kind, folder / "target", empty=True) as target:
        return await _megabytes(url, target, count)
