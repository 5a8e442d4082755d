"""How sales come from files."""

from collections.abc import Mapping
from dataclasses import replace

from bot.application import transfers
from bot.application.context import Context
from bot.grammar.arguments import ImportChoice, Upload
from bot.texts.reports import importing as texts
from core.chat.reply import Reply
from core.ports.storage import UndoEntry
from core.sales.columns import SALE_NAMES
from core.sales.importing import How, SalesImport, SalesUndo
from core.sales.model import Dedupe
from core.sales.repository import SALES
from core.shared.errors import InvalidArgumentError, RefusedError
from core.transfer.layout import folded


async def bring_in(ctx: Context, file: Upload, choice: ImportChoice, dedupe: Dedupe, said: Mapping[str, str]) -> Reply:
    """Check or import a file; ask which column is which if that is not known.

    Raises `InvalidArgumentError` for a heading that is said to be two columns.
    """
    _refuse_twice(said)
    async with ctx.services.transactions.read() as work:
        workspace = await work.settings.get()
        remembered = await work.of(SALES).headings()
    how = How(workspace.zone, workspace.currency, dedupe, said, remembered)
    words = replace(texts.words(workspace.currency), also=texts.also(dedupe, said))
    importing = SalesImport(transfers.tools_of(ctx), ctx.services.supplies.file_jobs, how, words.error)
    try:
        reply = await transfers.bring_in(ctx, importing, words, file, choice)
    except RefusedError as error:
        if error.reason != "sales_columns":
            raise
        return texts.which_column(error, dedupe, said)
    if said and choice is not ImportChoice.CANCEL:
        async with ctx.services.transactions.write() as work:
            await work.of(SALES).remember_headings(said)
            await work.commit()
    return reply


def _refuse_twice(said: Mapping[str, str]) -> None:
    columns: dict[str, str] = {}
    for column, heading in said.items():
        other = columns.setdefault(folded(heading), column)
        if other != column:
            raise InvalidArgumentError(column, "column_of_two", value=heading, other=other)


async def take_back(ctx: Context, entry: UndoEntry) -> Reply:
    """Take a whole import back."""
    return await transfers.take_back(ctx, SalesUndo(transfers.tools_of(ctx)), SALE_NAMES, entry)
