"""What the engine promises of a job: run once, gone on with where it was, ended when it is to end."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from adapters.jobs import JobsPlace, place_of, transact
from adapters.jobs import engine as engine_module
from adapters.jobs.lock import FileLock
from core.ports.jobs import EngineState, EngineUnavailableError, JobRef, JobStoppedError, Phase, Steps
from tests.support.databases import fresh_database
from tests.support.engines import Book, closing_engine, file_place, job, make_engine, running
from tests.support.patience import until

LONG_AGO, FAR_AHEAD = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""By the machine's clock, which the engine goes by."""


@pytest.fixture(params=["sqlite", "postgresql"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[JobsPlace]:
    if request.param == "sqlite":
        yield file_place(tmp_path)
        return
    async with fresh_database("postgresql", tmp_path) as url:
        yield place_of("", url, tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> JobsPlace:
    """The place of what is no matter of databases."""
    return file_place(tmp_path)


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for what is enqueued many times a second, and try again at once."""
    monkeypatch.setattr(transact, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(engine_module, "LEAST_PAUSE", 0.01)
    monkeypatch.setattr(engine_module, "AGAIN", 0.05)


async def test_runs_each_id_once_however_often_and_however_it_is_given(place: JobsPlace, book: Book) -> None:
    async def work(job: JobRef, steps: Steps) -> None:
        book.write(f"{job.id} {job.workspace_id} {job.number} {job.kind}")

    async with running(place, work) as engine:
        await engine.enqueue(job("two", 2, "report"))
        for _ in range(2):
            await engine.begin(job("one"))
        await book.until("one 1 1 wait", "two 1 2 report")
        await engine.begin(job("two", 2, "report"))
        await engine.enqueue(job("one"))
        await engine.begin(job("last", 3))
        await book.until("last 1 3 wait")
    async with running(place, work) as engine:
        await engine.begin(job("one"))
        await engine.begin(job("after"))
        await book.until("after 1 1 wait")
    assert sorted(book.entries) == ["after 1 1 wait", "last 1 3 wait", "one 1 1 wait", "two 1 2 report"]


async def test_goes_on_behind_the_steps_that_were_done(place: JobsPlace, book: Book) -> None:
    async def leaves(job: JobRef, steps: Steps) -> None:
        assert await steps.step("read", book.doing("reading", {"rows": [1, 2]})) == {"rows": [1, 2]}
        assert await steps.step("count", book.doing("counting")) is None
        await steps.step("write", book.doing("writing"))
        book.write("waiting")
        await asyncio.Event().wait()

    async def ends(job: JobRef, steps: Steps) -> None:
        # By the name, not by the order: another version may take another way.
        assert await steps.step("more", book.doing("doing more", 7)) == 7
        assert await steps.step("count", book.doing("counting again")) is None
        assert await steps.step("read", book.doing("reading again")) == {"rows": [1, 2]}
        book.write("ended")

    async with running(place, leaves) as engine:
        await engine.begin(job())
        await book.until("waiting")
    async with running(place, ends) as engine:
        if (
            place.is_shared
        ):  # There the executor is another one, as after a restart; who finds it dead is another test's.
            found = await engine.ask(lambda transact: transact.executors())
            for one in found:
                await engine.ask(lambda transact, one=one: transact.recover(one))  # type: ignore[misc]
        await book.until("ended")
    assert book.entries == ["reading", "counting", "writing", "waiting", "doing more", "ended"]


async def test_keeps_nothing_of_a_step_that_raises_and_runs_again_what_can_not_be_told(
    file: JobsPlace, book: Book
) -> None:
    async def work(job: JobRef, steps: Steps) -> None:
        await steps.step("first", book.doing("first"))
        if "fails" not in book.entries:

            async def fails() -> None:
                book.write("fails")
                raise OSError

            await steps.step("second", fails)
        await steps.step("second", book.doing("second"))
        book.write("ended")

    async with running(file, work) as engine:
        await engine.begin(job())
        await book.until("ended")
    assert book.entries == ["first", "fails", "second", "ended"]


async def test_a_result_is_what_a_later_run_would_get_and_has_to_be_json(file: JobsPlace, book: Book) -> None:
    async def work(job: JobRef, steps: Steps) -> None:
        async def pair() -> object:
            return ("a", {1: "b"})

        async def unknown() -> object:
            return object()

        assert await steps.step("pair", pair) == ["a", {"1": "b"}]  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            await steps.step("unknown", unknown)  # type: ignore[arg-type]
        await steps.step("long", book.doing("é" * 5, "é" * 100_000))
        book.write("ended")

    async with running(file, work) as engine:
        await engine.begin(job())
        await book.until("ended")


async def test_ends_a_job_that_is_cancelled_for_good(file: JobsPlace, book: Book) -> None:
    async def hangs(job: JobRef, steps: Steps) -> None:
        book.write("hangs")
        try:
            await asyncio.Event().wait()
        finally:
            book.write("ended")

    async def again(job: JobRef, steps: Steps) -> None:
        book.write(f"{job.id} ran")

    async with running(file, hangs) as engine:
        await engine.begin(job())
        await book.until("hangs")
        await engine.cancel("command:1")
        await engine.cancel("nobody knows it")
        await book.until("ended")
    async with running(file, again) as engine:
        await engine.begin(job("other"))
        await engine.begin(job())
        await book.until("other ran")
    assert book.entries == ["hangs", "ended", "other ran"]


async def test_tells_a_run_at_its_next_step_that_its_job_ended_elsewhere(place: JobsPlace, book: Book) -> None:
    goes_on = asyncio.Event()

    async def work(job: JobRef, steps: Steps) -> None:
        book.write("begun")
        await goes_on.wait()
        with pytest.raises(JobStoppedError):
            await steps.step("write", book.doing("writing"))
        book.write("told")

    async with running(place, work) as engine:
        await engine.begin(job())
        await book.until("begun")
        await engine.ask(lambda transact: transact.cancel("command:1"))
        goes_on.set()
        await book.until("told")


async def test_forgets_what_was_over_by_then_and_nothing_else(place: JobsPlace, book: Book) -> None:
    async def work(job: JobRef, steps: Steps) -> None:
        await steps.step("write", book.doing(job.id))
        if job.id == "hangs":
            await asyncio.Event().wait()

    async with running(place, work) as engine:
        for name in ("one", "two", "hangs"):
            await engine.begin(job(name))
        await book.until("one", "two", "hangs")
        assert await engine.forget(LONG_AGO) == 0

        gone = 0

        async def both_gone() -> bool:
            nonlocal gone
            gone += await engine.forget(FAR_AHEAD)
            return gone == 2

        await until(both_gone)
        await engine.begin(job("hangs"))
        await engine.begin(job("one"))
        await until(lambda: book.entries.count("one") == 2)
    assert book.entries.count("hangs") == 1


async def test_leaves_the_executor_of_the_loop_and_no_threads(file: JobsPlace, book: Book) -> None:
    async def work(job: JobRef, steps: Steps) -> None:
        book.write(await steps.step("who", book.doing("in a step", "done")) or "")  # type: ignore[arg-type]

    await asyncio.to_thread(int)
    executor = asyncio.get_running_loop()._default_executor  # type: ignore[attr-defined]
    before = set(threading.enumerate())
    async with running(file, work) as engine:
        await engine.begin(job())
        await book.until("done")
    assert asyncio.get_running_loop()._default_executor is executor  # type: ignore[attr-defined]
    await until(lambda: set(threading.enumerate()) <= before)


async def test_a_file_is_one_process_s_and_the_next_one_takes_it_when_it_ends(tmp_path: Path, book: Book) -> None:
    async def work(job: JobRef, steps: Steps) -> None:
        book.write("ran")

    other = FileLock(file_place(tmp_path).file)
    assert other.take()
    async with closing_engine(make_engine(file_place(tmp_path))) as engine:
        with pytest.raises(EngineUnavailableError):
            await engine.begin(job())
        await engine.start(work)
        assert engine.state == EngineState(Phase.FAILED, "held_elsewhere")
        with pytest.raises(EngineUnavailableError):
            await engine.begin(job())
        other.give_back()
        await until(lambda: engine.state.is_ready)
        await engine.begin(job())
        await book.until("ran")
    assert engine.state == EngineState()
    assert other.take()
    other.give_back()


async def test_comes_up_after_a_while_or_when_it_is_first_needed(file: JobsPlace, book: Book) -> None:
    async def work(job: JobRef, steps: Steps) -> None:
        book.write(job.id)

    for after in (0.1, 3600.0):
        async with closing_engine(make_engine(file, after=after)) as engine:
            starting = asyncio.create_task(engine.start(work))
            if after < 1:
                await starting
                assert engine.state.is_ready
            else:
                await asyncio.sleep(0)
                assert engine.state == EngineState(Phase.STARTING)
            await engine.begin(job(f"after {after}"))
            await starting
            await book.until(f"after {after}")


async def test_is_closed_while_it_comes_up(file: JobsPlace, book: Book) -> None:
    async def work(job: JobRef, steps: Steps) -> None:
        book.write(job.id)

    async with closing_engine(make_engine(file)) as engine:
        starting = asyncio.create_task(engine.start(work))
        await until(lambda: engine._launching)
        starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    assert not engine.state.is_ready
    async with running(file, work) as following:
        assert following.state.is_ready
        await following.begin(job())
        await book.until("command:1")


async def test_says_that_its_database_can_not_be_reached_and_comes_up_when_it_can(tmp_path: Path) -> None:
    async def work(job: JobRef, steps: Steps) -> None: ...

    async with (
        fresh_database("postgresql", tmp_path) as url,
        closing_engine(make_engine(place_of("", url.replace("/test", "/no_test"), tmp_path))) as engine,
    ):
        await engine.start(work)
        assert engine.state == EngineState(Phase.FAILED, "cannot_connect")
        engine._place = place_of("", url, tmp_path)
        await until(lambda: engine.state.is_ready)


async def test_says_that_its_file_is_not_one(tmp_path: Path) -> None:
    async def work(job: JobRef, steps: Steps) -> None: ...

    file_place(tmp_path).file.write_text("something else, and long enough to be taken for it" * 100)
    async with closing_engine(make_engine(file_place(tmp_path))) as engine:
        await engine.start(work)
        assert engine.state == EngineState(Phase.FAILED, "unreadable")


async def test_closes_also_a_connection_that_was_in_use_while_it_went_down(place: JobsPlace) -> None:
    """As that of a job that has just ended, and whose thread still keeps how."""

    async def work(job: JobRef, steps: Steps) -> None: ...

    closed: list[object] = []
    async with running(place, work) as engine:
        late = await engine.ask(lambda transact: transact._database.connect() if transact._database else None)
        assert late
        event.listen(late.engine, "close", lambda driver, _record: closed.append(driver))
    driver = late.connection.dbapi_connection
    assert driver not in closed
    late.close()
    assert driver in closed
