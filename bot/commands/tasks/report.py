"""The report on what was done."""

from bot.application.context import Context
from bot.application.reporting import RangeWords, asked_range, calendar_of
from bot.commands.tasks.area import task
from bot.grammar.arguments import ChannelArgument, ChannelScope
from bot.texts.tasks import report as texts
from core.chat.reply import Reply
from core.dates.ranges import Calendar, Range, Spans
from core.tasks.done import DoneService, TaskScope

_WEEKS = 8


@task.report()
async def tasks(
    ctx: Context,
    range_: RangeWords = "",
    from_: str = "",
    to: str = "",
    by: Spans | None = None,
    channel: ChannelArgument | None = None,
) -> Reply:
    """Report how many tasks of this channel were done week by week, and how many late.

    Args:
        range_: the days, such as `last month`, `q4 2010` or `ytd`; the last eight weeks (unless given)
        from_: the first day instead, such as `2010-12-01`
        to: the last day instead, such as `2010-12-31`
        by: `day`, `week` or `month`; weeks, or months where those are many, unless given
        channel: another channel, such as `#shop`, or `all`

    Examples:
        /report tasks
        /report tasks ytd by:month
        /report tasks last month channel:all
    """
    scope = channel or ChannelScope(ctx.actor.channel_id)
    audience = await ctx.audience_of(scope)
    if scope.channel_id is None:
        ctx.tells_asker_alone()
    else:
        ctx.tells_of([scope.channel_id])
    zone, calendar = ctx.actor.zone, calendar_of(ctx, ctx.actor.zone)
    days = asked_range(ctx, range_, from_, to, zone_name=zone, default=_lately(calendar))
    found = await ctx.services.get(DoneService).in_spans(
        days, calendar, zone, TaskScope(scope.channel_id, audience), by=by
    )
    where = "all channels" if scope.channel_id is None else ctx.directory.channel_name(scope.channel_id)
    return texts.tasks_done(found, where, zone)


def _lately(calendar: Calendar) -> Range:
    """Return the last weeks, this one as far as it has come."""
    this = calendar.beginning("week", calendar.today)
    return Range(calendar.further("week", this, 1 - _WEEKS), calendar.today)
