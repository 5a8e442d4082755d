"""Jobs as people meet them: started, followed, answered once, cancelled, begun anew; one harms no other."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.telemetry.metrics import Metrics
from bot.application.context import Context
from bot.application.job_context import JobContext
from bot.grammar.declaration import Area
from bot.jobs import launcher
from bot.texts.background import REASONS
from core.chat.reply import Reply, Visibility
from core.chat.request import Platform, Request
from core.chat.spec import Cost
from core.chat.text import plain
from core.jobs.kinds import EXPORT
from core.jobs.model import Job, JobFilter, JobState, NewJob
from core.people.model import Role
from core.ports.jobs import JobRef
from core.shared.errors import RefusedError
from core.shared.undo import UNDO_WINDOW
from core.workspaces.model import Audience
from tests.support.patience import until
from tests.support.plain_engine import PlainEngine
from tests.unit.bot.stage import NO_LIMITS, Stage, button, staged


class Work:
    """Kinds of job that do what a test says."""

    def __init__(self) -> None:
        self.area = Area("work", "Work for tests")
        self.gate = asyncio.Event()
        self.begun: list[str] = []
        self.cut_off: list[str] = []
        self.most = self.now = 0
        self.errors: list[Exception] = []
        self.unblocked = threading.Event()
        self._declare_work()
        self._declare_command()
        self._declare_what_hangs()

    def _declare_work(self) -> None:
        area, work = self.area, self

        @area.job(width=3)
        async def dig(ctx: JobContext, what: str) -> Reply:
            """Dig.

            Args:
                what: what to dig, such as `hole`
            """
            work.begun.append(what)
            work.now += 1
            work.most = max(work.most, work.now)
            try:
                await ctx.progress(1, 4, "under the grass")
                await work.gate.wait()
            finally:
                work.now -= 1
            return Reply(title=f"Dug a {what}", visibility=Visibility.CHANNEL)

        @area.job(retries=1)
        async def break_(ctx: JobContext) -> Reply:
            """Break."""
            work.begun.append("break")
            if work.errors:
                raise work.errors.pop(0)
            return Reply(title="Whole", visibility=Visibility.CHANNEL)

    def _declare_command(self) -> None:
        area, work = self.area, self

        @area.command(role=Role.MEMBER, cost=Cost.JOB, job=EXPORT)
        async def count(ctx: Context, what: str) -> Reply:
            """Count what takes long.

            Args:
                what: what to count, such as `tins`

            Examples:
                /work count tins
            """
            work.begun.append(what)
            ctx.report_progress(0.25)
            try:
                await work.gate.wait()
            except asyncio.CancelledError:
                work.cut_off.append(what)
                raise
            if work.errors:
                raise work.errors.pop(0)
            return Reply(title=f"Counted {what}")

    def _declare_what_hangs(self) -> None:
        area, work = self.area, self

        @area.job(seconds=0.01)
        async def hang(ctx: JobContext) -> Reply:
            """Hang."""
            await asyncio.Event().wait()
            return Reply()

        @area.job(seconds=0.05)
        async def block(ctx: JobContext) -> Reply:
            """Wait in a thread, which nobody can stop."""
            await asyncio.to_thread(work.unblocked.wait)
            return Reply()


class Shop:
    """The application with something that runs jobs."""

    def __init__(self, stage: Stage, engine: PlainEngine, work: Work) -> None:
        self.stage, self.engine, self.work = stage, engine, work

    async def run(self, line: str, **more: Any) -> Reply:
        """Start a job, and give its answer or what is said meanwhile once it can be told."""
        return await self.stage.type(f"/job run {line}", **more)

    async def jobs(self) -> dict[int, Job]:
        spaces = await self.stage.parts.storage.system.workspaces()
        if not spaces:
            return {}
        async with self.stage.parts.storage.workspace(spaces[0].id).read() as work:
            page = await work.jobs.page(JobFilter(), Audience(0, frozenset(), everything=True), limit=100)
        return {job.number: job for job in page.items}

    async def until(self, number: int, state: JobState) -> Job:
        async def look() -> Job | None:
            job = (await self.jobs()).get(number)
            return job if job and job.state is state else None

        return await until(look, what=f"job {number} to be {state.value}")

    async def queue(self, kind: str, key: str = "", **arguments: str) -> int:
        """Start a job that nobody waits for."""
        actor = await self.stage.product.application.identify(self.stage.request())
        async with self.stage.parts.storage.workspace(actor.workspace_id).write() as work:
            job = await work.jobs.queue(
                NewJob(kind, arguments, actor.member_id, actor.channel_id, key), self.stage.clock.now()
            )
            await work.commit()
        assert job is not None
        return job.number


@asynccontextmanager
async def running(
    folder: Path, engine: PlainEngine, work: Work, *, long_seconds: float = 3600.0
) -> AsyncIterator[Shop]:
    """Let jobs run, and nothing else that goes on by itself."""
    pace = replace(NO_LIMITS, long_seconds=long_seconds)
    async with staged(folder, areas=[work.area], engine=engine, pace=pace) as stage:
        jobs = stage.product.jobs
        assert jobs.launcher
        jobs.launcher.start(jobs.runner.run)
        await until(lambda: engine.state.is_ready)
        yield Shop(stage, engine, work)
        await stage.product.drain()
        await jobs.launcher.stop()


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
async def shop(tmp_path: Path, work: Work) -> AsyncIterator[Shop]:
    engine = PlainEngine()
    async with running(tmp_path, engine, work) as opened:
        yield opened


async def test_the_answer_of_a_job_is_the_answer_of_the_command_that_started_it(shop: Shop) -> None:
    shop.work.gate.set()
    reply = await shop.run("dig hole")
    assert (reply.title, reply.problem) == ("Dug a hole", None)
    job = await shop.until(1, JobState.COMPLETED)
    assert (job.title, job.attempts, job.executor) == ("dig what:hole", 1, "plain")
    assert shop.stage.chat.posts == []


async def test_one_good_and_one_bad_are_one_completed_and_one_failed_which_keeps_its_reason(shop: Shop) -> None:
    under_way = asyncio.create_task(shop.run("wait seconds:1"))
    await shop.until(1, JobState.RUNNING)
    bad, good = await shop.run("wait seconds:0"), await under_way
    assert plain(good.text) == "Job #1 waited 1 second."
    assert bad.problem
    assert bad.problem.message == "A wait of 0 seconds is too short: the shortest is 1."
    for state, numbers in (("completed", [1]), ("failed", [2]), ("running", [])):
        reply = await shop.stage.type(f"/job list {state}")
        assert [row.cells[0] for table in reply.tables for row in table.rows] == numbers
    (why,) = [row.cells[-1] for table in (await shop.stage.type("/job list failed")).tables for row in table.rows]
    assert why == bad.problem.message


async def test_the_metrics_count_what_became_of_jobs(shop: Shop) -> None:
    await shop.run("wait seconds:0")
    shop.work.gate.set()
    await shop.run("dig hole")
    metrics = shop.stage.parts.metrics
    assert isinstance(metrics, Metrics)
    page = metrics.render()[0].decode()
    for kind, outcome in (("wait", "failed"), ("dig", "completed")):
        assert f'quartermaster_jobs_ended_total{{kind="{kind}",outcome="{outcome}"}} 1.0' in page
    assert 'quartermaster_jobs_engine{phase="ready"} 1.0' in page


async def test_jobs_go_on_at_once_as_far_as_their_kind_is_wide(shop: Shop) -> None:
    under_way = [asyncio.create_task(shop.run(f"dig hole{number}")) for number in range(5)]
    await until(lambda: len(shop.work.begun) == 3)
    shop.work.gate.set()
    replies = await asyncio.gather(*under_way)
    assert sorted(reply.title for reply in replies) == [f"Dug a hole{number}" for number in range(5)]
    assert shop.work.most == 3


async def test_how_far_a_job_is_shows_to_who_waits_and_in_its_row(shop: Shop) -> None:
    ticket = shop.stage.product.application.submit(shop.stage.request("/job run dig hole"))
    await shop.until(1, JobState.RUNNING)
    await until(lambda: ticket.progress)
    assert ticket.progress == 0.25

    async def is_kept() -> bool:
        return (await shop.jobs())[1].done > 0

    await until(is_kept)
    shown = await shop.stage.type("/job show 1")
    assert {field.key: field.value for field in shown.fields}["progress"] == "25 %"
    shop.work.gate.set()
    assert (await ticket.reply()).title == "Dug a hole"


async def test_what_nobody_waits_for_is_answered_by_one_message(shop: Shop) -> None:
    shop.work.gate.set()
    number = await shop.queue("dig", "schedule:1:now", what="hole")
    await shop.until(number, JobState.COMPLETED)
    assert len(shop.engine.queued) == 1
    (item,) = await shop.stage.parts.storage.outbox.claim(shop.stage.clock.now(), 10)
    assert item.post.reply.title == "Dug a hole"
    assert item.post.member_id is None


async def test_a_command_is_run_as_whoever_it_is_for_and_once(shop: Shop) -> None:
    number = await shop.queue("command", "schedule:1:now", line="/task add Buy milk")
    await shop.until(number, JobState.COMPLETED)
    listed = await shop.stage.type("/task list")
    assert [row.cells[1] for table in listed.tables for row in table.rows] == ["Buy milk"]


async def test_what_a_job_did_can_be_taken_back_where_it_is_shown(shop: Shop) -> None:
    await shop.run("command /task add Milk")
    undo = button(await shop.stage.type("/job show 1"), "Undo")
    assert (await shop.stage.press(undo)).ok
    assert not (await shop.stage.type("/task list")).tables
    shop.stage.clock.moment += UNDO_WINDOW
    assert not (await shop.stage.type("/job show 1")).actions


async def test_jobs_that_run_commands_are_of_the_kind_of_the_command_and_listed_by_it(shop: Shop) -> None:
    await shop.run("command /report sales")
    await shop.run("report /report products")
    await shop.run("command /task list")
    assert {job.title: job.kind for job in (await shop.jobs()).values()} == {
        "/report sales": "report",
        "/report products": "report",
        "/task list": "command",
    }
    listed = await shop.stage.type("/job list kind:report")
    assert listed.title == "Report jobs"
    assert [row.cells[1] for row in listed.tables[0].rows] == ["/report products", "/report sales"]
    assert plain((await shop.stage.type("/job list kind:import")).text) == "There are none."
    assert "Did you mean `report`?" in str((await shop.stage.type("/job list kind:reprot")).problem)


async def test_a_cancelled_job_stops_and_can_be_begun_anew(shop: Shop) -> None:
    ticket = shop.stage.product.application.submit(shop.stage.request("/job run dig hole"))
    await shop.until(1, JobState.RUNNING)
    said = await shop.stage.type("/job cancel 1")
    assert plain(said.text).startswith("Cancelled job #1")
    stopped = await ticket.reply()
    assert stopped.problem
    assert stopped.problem.message == "Job #1 was cancelled."
    assert shop.work.now == 0
    shop.work.gate.set()
    await shop.stage.press(button(said, "Retry"))
    job = await shop.until(1, JobState.COMPLETED)
    assert job.rounds == 1
    (item,) = await shop.stage.parts.storage.outbox.claim(shop.stage.clock.now(), 10)
    assert item.post.reply.title == "Dug a hole"


async def test_what_breaks_is_tried_again_and_says_so_in_neutral_words_if_it_goes_on(shop: Shop) -> None:
    shop.stage.product.jobs.runner.pause = 0.0
    shop.work.errors = [RuntimeError("secret")]
    assert (await shop.run("break")).title == "Whole"
    shop.work.errors = [RuntimeError("secret"), RuntimeError("secret")]
    broken = await shop.run("break")
    assert broken.problem
    assert "secret" not in str(broken)
    assert button(broken, "Retry").command == "/job retry 2"
    assert (await shop.until(2, JobState.FAILED)).reason == "internal"


async def test_what_takes_too_long_is_stopped_and_says_so(shop: Shop) -> None:
    reply = await shop.run("hang")
    assert reply.problem
    assert reply.problem.message.startswith("It took longer than the 0 seconds")


async def test_what_a_thread_of_its_does_not_come_back_from_is_left_and_harms_no_other(shop: Shop) -> None:
    try:
        blocked = await asyncio.gather(*(shop.run("block") for _ in range(3)))
        assert {reply.problem.code for reply in blocked if reply.problem} == {"refused"}
        assert all("took longer" in reply.problem.message for reply in blocked if reply.problem)
        assert plain((await shop.run("wait 1")).text).endswith("waited 1 second.")
    finally:
        shop.work.unblocked.set()


async def test_whoever_presses_second_is_told_that_it_is_done(shop: Shop) -> None:
    """Two people press the same button, or one of them twice."""
    ticket = shop.stage.product.application.submit(shop.stage.request("/job run dig hole"))
    await shop.until(1, JobState.RUNNING)
    running = await shop.stage.type("/job retry 1")
    assert running.problem
    assert running.problem.message == "Job #1 is still under way, so it can't be asked for again."
    for line, told in (
        ("/job cancel 1", "Job #1 was cancelled, so there is nothing to cancel."),
        ("/job retry 1", "Job #1 "),
    ):
        replies = await asyncio.gather(*(shop.stage.type(line, user) for user in ("owner", "owner")))
        (problem,) = [reply.problem for reply in replies if reply.problem]
        assert problem.message.startswith(told)
        await ticket.reply()
    shop.work.gate.set()
    job = await shop.until(1, JobState.COMPLETED)
    assert (job.rounds, shop.work.begun) == (1, ["hole", "hole"])


async def test_a_job_that_is_over_before_it_is_cancelled_stays_what_it_was(shop: Shop) -> None:
    for number in range(1, 6):
        ticket = shop.stage.product.application.submit(shop.stage.request("/job run dig hole"))
        await shop.until(number, JobState.RUNNING)
        shop.work.gate.set()
        said = await shop.stage.type(f"/job cancel {number}")
        reply = await ticket.reply()
        shop.work.gate.clear()
        job = (await shop.jobs())[number]
        assert job.state is (JobState.COMPLETED if said.problem else JobState.CANCELLED)
        assert (reply.title == "Dug a hole") is (job.state is JobState.COMPLETED)


async def test_of_a_job_that_another_process_took_over_it_is_not_said_that_it_was_cancelled(shop: Shop) -> None:
    ticket = shop.stage.product.application.submit(shop.stage.request("/job run dig hole"))
    await shop.until(1, JobState.RUNNING)
    async with shop.stage.parts.storage.workspace(1).write() as work:
        assert await work.jobs.claim(1, "another", shop.stage.clock.now())
        await work.commit()
    shop.work.gate.set()
    reply = await ticket.reply()
    assert reply.problem is None
    assert "is under way" in plain(reply.text)
    assert (await shop.jobs())[1].state is JobState.RUNNING


async def test_a_command_or_a_kind_that_is_no_more_is_said_so(shop: Shop) -> None:
    numbers = [
        await shop.queue("command", "schedule:1:now", line="/fax send"),
        await shop.queue("fax", "schedule:2:now"),
    ]
    reasons = [(await shop.until(number, JobState.FAILED)).reason for number in numbers]
    assert reasons == ["unknown_command", "refused"]
    for job in (await shop.jobs()).values():
        assert job.result
        assert job.result.problem
        assert "fax" in job.result.problem.message


async def test_a_refusal_is_told_and_not_tried_again(shop: Shop) -> None:
    shop.work.errors = [RefusedError("nobody_there")]
    reply = await shop.run("break")
    assert reply.problem
    assert shop.work.begun == ["break"]


@pytest.mark.parametrize("state", JobState)
def test_what_a_job_is_refused_for_names_whichever_state_it_is_in(state: JobState) -> None:
    for refused in ("job_over", "job_not_failed"):
        said, _ = REASONS.refusals[refused]({"number": 3, "state": state})
        assert re.match(r"Job #3 (is|was|has|failed)\b", said), said


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("wate seconds:2", "There is no kind of job “wate”."),
        ("wait", "Such a job needs `seconds:`."),
        ("wait minutes:2", "minutes"),
    ],
)
async def test_what_can_not_be_run_is_said_at_once(shop: Shop, line: str, words: str) -> None:
    reply = await shop.run(line)
    assert reply.problem
    assert words in reply.problem.message
    assert await shop.jobs() == {}


async def test_somebody_elses_job_is_for_managers_to_cancel(shop: Shop) -> None:
    ticket = shop.stage.product.application.submit(shop.stage.request("/job run dig hole"))
    await shop.until(1, JobState.RUNNING)
    refused = await shop.stage.type("/job cancel 1", "ben", platform=Platform.SLACK)
    assert refused.problem
    shop.work.gate.set()
    await ticket.reply()
    over = await shop.stage.type("/job cancel 1")
    assert over.problem
    assert over.problem.message == "Job #1 was completed, so there is nothing to cancel."


@pytest.mark.parametrize("lines", [[], ["/job cancel 1"], ["/job cancel 1", "/job retry 1"]])
async def test_what_was_done_to_somebody_elses_job_is_for_managers_to_take_back(
    tmp_path: Path, work: Work, lines: list[str]
) -> None:
    async with staged(tmp_path, areas=[work.area]) as stage:
        said = await stage.type("/job run dig hole")
        for line in lines:
            said = await stage.type(line)
        undo, before = button(said, "Undo"), await stage.type("/job show 1")
        await stage.type("/user whoami", "ben")
        refused = await stage.press(undo, "ben")
        assert refused.problem
        assert refused.problem.message == "Job #1 is somebody else's."
        assert (await stage.type("/job show 1")).fields == before.fields
        await stage.type("/user role @ben manager")
        assert (await stage.press(undo, "ben")).ok


async def test_nobody_begins_anew_with_the_rights_of_another_what_they_may_not_do(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        for name in ("owner", "ben", "eve"):
            await stage.type("/user whoami", name)
        await stage.type("/user role @ben manager")
        await stage.type("/job run command /user role @eve admin")
        undo = button(await stage.type("/job cancel 1"), "Undo")
        for refused in (await stage.type("/job retry 1", "ben"), await stage.press(undo, "ben")):
            assert refused.problem
            assert refused.problem.message == "Only an admin can do that; you are a manager."
        assert (await stage.type("/job retry 1")).ok


async def test_without_anything_that_runs_jobs_they_wait(tmp_path: Path, work: Work) -> None:
    async with staged(tmp_path, areas=[work.area]) as stage:
        reply = await stage.type("/job run dig hole")
        assert "waits" in plain(reply.text)
        assert reply.ok


async def test_a_job_that_its_process_left_is_gone_on_with_and_answered_by_a_message(tmp_path: Path) -> None:
    before, after = Work(), Work()
    async with running(tmp_path, PlainEngine("first"), before) as shop:
        ticket = shop.stage.product.application.submit(shop.stage.request("/job run dig hole"))
        await shop.until(1, JobState.RUNNING)
    assert "is under way" in plain((await ticket.reply()).text)
    after.gate.set()
    # This engine knows nothing of it, as if its file had been removed.
    async with running(tmp_path, PlainEngine("second"), after) as shop:
        job = await shop.until(1, JobState.COMPLETED)
        assert (job.attempts, job.executor) == (2, "second")
        (item,) = await shop.stage.parts.storage.outbox.claim(shop.stage.clock.now(), 10)
        assert item.post.reply.title == "Dug a hole"


async def test_jobs_that_their_engine_lost_begin_again_and_those_it_knows_do_not(shop: Shop) -> None:
    gives = shop.stage.product.jobs.launcher
    assert gives
    gives.anew_seconds = gives._anew_at = 0.0
    lost = await shop.queue("dig", what="hole")
    await shop.until(lost, JobState.RUNNING)
    known = await shop.queue("dig", what="well")
    await shop.until(known, JobState.RUNNING)
    shop.engine.lose(shop.engine.begun[0])
    gives.loop.wake()
    await until(lambda: shop.work.begun == ["hole", "well", "hole"])
    shop.work.gate.set()
    attempts = [(await shop.until(number, JobState.COMPLETED)).attempts for number in (lost, known)]
    assert attempts == [2, 1]


async def test_of_what_nobody_waits_for_only_a_few_are_ahead_and_all_are_run(shop: Shop) -> None:
    for number in range(20):
        await shop.queue("dig", f"schedule:{number}:now", what=f"hole{number}")
    # As many as the kind is wide, and those ahead of them.
    await until(lambda: len(shop.engine.queued) == 3 + shop.engine.ahead)
    assert (await shop.run("break")).title == "Whole"
    assert len(shop.engine.queued) == 3 + shop.engine.ahead
    shop.work.gate.set()
    await until(lambda: len(shop.work.begun) == 21)
    assert shop.work.most == 3


class Elsewhere(PlainEngine):
    """What is enqueued another process begins, when a test says so, and this one does not hear of it."""

    async def enqueue(self, job: JobRef) -> None:
        self.queued.append(job.id)


async def test_what_other_processes_begin_makes_room_too(
    tmp_path: Path, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "FULL_SECONDS", 0.01)
    monkeypatch.setattr(launcher, "LOOK_SECONDS", 3600.0)
    engine = Elsewhere()
    async with running(tmp_path, engine, work) as shop:
        numbers = [await shop.queue("dig", f"schedule:{number}:now", what="a hole") for number in range(6)]
        await until(lambda: len(engine.queued) == engine.ahead)
        async with shop.stage.parts.storage.workspace(1).write() as unit:
            for number in numbers[: engine.ahead]:
                assert await unit.jobs.claim(number, "elsewhere", shop.stage.clock.now())
            await unit.commit()
        await until(lambda: len(engine.queued) == len(numbers))


LINE = "/work count tins"


async def progress(shop: Shop) -> float | None:
    return (await shop.jobs())[1].progress


def asking(shop: Shop) -> asyncio.Event:
    """Return what is set once a job asks for its command: by then that is a repetition of what is under way."""
    runner, is_asking = shop.stage.product.jobs.runner, asyncio.Event()
    ask = runner.ask

    def told(request: Request, tell: Callable[[float], None]) -> Awaitable[Reply]:
        is_asking.set()
        return ask(request, tell)

    runner.ask = told
    return is_asking


async def test_a_command_that_takes_long_is_a_job_and_answered_once(tmp_path: Path, work: Work) -> None:
    async with running(tmp_path, PlainEngine(), work, long_seconds=0.0) as shop:
        is_asking = asking(shop)
        typed = asyncio.create_task(shop.stage.type(LINE, delivery="D1"))
        await is_asking.wait()
        job = await shop.until(1, JobState.RUNNING)
        assert (job.kind, job.arguments["line"]) == (EXPORT, LINE)
        assert await until(lambda: progress(shop), what="the row to say how far it is") == 0.25
        work.gate.set()
        assert (await typed).title == "Counted tins"
        await shop.engine.all_done()
        job = (await shop.jobs())[1]
        assert job.result
        assert (job.state, job.result.title, work.begun) == (JobState.COMPLETED, "Counted tins", ["tins"])
        assert not await shop.stage.parts.storage.outbox.claim(shop.stage.clock.now(), 10)


async def test_a_command_that_takes_long_and_fails_says_why_once(tmp_path: Path, work: Work) -> None:
    work.errors = [RefusedError("nobody_there")]
    async with running(tmp_path, PlainEngine(), work, long_seconds=0.0) as shop:
        is_asking = asking(shop)
        typed = asyncio.create_task(shop.stage.type(LINE, delivery="D1"))
        await is_asking.wait()
        work.gate.set()
        problem = (await typed).problem
        assert problem
        await shop.engine.all_done()
        assert ((await shop.jobs())[1].state, work.begun) == (JobState.FAILED, ["tins"])
        assert not await shop.stage.parts.storage.outbox.claim(shop.stage.clock.now(), 10)


async def test_a_quick_one_is_found_among_the_jobs_and_no_engine_hears_of_it(shop: Shop) -> None:
    shop.work.gate.set()
    for _ in range(2):
        assert (await shop.stage.type(LINE, delivery="D1")).title == "Counted tins"
    (job,) = (await shop.jobs()).values()
    assert job.result
    assert (job.kind, job.title, job.state, job.result.title) == (EXPORT, LINE, JobState.COMPLETED, "Counted tins")
    assert shop.engine.begun == []
    assert ("answer", "Counted tins") in await card(shop, 1)
    assert "answer" not in [key for key, _ in await card(shop, 1, by="ann")]


async def card(shop: Shop, number: int, by: str = "owner") -> list[tuple[str, str]]:
    reply = await shop.stage.type(f"/job show {number}", by=by)
    return [(field.key, plain(field.value) if isinstance(field.value, tuple) else "") for field in reply.fields]


async def test_a_quick_one_that_fails_keeps_why_and_can_be_begun_anew(shop: Shop) -> None:
    shop.work.gate.set()
    shop.work.errors = [RefusedError("nobody_there")]
    problem = (await shop.stage.type(LINE, delivery="D1")).problem
    assert problem
    (job,) = (await shop.jobs()).values()
    assert job.result
    assert (job.state, job.reason, job.result.problem) == (JobState.FAILED, problem.code, problem)
    await shop.stage.type("/job retry 1")
    await shop.until(1, JobState.COMPLETED)
    assert shop.work.begun == ["tins", "tins"]


async def test_what_lacks_something_or_is_a_job_s_own_is_none(shop: Shop) -> None:
    shop.work.gate.set()
    assert (await shop.stage.type("/work count")).problem
    assert await shop.jobs() == {}
    await shop.run(f"export {LINE}")
    await shop.until(1, JobState.COMPLETED)
    assert len(await shop.jobs()) == 1


async def test_a_long_command_that_is_cancelled_stops(tmp_path: Path, work: Work) -> None:
    async with running(tmp_path, PlainEngine(), work, long_seconds=0.0) as shop:
        is_asking = asking(shop)
        typed = asyncio.create_task(shop.stage.type(LINE, delivery="D1"))
        await is_asking.wait()
        await shop.stage.type("/job cancel 1")
        problem = (await typed).problem
        assert problem
        assert problem.message == "Job #1 was cancelled."
        assert (await shop.jobs())[1].state is JobState.CANCELLED
        assert work.cut_off == ["tins"]
        assert not await shop.stage.parts.storage.outbox.claim(shop.stage.clock.now(), 10)


async def test_a_long_command_that_its_process_left_is_answered_by_a_message(tmp_path: Path, work: Work) -> None:
    async with running(tmp_path, PlainEngine("first"), work, long_seconds=0.0) as shop:
        ticket = shop.stage.product.application.submit(shop.stage.request(LINE, delivery="D1"))
        ref = (await shop.until(1, JobState.RUNNING)).ref(1)
        await shop.engine.close()
        assert ticket.work
        ticket.work.cancel()
    after, engine = Work(), PlainEngine("second")
    after.gate.set()
    async with running(tmp_path, engine, after) as shop:
        await engine.begin(ref)
        assert (await shop.until(1, JobState.COMPLETED)).attempts == 2
        (item,) = await shop.stage.parts.storage.outbox.claim(shop.stage.clock.now(), 10)
        assert item.post.reply.title == "Counted tins"
        assert item.post.member_id is not None
