"""A job is run to its end: its kind does the work, and its row and who waits for it are told what came of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from bot.application.awaited import Awaited
from bot.application.contexts import Contexts
from bot.application.job_context import JobContext
from bot.grammar.binding import Binding, bind
from bot.grammar.declaration import JobKind
from bot.identity.asking import NOBODY_THERE, request_of
from bot.jobs.scheduled import posts_of
from bot.texts.background import ended, was_cancelled
from bot.texts.errors import INTERNAL, ErrorTexts, internal_problem
from core.chat.actions import ACTION_LIFE, number_actions
from core.chat.reply import Reply, Visibility
from core.chat.request import Request
from core.jobs.kinds import IMPORT
from core.jobs.model import Job, JobState
from core.ports.jobs import EngineUnavailableError, JobRef, JobStoppedError, Steps
from core.ports.storage import Committed, Post, Storage, StorageUnavailableError, UnitOfWork
from core.schedules.outcomes import schedule_of
from core.shared.clock import Clock
from core.shared.errors import RefusedError, UserError
from core.shared.events import Event, EventValue
from core.shared.ids import new_code, new_id
from core.transfer.stopping import let_go

log = structlog.get_logger()

MOST_ATTEMPTS = 10
"""How often a job is begun at most: one that its process dies of every time would go on for ever."""
TELL_SECONDS = 1.0
"""Between two times that a job's row is told how far it is."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before what failed is tried again, each pause twice as long as the one before."""
REFERENCE_LENGTH = 8
PARTS = 1000
"""Of a command, which tells how far it is as a fraction."""

Ask = Callable[[Request, Callable[[float], None]], Awaitable[Reply]]


