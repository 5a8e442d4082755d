"""Jobs that run again and again, each by a name."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from bot.application import scheduling
from bot.application.context import Context
from bot.application.scheduling import TimesWords, asked_times, asked_zone, touch, who_runs
from bot.commands.jobs.area import job
from bot.commands.jobs.asking import asked_job, asked_kind, check_line, check_right
from bot.grammar.arguments import Also, Positional, Rest
from bot.grammar.tokens import quoted
from bot.texts.jobs import periodic as texts
from bot.texts.records import Listing
from bot.texts.schedules import changes
from core.chat.reply import Reply, Visibility
from core.chat.spec import Undo
from core.jobs.kinds import LINE
from core.jobs.model import JobValue
from core.people.model import Role
from core.schedules.model import PERIODIC, ScheduleFilter
from core.schedules.requests import NewSchedule
from core.schedules.rules import Interval, Rule, shortest_pause
from core.schedules.service import Which
from core.shared.errors import InvalidArgumentError
from core.shared.nearness import known_by
from core.shared.value_objects import value_object
from core.shared.zones import zone as zone_of

AREA = PERIODIC
NAME_LIMIT = 60


@job.command(role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE, starts_jobs=True)
async def every(
    ctx: Context,
    name: Annotated[str, Positional()] = "",
    when: Annotated[TimesWords, Positional()] = "",
    what: Annotated[Rest, Positional()] = "",
    zone: Annotated[str, Also("tz")] = "",
    page: str = "",
) -> Reply:
    """Let a job run again and again, by a name; without one, show those that do.

    A name alone shows how that one goes: when it runs next, how often it ran, and what it last failed of. One that
    fails harms no other, and goes on at its next time; whoever made it is told once.

    Args:
        name: what it is called, such as `standup`
        when: an interval such as `2h`, or days and times in quotes, such as `"weekdays 9:00"`
        what: a kind of job with what it takes, or a command, such as `/task list`
        zone: the time zone of the times, such as `Europe/Berlin`; the channel's own, or else yours, unless given
        page: where to go on, as the buttons fill it in

    Examples:
        /job every digest 1d /task list
        /job every rest "every 15 minutes" wait 5
        /job every
    """
    service, audience = ctx.services.schedules, await ctx.audience()
    if not name:
        found = await service.list(ScheduleFilter(AREA, ctx.actor.channel_id), audience, cursor=page)
        ctx.tells_asker_alone()
        return texts.listed(found, Listing.of("/job every", page), ctx.view)
    if not (when or what):
        ctx.tells_asker_alone()
        return texts.card(await service.show(Which(AREA, name), audience), ctx.view)
    where = asked_zone(ctx, zone, ctx.actor.channel_id)
    rule = asked_times(ctx, "when", when, where)
    kind, arguments = _asked(ctx, what, f"/job every {quoted(name)} {quoted(when)}")
    _check_periodic(ctx, kind, arguments, Times(rule, where))
    new = NewSchedule(AREA, _checked_name(name), kind, arguments, rule, where, ctx.actor.channel_id)
    made = await service.add(ctx.actor, new, f"{AREA} every", unique=True)
    touch(ctx, made)
    number = made.schedule.number
    actions = (texts.pause_action(number), texts.stop_action(number))
    return changes.scheduled(made, actions, ctx.view, await who_runs(ctx))


@job.command(role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def start(ctx: Context, name: str) -> Reply:
    """Start a periodic job that was stopped or paused; a stopped one counts from now.

    Args:
        name: its name or number, such as `standup`

    Examples:
        /job start standup
    """
    return await _resume(ctx, name, f"{AREA} start")


@job.command(role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def stop(ctx: Context, name: str) -> Reply:
    """Stop a periodic job; one that runs just now goes on to its end.

    Args:
        name: its name or number, such as `standup`

    Examples:
        /job stop standup
    """
    return await scheduling.stop(ctx, Which(AREA, name), f"{AREA} stop", texts.start_action)


@job.command(role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def pause(ctx: Context, name: str) -> Reply:
    """Pause a periodic job; it keeps its rhythm.

    Args:
        name: its name or number, such as `standup`

    Examples:
        /job pause standup
    """
    return await scheduling.pause(ctx, Which(AREA, name), f"{AREA} pause", texts.resume_action)


@job.command(role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def resume(ctx: Context, name: str) -> Reply:
    """Let a paused job go on in its rhythm; what it missed is left out.

    Args:
        name: its name or number, such as `standup`

    Examples:
        /job resume standup
    """
    return await _resume(ctx, name, f"{AREA} resume")


@job.command(role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def remove(ctx: Context, name: str) -> Reply:
    """Take a periodic job away; what it did stays.

    Args:
        name: its name or number, such as `standup`

    Examples:
        /job remove standup
    """
    return await scheduling.remove(ctx, Which(AREA, name), f"{AREA} remove")


async def _resume(ctx: Context, name: str, command: str) -> Reply:
    """Let a periodic job run again, as far as the actor may do what it does."""
    which = Which(AREA, name)
    found = await ctx.services.schedules.show(which, await ctx.audience())
    check_right(ctx, found.schedule.kind, found.schedule.given)
    return await scheduling.resume(ctx, which, command)


def _asked(ctx: Context, typed: str, command: str) -> tuple[str, dict[str, JobValue]]:
    """Return the kind of job that is meant behind a command, and its arguments; a line with a slash is a command.

    Raises `InvalidArgumentError` for what is neither.
    """
    line = typed.strip()
    if not line:
        raise InvalidArgumentError("what", "periodic_nothing")
    if not line.startswith("/"):
        kind, _, rest = line.partition(" ")
        return asked_job(ctx, asked_kind(ctx, kind), rest, command)
    bare = line.removeprefix("/").removeprefix(ctx.catalogue.prefix)
    known = {f"/{info.name}": info.job for info in ctx.catalogue.commands if info.role <= ctx.actor.role}
    asked = " ".join(f"/{bare}".split()[:2])
    kind = known_by(asked, known, "what", "periodic_command")
    check_line(ctx, f"/{bare}")
    return kind, {LINE: f"/{bare}"}


@value_object
class Times:
    """When something is to run, and in which zone."""

    rule: Rule
    zone: str


def _check_periodic(ctx: Context, kind: str, arguments: Mapping[str, JobValue], times: Times) -> None:
    """Refuse what would come to more and more jobs, or is too much work for as often as that."""
    line = str(arguments.get(LINE, ""))
    if (command := ctx.catalogue.command_of(line)) and command.starts_jobs:
        raise InvalidArgumentError("what", "periodic_starts_jobs", line=line)
    shortest = timedelta(seconds=ctx.services.supplies.jobs[kind].info.shortest)
    pause = shortest_pause(times.rule, zone_of(times.zone), ctx.now)
    if pause is not None and pause < shortest:
        said = {"times": times.rule.words(), "shortest": Interval(shortest).words()}
        raise InvalidArgumentError("when", "periodic_too_often", kind=kind, **said)


def _checked_name(typed: str) -> str:
    """Return a name, which is no number; raises `InvalidArgumentError`."""
    name = " ".join(typed.split())
    if len(name) > NAME_LIMIT or not any(letter.isalpha() for letter in name):
        raise InvalidArgumentError("name", "periodic_name", value=typed)
    return name
