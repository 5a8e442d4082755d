"""Imports in steps: cut off anywhere they go on, nothing is applied twice, and nobody waits for the whole of them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count as count_up
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.jobs.imports import ImportsGoOn
from bot.jobs.retention import Retention
from bot.texts.tasks.transfer import TASK_WORDS
from core.chat.reply import Reply
from core.chat.request import Attachment
from core.chat.text import plain
from core.jobs.kinds import IMPORT
from core.jobs.model import NewJob, long_key
from core.jobs.repository import JOBS
from core.ports.storage import Transactions, UnitOfWork
from core.shared.errors import BrokenOffError, ConflictError, RefusedError
from core.shared.undo import UNDO_WINDOW
from core.tasks.drafted import TaskDraft
from core.tasks.model import Status, Task
from core.tasks.repository import TASKS
from core.tasks.sheet import TASK_SHEET
from core.transfer.choices import ImportMode
from core.transfer.findings import Findings
from core.transfer.importing import PATIENCE, FileImport
from core.transfer.making import Maker
from core.transfer.model import Import, ImportState
from core.transfer.results import Imported, ImportUndone
from core.transfer.steps import Steps
from core.transfer.stopping import asked_again, cancel, let_go
from core.transfer.tools import TransferTools
from core.transfer.undoing import ImportUndo
from core.workspaces.model import Audience
from tests.support.databases import fresh_database
from tests.support.dying import DeathError, Mortal
from tests.support.plain_engine import PlainEngine, PlainSteps
from tests.support.task_files import ASKED, NOW, Desk, in_pieces
from tests.unit.bot.stage import Stage, button, staged

ROWS = 1300
FILE = "title,due,priority\n" + "".join(f"Task {number},2027-01-01,low\n" for number in range(1, ROWS + 1))
ONCE = replace(ASKED, delivery="the delivery")


class Interrupted:
    """Units of work of a process that sleeps after so many commits, while something happens."""

    def __init__(self, transactions: Transactions, commits: int, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self._transactions = transactions
        self._commits = commits
        self._meanwhile = meanwhile

    def read(self) -> object:
        return self._transactions.read()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        async with self._transactions.write() as work:
            yield work
        self._commits -= 1
        if self._commits == 0:
            await self._meanwhile()


def mortal(desk: Desk, life: int, *, after_commit: bool = True) -> TransferTools:
    steps = Mortal(desk.transactions, life, after_commit=after_commit)
    return replace(desk.tools, steps=steps, runner="one that dies")  # type: ignore[arg-type]


async def apply(desk: Desk, tools: TransferTools, file: str, mode: ImportMode = ImportMode.ALL) -> Imported[Task]:
    importing = FileImport(tools, TASK_SHEET, TASK_WORDS.error)
    return await importing.apply(ONCE, desk.ann, desk.audience(desk.ann), file, mode)


async def undo(desk: Desk, tools: TransferTools, done: Imported[Task]) -> ImportUndone:
    return await ImportUndo(tools, TASK_SHEET).run(ONCE, desk.ann, await desk.undo_entry(done))


@pytest.mark.parametrize("after_commit", [True, False])
@pytest.mark.parametrize("life", [1, 2, 3, 4, 5, 6, 8])
async def test_an_import_cut_off_anywhere_goes_on_and_applies_every_row_once(
    desk: Desk, life: int, after_commit: bool
) -> None:
    file = await desk.upload(FILE + "Bad,soonish,low\n")
    with pytest.raises(DeathError):
        await apply(desk, mortal(desk, life, after_commit=after_commit), file.id, ImportMode.GOOD)
    done = await apply(desk, desk.tools, file.id, ImportMode.GOOD)
    tasks = await desk.tasks()
    assert [task.title for task in tasks] == [f"Task {number}" for number in range(1, ROWS + 1)]
    assert (done.findings.new, done.findings.bad, done.findings.rows) == (ROWS, 1, ROWS + 1)
    assert b"soonish" in await desk.read(done.returned)
    assert await desk.undo(done) == ImportUndone(ROWS, 0)
    assert await desk.tasks() == []


@pytest.mark.parametrize("life", [1, 2, 3, 5])
async def test_an_undo_cut_off_anywhere_goes_on_and_takes_everything_back(desk: Desk, life: int) -> None:
    await desk.run("title\n" + "Old\n" * 300)
    before = await desk.tasks()
    rows = "".join(f"{number},New {number}\n" for number in range(1, 301)) + ",Another\n" * 300
    done = await desk.run("number,title\n" + rows)
    with pytest.raises(DeathError):
        await undo(desk, mortal(desk, life), done)
    assert await undo(desk, desk.tools, done) == ImportUndone(300, 300)
    assert [replace(task, version=0) for task in await desk.tasks()] == [replace(task, version=0) for task in before]
    with pytest.raises(ConflictError) as refused:
        await undo(desk, desk.tools, done)
    assert refused.value.reason == "undo_used"


@pytest.mark.parametrize("commits", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("life", [1, 2, 4])
async def test_who_was_taken_for_dead_and_goes_on_neither_loses_rows_nor_applies_them_twice(
    desk: Desk, commits: int, life: int
) -> None:
    file = await desk.upload(FILE)
    with pytest.raises(RefusedError) as refused:
        await apply(desk, overtaken(desk, commits, life), file.id)
    assert refused.value.reason == "import_elsewhere"
    done = await apply(desk, desk.tools, file.id)
    assert [task.title for task in await desk.tasks()] == [f"Task {number}" for number in range(1, ROWS + 1)]
    assert await desk.undo(done) == ImportUndone(ROWS, 0)


@pytest.mark.parametrize("commits", [1, 3, 5, 6])
async def test_an_import_that_is_cancelled_ends_at_what_was_applied_and_can_be_taken_back(
    desk: Desk, commits: int
) -> None:
    file = await desk.upload(FILE)
    undone: list[str] = []

    async def cancelled() -> None:
        async with desk.transactions.write() as work:
            undone.append(await cancel(work, ONCE.delivery, NOW))
            await work.commit()

    steps = Interrupted(desk.transactions, commits, cancelled)
    with pytest.raises(BrokenOffError) as refused:
        await apply(desk, replace(desk.tools, steps=steps), file.id)  # type: ignore[arg-type]
    assert refused.value.details["reason"] == "import_cancelled"
    done = len(await desk.tasks())
    assert (done < ROWS, refused.value.details["created"], refused.value.details["updated"]) == (True, done, 0)
    async with desk.transactions.read() as work:
        job = await work.imports.of_delivery(ONCE.delivery)
    assert job
    assert undone == [job.id if done else ""]
    with pytest.raises(BrokenOffError):
        await apply(desk, desk.tools, file.id)
    if done:
        assert await again(desk) == "import_half_in"
        ended: Imported[Task] = Imported(ImportMode.ALL, file, Findings.of({}), None, job.id)
        assert await desk.undo(ended) == ImportUndone(done, 0)
    assert await again(desk) == ""


@pytest.mark.parametrize("life", [1, 4, 8])
async def test_an_import_that_is_under_way_or_came_to_its_end_is_asked_for_again_as_the_same(
    desk: Desk, life: int
) -> None:
    file = await desk.upload(FILE)
    assert await again(desk) == ""
    with pytest.raises(DeathError):
        await apply(desk, mortal(desk, life), file.id)
    assert await again(desk) == ONCE.delivery
    await apply(desk, desk.tools, file.id)
    assert await again(desk) == ONCE.delivery


async def again(desk: Desk) -> str:
    """As which delivery an import may be asked for again."""
    async with desk.transactions.read() as work:
        try:
            return await asked_again(work, ONCE.delivery)
        except RefusedError as error:
            return error.reason


async def test_what_a_process_lets_go_of_another_one_goes_on_with_at_once(desk: Desk) -> None:
    file = await desk.upload(FILE)
    with pytest.raises(DeathError):
        await apply(desk, mortal(desk, 4), file.id)
    async with desk.transactions.write() as work:
        await let_go(work, ONCE.delivery)
        await work.commit()
    await apply(desk, replace(desk.tools, is_shared=True), file.id)
    assert [task.title for task in await desk.tasks()] == [f"Task {number}" for number in range(1, ROWS + 1)]


def overtaken(desk: Desk, commits: int, life: int) -> TransferTools:
    """Let another process take over an import after so many commits, for its own short life."""

    async def take_over() -> None:
        (job,) = [job for _, job in await desk.storage.system.imports_under_way()]
        with pytest.raises(DeathError):
            await apply(desk, mortal(desk, life), job.file.id)

    return replace(desk.tools, steps=Interrupted(desk.transactions, commits, take_over))  # type: ignore[arg-type]


async def test_what_was_done_is_told_again_to_who_asks_the_same(desk: Desk) -> None:
    file = await desk.upload(FILE)
    first = await apply(desk, desk.tools, file.id)
    again = await apply(desk, desk.tools, file.id)
    assert (again.undo_id, again.findings.new) == (first.undo_id, ROWS)
    assert len(await desk.tasks()) == ROWS


async def change_meanwhile(desk: Desk, tasks: Sequence[Task]) -> None:
    async with desk.transactions.write() as work:
        for task in tasks:
            await work.of(TASKS).change(replace(task, version=task.version + 1), task.version)
        await work.commit()


async def test_rows_whose_tasks_changed_or_went_since_the_check_are_left_out_and_named(desk: Desk) -> None:
    await desk.run("title\nA\nB\nC\n")
    first, second, _ = await desk.tasks()
    file = await desk.upload("number,title\n1,AA\n2,BB\n3,CC\n,DD\n")
    with pytest.raises(DeathError):
        # Begun, staged, and ready to be applied.
        await apply(desk, mortal(desk, 4), file.id)
    await change_meanwhile(desk, [replace(first, status=Status.COMPLETED), replace(second, removed_at=NOW)])
    done = await apply(desk, desk.tools, file.id)
    assert [task.title for task in await desk.tasks()] == ["A", "CC", "DD"]
    found = done.findings
    assert (found.updated, found.new, found.bad, found.late) == (1, 1, 2, 2)
    assert [(bad.line, bad.value, bad.reason) for bad in found.problems] == [
        (2, "1", "changed_since"),
        (3, "2", "gone_since"),
    ]
    assert await desk.undo(done) == ImportUndone(1, 1)


async def test_an_undo_brings_nobody_back_who_was_forgotten(desk: Desk) -> None:
    await desk.run("title,assignees\nA,@ben\n")
    done = await desk.run("number,title,assignees\n1,B,@ann\n")
    async with desk.transactions.write() as work:
        (ben,) = await work.members.named("Ben")
        await work.members.forget(ben.id, NOW)
        await work.commit()
    assert await desk.undo(done) == ImportUndone(0, 1)
    (task,) = await desk.tasks()
    assert (task.title, task.assignees) == ("A", ())


async def test_what_changes_while_an_undo_is_under_way_stays_as_it_is(desk: Desk) -> None:
    done = await desk.run(FILE)
    with pytest.raises(DeathError):
        await undo(desk, mortal(desk, 2), done)
    last = (await desk.tasks())[-1]
    await change_meanwhile(desk, [replace(last, title="Mine")])
    assert await undo(desk, desk.tools, done) == ImportUndone(ROWS - 1, 0)
    assert [task.title for task in await desk.tasks()] == ["Mine"]


async def test_who_writes_meanwhile_has_their_turn_between_two_steps(desk: Desk) -> None:
    file, begun = await desk.upload(FILE), asyncio.Event()

    def hear(fraction: float) -> None:
        if fraction > 0.5:
            begun.set()

    importing = asyncio.create_task(desk.apply(desk.ann, file.id, ImportMode.ALL, hear))
    await begun.wait()
    async with desk.transactions.write() as work:
        number = await work.of(TASKS).reserve_numbers()
        work.of(TASKS).add(replace((await desk.tasks())[0], number=number, title="In between", batch=""))
        await work.commit()
    assert not importing.done()
    done = await importing
    assert done.findings.new == ROWS
    titles = [task.title for task in await desk.tasks()]
    assert titles == [*(f"Task {number}" for number in range(1, ROWS + 1)), "In between"]


@pytest.mark.parametrize(("a_look", "steps"), [(0.0, 4), (1.0, 13)])
async def test_steps_are_so_short_that_nobody_waits_long_for_one(desk: Desk, a_look: float, steps: int) -> None:
    watch = count_up(0.0, a_look)
    file = await desk.upload(FILE)
    done = await apply(desk, replace(desk.tools, stopwatch=lambda: next(watch)), file.id)
    async with desk.transactions.read() as work:
        job = await work.imports.get(done.undo_id)
    assert job
    assert job.steps == steps


@pytest.mark.parametrize(("others", "steps"), [(0, 13), (1, 31)])
async def test_steps_are_shorter_while_others_write(desk: Desk, others: int, steps: int) -> None:
    watch, commits = count_up(0.0, 1.0), count_up(0, 1 + others)
    tools = replace(desk.tools, stopwatch=lambda: next(watch), commits=lambda: next(commits))
    done = await apply(desk, tools, (await desk.upload(FILE)).id)
    async with desk.transactions.read() as work:
        job = await work.imports.get(done.undo_id)
    assert job
    assert job.steps == steps


async def test_no_step_begins_while_somebody_is_being_served(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.shared.stepping.PATIENCE", 60.0)
    watch, serving, applied = count_up(0.0, 1.0), asyncio.Event(), list[int]()

    async def look() -> None:
        applied.extend([len(await desk.tasks()) for _ in range(10)])
        serving.clear()

    async def come() -> None:
        serving.set()
        looking.append(asyncio.create_task(look()))

    looking: list[asyncio.Task[None]] = []
    steps = Interrupted(desk.transactions, 8, come)
    tools = replace(desk.tools, steps=steps, stopwatch=lambda: next(watch), is_serving=serving.is_set)  # type: ignore[arg-type]
    await apply(desk, tools, (await desk.upload(FILE)).id)
    assert len(set(applied)) == 1
    assert 0 < applied[0] < ROWS == len(await desk.tasks())


async def test_an_import_comes_to_its_end_although_there_is_always_somebody_being_served(desk: Desk) -> None:
    done = await apply(desk, replace(desk.tools, is_serving=lambda: True), (await desk.upload(FILE)).id)
    assert done.findings.new == ROWS == len(await desk.tasks())


async def test_rows_that_are_due_on_the_same_day_are_applied_together_and_numbered_as_in_the_file(desk: Desk) -> None:
    """So that a step writes a few places of the indexes of open tasks rather than one for each row."""
    watch, days = count_up(0.0, 1.0), [f"2027-01-0{number % 4 + 1}" for number in range(ROWS)]
    rows = "".join(f"Task {number},{day},low\n" for number, day in enumerate(days, start=1))
    file = await desk.upload(f"title,due,priority\n{rows}")
    done = await apply(desk, replace(desk.tools, stopwatch=lambda: next(watch)), file.id)
    tasks = await desk.tasks()
    assert [task.title for task in tasks] == [f"Task {number}" for number in range(1, ROWS + 1)]
    async with desk.transactions.read() as work:
        first = await work.imports.effect(done.undo_id, 0)
    assert first
    due = {task.number: task.due for task in tasks}
    assert {str(one.date) for number in first[1].new if (one := due[number])} == {"2027-01-01"}
    assert await desk.undo(done) == ImportUndone(ROWS, 0)


async def history(desk: Desk, number: int) -> list[tuple[str, list[str]]]:
    """Under which commands which fields of a task changed, newest first."""
    async with desk.transactions.read() as work:
        page = await work.changes.page("task", number)
    return [(entry.command, [change.field for change in entry.fields]) for entry in page.items]


async def test_an_import_is_in_the_history_of_each_task(desk: Desk) -> None:
    await desk.run("title\nA\n")
    done = await desk.run("number,title\n1,AA\n,B\n")
    await desk.undo(done)
    first, second = await history(desk, 1), await history(desk, 2)
    assert first == [("qm undo", ["title"]), ("task import", ["title"]), ("task import", [])]
    assert second == [("qm undo", ["removed_at"]), ("task import", [])]


# --- through the application ----------------------------------------------------------------------------------------


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path, engine=PlainEngine()) as made:
        yield made


async def drop(stage: Stage, content: str, line: str, delivery: str = "", by: str = "owner") -> Reply:
    data = content.encode()
    attachment = Attachment("tasks.csv", "", len(data), lambda: in_pieces(data))
    request = replace(stage.request(line, by, delivery=delivery), attachments=(attachment,))
    return await stage.product.application.handle(request)


async def go_on(stage: Stage, *, has_just_started: bool = True) -> None:
    """Let another process see to imports, and run the jobs that it makes of them."""
    jobs, left = stage.product.jobs, ImportsGoOn(stage.parts.storage, stage.clock, "another process")
    left._has_just_started, jobs.runner.pause = has_just_started, 0.0
    await left.step()
    await run_jobs(stage)
    await left.step()


async def run_jobs(stage: Stage) -> None:
    """Run what is queued to its end."""
    jobs = stage.product.jobs
    assert jobs.launcher
    engine = jobs.launcher.engine
    assert isinstance(engine, PlainEngine)
    await engine.start(jobs.runner.run)
    await jobs.launcher.step()
    await engine.all_done()


async def count(stage: Stage) -> int:
    return sum(field.value for field in (await stage.type("/task summary")).fields if field.key == "pending")  # type: ignore[misc]


async def cut_off(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, line: str = "/task import mode:all", by: str = "owner"
) -> None:
    """Import a file in a process that dies while rows are applied."""
    with dying(monkeypatch):
        await drop(stage, FILE, line, delivery="d1", by=by)


@contextmanager
def dying(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have whatever brings rows in die after its first step."""
    step = Steps._step

    async def dying_step(self: Steps, *given: object) -> object:  # type: ignore[type-arg]
        await step(self, *given)  # type: ignore[arg-type]
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(Steps, "_step", dying_step)
        yield