@dataclass(slots=True)
class Runner:
    """Runs jobs for an engine; what one of them does or fails of is nobody else's affair."""

    storage: Storage
    contexts: Contexts
    kinds: Mapping[str, JobKind]
    texts: ErrorTexts
    ask: Ask
    awaited: Awaited
    clock: Clock
    begun: Callable[[JobRef], None] = lambda _: None
    """Told of each job that begins."""
    counted: Callable[[str, str], None] = lambda *_: None
    """Told the kind and the state of each job that came to its end here."""
    pause: float = FIRST_PAUSE
    _slots: dict[str, asyncio.Semaphore] = field(default_factory=dict)
    _running: "dict[tuple[int, int], asyncio.Task[Reply]]" = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Stop what is cancelled."""
        self._slots = {name: asyncio.Semaphore(kind.info.width) for name, kind in self.kinds.items()}
        self.storage.watch(self._committed)

    async def run(self, ref: JobRef, steps: Steps) -> None:
        """Run a job unless it is over.

        Raises `StorageUnavailableError` or `EngineUnavailableError` when it is to be tried again a little later.
        """
        async with self._slots.get(ref.kind, asyncio.Semaphore()):
            async with self.storage.workspace(ref.workspace_id).write() as work:
                job = await work.jobs.claim(ref.number, steps.executor, self.clock.now())
                if job is None or job.ref(ref.workspace_id) != ref:
                    return
                schedule = await schedule_of(work, job.key)
                if job.kind == IMPORT and job.attempts > 1:
                    # Whoever was at it before is not any more: the engine knows, sooner than the import can tell.
                    await let_go(work, job.delivery(ref.workspace_id))
                await work.commit()
            self.begun(ref)
            await self._run(_Running(self, ref.workspace_id, job, steps, schedule.zone if schedule else ""))

    async def _run(self, running: "_Running") -> None:
        job, place = running.job, (running.workspace_id, running.job.number)
        log.info("job_begun", kind=job.kind, number=job.number, attempt=job.attempts)
        work = self._running[place] = asyncio.create_task(self._outcome(running), name=f"job {job.kind}")
        try:
            reply = await _result(work)
        except JobStoppedError:
            log.info("job_stopped", kind=job.kind, number=job.number)
            await self._left(running)
            return
        finally:
            del self._running[place]
        await self._end(running, reply)

    async def _outcome(self, running: "_Running") -> Reply:
        """Return the answer of a job, whatever comes of it."""
        job, kind = running.job, self.kinds.get(running.job.kind)
        try:
            if kind is None:
                raise RefusedError("job_kind_gone", kind=job.kind)
            if job.attempts > MOST_ATTEMPTS:
                raise RefusedError("job_tried_often", times=job.attempts - 1)
            return await self._tried(running, kind)
        except UserError as error:
            running.is_for_nobody = error.details.get("reason") == NOBODY_THERE
            return Reply(problem=self.texts.problem_of(error))

    async def _tried(self, running: "_Running", kind: JobKind) -> Reply:
        """Do the work, again after a while where that may help; raises `UserError`."""
        for retry in range(kind.info.retries + 1):
            try:
                async with asyncio.timeout(kind.info.seconds):
                    reply = await self._done(running, kind)
                if reply.problem is None or reply.problem.code != INTERNAL or retry == kind.info.retries:
                    return reply
            except TimeoutError:
                raise RefusedError("job_too_long", seconds=round(kind.info.seconds)) from None
            except (UserError, JobStoppedError, StorageUnavailableError, EngineUnavailableError):
                raise
            except Exception as error:  # whatever a job fails of is its own affair: its row says so, others go on
                reference = new_code(REFERENCE_LENGTH)
                log.exception("job_failed", kind=kind.info.name, error=type(error).__name__, reference=reference)
                if retry == kind.info.retries:
                    return Reply(problem=internal_problem(reference))
            await asyncio.sleep(min(self.pause * 2**retry, LONGEST_PAUSE))
        raise LookupError("a job is tried once at least")

    async def _done(self, running: "_Running", kind: JobKind) -> Reply:
        job = running.job
        request = await running.request(delivery=job.ref(running.workspace_id).id)
        actor, directory = await self.contexts.identities.actor(request)
        kind.info.require(actor.role)
        context = self.contexts.of(request, actor, directory, self.storage.workspace(running.workspace_id))
        given = {name: (str(value),) for name, value in job.arguments.items() if value is not None}
        values = bind(kind, given, Binding(actor, directory, request, context.now))
        reply = await kind.function(JobContext(job, context, running.ask, running.tell, running.steps), **values)
        return replace(reply, zone=reply.zone or actor.zone)

    async def _end(self, running: "_Running", reply: Reply) -> None:
        """Keep what came of a job and queue the message of it at once, or answer who waits for it here.

        A database that is away is waited for: to end a job that is done is better than to do it once more.
        """
        job, pause = running.job, self.pause
        while True:
            with suppress(StorageUnavailableError):
                kept = await self._ended(running, ended(job, reply))
                break
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        if kept is not None:
            self.awaited.answer(running.workspace_id, job.key, kept)
        else:
            await self._left(running)

    async def _left(self, running: "_Running") -> None:
        """Tell who waits here what became of a job that is this process's no more: cancelled, or another one's."""
        workspace_id, job = running.workspace_id, running.job
        with suppress(StorageUnavailableError):
            async with self.storage.workspace(workspace_id).read() as work:
                found = await work.jobs.of_key(job.key)
            if found and found.state is JobState.CANCELLED:
                self.awaited.answer(workspace_id, job.key, was_cancelled(job, self.texts))
        self.awaited.leave(workspace_id, job.key)

    async def _ended(self, running: "_Running", reply: Reply) -> Reply | None:
        """End a job unless it is no longer this process's; return its answer as it was kept."""
        job, now = running.job, self.clock.now()
        state = JobState.FAILED if reply.problem else JobState.COMPLETED
        reply, buttons = number_actions(reply, new_id(now))
        async with self.storage.workspace(running.workspace_id).write() as work:
            reason = reply.problem.code if reply.problem else ""
            executor = running.steps.executor
            if not await work.jobs.finish(job.number, executor, state, reply, now, reason=reason):
                return None
            if not self.awaited.is_awaited(running.workspace_id, job.key):
                await self._queue(work, running, reply, now)
            elif buttons:
                set_id = buttons[0].id.partition(".")[0]
                work.actions.add(set_id, buttons, channel_id=job.channel_id, expires_at=now + ACTION_LIFE)
            told: dict[str, EventValue] = {"number": job.number, "kind": job.kind}
            work.events.record(Event(f"job.{state.value}", now, job.channel_id, job.member_id, told))
            await work.commit()
        self.counted(job.kind, state.value)
        log.info("job_ended", kind=job.kind, number=job.number, state=state.value, reason=reason)
        return reply

    async def _queue(self, work: UnitOfWork, running: "_Running", reply: Reply, now: datetime) -> None:
        """Queue the message of what came of a job; an answer that says nothing at all is none, or one for nobody."""
        job = running.job
        if not job.is_awaited:
            for post in await posts_of(work, job, reply, now):
                work.outbox.add(post, now)
        elif not running.is_for_nobody and reply != Reply(zone=reply.zone):
            is_open = reply.visibility is Visibility.CHANNEL
            work.outbox.add(Post(reply, job.channel_id, None if is_open else job.member_id), now)

    def stop(self, workspace_id: int, number: int) -> None:
        """Stop a job that is this process's no more, or is to end."""
        if work := self._running.get((workspace_id, number)):
            work.cancel()

    def _committed(self, committed: Committed) -> None:
        """Stop the work of jobs that were cancelled, by whichever process."""
        for event in committed.events:
            if event.kind == "job.cancelled":
                self.stop(committed.workspace_id, int(str(event.payload.get("number", 0))))


