"""The report on what was taken, by method."""

from bot.application.context import Context
from bot.application.reporting import RangeWords, asked_range, calendar_of
from bot.commands.orders.area import order
from bot.texts.orders import takings as texts
from core.chat.reply import Reply
from core.dates.ranges import Range
from core.orders.takings import TakingsService


@order.report()
async def takings(ctx: Context, range_: RangeWords = "", from_: str = "", to: str = "") -> Reply:
    """Report the money that was taken: in cash, by bank transfer, PayPal and card.

    What was given back counts on the day on which it was. What is in several currencies is never added up.

    Args:
        range_: the days, such as `yesterday`, `last week` or `2010-12`; today (unless given)
        from_: the first day instead, such as `2010-12-01`
        to: the last day instead, such as `2010-12-31`

    Examples:
        /report takings
        /report takings yesterday
        /report takings last month
    """
    today = calendar_of(ctx).today
    days = asked_range(ctx, range_, from_, to, default=Range(today, today))
    zone = ctx.directory.workspace.zone
    return texts.takings(await ctx.services.get(TakingsService).over(days, zone), zone)
