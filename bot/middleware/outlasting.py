"""A command that takes long becomes a job while it runs: where its process dies another one asks for it again."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.application.awaited import Awaited
from bot.application.run import Next, Run
from bot.grammar.command_text import command_text
from core.chat.actor import Actor
from core.chat.reply import Reply
from core.chat.spec import Cost
from core.ports.storage import Storage, StorageUnavailableError
from core.shared.clock import Clock
from core.shared.ids import new_id

if TYPE_CHECKING:
    from core.jobs.model import Job

log = structlog.get_logger()

PATIENCE = 2.5
"""Seconds that a command may take before it is a job; platforms say by then that it is under way."""


@dataclass(frozen=True, slots=True)
class Outlasting:
    """Keeps a row of what is asked, and what came of it, for commands that take long and have no steps of their own.

    The job asks the same under the same delivery. In this process it is given the answer that is on its way already,
    as any repetition is; so one answer comes, here or by the message of whichever process ended the job.
    """

    storage: Storage
    clock: Clock
    awaited: Awaited
    runs_jobs: Callable[[], bool]
    patience: float = PATIENCE

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Run a command, and make a job of it if it takes too long."""
        is_quick = run.plan is not None and (run.plan.command is None or run.plan.command.cost is not Cost.JOB)
        if run.is_job or is_quick or not self.runs_jobs():
            return await proceed(run)
        is_over = asyncio.Event()
        keeping = asyncio.create_task(self._kept_later(run, is_over), name="long command")
        try:
            reply = await proceed(run)
        finally:
            is_over.set()
            job = await keeping
        return await self._ended(run, job, reply) if job else reply

    async def _kept_later(self, run: Run, is_over: asyncio.Event) -> "Job | None":
        """Keep a row once the command has taken too long, and it is known who asks."""
        while not is_over.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self.patience):
                    await is_over.wait()
            if not is_over.is_set() and run.actor is not None:
                return await self._kept(run, run.actor) if _lasts(run) and self.runs_jobs() else None
        return None

    async def _kept(self, run: Run, actor: Actor) -> "Job | None":
        """Keep the row, unless it can't be: then the command is as it was, one that a crash cuts off."""
        from core.jobs.kinds import LINE
        from core.jobs.model import NewJob

        line = run.request.text or command_text(run.known_command.info, run.known_plan.arguments)
        kind, key = run.known_command.info.job, f"long:{run.delivery_id}"
        new = NewJob(kind, {LINE: line, "delivery": run.delivery_id}, actor.member_id, actor.channel_id, key)
        try:
            async with self.storage.workspace(actor.workspace_id).write() as work:
                job = await work.jobs.queue(new, self.clock.now())
                await work.commit()
        except StorageUnavailableError as error:
            log.warning("long_command_not_kept", reason=error.reason)
            return None
        if job:
            run.expect(actor.workspace_id, key)
        return job

    async def _ended(self, run: Run, job: "Job", reply: Reply) -> Reply:
        """End the job with the answer, unless that was quicker, and let whoever waits have it."""
        from core.jobs.model import JobState

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


def _lasts(run: Run) -> bool:
    """Tell whether a crash would cut it off: what has steps is gone on with by itself, and so is what starts a job."""
    return run.command is not None and run.delivery_id != "" and not run.command.info.in_steps
