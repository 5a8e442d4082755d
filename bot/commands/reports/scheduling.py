"""Reports by themselves: any of them, at times that people say, in a channel."""

from dataclasses import replace
from typing import Annotated

from bot.application import scheduling
from bot.application.context import Context
from bot.application.reporting import RangeWords, count_before
from bot.application.scheduling import WEEKDAYS, TimesWords, asked_zone, touch, unquoted, who_runs
from bot.commands.reports.area import report
from bot.commands.reports.asking import checked, parted, shown_of, told_apart, with_own
from bot.commands.reports.declaring import REPORTS
from bot.grammar.arguments import Also, ChannelArgument, ChannelScope, Positional, Suggests
from bot.texts.records import Listing
from bot.texts.reports import scheduling as texts
from bot.texts.schedules import changes
from core.chat.reply import Reply, Visibility
from core.chat.spec import Undo
from core.jobs.kinds import LINE, REPORT
from core.people.model import Role
from core.schedules.model import TITLE_LIMIT, ScheduleFilter
from core.schedules.requests import NewSchedule, ScheduleEdit
from core.schedules.service import Which
from core.shared.errors import InvalidArgumentError

AREA = report.name

ZoneWords = Annotated[str, Also("tz")]


@report.command(
    role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE, starts_jobs=True
)
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
        zone: the time zone of the times, such as `Europe/Berlin`; the channel's own, or else yours, unless given
        skip_empty: `yes` to post nothing when there is nothing to tell
        channel: another channel, such as `#shop`

    Examples:
        /report schedule sales "weekdays 9:00" last week
        /report schedule "top-customers 5" "mon,thu 9:00 and 17:00" zone:Europe/Berlin skip-empty:yes
        /report schedule products "0 9 1 * *" last month
    """
    place = await _place(ctx, channel or ChannelScope(ctx.actor.channel_id))
    line, said = unquoted(report), told_apart(when, range_, zone)
    shown_of(line)
    where = asked_zone(ctx, said.zone, place)
    rule, own = parted(ctx, said.when, said.days, where)
    if rule is None:
        reason = "days_without_times" if count_before(own)[1] else "missing"
        raise InvalidArgumentError("when", reason, value=own, report=line, example=f'"{WEEKDAYS}"')
    line = await checked(ctx, f"{line} {own}".strip(), place)
    given = {LINE: f"/{AREA} {line}"}
    new = NewSchedule(AREA, _title(line), REPORT, given, rule, where, place, skip_empty or said.skips)
    made = await ctx.services.schedules.add(ctx.actor, new, f"{AREA} schedule")
    touch(ctx, made)
    actions = (texts.run_action(made.schedule.number), texts.LIST)
    return changes.scheduled(made, actions, ctx.view, await who_runs(ctx))


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
    range_: RangeWords = "",
    report: str = "",
    zone: ZoneWords = "",
    skip_empty: bool | None = None,
    channel: ChannelArgument | None = None,
) -> Reply:
    """Change when a report comes by itself, where, about which days, or which.

    From then on it comes with your rights. What you don't name stays as it is.

    Args:
        schedule: the number of the schedule, such as `1`
        when: other days and times, such as `"weekdays 8:30"`
        range_: other days that it is about, such as `last month`
        report: another report, with what it takes: `"sales last month"`
        zone: another time zone, such as `Europe/Berlin`
        skip_empty: whether nothing is posted when there is nothing to tell
        channel: another channel that it comes into, such as `#shop`

    Examples:
        /report change 1 "weekdays 8:30"
        /report change 1 last month channel:#general
        /report change 1 report:"top-customers 10" skip-empty:yes
    """
    service, which, audience = ctx.services.schedules, Which(AREA, schedule), await ctx.audience()
    former = (await service.show(which, audience)).schedule
    said, place = told_apart(when, range_, zone), await _place(ctx, channel) if channel else former.channel_id
    where = asked_zone(ctx, said.zone) if said.zone else former.zone
    rule, own = parted(ctx, said.when, said.days, where)
    before = str(former.given[LINE]).removeprefix(f"/{AREA} ")
    line = await checked(ctx, with_own(ctx, unquoted(report) or before, own), place)
    edit = ScheduleEdit(
        rule=rule,
        zone=where if said.zone else None,
        skip_empty=True if said.skips else skip_empty,
        channel_id=place if channel else None,
    )
    if own or report:
        edit = replace(edit, title=_title(line), arguments={LINE: f"/{AREA} {line}"})
    made = await service.change(ctx.actor, audience, which, edit, f"{AREA} change")
    touch(ctx, made)
    ctx.tells_of([former.channel_id])
    is_moved = made.schedule.channel_id != former.channel_id
    return changes.changed(made, (texts.run_action(made.schedule.number),), ctx.view, is_moved=is_moved)


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


@report.command(role=Role.MEMBER, others=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.NONE, starts_jobs=True)
async def run(ctx: Context, schedule: str) -> Reply:
    """Post a scheduled report now, beside its times.

    Args:
        schedule: the number of the schedule, such as `1`

    Examples:
        /report run 1
    """
    return await scheduling.run_now(ctx, Which(AREA, schedule))


async def _place(ctx: Context, scope: ChannelScope) -> int:
    """Return the one channel that a report is to come into; raises `InvalidArgumentError` for none and for several."""
    if scope.channel_id is None:
        raise InvalidArgumentError("channel", "one_channel")
    await ctx.audience_of(scope)
    return scope.channel_id


def _title(line: str) -> str:
    return line[:TITLE_LIMIT]
