"""The pool of processes: bounded in number, time and memory, and nothing of it stays behind."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from adapters.processes.errors import JobFailedError, JobMemoryError, JobRefusedError, JobSlowError
from adapters.processes.pool import PoolLimits, ProcessPool
from core.ports.workbooks import SheetFault
from core.shared.errors import BusyError
from tests.support import workbooks
from tests.support.patience import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes where Linux lists them")

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def pools() -> AsyncIterator[list[ProcessPool]]:
    """Pools that end with the test."""
    opened: list[ProcessPool] = []
    yield opened
    for pool in opened:
        await pool.close()


def processes() -> set[int]:
    """The processes that this one has started and that still run."""
    while True:
        listed = Path(f"/proc/{os.getpid()}/task").glob("*/children")
        # A thread that ends meanwhile hands its children to another one, which may have been read already.
        with suppress(FileNotFoundError, ProcessLookupError):
            return {int(word) for path in listed for word in path.read_text().split()}


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    before = processes()
    yield
    assert processes() - before == set()


def asked(folder: Path, content: bytes | None = None) -> dict[str, Any]:
    """A job that reads a workbook; without any, from a pipe that nobody ever writes to."""
    source = folder / f"book-{len(list(folder.iterdir()))}"
    if content is None:
        os.mkfifo(source)
    else:
        source.write_bytes(content)
    return {"source": str(source), "target": str(folder / "lines"), "prefer": "Tasks", "rows": 100}


async def started(before: set[int]) -> int:
    """The process that is there now and was not before, as soon as there is one."""
    return (await until(lambda: processes() - before)).pop()


GOOD = workbooks.tasks(("title",), ("Buy milk",))


async def read(pool: ProcessPool, folder: Path, content: bytes | None = GOOD) -> dict[str, Any]:
    return await pool.run("read_sheet", asked(folder, content))


async def test_a_process_starts_with_the_first_job_and_is_used_again(tmp_path: Path, pools: list[ProcessPool]) -> None:
    pools.append(pool := ProcessPool())
    before = processes()
    assert (await read(pool, tmp_path))["name"] == "Sheet1"
    first = processes() - before
    await read(pool, tmp_path)
    assert len(first) == 1
    assert processes() - before == first


async def test_a_process_is_replaced_after_its_share_of_jobs(tmp_path: Path, pools: list[ProcessPool]) -> None:
    pools.append(pool := ProcessPool(PoolLimits(jobs_each=2)))
    before = processes()
    seen = []
    for _ in range(3):
        await read(pool, tmp_path)
        seen.append(frozenset(processes() - before))
    assert (len(seen[0]), seen[1], len(seen[2])) == (1, frozenset(), 1)
    assert seen[2] != seen[0]


async def test_a_refusal_comes_back_with_its_details_and_the_process_goes_on(
    tmp_path: Path, pools: list[ProcessPool]
) -> None:
    pools.append(pool := ProcessPool())
    with pytest.raises(JobRefusedError) as caught:
        await read(pool, tmp_path, workbooks.workbook(workbooks.sheet()))
    assert (caught.value.reason, caught.value.details) == (SheetFault.EMPTY, {"name": "Sheet1"})
    assert (await read(pool, tmp_path))["name"] == "Sheet1"


async def test_a_job_that_takes_too_long_is_ended_with_its_process(tmp_path: Path, pools: list[ProcessPool]) -> None:
    pools.append(pool := ProcessPool(PoolLimits(seconds=0.5)))
    before = processes()
    with pytest.raises(JobSlowError):
        await read(pool, tmp_path, None)
    assert processes() == before


async def test_a_job_that_wants_too_much_memory_is_told_apart(tmp_path: Path, pools: list[ProcessPool]) -> None:
    pools.append(pool := ProcessPool(PoolLimits(memory=128 * 1024 * 1024)))
    many = (f"{number:0300}" for number in range(250_000))
    with pytest.raises(JobMemoryError):
        await read(pool, tmp_path, workbooks.workbook(workbooks.sheet(), strings=many))


async def test_an_unknown_job_and_a_death_are_our_own_faults(tmp_path: Path, pools: list[ProcessPool]) -> None:
    pools.append(pool := ProcessPool())
    with pytest.raises(JobFailedError, match="KeyError"):
        await pool.run("unknown", {})
    before = processes()
    waiting = asyncio.create_task(read(pool, tmp_path, None))
    os.kill(await started(before), 9)
    with pytest.raises(JobFailedError):
        await waiting
    assert (await read(pool, tmp_path))["name"] == "Sheet1"


async def test_a_process_that_died_with_nothing_to_do_is_replaced(tmp_path: Path, pools: list[ProcessPool]) -> None:
    pools.append(pool := ProcessPool())
    before = processes()
    await read(pool, tmp_path)
    os.kill(await started(before), 9)
    await pool._idle[0].process.wait()
    assert (await read(pool, tmp_path))["name"] == "Sheet1"


async def test_a_process_with_nothing_to_do_is_let_go_of(tmp_path: Path, pools: list[ProcessPool]) -> None:
    pools.append(pool := ProcessPool(PoolLimits(idle=0.05)))
    before = processes()
    await read(pool, tmp_path)
    await until(lambda: processes() == before)
    assert (await read(pool, tmp_path))["name"] == "Sheet1"


async def test_being_told_to_stop_is_for_whoever_started_it(tmp_path: Path, pools: list[ProcessPool]) -> None:
    pools.append(pool := ProcessPool())
    before = processes()
    await read(pool, tmp_path)
    (first,) = processes() - before
    os.kill(first, signal.SIGTERM)
    await read(pool, tmp_path)
    assert processes() - before == {first}


async def test_only_so_many_jobs_run_and_wait(tmp_path: Path, pools: list[ProcessPool]) -> None:
    pools.append(pool := ProcessPool(PoolLimits(processes=1, waiting=1)))
    stuck = [asyncio.create_task(read(pool, tmp_path, None)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(BusyError):
        await read(pool, tmp_path)
    for task in stuck:
        task.cancel()
    await asyncio.gather(*stuck, return_exceptions=True)
    assert (await read(pool, tmp_path))["name"] == "Sheet1"


async def test_whoever_gives_up_takes_the_process_along(tmp_path: Path, pools: list[ProcessPool]) -> None:
    pools.append(pool := ProcessPool())
    before = processes()
    waiting = asyncio.create_task(read(pool, tmp_path, None))
    await started(before)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert processes() == before


async def test_closing_ends_what_runs_and_takes_nothing_new(tmp_path: Path) -> None:
    pool = ProcessPool()
    before = processes()
    waiting = asyncio.create_task(read(pool, tmp_path, None))
    await started(before)
    await pool.close()
    with pytest.raises((JobFailedError, BusyError)):
        await waiting
    with pytest.raises(BusyError):
        await read(pool, tmp_path)


STUCK = """
import asyncio, os, sys
from adapters.processes.pool import ProcessPool
from pathlib import Path

async def main():
    given = {"source": sys.argv[1], "target": sys.argv[1] + "-lines", "prefer": "Tasks", "rows": 1}
    task = asyncio.create_task(ProcessPool().run("read_sheet", given))
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    while not (found := children.read_text().split()):
        await asyncio.sleep(0.01)
    print(found[0], flush=True)
    os._exit(9)

asyncio.run(main())
"""


async def test_a_process_does_not_outlive_who_started_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    ended = subprocess.run(
        [sys.executable, "-c", STUCK, str(tmp_path / "pipe")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    orphan = Path("/proc") / ended.stdout.strip()
    assert ended.returncode == 9
    await until(lambda: not orphan.exists() or "\nState:\tZ" in orphan.joinpath("status").read_text())


async def test_a_process_has_nothing_of_our_environment(
    tmp_path: Path, pools: list[ProcessPool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QM_SECRET_KEY", "not for libraries")
    pools.append(pool := ProcessPool())
    before = processes()
    await read(pool, tmp_path)
    assert b"QM_SECRET_KEY" not in Path(f"/proc/{await started(before)}/environ").read_bytes()
