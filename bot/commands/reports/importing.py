"""The command that brings sales in from files.

How that is done lies in `files`, loaded when somebody does it: it brings along as much as all other commands.
"""

from bot.application.context import Context
from bot.commands.reports.area import report
from bot.grammar.arguments import FileArgument, ImportChoice
from core.chat.reply import Reply
from core.chat.spec import Cost, Undo
from core.jobs.kinds import IMPORT
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.sales.model import SALES_IMPORT, Dedupe


@report.command(role=Role.MANAGER, undo=Undo.INVERSE, cost=Cost.JOB, job=IMPORT, in_steps=True)
async def import_(
    ctx: Context,
    file: FileArgument,
    mode: ImportChoice = ImportChoice.CHECK,
    dedupe: Dedupe = Dedupe.LINE,
    date: str = "",
    amount: str = "",
    quantity: str = "",
    price: str = "",
    product: str = "",
    customer: str = "",
    invoice: str = "",
) -> Reply:
    """Bring sales in from a CSV, XLSX or JSON file.

    The file is checked first and nothing is changed before you say so. Its first line names the columns; many names
    are known, such as InvoiceDate, Quantity, UnitPrice and CustomerID, or transaction_date and amount_spent. A file
    needs a date, and an amount or a price. Say what a column is called where it is not known: that is remembered. A
    missing amount counts as 0, a negative quantity is a return. Days are those of the workspace's time zone.

    Args:
        file: the CSV, XLSX or JSON file
        mode: `check` (unless given), `good` to import the valid rows, `all` to import every row or none
        dedupe: what counts once: `line` (unless given) if wholly equal to one before, `customer-day` or `none`
        date: what the column of dates is called
        amount: what the column of amounts is called
        quantity: what the column of quantities is called
        price: what the column of prices of one piece is called
        product: what the column of products is called
        customer: what the column of customers is called
        invoice: what the column of invoices is called

    Examples:
        /report import
        /report import mode:good
        /report import date:"Sold on" amount:Total
    """
    from bot.commands.reports import files

    said = {
        "date": date,
        "amount": amount,
        "quantity": quantity,
        "price": price,
        "product": product,
        "customer": customer,
        "invoice": invoice,
    }
    return await files.bring_in(ctx, file, mode, dedupe, {name: heading for name, heading in said.items() if heading})


@report.inverse(SALES_IMPORT)
async def take_back_import(ctx: Context, entry: UndoEntry) -> Reply:
    """Take a whole import back."""
    from bot.commands.reports import files

    return await files.take_back(ctx, entry)
