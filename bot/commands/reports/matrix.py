"""The report on products by days."""

from bot.application.context import Context
from bot.application.reporting import NO_FILE, RangeWords, asked_range, asked_rows, calendar_of, handed_in
from bot.commands.reports.area import report
from bot.grammar.arguments import FileArgument
from bot.texts.reports import matrices as texts
from core.chat.reply import Reply
from core.dates.ranges import Spans
from core.sales.figures import By
from core.sales.service import SalesService


@report.report(rows="rows")
async def matrix(
    ctx: Context,
    range_: RangeWords = "",
    top: int = 3,
    rows: int = 20,
    from_: str = "",
    to: str = "",
    by: Spans | None = None,
    file: FileArgument = NO_FILE,
) -> Reply:
    """Report products by days: sums along both, averages, and where each product had its best days.

    Each row is scaled too: its least is 0, its most 1, and one that never changes 0. With a file it is about the rows
    of numbers that stand there, with names and headings or without, and nothing of it is taken in.

    Args:
        range_: the days, such as `last week`, `2010-12`, `q4 2010` or `ytd`; all (unless given)
        top: how many of the largest to name, such as `5`; 3 unless given
        rows: how many products to show, such as `50`; 20 unless given
        from_: the first day instead, such as `2010-12-01`
        to: the last day instead, such as `2010-12-31`
        by: `day`, `week` or `month`; unless given, what there is room for
        file: a CSV or XLSX file of numbers to look at instead of the sales

    Examples:
        /report matrix
        /report matrix last week top:5
        /report matrix 2010 by:month
    """
    service = ctx.services.get(SalesService)
    top = asked_rows("top", top)
    if given := handed_in(file):
        return texts.of_file(await service.matrix_of_file(given, await ctx.audience(), top=top))
    days, spans = asked_range(ctx, range_, from_, to), By(by.value) if by else None
    found = await service.matrix(days, calendar_of(ctx), by=spans, rows=asked_rows("rows", rows), top=top)
    return texts.of_sales(found, ctx.directory.workspace.zone)
