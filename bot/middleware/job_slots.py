"""Only so many jobs at once, whether they were typed or started by a button."""

import asyncio

from bot.application.run import Next, Run
from core.chat.reply import Reply
from core.chat.spec import Cost
from core.shared.value_objects import value_object


@value_object
class JobSlots:
    """Lets jobs wait for a slot; quick commands pass.

    What a job asks has its kind's width. What is asked here is under way before it is known whether it takes so long as
    to be one: an import or an export holds a connection and the rows of a chunk all that time, and a few are enough.
    """

    slots: asyncio.Semaphore

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Run a job in a slot of its own."""
        if run.is_job or run.command is None or run.command.info.cost is not Cost.JOB:
            return await proceed(run)
        async with self.slots:
            return await proceed(run)
