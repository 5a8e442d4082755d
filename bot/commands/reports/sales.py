"""The report on sales."""

from bot.application.context import Context
from bot.application.reporting import RangeWords, Top, asked_range, asked_top, calendar_of
from bot.commands.reports.area import report
from bot.texts.reports import sales as texts
from core.chat.reply import Reply
from core.sales.figures import By, Question
from core.sales.service import SalesService

ROWS = 20


@report.report(names_customers=lambda asked: asked.get("by") is By.CUSTOMER)
async def sales(
    ctx: Context, range_: RangeWords = "", from_: str = "", to: str = "", by: By | None = None, top: Top = None
) -> Reply:
    """Report what was sold, against the time before.

    Returns count on the day of their own. What is sold in several currencies is never added up. Sales by customer
    are for you alone, unless you are a manager.

    Args:
        range_: the days, such as `last week`, `2010-12`, `q4 2010` or `ytd`; all (unless given)
        from_: the first day instead, such as `2010-12-01`
        to: the last day instead, such as `2010-12-31`
        by: `day`, `week`, `month`, `product`, `customer` or `country`; unless given, what suits the days
        top: how many products, customers or countries to show, such as `50`; 20 unless given

    Examples:
        /report sales
        /report sales last month
        /report sales 2010-12 by:product
        /report sales from:2010-12-01 to:2010-12-05 by:day
    """
    days = asked_range(ctx, range_, from_, to)
    question = Question(days, by or By.DAY, top=asked_top(top, ROWS))
    shown = texts.Shown(f"Sales by {by.value}" if by else "Sales", ctx.directory.workspace.zone)
    service = ctx.services.get(SalesService)
    if by and not by.is_time:
        return texts.sales(await service.largest(question), shown)
    return texts.sales(await service.over_time(question, calendar_of(ctx), suits=by is None), shown)
