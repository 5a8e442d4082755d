"""A process that adds tasks to a database file until it is killed, and what has to be there afterwards."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from core.chat.reply import Reply
from core.tasks.model import TaskFilter
from core.tasks.repository import TASKS
from core.workspaces.model import Audience
from tests.support.storage import make_storage

_ADDS = """
import asyncio, itertools, sys
from core.chat.reply import Reply
from core.tasks.repository import TASKS
from tests.contract.storage.world import build_place
from tests.support.storage import make_storage

async def main(url, name):
    storage = await make_storage(url=url)
    place = await build_place(storage, name)
    async def add(index):
        key = f"{name}-{index}"
        request = storage.request(place.id, key)
        async with request.write() as work:
            number = await work.of(TASKS).reserve_numbers()
            work.of(TASKS).add(place.task(number, title=key))
            await work.commit()
        await request.settle(Reply(title=str(number)))
        print(f"{key} {number}", flush=True)
    for first in itertools.count(0, 8):
        await asyncio.gather(*(add(first + step) for step in range(8)))

asyncio.run(main(*sys.argv[1:]))
"""


async def kill_a_writer(url: str, workspace: str, after: int) -> list[tuple[str, int]]:
    """Make a workspace, add tasks to it, and be killed after so many answers; return all that were given."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", _ADDS, url, workspace),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None
    lines = [await child.stdout.readline() for _ in range(after)]
    os.kill(child.pid, signal.SIGKILL)
    lines += (await child.stdout.read()).splitlines(keepends=True)
    await child.wait()
    answered = [line.decode().split() for line in lines if line.endswith(b"\n")]
    return [(key, int(number)) for key, number in answered]


async def assert_kept(url: str, workspace: str, answered: list[tuple[str, int]]) -> int:
    """Everything that was answered is there once, and the next start works; return how many tasks there are."""
    storage = await make_storage(url=url)
    found = await storage.system.workspace(workspace)
    assert found is not None
    async with storage.workspace(found.id).write() as work:
        every = work.of(TASKS).stream(TaskFilter(), Audience(0, frozenset(), everything=True))
        titles = {task.title: task.number async for chunk in every for task in chunk}
        assert await work.of(TASKS).reserve_numbers() == len(titles) + 1
    assert sorted(titles.values()) == list(range(1, len(titles) + 1))
    for key, number in answered:
        assert titles[key] == number
        assert await storage.system.delivered(key) == Reply(title=str(number))
    await storage.close()
    return len(titles)
