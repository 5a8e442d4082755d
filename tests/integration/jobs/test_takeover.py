"""What a process leaves behind goes on in another one that shares its database: at once, or when it is found dead."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.jobs import DurableEngine, JobsPlace, place_of, transact
from adapters.jobs import engine as engine_module
from adapters.storage import SqlStorage
from core.ports.jobs import JobRef, JobStoppedError, Steps
from core.ports.leases import Leases
from core.ports.storage import StorageUnavailableError
from tests.support.databases import fresh_database
from tests.support.engines import Book, closing_engine, job, make_engine
from tests.support.patience import until
from tests.support.storage import make_storage

BRIEF, LONG = 0.5, 3600.0
"""Seconds without a sign after which a process counts as dead."""


class Wire:
    """The leases of a process, until its wire is cut: then nothing that it says arrives."""

    def __init__(self, leases: Leases) -> None:
        self._leases = leases
        self.is_cut = False

    async def take(self, name: str, seconds: float) -> bool:
        if self.is_cut:
            raise StorageUnavailableError("cannot_connect")
        return await self._leases.take(name, seconds)

    async def give_back(self, name: str) -> None:
        if self.is_cut:
            raise StorageUnavailableError("cannot_connect")
        await self._leases.give_back(name)

    async def count(self, beginning: str) -> int:
        return await self._leases.count(beginning)

    async def first(self, what: str, by: str, seconds: float, *, instead_of: str = "") -> str:
        return await self._leases.first(what, by, seconds, instead_of=instead_of)


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    async with fresh_database("postgresql", tmp_path) as found:
        yield found


@pytest.fixture
async def storages(url: str) -> AsyncIterator[list[SqlStorage]]:
    """Those of two processes."""
    opened = [await make_storage(url=url) for _ in range(2)]
    yield opened
    for storage in opened:
        await storage.close()


@pytest.fixture
def place(url: str, tmp_path: Path) -> JobsPlace:
    return place_of("", url, tmp_path)


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for what is enqueued many times a second."""
    monkeypatch.setattr(transact, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(engine_module, "LEAST_PAUSE", 0.01)


async def _left(engine: DurableEngine, book: Book) -> None:
    """Have a process begin two jobs."""

    async def work(job: JobRef, steps: Steps) -> None:
        await steps.step("first", book.doing(f"{job.id} first"))
        book.write(f"{job.id} waits")
        await asyncio.Event().wait()

    await engine.start(work)
    await engine.begin(job("begun"))
    await engine.enqueue(job("enqueued"))
    await book.until("begun waits", "enqueued waits")


async def _assert_taken_over(engine: DurableEngine, book: Book) -> None:
    """Have another process find and end them, and do none of what was done again."""

    async def work(job: JobRef, steps: Steps) -> None:
        await steps.step("first", book.doing(f"{job.id} first again"))
        await steps.step("second", book.doing(f"{job.id} second"))
        book.write(f"{job.id} ended")

    async with closing_engine(engine):
        await engine.start(work)
        await book.until("begun ended", "enqueued ended")
    assert not [entry for entry in book.entries if entry.endswith("again")]


async def test_a_process_that_ends_in_order_is_followed_at_once(
    storages: list[SqlStorage], place: JobsPlace, book: Book
) -> None:
    async with closing_engine(make_engine(place, storages[0].leases, seconds=LONG)) as ending:
        await _left(ending, book)
    await _assert_taken_over(make_engine(place, storages[1].leases, seconds=BRIEF), book)


async def test_a_process_that_dies_is_followed_when_it_has_given_no_sign_for_long_enough(
    storages: list[SqlStorage], place: JobsPlace, book: Book
) -> None:
    wire = Wire(storages[0].leases)
    async with closing_engine(make_engine(place, wire, seconds=BRIEF)) as dying:
        await _left(dying, book)
        wire.is_cut = True
    await _assert_taken_over(make_engine(place, storages[1].leases, seconds=BRIEF), book)


async def test_a_process_that_lives_is_not_followed_however_long_its_jobs_take(
    storages: list[SqlStorage], place: JobsPlace, book: Book
) -> None:
    async with closing_engine(make_engine(place, storages[0].leases, seconds=BRIEF)) as living:
        await _left(living, book)
        (name,) = await living.ask(lambda transact: transact.executors())
        for _ in range(10):
            await asyncio.sleep(BRIEF / 4)
            assert not await storages[1].leases.take(f"executor:{name}", BRIEF)


async def test_a_process_that_others_took_for_dead_leaves_its_jobs_and_begins_anew(
    storages: list[SqlStorage], place: JobsPlace, book: Book
) -> None:
    wire = Wire(storages[0].leases)
    names: list[str] = []

    async def work(job: JobRef, steps: Steps) -> None:
        names.append(steps.executor)
        await steps.step("first", book.doing("first"))
        if len(names) == 1:
            try:
                await asyncio.Event().wait()
            finally:
                book.write("left")
        book.write("ended")

    async with closing_engine(make_engine(place, wire, seconds=BRIEF)) as stopped:
        await stopped.start(work)
        await stopped.begin(job())
        await book.until("first")
        wire.is_cut = True
        (name,) = await stopped.ask(lambda transact: transact.executors())
        lease = f"executor:{name}"

        async def found_dead() -> bool:
            return await storages[1].leases.take(lease, LONG)

        await until(found_dead)
        wire.is_cut = False
        await book.until("left")
        assert not stopped.state.is_ready
        await storages[1].leases.give_back(lease)
        await book.until("ended")
    assert book.entries == ["first", "left", "ended"]
    assert len(set(names)) == 2


@pytest.mark.parametrize("way", ["write", "another way"])
async def test_of_two_runs_of_a_job_the_earlier_one_keeps_nothing_more(
    storages: list[SqlStorage], place: JobsPlace, book: Book, way: str
) -> None:
    """As where a process was stopped, found dead, and goes on before it has noticed."""
    goes_on = asyncio.Event()

    async def work(job: JobRef, steps: Steps) -> None:
        if "earlier" in book.entries:
            await steps.step(way, book.doing("later writes"))
            book.write("later")
            return
        book.write("earlier")
        await goes_on.wait()
        try:
            await steps.step("write", book.doing("earlier writes"))
        except JobStoppedError:
            book.write("told")

    async with closing_engine(make_engine(place, storages[0].leases, seconds=LONG)) as engine:
        await engine.start(work)
        await engine.begin(job())
        await book.until("earlier")
        (name,) = await engine.ask(lambda transact: transact.executors())
        await engine.ask(lambda transact: transact.recover(name))
        await book.until("later")
        goes_on.set()
        await book.until("told")
    assert book.entries == ["earlier", "later writes", "later", "earlier writes", "told"]
