"""The report on what is in stock."""

from datetime import timedelta

from bot.application.context import Context
from bot.application.reporting import RangeWords, Top, asked_range, asked_top, calendar_of
from bot.commands.stock.area import stock as area
from bot.texts.stock import report as texts
from core.chat.reply import Reply
from core.dates.ranges import Range
from core.stock.reports import StockReports

ROWS, DAYS = 20, 90


@area.report()
async def stock(ctx: Context, range_: RangeWords = "", top: Top = None, from_: str = "", to: str = "") -> Reply:
    """Report what the stock is worth, what is low, and what lies there unsold.

    A product is low at its reorder level and below. Dead stock was there before those days, and nothing of it was sold
    in them.

    Args:
        range_: the days in which nothing of dead stock was sold, such as `last 30 days`; the last 90 (unless given)
        top: how many products to show, such as `50`; 20 unless given
        from_: the first day instead, such as `2010-12-01`
        to: the last day instead, such as `2010-12-31`

    Examples:
        /report stock
        /report stock last 30 days
    """
    today = calendar_of(ctx).today
    days = asked_range(ctx, range_, from_, to, default=Range(today - timedelta(days=DAYS - 1), today))
    found = await ctx.services.get(StockReports).stock(days, asked_top(top, ROWS))
    return texts.stock(found, ctx.view)