async def test_a_repeated_delivery_is_answered_alike(stage: Stage) -> None:
    first = await drop(stage, FILE, "/task import mode:all", delivery="d1")
    again = await drop(stage, FILE, "/task import mode:all", delivery="d1")
    assert plain(again.text) == plain(first.text)
    assert await count(stage) == ROWS


async def test_what_a_dead_process_left_goes_on_by_itself_and_is_answered_by_a_message(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cut_off(stage, monkeypatch)
    assert 0 < await count(stage) < ROWS
    await go_on(stage)
    assert await count(stage) == ROWS
    (item,) = await stage.parts.storage.outbox.claim(stage.clock.now(), 10)
    assert plain(item.post.reply.text).startswith("Owner imported tasks.csv.\n1,300 rows: 1,300 new.")
    repeated = await drop(stage, FILE, "/task import mode:all", delivery="d1")
    assert plain(repeated.text) == plain(item.post.reply.text)
    await stage.press(button(repeated, "Undo"))
    assert await count(stage) == 0
    assert await stage.parts.storage.system.imports_under_way() == []


async def test_an_import_is_found_among_the_jobs(stage: Stage) -> None:
    await drop(stage, "title\nMilk\n", "/task import")
    done = await drop(stage, "title\nMilk\n", "/task import mode:all")
    await drop(stage, "title\nMilk\n", "/task import mode:cancel")
    await drop(stage, "\0\n", "/task import mode:all")
    (table,) = (await stage.type("/job list kind:import")).tables
    rows = [(str(row.cells[1]).split()[-1], row.cells[2]) for row in table.rows]
    assert rows == [("mode:all", "failed"), ("mode:all", "completed"), ("mode:check", "completed")]
    assert table.rows[1].cells[1] == "/task import file:tasks.csv mode:all"
    card = await stage.type("/job show 2")
    assert plain(card.text) == "/task import file:tasks.csv mode:all"
    shown = {field.key: field.value for field in card.fields}
    assert plain(shown["answer"]) == plain(done.text)  # type: ignore[arg-type]


async def test_a_cancelled_import_ends_at_once_at_what_was_applied_which_can_be_undone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cut_off(stage, monkeypatch)
    before = await count(stage)
    ((_, job),) = await stage.parts.storage.system.imports_under_way()
    async with stage.parts.storage.workspace(1).write() as work:
        arguments = {"line": job.asked.text, "delivery": "d1"}
        new = NewJob(IMPORT, arguments, job.member_id, job.channel_id, long_key("d1"))
        assert await work.jobs.queue(new, stage.clock.now())
        await work.commit()
    cancelled = await stage.type("/job cancel 1")
    assert f"/qm undo {job.id}" in [action.command for action in cancelled.actions]
    assert await stage.parts.storage.system.imports_under_way() == []
    assert await count(stage) == before
    again = (await drop(stage, FILE, "/task import mode:all", delivery="d1")).problem
    assert again
    assert again.message.startswith("The import of tasks.csv was cancelled.")
    assert f"{before} new" in again.message
    assert plain((await stage.type("/qm undo")).text).startswith("Import undone")
    assert await count(stage) == 0


@pytest.mark.parametrize("is_typed", [True, False])
async def test_a_job_of_an_import_of_which_something_is_in_is_not_begun_anew_until_that_is_taken_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, is_typed: bool
) -> None:
    undo_id = await cancelled_half_way(stage, monkeypatch, is_typed=is_typed)
    before = await count(stage)
    assert 0 < before < ROWS
    refused = (await stage.type("/job retry 2")).problem
    assert refused
    assert "would bring that in twice" in refused.message
    undo, line = refused.hint.split("`")[1::2]
    assert (undo, line.startswith("/task import file:")) == (f"/qm undo {undo_id}", True)
    stage.clock.moment += UNDO_WINDOW + timedelta(seconds=1)
    await Retention(stage.parts.storage.system, stage.parts.files, stage.clock).step()
    late = (await stage.type("/job retry 2")).problem
    assert late
    assert late.hint == f"It can't be taken back any more. Look at what is there before you type `{line}`."
    assert await count(stage) == before


