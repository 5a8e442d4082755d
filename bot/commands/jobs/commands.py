"""The commands about jobs, whatever they do."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Annotated

from bot.application.context import Context
from bot.application.scheduling import run_now
from bot.application.upkeep import who_runs_jobs
from bot.commands.jobs.area import JobNumber, job
from bot.commands.jobs.asking import asked_job, asked_kind, check_right, known_kind
from bot.grammar.arguments import ChannelArgument, ChannelScope, Positional, Rest
from bot.texts.jobs import answers as texts
from bot.texts.records import Listing
from core.chat.reply import Reply, Visibility
from core.chat.request import Platform
from core.chat.spec import Cost, Undo
from core.jobs.model import Job, JobFilter, JobState
from core.jobs.service import JobService
from core.people.model import Role
from core.schedules.model import PERIODIC
from core.schedules.service import Which
from core.shared.errors import NotFoundError
from core.shared.ids import new_id
from core.workspaces.model import Audience


@job.command(
    role=Role.MEMBER,
    others=Role.MANAGER,
    visibility=Visibility.CHANNEL,
    undo=Undo.INVERSE,
    cost=Cost.JOB,
    in_steps=True,
    starts_jobs=True,
)
async def run(
    ctx: Context, kind: Annotated[str, Positional()] = "", with_: Annotated[Rest, Positional()] = ""
) -> Reply:
    """Start a job in the background; its answer comes here. Without a kind, show which there are.

    Several go on at once. One that fails keeps its reason, and harms no other.

    Args:
        kind: what is to be done, such as `wait`, or a periodic job by its name, to run it now
        with_: what that takes, such as `seconds:2`

    Examples:
        /job run wait 2
        /job run
    """
    if not kind:
        ctx.tells_asker_alone()
        known = ctx.services.supplies.jobs.values()
        return texts.kinds([one.info for one in known if one.info.role <= ctx.actor.role])
    if not with_ and kind.lower() not in ctx.services.supplies.jobs and not kind.isdecimal():
        with suppress(NotFoundError):
            return await run_now(ctx, Which(PERIODIC, kind))
    wanted = asked_kind(ctx, kind)
    name, arguments = asked_job(ctx, wanted, with_, "/job run")
    key = f"command:{ctx.delivery or new_id(ctx.now)}"
    runs = None if ctx.expect(key) else await who_runs_jobs(ctx.services.supplies)
    steps = ctx.services.supplies.storage.workspace(ctx.actor.workspace_id)
    started = await ctx.services.get(JobService).run(ctx.actor, name, arguments, key, steps)
    ctx.touched.append(f"#{started.job.number}")
    return texts.started(started, runs)


@job.command(role=Role.GUEST, overridable=True)
async def list_(
    ctx: Context,
    status: JobState | None = None,
    kind: str = "",
    channel: ChannelArgument | None = None,
    page: str = "",
) -> Reply:
    """Show the jobs of this channel, the newest first: how far each is, and what came of it.

    Args:
        status: only those that are `queued`, `running`, `completed`, `failed` or `cancelled`
        kind: only those of a kind, such as `import`
        channel: another channel, such as `#shop`, or `all`
        page: where to go on, as the buttons fill it in

    Examples:
        /job list
        /job list failed
        /job list kind:import
    """
    scope = channel or ChannelScope(ctx.actor.channel_id)
    audience = await ctx.audience_of(scope)
    only = known_kind(kind, ctx.services.supplies.jobs).info.name if kind else None
    found = await ctx.services.get(JobService).list(JobFilter(status, only, scope.channel_id), audience, cursor=page)
    parts = ["/job list", *([status.value] if status else []), *([f"kind:{only}"] if only else [])]
    parts += [f"channel:{scope.typed or 'all'}"] if scope.typed or scope.channel_id is None else []
    files = await _files(ctx, found.items, audience)
    return texts.listed(found, Listing.of(" ".join(parts), page), (status, only), files, ctx.view)


@job.command(role=Role.GUEST, overridable=True)
async def show(ctx: Context, job: JobNumber) -> Reply:
    """Show everything about a job.

    Args:
        job: the number of the job, such as `12`

    Examples:
        /job show 12
    """
    audience = await ctx.audience()
    found = await ctx.services.get(JobService).show(job, audience)
    return texts.card(found, await _files(ctx, [found], audience), ctx.view)


async def _files(ctx: Context, jobs: Sequence[Job], audience: Audience) -> Mapping[str, str]:
    """Return what the files are called that jobs bring in, as far as they may be read, by their ids."""
    ids = {file_id for job in jobs for file_id in job.file_ids}
    return await ctx.services.files.names(ids, audience) if ids else {}


@job.command(role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def cancel(ctx: Context, job: JobNumber) -> Reply:
    """Stop a job that is not over.

    Args:
        job: the number of the job, such as `12`

    Examples:
        /job cancel 12
    """
    cancelled = await ctx.services.get(JobService).cancel(ctx.actor, await ctx.audience(), job)
    ctx.touched.append(f"#{job}")
    ctx.tells_of([cancelled.job.channel_id])
    return texts.cancelled(cancelled)


@job.command(role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE, starts_jobs=True)
async def retry(ctx: Context, job: JobNumber) -> Reply:
    """Begin a job anew that failed or was cancelled.

    Args:
        job: the number of the job, such as `11`

    Examples:
        /job retry 11
    """
    service, audience = ctx.services.get(JobService), await ctx.audience()
    asked = await service.show(job, audience)
    check_right(ctx, asked.kind, asked.arguments)
    again = await service.retry(ctx.actor, audience, job)
    ctx.touched.append(f"#{job}")
    ctx.tells_of([again.job.channel_id])
    # In a chat its answer comes as a message of its own; a shell would never show that.
    is_own_answer = ctx.request.platform is Platform.TERMINAL and again.job.is_awaited
    is_expected = is_own_answer and ctx.expect(again.job.key)
    return texts.asked_again(again, None if is_expected else await who_runs_jobs(ctx.services.supplies))
