"""The commands about jobs, whatever they do."""

from typing import Annotated

from bot.application.context import Context
from bot.commands.jobs.area import JobNumber, job
from bot.grammar.arguments import ChannelArgument, ChannelScope, Positional, Rest
from bot.grammar.binding import Binding, bind
from bot.grammar.declaration import JobKind
from bot.grammar.parser import parse_arguments
from bot.grammar.tokens import tokenise
from bot.texts.jobs import answers as texts
from bot.texts.records import Listing
from bot.texts.view import View
from core.chat.reply import Reply, Visibility
from core.chat.spec import Cost, Undo
from core.jobs.model import JobFilter, JobState, JobValue
from core.jobs.service import JobService
from core.people.model import Role
from core.shared.errors import InvalidArgumentError
from core.shared.ids import new_id
from core.shared.nearness import near_misses

_NEAR = 60


@job.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE, cost=Cost.JOB, in_steps=True)
async def run(ctx: Context, kind: str, with_: Annotated[Rest, Positional()] = "") -> Reply:
    """Start a job in the background; its answer comes here.

    Several go on at once. One that fails keeps its reason, and harms no other.

    Args:
        kind: what is to be done, such as `wait`
        with_: what that takes, such as `seconds:2`

    Examples:
        /job run wait 2
    """
    wanted = _kind(ctx, kind)
    arguments, key = _arguments(wanted, with_, ctx), f"command:{ctx.delivery or new_id(ctx.now)}"
    is_expected = ctx.expect(key)
    steps = ctx.services.supplies.storage.workspace(ctx.actor.workspace_id)
    started = await ctx.services.get(JobService).run(ctx.actor, wanted.info.name, arguments, key, steps)
    ctx.touched.append(f"#{started.job.number}")
    return texts.started(started, is_expected=is_expected)


@job.command(role=Role.GUEST, overridable=True)
async def list_(
    ctx: Context, status: JobState | None = None, channel: ChannelArgument | None = None, page: str = ""
) -> Reply:
    """Show the jobs of this channel, the newest first: how far each is, and what came of it.

    Args:
        status: only those that are `queued`, `running`, `completed`, `failed` or `cancelled`
        channel: another channel, such as `#shop`, or `all`
        page: where to go on, as the buttons fill it in

    Examples:
        /job list
        /job list failed
    """
    scope = channel or ChannelScope(ctx.actor.channel_id)
    audience = await ctx.audience_of(scope)
    found = await ctx.services.get(JobService).list(JobFilter(status, None, scope.channel_id), audience, cursor=page)
    parts = ["/job list", *([status.value] if status else [])]
    parts += [f"channel:{scope.typed or 'all'}"] if scope.typed or scope.channel_id is None else []
    return texts.listed(found, Listing.of(" ".join(parts), page), status, _view(ctx))


@job.command(role=Role.GUEST, overridable=True)
async def show(ctx: Context, job: JobNumber) -> Reply:
    """Show everything about a job.

    Args:
        job: the number of the job, such as `12`

    Examples:
        /job show 12
    """
    return texts.card(await ctx.services.get(JobService).show(job, await ctx.audience()), _view(ctx))


@job.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def cancel(ctx: Context, job: JobNumber) -> Reply:
    """Stop a job that is not over; somebody else's only as a manager.

    Args:
        job: the number of the job, such as `12`

    Examples:
        /job cancel 12
    """
    cancelled = await ctx.services.get(JobService).cancel(ctx.actor, await ctx.audience(), job)
    ctx.touched.append(f"#{job}")
    ctx.tells_of([cancelled.job.channel_id])
    return texts.cancelled(cancelled)


@job.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def retry(ctx: Context, job: JobNumber) -> Reply:
    """Begin a job anew that failed or was cancelled; somebody else's only as a manager.

    Args:
        job: the number of the job, such as `11`

    Examples:
        /job retry 11
    """
    again = await ctx.services.get(JobService).retry(ctx.actor, await ctx.audience(), job)
    ctx.touched.append(f"#{job}")
    ctx.tells_of([again.job.channel_id])
    return texts.asked_again(again)


def _kind(ctx: Context, typed: str) -> JobKind:
    """Return the kind of job that is meant; raises `InvalidArgumentError` (`unknown_job_kind`)."""
    known = ctx.services.supplies.jobs
    found = known.get(typed.strip().lower())
    if found is None:
        near = near_misses(typed.lower(), list(known), least=_NEAR, most=1)
        about = {"near": near[0] if near else "", "kinds": tuple(sorted(known))}
        raise InvalidArgumentError("kind", "unknown_job_kind", value=typed, **about)
    return found


def _arguments(kind: JobKind, typed: str, ctx: Context) -> dict[str, JobValue]:
    """Return what was typed for a kind of job, by name; raises `InvalidArgumentError` for what it does not take."""
    info = kind.info
    found = parse_arguments(typed, tokenise(typed), info.arguments, ctx.now)
    for argument in info.arguments:
        if argument.required and not any(found.get(argument.name, ())):
            usage = f"/job run {info.name} {argument.name}:{argument.example}"
            raise InvalidArgumentError("with", "missing_of_job", name=argument.name, usage=usage)
    bind(kind, found, Binding(ctx.actor, ctx.directory, ctx.request, ctx.now))
    return {name: " ".join(values) for name, values in found.items()}


def _view(ctx: Context) -> View:
    return View(ctx.actor, ctx.directory, ctx.now)