@pytest.mark.parametrize("is_typed", [True, False])
async def test_a_job_of_an_import_that_was_taken_back_is_begun_anew(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, is_typed: bool
) -> None:
    await stage.type(f"/qm undo {await cancelled_half_way(stage, monkeypatch, is_typed=is_typed)}")
    assert await count(stage) == 0
    assert (await stage.type("/job retry 2")).ok
    await run_jobs(stage)
    assert await count(stage) == ROWS
    assert await stage.parts.storage.system.imports_under_way() == []


async def test_of_an_import_that_a_job_is_at_no_second_job_is_made(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await start_import(stage, is_typed=True)
    with dying(monkeypatch):
        await run_jobs(stage)
    assert await stage.parts.storage.system.imports_under_way()
    await go_on(stage)
    (table,) = (await stage.type("/job list kind:import")).tables
    assert [row.cells[2] for row in table.rows] == ["running", "completed"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_whoever_takes_over_the_job_of_an_import_goes_on_with_it_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    async with fresh_database(kind, tmp_path) as url, staged(tmp_path, engine=PlainEngine(), database=url) as stage:
        await start_import(stage, is_typed=True)
        with dying(monkeypatch):
            await run_jobs(stage)
        ((_, left),) = await stage.parts.storage.system.imports_under_way()
        async with stage.parts.storage.workspace(1).write() as work:
            assert await work.imports.advance(left, replace(left, runner="one that died"))
            job = await work.of(JOBS).get(2, Audience(0, frozenset(), everything=True))
            await work.commit()
        assert job
        await stage.product.jobs.runner.run(job.ref(1), PlainSteps("another"))
        assert await count(stage) == ROWS


async def start_import(stage: Stage, *, is_typed: bool) -> None:
    """Have job #2 bring a file in: one that somebody started, or that a command became."""
    checked = await drop(stage, FILE, "/task import", delivery="d0")
    (line,) = [action.command for action in checked.actions if "mode:all" in action.command]
    arguments = {"line": line} | ({} if is_typed else {"delivery": "d1"})
    async with stage.parts.storage.workspace(1).write() as work:
        await work.jobs.queue(NewJob(IMPORT, arguments, 1, 1, "" if is_typed else long_key("d1")), stage.clock.now())
        await work.commit()


async def cancelled_half_way(stage: Stage, monkeypatch: pytest.MonkeyPatch, *, is_typed: bool) -> str:
    """Cancel the job of an import once something is in, and return how that is taken back."""
    await start_import(stage, is_typed=is_typed)
    step = Steps._step

    async def cancelled_step(self: Steps, *given: object) -> object:  # type: ignore[type-arg]
        moved = await step(self, *given)  # type: ignore[arg-type]
        await stage.type("/job cancel 2")
        return moved

    with monkeypatch.context() as patched:
        patched.setattr(Steps, "_step", cancelled_step)
        await run_jobs(stage)
    async with stage.parts.storage.workspace(1).read() as work:
        entry = await work.undo.latest(1, stage.clock.now())
    assert entry
    return entry.id


@pytest.mark.parametrize("later", [PATIENCE + timedelta(seconds=1), -timedelta(days=1)])
async def test_what_a_living_process_works_at_is_left_to_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, later: timedelta
) -> None:
    """A clock that was put back says nothing of how long nobody worked at it."""
    await cut_off(stage, monkeypatch)
    before = await count(stage)
    await go_on(stage, has_just_started=False)
    assert await count(stage) == before
    stage.clock.moment += later
    await go_on(stage, has_just_started=False)
    assert await count(stage) == ROWS


async def test_an_import_that_can_not_go_on_is_left_at_what_was_applied_which_can_be_undone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.type("/task list", by="ben")
    await cut_off(stage, monkeypatch)
    ((_, job),) = await stage.parts.storage.system.imports_under_way()
    stage.clock.moment += PATIENCE
    monkeypatch.setattr(FileImport, "apply", _broken)
    await go_on(stage)
    await go_on(stage, has_just_started=False)
    async with stage.parts.storage.workspace(1).read() as work:
        over = await work.imports.get(job.id)
    assert over
    assert over.state is ImportState.ENDED
    await stage.type(f"/qm undo {job.id}")
    assert await count(stage) == 0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_row_that_the_database_refuses_ends_the_import_and_what_was_done_by_then_can_be_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    refused = 1000
    _refuse(monkeypatch, refused)
    async with fresh_database(kind, tmp_path) as url, staged(tmp_path, engine=PlainEngine(), database=url) as stage:
        with capture_logs() as logs:
            said = (await drop(stage, FILE, "/task import mode:all", delivery="d1")).problem
        assert said
        (told,) = [log for log in logs if log["event"] == "broken_off"]
        assert told["kind"] in ("IntegrityError", "NotNullViolationError")
        assert told["reference"] == said.reference
        assert f"I could not take in line {refused + 1:,} of tasks.csv. {refused - 1} new" in said.message
        assert (said.code, said.reference in said.hint) == ("broken_off", True)
        assert await count(stage) == refused - 1
        assert await stage.parts.storage.system.imports_under_way() == []
        again = (await drop(stage, FILE, "/task import mode:all", delivery="d1")).problem
        assert again
        assert again.message == said.message
        assert (await stage.type(said.hint.split("`")[1])).ok
        assert await count(stage) == 0


async def test_an_import_whose_first_row_is_refused_changes_nothing_and_can_be_checked(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refuse(monkeypatch, 1)
    said = (await drop(stage, FILE, "/task import mode:all", delivery="d1")).problem
    assert said
    assert said.message.endswith("line 2 of tasks.csv; nothing was changed.")
    assert (await count(stage), await stage.parts.storage.system.imports_under_way()) == (0, [])
    assert (await drop(stage, FILE, "/task import mode:check")).ok


async def test_a_job_that_comes_to_a_row_which_the_database_refuses_fails_once_and_is_not_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cut_off(stage, monkeypatch)
    _refuse(monkeypatch, ROWS)
    with capture_logs() as logs:
        await go_on(stage)
    assert [log["event"] for log in logs if log["log_level"] == "error"] == ["broken_off"]
    assert [log["state"] for log in logs if log["event"] == "job_ended"] == ["failed"]
    (item,) = await stage.parts.storage.outbox.claim(stage.clock.now(), 10)
    assert item.post.reply.problem
    assert f"I could not take in line {ROWS + 1:,} of tasks.csv. {ROWS - 1:,} new" in item.post.reply.problem.message
    assert await stage.parts.storage.system.imports_under_way() == []
    assert await count(stage) == ROWS - 1


async def test_an_undo_that_fails_half_way_says_so_and_goes_on_when_asked_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = button(await drop(stage, FILE, "/task import mode:all", delivery="d1"), "Undo")
    step = ImportUndo._step

    async def broken_step(self: ImportUndo, job: Import, *given: object) -> object:  # type: ignore[type-arg]
        return await (_broken() if job.place else step(self, job, *given))  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(ImportUndo, "_step", broken_step)
        broken = (await stage.press(done)).problem
    left = await count(stage)
    assert 0 < left < ROWS
    assert broken
    assert f"{ROWS - left:,} removed and 0 restored, the rest is as it was." in broken.message
    assert await stage.parts.storage.system.imports_under_way() == []
    assert (await stage.type(broken.hint.split("`")[1])).ok
    assert await count(stage) == 0


def _refuse(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let a task be made such that it breaks a constraint of its table."""
    made = Maker.new

    def new(self: Maker[TaskDraft, Task], draft: TaskDraft, of: int) -> Task:
        task = made(self, draft, of)
        return replace(task, created_at=None) if of == number else task  # type: ignore[arg-type]

    monkeypatch.setattr(Maker, "new", new)


async def test_an_import_of_a_person_who_was_forgotten_ends_and_does_not_meet_them_anew(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.type("/task list", by="ben")
    await cut_off(stage, monkeypatch, by="ben")
    ((_, job),) = await stage.parts.storage.system.imports_under_way()
    await stage.type("/user forget Ben confirm:yes")
    before = await count(stage)
    await go_on(stage)
    stage.clock.moment += PATIENCE
    await go_on(stage, has_just_started=False)
    assert await stage.parts.storage.system.imports_under_way() == []
    assert (await count(stage), await people(stage)) == (before, ["Owner"])
    await stage.type(f"/qm undo {job.id}")
    assert await count(stage) == 0


async def test_an_undo_of_a_person_who_is_gone_is_left_to_others(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    done = await drop(stage, FILE, "/task import mode:all", delivery="d1")
    await stage.type("/task list", by="ben")
    await undo_cut_off(stage, monkeypatch, button(done, "Undo").command, by="ben")
    assert 0 < await count(stage) < ROWS
    await stage.type("/user forget Ben confirm:yes")
    await go_on(stage)
    stage.clock.moment += PATIENCE
    await go_on(stage, has_just_started=False)
    assert await stage.parts.storage.system.imports_under_way() == []
    assert await people(stage) == ["Owner"]
    await stage.press(button(done, "Undo"))
    assert await count(stage) == 0


async def test_an_undo_under_way_can_go_on_even_after_nothing_else_can_be_undone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = await drop(stage, FILE, "/task import mode:all", delivery="d1")
    await undo_cut_off(stage, monkeypatch, button(done, "Undo").command, by="owner")
    stage.clock.moment += UNDO_WINDOW + timedelta(seconds=1)
    await Retention(stage.parts.storage.system, stage.parts.files, stage.clock).step()
    await go_on(stage)
    assert await count(stage) == 0


async def test_of_an_import_that_is_over_nothing_says_how_who_asked_is_called(stage: Stage) -> None:
    done = await drop(stage, FILE, "/task import mode:all", delivery="d1")
    async with stage.parts.storage.workspace(1).read() as work:
        job = await work.imports.get(button(done, "Undo").command.split()[-1])
    assert job
    assert (job.state, job.asked.user) == (ImportState.ENDED, {})


async def people(stage: Stage) -> list[str]:
    async with stage.parts.storage.workspace(1).read() as work:
        return [member.name for member in await work.members.all()]


async def undo_cut_off(stage: Stage, monkeypatch: pytest.MonkeyPatch, line: str, by: str) -> None:
    """Undo an import in a process that dies after the first step."""
    step = ImportUndo._step

    async def dying_step(self: ImportUndo, *given: object) -> object:  # type: ignore[type-arg]
        await step(self, *given)  # type: ignore[arg-type]
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(ImportUndo, "_step", dying_step)
        await stage.type(line, by)


async def _broken(*_given: object) -> Imported[Task]:
    raise RuntimeError("it can't be")
