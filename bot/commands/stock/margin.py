"""The report on what is earned."""

from bot.application.context import Context
from bot.application.reporting import RangeWords, Top, asked_count, asked_range
from bot.commands.stock.area import stock as area
from bot.texts.stock import margin as texts
from core.chat.reply import Reply
from core.people.model import Role
from core.stock.reports import StockReports

ROWS = 20


@area.report(role=Role.MANAGER, is_confidential=True)
async def margin(ctx: Context, range_: RangeWords = "", top: Top = None, from_: str = "", to: str = "") -> Reply:
    """Report what is earned: sales without tax, less what the goods had cost; only you see the answer.

    Sales keep what their goods had cost by then; where that is not kept, as of sales from files, what the products cost
    now counts, which is said. What has no cost is told, and left out.

    Args:
        range_: the days, such as `last week`, `2010-12`, `q4 2010` or `ytd`; all (unless given)
        top: how many products, such as `50`; 20 unless given
        from_: the first day instead, such as `2010-12-01`
        to: the last day instead, such as `2010-12-31`

    Examples:
        /report margin
        /report margin last month
    """
    count, words = asked_count(range_, top, ROWS)
    days, workspace = asked_range(ctx, words, from_, to), ctx.directory.workspace
    found = await ctx.services.get(StockReports).margins(days, workspace.currency, count)
    return texts.margin(found, workspace.zone)
