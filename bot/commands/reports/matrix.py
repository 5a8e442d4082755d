"""The report on products by days."""

from bot.application.context import Context
from bot.application.reporting import (
    MOST_NAMED,
    NO_FILE,
    RangeWords,
    Top,
    asked_range,
    asked_top,
    calendar_of,
    handed_in,
)
from bot.commands.reports.area import report
from bot.grammar.arguments import FileArgument
from bot.texts.reports import matrices as texts
from core.chat.reply import Reply
from core.dates.ranges import Spans
from core.sales.figures import By
from core.sales.service import SalesService

ROWS, NAMED = 20, 3


@report.report()
async def matrix(
    ctx: Context,
    range_: RangeWords = "",
    top: Top = None,
    from_: str = "",
    to: str = "",
    by: Spans | None = None,
    scaled: bool = False,
    file: FileArgument = NO_FILE,
) -> Reply:
    """Report products by days: sums along both, averages, and where each product had its best days.

    The colours of the chart run from the least to the most of each row; `scaled:yes` adds these as numbers, from 0 to
    1 (a row that never changes is 0), and an export has them. With a file it is about the rows of numbers that stand
    there, with names and headings or without, all of them, and nothing of it is taken in.

    Args:
        range_: the days, such as `last week`, `2010-12`, `q4 2010` or `ytd`; all (unless given)
        top: how many products to show and name, such as `5`; unless given 20 are shown and 3 named
        from_: the first day instead, such as `2010-12-01`
        to: the last day instead, such as `2010-12-31`
        by: `day`, `week` or `month`; unless given, what there is room for
        scaled: `yes` to add each row as numbers from 0 to 1
        file: a CSV or XLSX file of numbers to look at instead of the sales

    Examples:
        /report matrix
        /report matrix last week top:5
        /report matrix 2010 by:month
    """
    service = ctx.services.get(SalesService)
    count = asked_top(top, ROWS)
    named = top if top and top <= MOST_NAMED else NAMED
    if given := handed_in(file, range_=range_, from_=from_, to=to, by=by):
        found_there = await service.matrix_of_file(given, await ctx.audience(), top=named)
        return texts.of_file(found_there, is_scaled=scaled)
    days, spans = asked_range(ctx, range_, from_, to), By(by.value) if by else None
    found = await service.matrix(days, calendar_of(ctx), by=spans, rows=count, top=named)
    return texts.of_sales(found, ctx.directory.workspace.zone, is_scaled=scaled)
