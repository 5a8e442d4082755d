"""Only so many jobs at once, whether they were typed or started by a button."""

import asyncio
from dataclasses import dataclass

from bot.application.run import Next, Run
from core.chat.reply import Reply
from core.chat.spec import Cost


@dataclass(frozen=True, slots=True)
class JobSlots:
    """Lets jobs wait for a slot; quick commands pass."""

    slots: asyncio.Semaphore

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Run a job in a slot of its own."""
        if run.is_job or run.command is None or run.command.info.cost is not Cost.JOB:
            return await proceed(run)
        async with self.slots:
            return await proceed(run)
