"""Jobs of typed lines: the process that runs a line runs the job that it starts, or becomes, to its end.

Where another process runs the jobs of a file, that one is waited for, and followed if it ends. Of several that share a
database whoever is first runs the job; its row tells the others.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from bot.application.application import Ticket
from bot.jobs.runner import Runner
from bot.texts import cli as words
from bot.texts.background import was_cancelled
from bot.wiring.bootstrap import Equipment, job_engine, registry
from bot.wiring.composition import compose
from bot.wiring.product import Product
from core.chat.reply import Reply
from core.jobs.model import Job, JobState
from core.ports.jobs import HELD_ELSEWHERE, EngineUnavailableError, JobEngine, Phase
from core.shared.value_objects import value_object

LOOK_SECONDS = 0.25
LOOKS = 60
"""How often it is looked in vain whether another process begins the job, until that is said."""


@value_object
class OwnJobs:
    """Runs jobs in a process that serves nobody; its engine comes up for the first of them."""

    product: Product
    parts: Equipment
    say: Callable[[str], None]

    async def answer(self, ticket: Ticket, workspace_id: int, key: str) -> Reply:
        """Return the answer of a job that was just started, which the ticket waits for."""
        job = None
        try:
            if reply := await ticket.within(0):
                return reply
            job = await self._job(workspace_id, key)
            if not await self.come_up():
                return Reply(problem=words.job_kept(job.number))
            return await self._followed(ticket, workspace_id, job)
        except asyncio.CancelledError:
            job = job or await self._job(workspace_id, key)
            self.say(words.interrupted_job(job.number, ticket.progress))
            raise

    async def come_up(self) -> bool:
        """Have what runs jobs come up, and tell whether something does, be it another process."""
        state = (await self._engine()).state
        return state.phase in (Phase.STARTING, Phase.READY) or state.reason == HELD_ELSEWHERE

    async def _followed(self, ticket: Ticket, workspace_id: int, job: Job) -> Reply:
        """Have a job run here, or by whichever process runs them instead, and return its answer."""
        engine, awaited, looks, is_begun = await self._engine(), self.product.application.awaited, 0, False
        while True:
            if not is_begun:
                with suppress(EngineUnavailableError):
                    await engine.begin(job.ref(workspace_id))
                    is_begun = True
            if reply := await ticket.within(LOOK_SECONDS):
                return reply
            job = await self._job(workspace_id, job.key)
            if job.state.is_over:
                awaited.answer(workspace_id, job.key, job.result or was_cancelled(job, self.parts.registry.errors))
            elif not is_begun:
                awaited.tell(workspace_id, job.key, job.progress)
                looks += 1
                if looks == LOOKS and job.state is JobState.QUEUED:
                    self.say(words.job_not_taken(job.number))

    async def _engine(self) -> JobEngine:
        if self.product.engine is None:
            # The product closes it with all else.
            parts, pace = self.parts, replace(self.parts.pace, engine_seconds=0.0)
            self.product.engine = job_engine(parts.settings, parts.storage, parts.clock, pace)
            await self.product.engine.start(self._runner().run)
        return self.product.engine

    def _runner(self) -> Runner:
        """Return what runs jobs, whatever they are: some may have been left by a process that died."""
        parts = self.parts
        whole = registry(parts.settings.application.command_prefix, parts.pace.areas)
        if whole.commands.keys() == parts.registry.commands.keys():
            return self.product.jobs.runner
        runner = compose(replace(parts, registry=whole), self.product.operations).jobs.runner
        runner.awaited = self.product.application.awaited
        return runner

    async def _job(self, workspace_id: int, key: str) -> Job:
        async with self.parts.storage.workspace(workspace_id).read() as work:
            job = await work.jobs.of_key(key)
        if job is None:
            raise LookupError(key)
        return job
