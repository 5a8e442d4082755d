"""What people bring in and put out is found among the jobs, however quick it was."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.application.run import Next, Run
from bot.grammar.command_text import command_text
from core.chat.actor import Actor
from core.chat.reply import Reply
from core.chat.spec import CommandInfo
from core.jobs.kinds import EXPORT, IMPORT, LINE
from core.shared.clock import Clock
from core.shared.value_objects import value_object

if TYPE_CHECKING:
    from core.jobs.model import NewJob


@value_object
class Recorded:
    """Keeps a row of each import and export, as completed, in the transaction of its answer.

    No engine knows of it: the work is done. One that takes long has its row before (`Outlasting`, which also keeps what
    failed, for then there is no such transaction), and what a job asks is that job.
    """

    clock: Clock

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Run a command and, if it brought something in or put something out, add the row."""
        if run.is_job or not is_import_or_export(run.command.info if run.command else None):
            return await proceed(run)
        run.is_recorded = run.plan is not None and run.plan.problem is None
        reply = await proceed(run)
        run.is_recorded = run.is_recorded and run.context is not None and run.context.line is not None
        is_over = run.is_recorded and reply.problem is None and reply.form is None
        if is_over and not run.has_job and run.transactions:
            run.has_job = True
            new, told = asked_as_job(run, run.known_actor), replace(reply, actions=())
            async with run.transactions.write() as work:
                await work.jobs.record(new, told, run.started_at, self.clock.now())
                await work.commit()
        return reply


def is_import_or_export(info: CommandInfo | None) -> bool:
    """Tell whether a command brings something in or puts something out."""
    return info is not None and info.job in (IMPORT, EXPORT)


def asked_as_job(run: Run, actor: Actor, key: str = "", **more: str) -> "NewJob":
    """Return the job that asks the same."""
    from core.jobs.model import NewJob

    info = run.known_command.info
    line = (run.context and run.context.line) or run.request.text
    line = line or command_text(info, run.known_plan.arguments)
    return NewJob(info.job, {LINE: line, **more}, actor.member_id, actor.channel_id, key)
