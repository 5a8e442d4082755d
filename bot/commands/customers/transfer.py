"""The commands that bring customers in from files and put them out into files.

How that is done lies in `files`, loaded when somebody does it.
"""

from typing import Annotated

from bot.application.context import Context
from bot.commands.customers.area import customer
from bot.grammar.arguments import ChannelScope, FileArgument, ImportChoice, Positional
from core.chat.reply import Reply
from core.chat.spec import Cost, Undo
from core.customers.kind import CUSTOMER_IMPORT
from core.customers.repository import CUSTOMERS
from core.jobs.kinds import EXPORT, IMPORT
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.transfer.choices import ExportFormat


@customer.command(role=Role.MANAGER, undo=Undo.INVERSE, cost=Cost.JOB, job=IMPORT, in_steps=True)
async def import_(ctx: Context, file: FileArgument, mode: ImportChoice = ImportChoice.CHECK) -> Reply:
    """Bring customers in from a CSV, XLSX or JSON file.

    The file is checked first and nothing is changed before you say so. Its first line names the columns: username,
    email, age, address, number. A row with the number of a customer changes that one, any other row is a new one;
    usernames and e-mail addresses are nobody else's. Only you see the file and the answer.

    Args:
        file: the CSV, XLSX or JSON file
        mode: `check` (unless given), `good` to import the valid rows, `all` to import every row or none

    Examples:
        /customer import
        /customer import mode:good
    """
    from bot.commands.customers import files

    return await files.CUSTOMER_FILES.bring_in(ctx, file, mode)


@customer.inverse(CUSTOMER_IMPORT)
async def take_back_import(ctx: Context, entry: UndoEntry) -> Reply:
    """Take a whole import back."""
    from bot.commands.customers import files

    return await files.CUSTOMER_FILES.take_back(ctx, entry)


@customer.command(role=Role.MANAGER, cost=Cost.JOB, job=EXPORT)
async def export(ctx: Context, format: Annotated[ExportFormat, Positional()] = ExportFormat.CSV) -> Reply:
    """Put all customers into a file, for you alone.

    CSV, XLSX and JSON can be imported again, unchanged or mended.

    Args:
        format: `csv` (unless given), `xlsx`, `json`, or `text` for a plain list of usernames and e-mail addresses

    Examples:
        /customer export
        /customer export xlsx
    """
    from bot.commands.customers import files

    return await files.CUSTOMER_FILES.put_out(
        ctx, lambda work, audience: work.of(CUSTOMERS).stream(audience), ChannelScope(None), format
    )
