"""What people do with jobs. One unit of work a method."""

from collections.abc import Mapping
from dataclasses import replace

from core.chat.actor import Actor
from core.jobs.kinds import DELIVERY, IMPORT
from core.jobs.model import Job, JobFilter, JobState, JobValue, NewJob
from core.jobs.repository import JOBS
from core.ports.storage import Transactions, UndoEntry, UnitOfWork
from core.shared.clock import Clock
from core.shared.errors import BrokenOffError, NotFoundError, RefusedError
from core.shared.events import Event, EventValue
from core.shared.paging import Page
from core.shared.value_objects import value_object
from core.transfer.stopping import asked_again, cancel, let_go
from core.undo.keeping import add_entry, check_reach
from core.workspaces.model import Audience

JOB_STARTED, JOB_CANCELLED = "job.started", "job.cancelled"
"""Kinds of undo entries: one of a job that was begun, for the first time or anew, and one of a job that was stopped."""


@value_object
class Changed:
    """A job as it is now, and how to take back what was done to it."""

    job: Job
    undo_id: str


class JobService:
    """The jobs of one workspace, for the length of one request."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        """Bind to the workspace's units of work and the time."""
        self._transactions = transactions
        self._clock = clock

    async def run(
        self, actor: Actor, kind: str, arguments: Mapping[str, JobValue], key: str, steps: Transactions
    ) -> Changed:
        """Start a job in the actor's channel at once, in one of `steps`, for the request waits for what comes of it.

        `key` is what asks for it, which asks for one only: raises `RefusedError` (`job_known`) for a second one.
        """
        now = self._clock.now()
        async with steps.write() as work:
            job = await work.jobs.queue(NewJob(kind, arguments, actor.member_id, actor.channel_id, key), now)
            await work.commit()
        async with self._transactions.write() as work:
            # Its first statement tells whether the request was answered already.
            await work.settings.get()
            if job is None:
                raise RefusedError("job_known")
            undo_id = self._kept(work, actor, job, "run")
            await work.commit()
        return Changed(job, undo_id)

    async def list(self, wanted: JobFilter, audience: Audience, *, cursor: str = "") -> Page[Job]:
        """Return a page of jobs, the newest first."""
        async with self._transactions.read() as work:
            return await work.of(JOBS).page(wanted, audience, cursor=cursor)

    async def show(self, number: int, audience: Audience) -> Job:
        """Return a job; raises `NotFoundError`."""
        async with self._transactions.read() as work:
            return await _load(work, number, audience)

    async def cancel(self, actor: Actor, audience: Audience, number: int) -> Changed:
        """End a job that is not over; raises `RefusedError` for others' (`of_another`) and what is (`job_over`).

        What an import had brought in stays: that is what can be taken back then.
        """
        async with self._transactions.write() as work:
            cancelled, undo_id = await self._cancelled(work, await _own(work, actor, audience, number))
            if undo_id:
                self._tell(work, actor, cancelled)
            else:
                undo_id = self._kept(work, actor, cancelled, "cancel")
            await work.commit()
        return Changed(cancelled, undo_id)

    async def retry(self, actor: Actor, audience: Audience, number: int) -> Changed:
        """Ask again for a job that failed or was cancelled; raises `RefusedError` (`job_not_failed`) for others.

        An import of which something is in is refused, too (`import_half_in`): that would come in twice.
        """
        async with self._transactions.write() as work:
            again = await self._asked_again(work, await _own(work, actor, audience, number))
            undo_id = self._kept(work, actor, again, "retry")
            await work.commit()
        return Changed(again, undo_id)

    async def undo(self, actor: Actor, entry: UndoEntry, audience: Audience) -> Job:
        """Stop what was begun, or begin anew what was stopped; raises `RefusedError` for others' (`of_another`)."""
        check_reach(actor, entry)
        async with self._transactions.write() as work:
            job = await _own(work, actor, audience, int(str(entry.payload["number"])))
            if entry.kind == JOB_STARTED:
                job, _ = await self._cancelled(work, job)
            else:
                job = await self._asked_again(work, job)
            self._tell(work, actor, job)
            await work.commit()
        return job

    async def _cancelled(self, work: UnitOfWork, job: Job) -> tuple[Job, str]:
        """End a job, and the import that it is at; return also the undo entry's id of what is in by then."""
        now = self._clock.now()
        undo_id = await cancel(work, job.delivery(work.workspace_id), now)
        if not await work.jobs.cancel(job.number, now, reason=BrokenOffError.code if undo_id else ""):
            raise RefusedError("job_over", number=job.number, state=job.state.value)
        return replace(job, state=JobState.CANCELLED, ended_at=now), undo_id

    async def _asked_again(self, work: UnitOfWork, job: Job) -> Job:
        arguments = await _arguments_again(work, job) if job.kind == IMPORT else job.arguments
        again = await work.jobs.ask_again(job.number, self._clock.now(), arguments)
        if again is None:
            raise RefusedError("job_not_failed", number=job.number, state=job.state.value)
        return again

    def _kept(self, work: UnitOfWork, actor: Actor, job: Job, action: str) -> str:
        """Tell what was done to a job, and keep how to take it back; return the undo entry's id."""
        self._tell(work, actor, job)
        kind = JOB_CANCELLED if job.state is JobState.CANCELLED else JOB_STARTED
        return add_entry(work, actor, f"job {action}", kind, {"number": job.number}, self._clock.now())

    def _tell(self, work: UnitOfWork, actor: Actor, job: Job) -> None:
        told: dict[str, EventValue] = {"number": job.number, "kind": job.kind}
        work.events.record(Event(f"job.{job.state.value}", self._clock.now(), job.channel_id, actor.member_id, told))


async def _load(work: UnitOfWork, number: int, audience: Audience) -> Job:
    job = await work.of(JOBS).get(number, audience)
    if job is None:
        raise NotFoundError("job", number)
    return job


async def _arguments_again(work: UnitOfWork, job: Job) -> Mapping[str, JobValue]:
    """Return what an import is asked for again with: as the delivery that it goes on with, if there is one."""
    before = job.delivery(work.workspace_id)
    if job.reason == BrokenOffError.code and await work.imports.of_delivery(before) is None:
        # What is in can't be taken back any more.
        raise RefusedError("import_half_in", undo="", line=job.title)
    if delivery := await asked_again(work, before):
        await let_go(work, delivery)
    rest = {name: value for name, value in job.arguments.items() if name != DELIVERY}
    return {**rest, DELIVERY: delivery} if delivery else rest


async def _own(work: UnitOfWork, actor: Actor, audience: Audience, number: int) -> Job:
    """Return a job that the actor may change: their own, or anybody's for whoever reaches that."""
    job = await _load(work, number, audience)
    actor.require_own(job.member_id, "job", number)
    return job
