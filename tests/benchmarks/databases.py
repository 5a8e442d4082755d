"""Repositories against the bare driver: the same statements in the same transactions, on SQLite and on Postgres.

A task has one assignee. The bare side has its values ready for the bulk insert. Postgres is a server of its own on this
machine, with its safeguards on.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import aiosqlite

from adapters.storage import Limits, SqlStorage, migrate
from core.tasks.model import Task
from core.tasks.repository import TASKS
from tests.benchmarks.bare_databases import BarePostgres, BareSqlite
from tests.benchmarks.figures import PER_SECOND, Figure, Target, compared
from tests.benchmarks.processes import BenchError
from tests.benchmarks.sqlalchemy_execution import run_by_sqlalchemy
from tests.contract.storage.world import Place, build_place
from tests.support.postgres import PostgresProcess, remove
from tests.support.storage import fresh_url, make_storage

TWICE = Target("ratio", "≤", 2)
HALF = Target("ratio", "≥", 0.5)
WORTH_IT = Target("ratio", "≤", 0.95)
"""The day that statements compiled once take longer, they are not worth their code, and go."""
BULK = 100_000
WRITERS = 50
LIMITS = Limits(connections=10)

Step = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Stage:
    """A database with both sides at it; numbers of tasks are given once."""

    kind: str
    storage: SqlStorage
    place: Place
    bare: BareSqlite | BarePostgres
    by_sqlalchemy: SqlStorage
    numbers: "count[int]"

    def fresh(self) -> Task:
        """Return a task that is not stored yet."""
        return self.place.task(next(self.numbers), assignees=(self.place.ann,))

    async def insert(self) -> None:
        """Insert a task as a service does."""
        async with self.storage.workspace(self.place.id).write() as work:
            work.of(TASKS).add(self.fresh())
            await work.commit()

    async def bulk(self, tasks: Sequence[Task]) -> None:
        """Insert many."""
        async with self.storage.workspace(self.place.id).write() as work:
            work.of(TASKS).add_all(tasks)
            await work.commit()

    async def fetch(self, number: int) -> None:
        """Fetch a task by its number."""
        async with self.storage.workspace(self.place.id).read() as work:
            if await work.of(TASKS).get(number, self.place.everything) is None:
                raise BenchError("the task is gone")

    async def add_one(self, number: int) -> None:
        """Read a task and store it changed."""
        async with self.storage.workspace(self.place.id).write() as work:
            task = await work.of(TASKS).find(number)
            if task is None or not await work.of(TASKS).change(replace(task, version=task.version + 1), task.version):
                raise BenchError("an update was lost")
            await work.commit()


async def run(*, is_quick: bool) -> list[Figure]:
    """Insert, fetch, bulk and contention on each database, ours and the bare driver in turn."""
    found: list[Figure] = []
    for kind, opened in (("SQLite", _sqlite), ("Postgres", _postgres)):
        async with opened() as stage:
            found += await _figures(stage, kind, is_quick=is_quick)
    return found


async def _figures(stage: Stage, kind: str, *, is_quick: bool) -> list[Figure]:
    rounds, times = (3, 100) if is_quick else (12, 300)
    stored = stage.fresh()
    await stage.bare.insert(stored)
    one = stored.number
    inserts = await _rounds(stage.insert, lambda: stage.bare.insert(stage.fresh()), rounds, times)
    fetches = await _rounds(lambda: stage.fetch(one), lambda: stage.bare.fetch(one), rounds, times)
    both = [[sum(pair) for pair in zip(*sides, strict=True)] for sides in zip(inserts, fetches, strict=True)]
    return [
        compared(f"repository insert and fetch by id, {kind}", "ms", both[0], both[1], TWICE),
        compared(f"  of which insert, {kind}", "ms", *inserts, None),
        compared(f"  of which fetch by id, {kind}", "ms", *fetches, None),
        await _bulk(stage, kind, rows=BULK // 10 if is_quick else BULK, rounds=2 if is_quick else 4),
        await _contention(stage, kind, one, rounds=2 if is_quick else 5, each=4 if is_quick else 10),
        await _compiled(stage, kind, one, rounds, times // 3),
    ]


async def _rounds(
    ours: Step, bare: Step, rounds: int, times: int, clock: Callable[[], float] = time.perf_counter
) -> tuple[list[float], list[float]]:
    """Milliseconds each, round by round."""
    samples: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for step, kept in zip((ours, bare), samples, strict=True):
            begin = clock()
            for _ in range(times):
                await step()
            kept.append((clock() - begin) / times * 1000)
    return samples


async def _compiled(stage: Stage, kind: str, number: int, rounds: int, times: int) -> Figure:
    """What it brings to compile statements once rather than have SQLAlchemy run them; units of work of each kind.

    What it saves is this process's own time: that of a disk and a server is the same, and much more.
    """
    other = replace(stage, storage=stage.by_sqlalchemy)

    async def work(side: Stage) -> None:
        await side.insert()
        await side.fetch(number)
        await side.add_one(number)

    samples = await _rounds(lambda: work(stage), lambda: work(other), rounds, times, time.process_time)
    return compared(f"processor time, statements compiled once or run by SQLAlchemy, {kind}", "ms", *samples, WORTH_IT)


async def _bulk(stage: Stage, kind: str, *, rows: int, rounds: int) -> Figure:
    samples: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for is_ours, kept in zip((True, False), samples, strict=True):
            tasks = [stage.fresh() for _ in range(rows)]
            ready = None if is_ours else [stage.bare.values(task) for task in tasks]
            begin = time.perf_counter()
            if ready is None:
                await stage.bulk(tasks)
            else:
                await stage.bare.bulk([own for own, _ in ready], [row for _, people in ready for row in people])
            kept.append(time.perf_counter() - begin)
    return compared(f"bulk insert of {rows:,} tasks, {kind}", "s", *samples, TWICE)


async def _contention(stage: Stage, kind: str, number: int, *, rounds: int, each: int) -> Figure:
    """Changes a second of one row by many at once; every one of them has to be there in the end."""
    samples: tuple[list[float], list[float]] = ([], [])
    done = 0

    async def repeat(step: Callable[[int], Awaitable[None]]) -> None:
        for _ in range(each):
            await step(number)

    before = await stage.place.find(number)
    for _ in range(rounds):
        for step, kept in zip((stage.add_one, stage.bare.add_one), samples, strict=True):
            begin = time.perf_counter()
            await asyncio.gather(*(repeat(step) for _ in range(WRITERS)))
            kept.append(WRITERS * each / (time.perf_counter() - begin))
            done += WRITERS * each
    after = await stage.place.find(number)
    if before is None or after is None or after.version != before.version + done:
        raise BenchError("an update was lost")
    return compared(f"{WRITERS} writers on one row, {kind}", PER_SECOND, *samples, HALF)


@asynccontextmanager
async def _sqlite() -> AsyncIterator[Stage]:
    folder = Path(tempfile.mkdtemp())
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = fresh_url(folder)
        storage = await make_storage(url=url, limits=LIMITS)
        stack.push_async_callback(storage.close)
        place = await build_place(storage, "here")
        connection = await stack.enter_async_context(aiosqlite.connect(url.partition("///")[2], isolation_level=None))
        for rule in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            await connection.execute(f"PRAGMA {rule}")
        bare = BareSqlite(connection, place.id, place.task(1, assignees=(place.ann,)))
        other = await stack.enter_async_context(run_by_sqlalchemy(url, LIMITS))
        yield Stage("sqlite", storage, place, bare, other, count(10))


@asynccontextmanager
async def _postgres() -> AsyncIterator[Stage]:
    folder = Path(tempfile.mkdtemp()) / "postgres"
    async with AsyncExitStack() as stack:
        stack.callback(remove, folder)
        server = PostgresProcess(folder)
        stack.callback(server.stop)
        url = server.url()
        await migrate(url)
        storage = await make_storage(url=url, limits=LIMITS)
        stack.push_async_callback(storage.close)
        place = await build_place(storage, "here")
        example = place.task(1, assignees=(place.ann,))
        bare = await BarePostgres.open(stack, url.partition("host=")[2], "postgres", place.id, example, WRITERS)
        other = await stack.enter_async_context(run_by_sqlalchemy(url, LIMITS))
        yield Stage("postgresql", storage, place, bare, other, count(10))
