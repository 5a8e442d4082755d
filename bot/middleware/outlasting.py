"""A command that takes long becomes a job while it runs: where its process dies another one asks for it again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import field
from typing import TYPE_CHECKING

import structlog

from bot.application.awaited import Awaited
from bot.application.context import Context
from bot.application.run import Next, Run
from bot.middleware.recorded import asked_as_job
from bot.texts.background import under_way, was_cancelled
from bot.texts.errors import ErrorTexts
from core.chat.reply import Reply
from core.chat.spec import Cost
from core.ports.storage import Committed, Storage, StorageUnavailableError
from core.shared.clock import Clock
from core.shared.ids import new_id
from core.shared.value_objects import value_object

if TYPE_CHECKING:
    from core.jobs.model import Job

log = structlog.get_logger()

PATIENCE = 2.5
"""Seconds that a command may take before it is a job; platforms say by then that it is under way."""


class _NotHandedOverError(Exception):
    """A command was stopped to be left to a job, and could not be; its row is there all the same, if there is one."""

    def __init__(self, job: "Job | None") -> None:
        super().__init__()
        self.job = job


@value_object
class Outlasting:
    """Keeps a row of what is asked, and what came of it, for commands that take long and start no job of their own.

    The job asks the same under the same delivery. In a process that runs jobs it is given the answer that is on its way
    already, as any repetition is; so one answer comes, here or by the message of whichever process ended the job. One
    that hands over stops its own work first, and waits for the job as for any that was started.
    """

    storage: Storage
    clock: Clock
    awaited: Awaited
    texts: ErrorTexts
    patience: float = PATIENCE
    _under_way: "dict[tuple[int, int], asyncio.Task[Reply]]" = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Stop what is cancelled."""
        self.storage.watch(self._committed)

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Run a command, and make a job of it if it takes too long."""
        is_quick = run.plan is not None and (run.plan.command is None or run.plan.command.cost is not Cost.JOB)
        if run.is_job or is_quick:
            return await proceed(run)
        try:
            reply, job = await self._watched(run, proceed)
        except _NotHandedOverError as error:
            reply, job = await proceed(run), error.job
        if job:
            return await self._ended(run, job, reply)
        if run.is_recorded and not run.has_job and reply.problem and not run.goes_on:
            await self._failed(run, reply)
        return reply

    async def _watched(self, run: Run, proceed: Next) -> "tuple[Reply, Job | None]":
        work = asyncio.create_task(_coroutine(proceed, run), name="command")
        keeping = asyncio.create_task(self._kept_later(run, work), name="long command")
        reply = None
        try:
            reply = await work
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) is None or task.cancelling():
                raise
        finally:
            job = await keeping
            if job and run.actor:
                self._under_way.pop((run.actor.workspace_id, job.number), None)
        if reply:
            return reply, job
        if job is None:
            raise asyncio.CancelledError
        return (under_way(job) if run.goes_on else was_cancelled(job, self.texts)), job

    async def _kept_later(self, run: Run, work: "asyncio.Task[Reply]") -> "Job | None":
        """Keep a row once the command has taken too long, and it is known who asks of which file."""
        while not work.done():
            await asyncio.wait({work}, timeout=self.patience)
            if not work.done() and run.context and len(run.context.received) == len(run.request.attachments):
                return await self._kept(run, run.context, work) if _lasts(run) and not run.has_job else None
        return None

    async def _kept(self, run: Run, context: Context, work: "asyncio.Task[Reply]") -> "Job | None":
        """Keep the row, unless it can't be: then the command is as it was, one that a crash cuts off."""
        if self.awaited.hand_over:
            return await self._handed_over(run, context, work, self.awaited.hand_over)
        job = await self._row(run, context)
        if job:
            self._under_way[context.actor.workspace_id, job.number] = work
        return job

    async def _handed_over(
        self, run: Run, context: Context, work: "asyncio.Task[Reply]", hand_over: Callable[[], Awaitable[bool]]
    ) -> "Job | None":
        """Stop, so that whoever takes the job up finds nobody at it, and keep the row.

        Raises `_NotHandedOverError` where nobody can take it up, or would know of it.
        """
        work.cancel()
        await asyncio.wait({work})
        if not work.cancelled():
            return None
        run.goes_on = await hand_over()
        job = await self._row(run, context)
        run.goes_on = run.goes_on and job is not None
        if not run.goes_on:
            raise _NotHandedOverError(job)
        return job

    async def _row(self, run: Run, context: Context) -> "Job | None":
        """Return the job that asks the same; None if there is one already, or it can't be kept now."""
        run.has_job = True
        try:
            return await self._queued(run, context)
        except StorageUnavailableError as error:
            log.warning("long_command_not_kept", reason=error.reason)
            return None

    async def _queued(self, run: Run, context: Context) -> "Job | None":
        """Queue a job, with all that anybody needs who takes it up."""
        from core.jobs.model import long_key
        from core.transfer.stopping import let_go

        new = asked_as_job(run, context.actor, long_key(run.delivery_id), delivery=run.delivery_id)
        async with self.storage.workspace(context.actor.workspace_id).write() as unit:
            for file in context.received:
                unit.files.add(file)
            job = await unit.jobs.queue(new, run.started_at)
            if run.goes_on:
                await let_go(unit, run.delivery_id)
                job = job or await unit.jobs.of_key(new.key)
            await unit.commit()
        if job:
            run.expect(context.actor.workspace_id, job.key)
        return job

    async def _ended(self, run: Run, job: "Job", reply: Reply) -> Reply:
        """End the job with the answer, unless that was quicker, and let whoever waits have it."""
        from core.jobs.model import JobState

        if run.goes_on:
            return reply
        workspace_id = run.known_actor.workspace_id
        state = JobState.FAILED if reply.problem else JobState.COMPLETED
        reason, now, executor = reply.problem.code if reply.problem else "", self.clock.now(), new_id(self.clock.now())
        try:
            async with self.storage.workspace(workspace_id).write() as work:
                if await work.jobs.claim(job.number, executor, now):
                    await work.jobs.finish(job.number, executor, state, reply, now, reason=reason)
                await work.commit()
        except StorageUnavailableError as error:
            # The job ends itself once the database is back: what it asks for is answered already.
            log.warning("long_command_not_ended", reason=error.reason)
        self.awaited.answer(workspace_id, job.key, reply)
        return reply

    async def _failed(self, run: Run, reply: Reply) -> None:
        """Keep a row of an import or export that failed before it was a job; one that can't be kept is not."""
        actor = run.known_actor
        try:
            async with self.storage.workspace(actor.workspace_id).write() as work:
                await work.jobs.record(asked_as_job(run, actor), reply, run.started_at, self.clock.now())
                await work.commit()
        except StorageUnavailableError as error:
            log.warning("failure_not_recorded", reason=error.reason)

    def _committed(self, committed: Committed) -> None:
        for event in committed.events:
            if event.kind == "job.cancelled":
                place = committed.workspace_id, int(str(event.payload.get("number", 0)))
                if work := self._under_way.get(place):
                    work.cancel()


async def _coroutine(proceed: Next, run: Run) -> Reply:
    return await proceed(run)


def _lasts(run: Run) -> bool:
    """Tell whether a crash would cut it off; what starts a job goes on by that."""
    info = run.command.info if run.command else None
    return info is not None and run.delivery_id != "" and not info.starts_jobs
