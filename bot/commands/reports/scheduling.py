"""Reports by themselves: any of them, at times that people say, in a channel."""

from contextlib import suppress
from typing import Annotated

from bot.application import scheduling
from bot.application.context import Context
from bot.application.reporting import RangeWords, asked_range
from bot.application.scheduling import TimesWords, asked_times, asked_zone, touch, unquoted
from bot.application.upkeep import who_runs_jobs
from bot.commands.reports.area import report
from bot.commands.reports.declaring import REPORTS
from bot.grammar.arguments import Also, ChannelArgument, ChannelScope, Positional, Suggests
from bot.grammar.binding import Binding, bind
from bot.grammar.parser import parse_arguments
from bot.grammar.tokens import tokenise
from bot.texts.records import Listing
from bot.texts.reports import scheduling as texts
from bot.texts.schedules import changes
from core.chat.reply import Reply, Visibility
from core.chat.request import ChannelKind
from core.chat.spec import Cost, Undo
from core.jobs.kinds import LINE, REPORT
from core.people.model import Role
from core.schedules.model import TITLE_LIMIT, ScheduleFilter
from core.schedules.requests import NewSchedule, ScheduleEdit
from core.schedules.rules import Rule
from core.schedules.service import Which
from core.shared.errors import ForbiddenError, InvalidArgumentError
from core.shared.nearness import known_by
from core.workspaces.model import Channel

AREA = report.name
_SKIP_EMPTY = "skip-empty"

ZoneWords = Annotated[str, Also("tz")]


@report.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def schedule(
    ctx: Context,
    report: Annotated[str, Suggests(tuple(REPORTS))],
    when: TimesWords,
    range_: RangeWords = "",
    zone: ZoneWords = "",
    skip_empty: bool = False,
    channel: ChannelArgument | None = None,
) -> Reply:
    """Post a report by itself, at times that you say.

    It comes with your rights, as if you had asked for it in the channel. What was missed while nothing ran here is
    posted once, if it is not too late for it: within half the time to the next one, and never after twelve hours.

    Args:
        report: which one, such as `sales`; with what it takes in quotes, such as `"top-customers 5"`
        when: days and times, such as `"weekdays 9:00"`, `"every 2 hours"` or `"0 9 * * 1-5"`
        range_: the days that it is about, such as `last week`, counted from when it runs
        zone: the time zone of the times, such as `Europe/Berlin`; yours unless given
        skip_empty: `yes` to post nothing when there is nothing to tell
        channel: another channel, such as `#shop`

    Examples:
        /report schedule sales "weekdays 9:00" last week
        /report schedule "top-customers 5" "mon,thu 9:00 and 17:00" zone:Europe/Berlin skip-empty:yes
        /report schedule products "0 9 1 * *" last month
    """
    place = (channel or ChannelScope(ctx.actor.channel_id)).channel_id
    if place is None:
        raise InvalidArgumentError("channel", "one_channel")
    await ctx.audience_of(channel or ChannelScope(place))
    days, named, skips = _told_apart(range_, zone)
    where = asked_zone(ctx, named)
    rule, days = _parted(ctx, when, days, where)
    line = await _checked(ctx, f"{unquoted(report)} {days}".strip(), place)
    given = {LINE: f"/{AREA} {line}"}
    new = NewSchedule(AREA, _title(line), REPORT, given, rule, where, place, skip_empty or skips)
    made = await ctx.services.schedules.add(ctx.actor, new, f"{AREA} schedule")
    touch(ctx, made)
    actions = (texts.run_action(made.schedule.number), texts.LIST)
    return changes.scheduled(made, actions, ctx.view)


@report.command(role=Role.GUEST, overridable=True)
async def schedules_(ctx: Context, channel: ChannelArgument | None = None, page: str = "") -> Reply:
    """Show which reports are posted by themselves: when each comes next, and how the last ones went.

    Args:
        channel: another channel, such as `#shop`, or `all`
        page: where to go on, as the buttons fill it in

    Examples:
        /report schedules
        /report schedules channel:all
    """
    scope = channel or ChannelScope(ctx.actor.channel_id)
    audience = await ctx.audience_of(scope)
    wanted = ScheduleFilter(AREA, scope.channel_id)
    found = await ctx.services.schedules.list(wanted, audience, cursor=page)
    named = f" channel:{scope.typed or 'all'}" if scope.typed or scope.channel_id is None else ""
    return texts.listed(found, Listing.of(f"/report schedules{named}", page), ctx.view)


