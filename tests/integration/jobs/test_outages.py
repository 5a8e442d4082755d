"""The engine's own database goes away while jobs run: they go on when it is back, and nobody waits for it meanwhile."""

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.jobs import JobsPlace, place_of, transact
from adapters.jobs import engine as engine_module
from core.ports.jobs import EngineUnavailableError, JobRef, Steps
from tests.support.engines import Book, file_place, job, make_engine, running
from tests.support.patience import patiently, until
from tests.support.postgres_outages import OwnPostgres, own_postgres

pytestmark = pytest.mark.timeout(240)  # a database server of its own


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgres]:
    with own_postgres() as started:
        yield started


@pytest.fixture
def place(server: OwnPostgres, tmp_path: Path) -> JobsPlace:
    server.start()
    return place_of("", server.url("postgres"), tmp_path)


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for what is enqueued many times a second, and try again at once."""
    monkeypatch.setattr(transact, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(engine_module, "LEAST_PAUSE", 0.05)
    monkeypatch.setattr(engine_module, "MOST_PAUSE", 0.2)


async def test_jobs_go_on_when_it_is_back(server: OwnPostgres, place: JobsPlace, book: Book) -> None:
    goes_on = asyncio.Event()

    async def work(job: JobRef, steps: Steps) -> None:
        await steps.step("first", book.doing(f"{job.id} first"))
        book.write(f"{job.id} waits")
        await goes_on.wait()
        await steps.step("second", book.doing(f"{job.id} second"))
        book.write(f"{job.id} ended")

    async with running(place, work) as engine:
        await engine.begin(job("begun"))
        await engine.enqueue(job("enqueued"))
        await book.until("begun waits", "enqueued waits")
        server.kill()
        goes_on.set()
        await until(lambda: book.entries.count("begun second") > 1)
        with pytest.raises(EngineUnavailableError):
            await engine.begin(job("later"))
        server.start()
        await book.until("begun ended", "enqueued ended")
        assert book.entries.count("begun first") == book.entries.count("enqueued first") == 1

        async def taken() -> bool:
            try:
                await engine.begin(job("later"))
            except EngineUnavailableError:
                return False
            return True

        await until(taken)
        await book.until("later ended")


async def test_the_process_ends_while_it_does_not_answer(
    server: OwnPostgres, place: JobsPlace, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "GOING_DOWN", 0.2)

    async def work(job: JobRef, steps: Steps) -> None:
        book.write("begun")
        await steps.step("first", book.doing("first"))

    engine = make_engine(place)
    await engine.start(work)
    with server.frozen():
        monkeypatch.setattr(engine_module, "PATIENCE", 0.1)
        with pytest.raises(EngineUnavailableError):
            await engine.begin(job())
        async with patiently():
            await engine.close()
    # What was left waiting ends, or the next test of this process could not have an engine.
    await until(lambda: transact._owner._lock.acquire(blocking=False))
    transact._owner._lock.release()
    gc.collect()


async def test_a_job_that_can_not_be_taken_up_now_is_taken_up_later(
    tmp_path: Path, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = transact.Transact.kept

    def full(self: transact.Transact, job: JobRef) -> object:
        if not book.entries:
            book.write("the disk is full")
            raise OSError
        return kept(self, job)

    async def work(job: JobRef, steps: Steps) -> None:
        book.write("ended")

    monkeypatch.setattr(transact.Transact, "kept", full)
    async with running(file_place(tmp_path), work) as engine:
        await engine.begin(job())
        await book.until("ended")
    assert book.entries == ["the disk is full", "ended"]


async def test_what_was_begun_and_is_in_no_thread_is_begun_again(
    tmp_path: Path, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(job: JobRef, steps: Steps) -> None:
        book.write(f"{job.id} runs")
        if job.id == "long":
            await asyncio.Event().wait()

    async with running(file_place(tmp_path), work) as engine:
        await engine.begin(job("long"))
        await book.until("long runs")
        with monkeypatch.context() as lost:
            # The connection is lost between the commit of the job and its answer.
            lost.setattr(transact._owner, "run", _left)
            await engine.begin(job("lost"))
            await until(lambda: engine.ask(lambda transact: "lost" in transact.begun()))
        await engine.look_after()
        assert "lost runs" not in book.entries
        await engine.look_after()
        await book.until("lost runs")
        await engine.look_after()
        await engine.look_after()
        assert book.entries == ["long runs", "lost runs"]


def _left(job: JobRef) -> None:
    raise transact.LeftError
