"""The commands that bring books in from files and put them out into files.

How that is done lies in `files`, loaded when somebody does it.
"""

from typing import Annotated

from bot.application.context import Context
from bot.commands.books.area import book
from bot.grammar.arguments import ChannelScope, FileArgument, ImportChoice, Positional
from core.books.kind import BOOK_IMPORT
from core.books.model import BookFilter
from core.books.repository import BOOKS
from core.books.rules import clean_genre
from core.chat.reply import Reply
from core.chat.spec import Cost, Undo
from core.jobs.kinds import EXPORT, IMPORT
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.transfer.choices import ExportFormat


@book.command(role=Role.MANAGER, undo=Undo.INVERSE, cost=Cost.JOB, job=IMPORT, in_steps=True)
async def import_(
    ctx: Context, file: FileArgument, mode: ImportChoice = ImportChoice.CHECK, codes: bool = False
) -> Reply:
    """Bring books in from a CSV, XLSX or JSON file.

    The file is checked first and nothing is changed before you say so. Its first line names the columns: isbn, isbn13,
    title, author, year, genre, code, price, quantity, reorder; title and author are enough. A row with title and author
    of a book, or with its ISBN, changes that book, any other row is a new one. ISBNs that a spreadsheet has shortened
    are mended. How many there are is said of new books only; without a price a book is not sold.

    Args:
        file: the CSV, XLSX or JSON file
        mode: `check` (unless given), `good` to import the valid rows, `all` to import every row or none
        codes: whether what is no ISBN is kept as a code of your own

    Examples:
        /book import
        /book import mode:good
    """
    from bot.commands.books import files

    return await files.book_files(ctx, keeps_codes=codes).bring_in(ctx, file, mode)


@book.inverse(BOOK_IMPORT)
async def take_back_import(ctx: Context, entry: UndoEntry) -> Reply:
    """Take a whole import back."""
    from bot.commands.books import files

    return await files.book_files(ctx).take_back(ctx, entry)


@book.command(role=Role.MEMBER, cost=Cost.JOB, job=EXPORT)
async def export(
    ctx: Context, format: Annotated[ExportFormat, Positional()] = ExportFormat.CSV, genre: str = ""
) -> Reply:
    """Put books into a file.

    CSV, XLSX and JSON can be imported again, unchanged or mended.

    Args:
        format: `csv` (unless given), `xlsx`, `json`, or `text` for a plain list
        genre: only those of a genre, such as `fantasy`

    Examples:
        /book export
        /book export xlsx
    """
    wanted = BookFilter(clean_genre(genre))
    from bot.commands.books import files

    return await files.book_files(ctx).put_out(
        ctx, lambda work, audience: work.of(BOOKS).stream(wanted, audience), ChannelScope(None), format
    )