@dataclass(slots=True)
class _Running:
    """A job under way, and how its function reaches what is around it; one of a schedule is in that one's zone."""

    runner: Runner
    workspace_id: int
    job: Job
    steps: Steps
    zone: str = ""
    is_for_nobody: bool = False
    """Whether nobody is there any more who could read what came of it."""
    _told_at: float = 0.0
    _telling: "asyncio.Task[bool] | None" = None

    async def request(self, *, text: str = "", delivery: str = "") -> Request:
        """Return what the job's member would ask."""
        identities, job = self.runner.contexts.identities, self.job
        return await request_of(
            identities,
            self.workspace_id,
            job.member_id,
            job.channel_id,
            text=text,
            delivery=delivery,
            zone=self.zone,
        )

    async def ask(self, line: str, delivery: str) -> Reply:
        """Run a typed line as the job's member."""
        request = await self.request(text=line, delivery=delivery or self.job.ref(self.workspace_id).id)
        return await self.runner.ask(request, self._reached)

    async def tell(self, done: int, total: int, note: str) -> None:
        """Keep how far the job is, now and then; raises `JobStoppedError` once it is this process's no more."""
        if self._is_time(min(done / total, 1.0) if total else None) and not await self._keep(done, total, note):
            raise JobStoppedError

    def _reached(self, fraction: float) -> None:
        """Keep how far a command is that the job runs, which waits for nothing to be kept."""
        if self._is_time(fraction) and (self._telling is None or self._telling.done()):
            self._telling = asyncio.create_task(self._keep(round(fraction * PARTS), PARTS, ""), name="job progress")

    def _is_time(self, fraction: float | None) -> bool:
        """Tell who waits, and tell whether the row is to be told too."""
        self.runner.awaited.tell(self.workspace_id, self.job.key, fraction)
        now = asyncio.get_running_loop().time()
        is_time = now - self._told_at >= TELL_SECONDS
        self._told_at = now if is_time else self._told_at
        return is_time

    async def _keep(self, done: int, total: int, note: str) -> bool:
        """Keep how far it is and tell whether it still is this process's; a database that is away is not waited for."""
        number, executor = self.job.number, self.steps.executor
        try:
            async with self.runner.storage.workspace(self.workspace_id).write() as work:
                is_ours = await work.jobs.report(number, executor, done=done, total=total, note=note)
                await work.commit()
        except StorageUnavailableError:
            return True
        if not is_ours:
            self.runner.stop(self.workspace_id, number)
        return is_ours


async def _result(work: "asyncio.Task[Reply]") -> Reply:
    """Wait for the answer of a job's work; raises `JobStoppedError` if that was stopped for itself."""
    try:
        await asyncio.wait({work})
    except asyncio.CancelledError:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        raise
    if work.cancelled():
        raise JobStoppedError
    return work.result()
