"""The report on the customers who spend most."""

from bot.application.context import Context
from bot.commands.reports.asking import RangeWords, asked_count, asked_range
from bot.commands.reports.declaring import declared
from bot.texts.reports import sales as texts
from core.chat.reply import Reply
from core.reports.model import By, Question
from core.reports.service import ReportService


@declared(names_customers=lambda _asked: True)
async def top_customers(
    ctx: Context, range_: RangeWords = "", n: int | None = None, from_: str = "", to: str = ""
) -> Reply:
    """Report the customers who spend most.

    It is for you alone, unless you are a manager.

    Args:
        range_: the days, such as `last week`, `2010-12`, `q4 2010` or `ytd`; all (unless given)
        n: how many customers, such as `10`; 5 unless given
        from_: the first day instead, such as `2010-12-01`
        to: the last day instead, such as `2010-12-31`

    Examples:
        /report top-customers
        /report top-customers 10
        /report top-customers 3 last month
    """
    top, words = asked_count(range_, n, 5)
    question = Question(asked_range(ctx, words, from_, to), By.CUSTOMER, top=top, is_compared=False)
    found = await ctx.services.get(ReportService).largest(question)
    return texts.sales(found, texts.Shown("Top customers", ctx.directory.workspace.zone, shares=True))