@report.command(role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def change(
    ctx: Context,
    schedule: Annotated[str, Positional()],
    when: Annotated[TimesWords, Positional()] = "",
    report: str = "",
    zone: ZoneWords = "",
    skip_empty: bool | None = None,
) -> Reply:
    """Change when a report comes by itself, or which; from then on it comes with your rights.

    Args:
        schedule: the number of the schedule, such as `1`
        when: other days and times, such as `"weekdays 8:30"`
        report: another report, with what it takes: `"sales last month"`
        zone: another time zone, such as `Europe/Berlin`
        skip_empty: whether nothing is posted when there is nothing to tell

    Examples:
        /report change 1 "weekdays 8:30"
        /report change 1 report:"sales last month" skip-empty:yes
    """
    service, which, audience = ctx.services.schedules, Which(AREA, schedule), await ctx.audience()
    former = (await service.show(which, audience)).schedule
    where = asked_zone(ctx, zone) if zone else former.zone
    rule = asked_times(ctx, "when", when, where) if when else None
    line = await _checked(ctx, unquoted(report) or str(former.given["line"]), former.channel_id)
    edit = ScheduleEdit(rule, where if zone else None, skip_empty)
    if report:
        edit = ScheduleEdit(edit.rule, edit.zone, edit.skip_empty, _title(line), {"line": f"/{AREA} {line}"})
    made = await service.change(ctx.actor, audience, which, edit, f"{AREA} change")
    touch(ctx, made)
    return changes.changed(made, (texts.run_action(made.schedule.number),), ctx.view)


@report.command(role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def pause(ctx: Context, schedule: str) -> Reply:
    """Pause a scheduled report, until it is resumed.

    Args:
        schedule: the number of the schedule, such as `1`

    Examples:
        /report pause 1
    """
    return await scheduling.pause(ctx, Which(AREA, schedule), f"{AREA} pause", texts.resume_action)


@report.command(role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def resume(ctx: Context, schedule: str) -> Reply:
    """Let a scheduled report come again; what it missed is left out.

    Args:
        schedule: the number of the schedule, such as `1`

    Examples:
        /report resume 1
    """
    return await scheduling.resume(ctx, Which(AREA, schedule), f"{AREA} resume")


@report.command(role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def unschedule(ctx: Context, schedule: str) -> Reply:
    """Post a report no more by itself.

    Args:
        schedule: the number of the schedule, such as `1`

    Examples:
        /report unschedule 1
    """
    return await scheduling.remove(ctx, Which(AREA, schedule), f"{AREA} unschedule")


@report.command(role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.NONE)
async def run(ctx: Context, schedule: str) -> Reply:
    """Post a scheduled report now, beside its times.

    Args:
        schedule: the number of the schedule, such as `1`

    Examples:
        /report run 1
    """
    found, job = await ctx.services.schedules.run_now(ctx.actor, await ctx.audience(), Which(AREA, schedule))
    ctx.touched.append(f"#{found.number}")
    ctx.tells_of([found.channel_id])
    return changes.running_now(found, job, await who_runs_jobs(ctx.services.supplies))


def _is_zone(word: str) -> bool:
    """Tell whether a word can only be the name of a zone: no day is written with letters around a stroke."""
    return "/" in word and word.replace("/", "").replace("_", "").isalpha()


def _told_apart(days: str, zone: str) -> tuple[str, str, bool]:
    """Return the days, the zone, and whether empty reports are left out, of words in whichever order.

    All but the days may be without its name, and words behind a zone are about something else.
    """
    name, _, behind = zone.strip().partition(" ")
    name, behind = (name, behind) if _is_zone(name) else (zone, "")
    words = f"{days} {behind}".split()
    bare = next(filter(_is_zone, words), "")
    return " ".join(word for word in words if word not in (bare, _SKIP_EMPTY)), name or bare, _SKIP_EMPTY in words


def _parted(ctx: Context, when: str, days: str, where: str) -> tuple[Rule, str]:
    """Return the times and the words of the days; without quotes (`weekdays 9:00 last week`) as both can be read.

    Raises `InvalidArgumentError` for times that can't be read.
    """
    words = [*when.split(), *days.split()]
    typed = len(when.split())
    for length in (typed, *range(len(words), typed, -1)):
        rest = " ".join(words[length:])
        with suppress(InvalidArgumentError):
            asked_range(ctx, rest, "", "")
            return asked_times(ctx, "when", " ".join(words[:length]), where), rest
    return asked_times(ctx, "when", when, where), days


async def _checked(ctx: Context, line: str, channel_id: int) -> str:
    """Return a report with what it takes, once it was made: what is wrong with it is said now, and not every morning.

    Raises `InvalidArgumentError`, and `ForbiddenError` for one that names customers to a channel.
    """
    name, _, rest = line.removeprefix(f"/{AREA} ").strip().partition(" ")
    shown = known_by(name, REPORTS, "report", "not_a_choice")
    command = shown.command
    given = parse_arguments(rest, tokenise(rest), command.info.arguments, ctx.now)
    asked = bind(command, given, Binding(ctx.actor, ctx.directory, ctx.request, ctx.now))
    channel = ctx.directory.channels.get(channel_id)
    if channel and not _has_account(ctx, channel):
        raise InvalidArgumentError("channel", "channel_without_account")
    is_direct = channel is not None and channel.kind is ChannelKind.DIRECT
    if shown.report.names_customers(asked) and ctx.actor.role < Role.MANAGER and not is_direct:
        raise ForbiddenError(Role.MANAGER.label, ctx.actor.role.label)
    if command.info.cost is Cost.QUICK:
        await shown.report.function(ctx, **asked)
    return f"{name.lower()} {rest}".strip()


def _has_account(ctx: Context, channel: Channel) -> bool:
    """Tell whether the actor is somebody where a channel is; a report is asked for as who they are there."""
    member = ctx.directory.members.get(ctx.actor.member_id)
    return member is None or any(one.space_id == channel.space_id for one in member.identities)


def _title(line: str) -> str:
    return line[:TITLE_LIMIT]
