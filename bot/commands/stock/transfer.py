"""The commands that bring products in from files and put them out into files.

How that is done lies in `files`, loaded when somebody does it.
"""

from typing import Annotated

from bot.application.context import Context
from bot.commands.stock.area import stock
from bot.grammar.arguments import ChannelScope, FileArgument, ImportChoice, Positional
from core.chat.reply import Reply
from core.chat.spec import Cost, Undo
from core.jobs.kinds import EXPORT, IMPORT
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.stock.kind import PRODUCT_IMPORT
from core.stock.model import ProductFilter
from core.stock.repository import PRODUCTS
from core.stock.rules import clean_category
from core.transfer.choices import ExportFormat


@stock.command(role=Role.MANAGER, undo=Undo.INVERSE, cost=Cost.JOB, job=IMPORT, in_steps=True)
async def import_(ctx: Context, file: FileArgument, mode: ImportChoice = ImportChoice.CHECK) -> Reply:
    """Bring products in from a CSV, XLSX or JSON file.

    The file is checked first and nothing is changed before you say so. Its first line names the columns: sku, name,
    quantity, price, category, tags, cost, reorder, description, discontinued, on order, weight, dimensions; a name is
    enough. A row with the SKU of a product changes that product, any other row is a new one. How many there are is
    said of new ones only: of others it may be out of date, and `/stock adjust` puts it right.

    Args:
        file: the CSV, XLSX or JSON file
        mode: `check` (unless given), `good` to import the valid rows, `all` to import every row or none

    Examples:
        /stock import
        /stock import mode:good
    """
    from bot.commands.stock import files

    return await files.product_files(ctx).bring_in(ctx, file, mode)


@stock.inverse(PRODUCT_IMPORT)
async def take_back_import(ctx: Context, entry: UndoEntry) -> Reply:
    """Take a whole import back."""
    from bot.commands.stock import files

    return await files.product_files(ctx).take_back(ctx, entry)


@stock.command(role=Role.MANAGER, cost=Cost.JOB, job=EXPORT)
async def export(
    ctx: Context, format: Annotated[ExportFormat, Positional()] = ExportFormat.CSV, category: str = ""
) -> Reply:
    """Put products into a file, with what they cost.

    CSV, XLSX and JSON can be imported again, unchanged or mended.

    Args:
        format: `csv` (unless given), `xlsx`, `json`, or `text` for a plain list of names and quantities
        category: only those of a category, such as `fruit`

    Examples:
        /stock export
        /stock export xlsx
    """
    wanted = ProductFilter(clean_category(category))
    from bot.commands.stock import files

    return await files.product_files(ctx).put_out(
        ctx, lambda work, audience: work.of(PRODUCTS).stream(wanted, audience), ChannelScope(None), format
    )
