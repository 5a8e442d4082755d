"""The report on what was done."""

from bot.application.context import Context
from bot.commands.reports.area import report
from bot.grammar.arguments import ChannelArgument, ChannelScope
from bot.texts.reports import working as texts
from core.chat.reply import Reply, Visibility
from core.people.model import Role
from core.reports.service import ReportService

_WEEKS = 8


@report.command(role=Role.MEMBER, visibility=Visibility.CHANNEL)
async def tasks(ctx: Context, channel: ChannelArgument | None = None) -> Reply:
    """Report how many tasks were done in each of the last weeks, and how many late.

    Args:
        channel: another channel, such as `#shop`, or `all`

    Examples:
        /report tasks
        /report tasks channel:all
    """
    scope = channel or ChannelScope(ctx.actor.channel_id)
    audience = await ctx.audience_of(scope)
    if scope.channel_id is None:
        ctx.tells_asker_alone()
    else:
        ctx.tells_of([scope.channel_id])
    found = await ctx.services.get(ReportService).tasks_done(ctx.actor, _WEEKS, scope.channel_id, audience)
    where = "all channels" if scope.channel_id is None else ctx.directory.channel_name(scope.channel_id)
    return texts.tasks_done(found, where)
