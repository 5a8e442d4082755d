"""The engine's file is held, removed or damaged by others under a process that lives: it says so, and goes on."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from adapters.jobs import DurableEngine, JobsPlace, transact
from adapters.jobs import engine as engine_module
from adapters.jobs import file as file_module
from adapters.jobs import watch as watch_module
from adapters.jobs.lock import FileLock
from core.ports.jobs import EngineState, EngineUnavailableError, JobRef, Phase, Steps
from tests.support.engines import Book, closing_engine, file_place, job, make_engine, running
from tests.support.patience import until

READY = EngineState(Phase.READY)


@pytest.fixture
def place(tmp_path: Path) -> JobsPlace:
    return file_place(tmp_path)


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def goes_on() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look many times a second, wait for nobody, and try again at once."""
    monkeypatch.setattr(transact, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(engine_module, "LEAST_PAUSE", 0.02)
    monkeypatch.setattr(engine_module, "MOST_PAUSE", 0.1)
    monkeypatch.setattr(engine_module, "AGAIN", 0.05)
    for name in ("LOOK", "AGAIN"):
        monkeypatch.setattr(watch_module, name, 0.05)
    for name in ("PATIENCE", "LOOKING"):
        monkeypatch.setattr(file_module, name, 0.1)


@pytest.fixture
async def engine(place: JobsPlace, book: Book, goes_on: asyncio.Event) -> AsyncIterator[DurableEngine]:
    """One whose jobs wait between two steps until they may go on."""

    async def work(job: JobRef, steps: Steps) -> None:
        await steps.step("first", book.doing(f"{job.id} first"))
        book.write(f"{job.id} waits")
        await goes_on.wait()
        await steps.step("second", book.doing(f"{job.id} second"))
        book.write(f"{job.id} ended")

    async with running(place, work) as started:
        yield started


@contextmanager
def held(place: JobsPlace) -> Iterator[None]:
    """Hold the file, as a shell does in which somebody has begun a transaction."""
    with closing(sqlite3.connect(place.file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


async def _begun(engine: DurableEngine, id: str) -> None:
    async def begun() -> bool:
        try:
            await engine.begin(job(id))
        except EngineUnavailableError:
            return False
        return True

    await until(begun)


async def test_of_a_file_that_others_hold_it_is_said_and_everything_goes_on_when_they_let_go(
    engine: DurableEngine, place: JobsPlace, book: Book, goes_on: asyncio.Event
) -> None:
    await engine.begin(job("begun"))
    await engine.enqueue(job("enqueued"))
    await book.until("begun waits", "enqueued waits")
    with held(place):
        await until(lambda: engine.state == EngineState(Phase.FAILED, "locked"))
        with pytest.raises(EngineUnavailableError):
            await engine.begin(job("later"))
        goes_on.set()
        await until(lambda: book.entries.count("begun second") > 1)
    await until(lambda: engine.state == READY)
    await _begun(engine, "later")
    await book.until("begun ended", "enqueued ended", "later ended")
    assert book.entries.count("begun first") == book.entries.count("enqueued first") == 1


async def test_where_it_is_held_from_the_start_that_is_said_too(place: JobsPlace, book: Book) -> None:
    async def work(job: JobRef, steps: Steps) -> None:
        book.write(job.id)

    async with running(place, work):
        pass
    async with closing_engine(make_engine(place)) as engine:
        with held(place):
            await engine.start(work)
            assert engine.state == EngineState(Phase.FAILED, "locked")
        await until(lambda: engine.state == READY)


async def test_without_its_file_it_begins_anew_on_another_one(
    engine: DurableEngine, place: JobsPlace, book: Book, goes_on: asyncio.Event
) -> None:
    await engine.begin(job("lost"))
    await book.until("lost waits")
    for left in place.file.parent.glob(f"{place.file.name}*"):
        left.unlink()
    await until(lambda: place.file.exists() and engine.state == READY)
    # Its lock, which was removed as well, is no other process's to take.
    assert not FileLock(place.file).take()
    goes_on.set()
    await _begun(engine, "lost")
    await book.until("lost ended")
    assert book.entries.count("lost first") == 2
    assert book.entries.count("lost ended") == 1


async def test_of_a_damaged_file_it_is_said_until_that_is_moved_away(
    engine: DurableEngine, place: JobsPlace, book: Book, goes_on: asyncio.Event
) -> None:
    await engine.begin(job("lost"))
    await book.until("lost waits")
    with closing(sqlite3.connect(place.file)) as other:
        # Else all of it is beside the file still.
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    place.file.write_bytes(b"no database " * 10_000)
    await until(lambda: engine.state == EngineState(Phase.FAILED, "unreadable"))
    with pytest.raises(EngineUnavailableError):
        await engine.begin(job("later"))
    place.file.rename(place.file.with_suffix(".damaged"))
    goes_on.set()
    await until(lambda: engine.state == READY)
    await _begun(engine, "lost")
    await book.until("lost ended")
