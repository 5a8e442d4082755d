"""The report on the products that sell best."""

from bot.application.context import Context
from bot.application.reporting import RangeWords, Top, asked_count, asked_range
from bot.commands.reports.area import report
from bot.texts.reports import sales as texts
from core.chat.reply import Reply
from core.sales.figures import By, Measure, Question
from core.sales.service import SalesService


@report.report()
async def products(
    ctx: Context,
    range_: RangeWords = "",
    top: Top = None,
    from_: str = "",
    to: str = "",
    by: Measure = Measure.AMOUNT,
) -> Reply:
    """Report the products that sell best, each with its share of all.

    Args:
        range_: the days, such as `last week`, `2010-12`, `q4 2010` or `ytd`; all (unless given)
        top: how many products, such as `20`; 10 unless given
        from_: the first day instead, such as `2010-12-01`
        to: the last day instead, such as `2010-12-31`
        by: `amount` (unless given) or `quantity`

    Examples:
        /report products
        /report products last month by:quantity
        /report products 3 2010-12
    """
    count, words = asked_count(range_, top, 10)
    days = asked_range(ctx, words, from_, to)
    question = Question(days, By.PRODUCT, top=count, largest=by, is_compared=False)
    found = await ctx.services.get(SalesService).largest(question)
    return texts.sales(found, texts.Shown(f"Top products by {by.value}", ctx.directory.workspace.zone, shares=True))
