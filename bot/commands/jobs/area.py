"""What `/job` is about."""

from typing import Annotated

from bot.application.context import Context
from bot.application.services import Services
from bot.commands.jobs.asking import check_right
from bot.grammar.arguments import reference
from bot.grammar.declaration import Area
from bot.grammar.subjects import Subject
from bot.texts.jobs import answers as texts
from bot.texts.jobs import periodic
from core.chat.reply import Reply
from core.chat.spec import SubjectInfo
from core.jobs.repository import JOBS
from core.jobs.service import JOB_CANCELLED, JOB_STARTED, JobService
from core.ports.storage import UndoEntry

JobNumber = Annotated[int, reference("job")]

job = Area(
    "job",
    "Work that goes on in the background",
    subject=Subject(SubjectInfo("job", "jobs", "`/job list` shows those of this channel."), JOBS, texts.TOLD),
    reasons=(texts.REASONS, periodic.REASONS),
)


@job.inverse(JOB_STARTED, JOB_CANCELLED)
async def take_back(ctx: Context, entry: UndoEntry) -> Reply:
    """Stop a job that was begun, or begin one anew that was stopped."""
    service, audience = ctx.services.get(JobService), await ctx.audience()
    if entry.kind == JOB_CANCELLED:
        again = await service.show(int(str(entry.payload["number"])), audience)
        check_right(ctx, again.kind, again.arguments)
    found = await service.undo(ctx.actor, entry, audience)
    ctx.touched.append(f"#{found.number}")
    ctx.tells_of([found.channel_id])
    return texts.undone(found, entry.command, ctx.view)


@job.service
def jobs(services: Services) -> JobService:
    """Return the jobs of a request's workspace."""
    return JobService(services.transactions, services.supplies.clock)
