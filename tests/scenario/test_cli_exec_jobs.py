"""`quartermaster exec` of what starts a job: whoever typed it gets the answer, also where nothing serves."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.jobs import place
from adapters.jobs.lock import FileLock
from adapters.storage import SqlStorage
from adapters.storage.system.file_leases import FileLeases
from bot.application.context import Context
from bot.cli import progress
from bot.cli.exec_command import Answered, answer
from bot.cli.typed_line import Line
from bot.grammar.declaration import Area
from bot.wiring import own_jobs
from bot.wiring.bootstrap import Tuning
from core.chat.reply import Reply
from core.chat.spec import Cost
from core.chat.text import plain
from core.jobs.kinds import EXPORT, IMPORT
from core.jobs.model import Job, JobFilter, JobState
from core.people.model import Role
from core.workspaces.model import Audience
from tests.support.command_line import PROGRAM, CommandLine
from tests.support.command_line_here import CommandLineHere
from tests.support.job_lives import settings_of
from tests.support.patience import patiently, until
from tests.support.storage import make_storage, url_of

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_jobs, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(own_jobs, "LOOKS", 2)


@pytest.fixture
def held(here: CommandLineHere) -> Iterator[FileLock]:
    """The lock of a process that runs the jobs of this folder."""
    data = here.folder / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    lock = FileLock(data / place.FILE)
    assert lock.take()
    yield lock
    lock.give_back()


@pytest.fixture
async def storage(here: CommandLineHere) -> AsyncIterator[SqlStorage]:
    """What another process has of the same database."""
    await here.run("migrate")
    opened = await make_storage(url=url_of(here.folder / "data" / "quartermaster.db"))
    yield opened
    await opened.close()


async def _first_job(storage: SqlStorage) -> Job | None:
    if not (workspaces := await storage.system.workspaces()):
        return None
    async with storage.workspace(workspaces[0].id).read() as work:
        page = await work.jobs.page(JobFilter(), Audience(0, frozenset(), everything=True))
    return page.items[0] if page.items else None


async def test_jobs_are_run_to_their_end_and_their_answers_printed(
    here: CommandLineHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    await here.exec("--no-wait", "/task add Milk")
    ended = await here.run("exec", "-", stdin="/job run wait 1\n/job run wait 0\n")
    assert ended.code == 1
    assert "Job #1 waited 1 second." in ended.out
    assert "A wait of 0 seconds is too short" in ended.err
    assert "Under way" in ended.err
    assert [row["state"] for row in (await here.exec("/job list")).cells] == ["failed", "completed"]


async def test_a_job_that_is_asked_for_again_is_run_to_its_end_too(here: CommandLineHere) -> None:
    await here.exec("--no-wait", "/job run command /task add Milk")
    await here.exec("/job cancel 1")
    again = await here.run("exec", "/job retry 1")
    assert (again.code, "Milk" in again.out) == (0, True)
    assert [row["state"] for row in (await here.exec("/job list")).cells] == ["completed"]


async def test_what_is_not_waited_for_is_left_to_whoever_serves(here: CommandLineHere) -> None:
    left = await here.exec("--no-wait", "/job run wait 1")
    assert left.code == 0
    assert "Job #1 wait seconds:1 waits. Nothing serves here now" in left.document["text"]
    assert not (here.folder / "data" / place.FILE).exists()
    (row,) = (await here.exec("/job list")).cells
    assert row["state"] == "queued"


async def test_an_import_that_is_not_waited_for_is_left_with_its_file(here: CommandLineHere) -> None:
    (here.folder / "tasks.csv").write_text("title\nMilk\n")
    left = await here.exec("--no-wait", "--file", "tasks.csv", "/task import mode:all")
    assert "Job #1 /task import mode:all file:" in left.document["text"]
    assert "waits. Nothing serves here now" in left.document["text"]
    assert "Job #2 /task export waits." in (await here.exec("--no-wait", "/task export")).document["text"]
    error = (await here.exec("--no-wait", "/task import")).document["error"]
    assert error["hint"] == "Hand it in with --file: quartermaster exec --file PATH '/task import'"
    assert (await here.exec("--no-wait", "--as", "nobody", "/task export")).code == 1
    assert [row["state"] for row in (await here.exec("/job list")).cells] == ["queued", "queued"]
    await here.exec("/job cancel 1")
    assert "1 row: 1 new." in (await here.exec("/job retry 1")).document["text"]


async def test_of_what_somebody_else_runs_it_is_said_who_does(here: CommandLineHere) -> None:
    scheduled = await here.exec('/report schedule sales "daily 9:00"')
    assert "Nothing serves here now: it comes once quartermaster serve runs." in scheduled.document["text"]
    ran = await here.exec("/report run 1")
    assert "is to run now" in ran.document["text"]
    assert "Nothing serves here now: it is begun once quartermaster serve runs." in ran.document["text"]
    await here.exec("/job cancel 1")
    assert "is to begin anew. Nothing serves here now" in (await here.exec("/job retry 1")).document["text"]
    serves = FileLeases(here.folder / "data" / "quartermaster.db")
    assert await serves.take("lead", 1)
    try:
        left = await here.exec("--no-wait", "/job run wait 1")
        assert "waits. The process that serves begins it within seconds." in left.document["text"]
        assert ["Jobs", "elsewhere"] in [[row["part"], row["state"]] for row in (await here.exec("/qm status")).cells]
    finally:
        await serves.close()
    assert "this one line's own process" in (await here.exec("/qm stats")).document["text"]
    alone = await here.exec("/qm status")
    assert ["Jobs", "waiting"] in [[row["part"], row["state"]] for row in alone.cells]
    assert alone.document["title"] == "Nothing serves Quartermaster now; look at: Jobs and Schedules"


async def test_the_process_that_runs_jobs_is_waited_for(
    here: CommandLineHere, storage: SqlStorage, held: FileLock
) -> None:
    typed = asyncio.create_task(here.run("exec", "/job run wait 1"))
    job = await until(lambda: _first_job(storage))
    await asyncio.sleep(0.2)  # so that it is said that nobody has begun it
    async with storage.workspace(1).write() as work:
        assert await work.jobs.claim(job.number, "another", NOW)
        assert await work.jobs.finish(job.number, "another", JobState.COMPLETED, Reply(title="Done there"), NOW)
        await work.commit()
    ended = await typed
    assert (ended.code, ended.out.strip()) == (0, "Done there")
    assert "has not begun job #1 yet" in ended.err


async def test_a_process_that_ends_is_followed(here: CommandLineHere, storage: SqlStorage, held: FileLock) -> None:
    typed = asyncio.create_task(here.run("exec", "/job run wait 1"))
    await until(lambda: _first_job(storage))
    held.give_back()
    ended = await typed
    assert "Job #1 waited 1 second." in ended.out


class Counting:
    """An area with a command that takes as long as a test says."""

    def __init__(self) -> None:
        self.area = Area("work", "Work for tests")
        self.gate, self.begun, self.cut_off = asyncio.Event(), asyncio.Event(), 0
        work = self

        @self.area.command(role=Role.MEMBER, cost=Cost.JOB, job=EXPORT)
        async def count(ctx: Context) -> Reply:
            """Count what takes long.

            Examples:
                /work count
            """
            work.begun.set()
            try:
                await work.gate.wait()
            except asyncio.CancelledError:
                work.cut_off += 1
                raise
            return Reply(title="Counted")


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def shell(here: CommandLineHere, storage: SqlStorage, counting: Counting) -> Callable[..., Awaitable[Answered]]:
    """Runs lines in the folder, side by side; whatever takes long is a job from its beginning on."""
    data = here.folder / "data"
    settings = settings_of(data, url_of(data / "quartermaster.db"))
    tuning = Tuning(long_seconds=0.0, areas=(counting.area,))

    def typed(text: str, *files: Path, tuning: Tuning = tuning) -> Awaitable[Answered]:
        return answer(settings, Line(text, files=files), tuning)

    return typed


Shell = Callable[..., Awaitable[Answered]]


async def _running(storage: SqlStorage) -> Job | None:
    job = await _first_job(storage)
    return job if job and job.state is JobState.RUNNING else None


async def test_what_takes_long_is_run_to_its_end_as_a_job(
    here: CommandLineHere, storage: SqlStorage, shell: Shell
) -> None:
    file = here.folder / "tasks.csv"
    file.write_text("title\n" + "".join(f"Task {number}\n" for number in range(2000)))
    # Of the product's areas a line has its own alone, unless tests bring further ones.
    imported = await shell("/task import mode:all", file, tuning=Tuning(long_seconds=0.0))
    assert imported.is_ok
    assert "2,000 rows: 2,000 new." in plain(imported.reply.text)
    job = await _first_job(storage)
    assert job
    assert (job.kind, job.state, job.attempts) == (IMPORT, JobState.COMPLETED, 1)
    assert (here.folder / "data" / place.FILE).exists()
    checked = await shell("/task import", file)
    assert "2,000" in plain(checked.reply.text)


async def test_what_takes_long_is_seen_and_cancelled_from_another_shell(
    storage: SqlStorage, shell: Shell, counting: Counting
) -> None:
    typed = asyncio.ensure_future(shell("/work count"))
    await until(lambda: _running(storage))
    await counting.begun.wait()
    (table,) = (await shell("/job list")).reply.tables
    assert [row.cells[1:3] for row in table.rows] == [("/work count", "running")]
    assert (await shell("/job cancel 1")).is_ok
    ended = await typed
    assert ended.reply.problem
    assert "Job #1 was cancelled." in ended.reply.problem.message
    assert counting.cut_off


async def test_what_takes_long_is_left_to_the_process_that_runs_jobs(
    storage: SqlStorage, shell: Shell, held: FileLock, counting: Counting
) -> None:
    typed = asyncio.ensure_future(shell("/work count"))
    job = await until(lambda: _first_job(storage))
    assert not counting.begun.is_set() or counting.cut_off == 1
    async with storage.workspace(1).write() as work:
        assert await work.jobs.claim(job.number, "another", NOW)
        assert await work.jobs.finish(job.number, "another", JobState.COMPLETED, Reply(title="Done there"), NOW)
        await work.commit()
    assert (await typed).reply.title == "Done there"


async def test_what_takes_long_is_done_all_the_same_where_no_jobs_can_be_run(
    storage: SqlStorage, shell: Shell, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.jobs.engine.takes_file", lambda: False)
    typed = asyncio.ensure_future(shell("/work count"))
    await until(lambda: counting.cut_off)
    counting.gate.set()
    assert (await typed).reply.title == "Counted"
    job = await _first_job(storage)
    assert job
    assert job.state is JobState.COMPLETED


async def test_what_takes_long_and_is_interrupted_stays_a_job(
    storage: SqlStorage, shell: Shell, counting: Counting, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = asyncio.ensure_future(shell("/work count"))
    await until(lambda: _running(storage))
    typed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await typed
    assert "Job #1 is kept, and goes on where it was" in capsys.readouterr().err
    assert await _running(storage)
    assert (await shell("/job cancel 1")).is_ok


async def test_whoever_interrupts_before_the_job_was_looked_at_is_told_of_it_too(
    shell: Shell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, look = asyncio.Event(), own_jobs.OwnJobs._job

    async def later(self: own_jobs.OwnJobs, workspace_id: int, key: str) -> Job:
        if not asked.is_set():
            asked.set()
            await asyncio.Event().wait()
        return await look(self, workspace_id, key)

    monkeypatch.setattr(own_jobs.OwnJobs, "_job", later)
    typed = asyncio.ensure_future(shell("/job run wait 60"))
    await asked.wait()
    typed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await typed
    assert "Job #1 is kept, and goes on where it was" in capsys.readouterr().err


async def test_what_is_interrupted_and_ends_all_the_same_tells_what_came_of_it(
    shell: Shell, counting: Counting, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []

    def is_told() -> bool:
        said.append(capsys.readouterr().err)
        return "Interrupted. What is under way has 20 seconds to end." in "".join(said)

    typed = asyncio.ensure_future(shell("/work count", tuning=Tuning(long_seconds=3600.0, areas=(counting.area,))))
    await counting.begun.wait()
    typed.cancel()
    await until(is_told)
    counting.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await typed
    assert capsys.readouterr().err.strip() == "Counted"
    assert not counting.cut_off


async def test_jobs_that_can_not_be_run_are_kept_and_it_is_said(
    here: CommandLineHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.jobs.engine.takes_file", lambda: False)
    ended = await here.exec("/job run wait 1")
    assert ended.code == 1
    assert ended.document["error"]["code"] == "job_kept"
    assert "quartermaster doctor" in ended.document["error"]["hint"]


async def test_whoever_interrupts_what_takes_long_is_told_what_becomes_of_it(tmp_path: Path) -> None:
    line = CommandLine(tmp_path)
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, "exec", "/job run wait 60", cwd=tmp_path, env=line.environment, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr
    async with patiently(30):
        assert "Under way" in (await process.stderr.readline()).decode()
        process.send_signal(signal.SIGINT)
        said = (await process.stderr.read()).decode()
        assert await process.wait() == 130
    assert "goes on where it was once `quartermaster serve` runs." in said
    (row,) = (await line.exec("/job list")).cells
    assert row["state"] in ("queued", "running")
