"""The report on the customers who spend most."""

from bot.application.context import Context
from bot.application.reporting import NO_FILE, RangeWords, Top, asked_count, asked_range, handed_in
from bot.commands.reports.area import report
from bot.grammar.arguments import FileArgument
from bot.texts.reports import sales as texts
from bot.texts.reports import spending as file_texts
from core.chat.reply import Reply
from core.sales.figures import By, Question
from core.sales.service import SalesService


@report.report(names_customers=lambda _asked: True)
async def top_customers(
    ctx: Context,
    range_: RangeWords = "",
    top: Top = None,
    from_: str = "",
    to: str = "",
    file: FileArgument = NO_FILE,
) -> Reply:
    """Report the customers who spend most.

    It is for you alone, unless you are a manager. With a file it is about what stands there, and nothing of it is
    taken in: lines that are wholly equal count once, and a missing amount counts as 0.

    Args:
        range_: the days, such as `last week`, `2010-12`, `q4 2010` or `ytd`; all (unless given)
        top: how many customers, such as `10`; 5 unless given
        from_: the first day instead, such as `2010-12-01`
        to: the last day instead, such as `2010-12-31`
        file: a CSV or XLSX file to look at instead of the sales, with customer_id and amount_spent

    Examples:
        /report top-customers
        /report top-customers 10
        /report top-customers 3 last month
    """
    count, words = asked_count(range_, top, 5)
    if given := handed_in(file, range_=words, from_=from_, to=to):
        spending = await ctx.services.get(SalesService).spending_of_file(given, await ctx.audience(), top=count)
        return file_texts.of_file(spending, count)
    question = Question(asked_range(ctx, words, from_, to), By.CUSTOMER, top=count, is_compared=False)
    found = await ctx.services.get(SalesService).largest(question)
    return texts.sales(found, texts.Shown("Top customers", ctx.directory.workspace.zone, shares=True))
