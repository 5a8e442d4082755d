"""The commands that bring tasks in from files and put them out into files.

How that is done lies in `files`, loaded when somebody does it: it brings along as much as all other commands.
"""

from typing import Annotated

from bot.application.context import Context
from bot.commands.tasks.area import task
from bot.commands.tasks.lists import ANYBODY, Shown
from bot.grammar.arguments import Also, ChannelArgument, ChannelScope, FileArgument, ImportChoice, Person, Positional
from core.chat.reply import Reply
from core.chat.spec import Cost, Undo
from core.jobs.kinds import EXPORT, IMPORT
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.tasks.model import Priority, TaskFilter
from core.tasks.repository import TASKS
from core.tasks.undo import TASK_IMPORT
from core.transfer.choices import ExportFormat


@task.command(role=Role.MEMBER, undo=Undo.INVERSE, cost=Cost.JOB, job=IMPORT, in_steps=True)
async def import_(ctx: Context, file: FileArgument, mode: ImportChoice = ImportChoice.CHECK) -> Reply:
    """Bring tasks in from a CSV, XLSX or JSON file.

    The file is checked first and nothing is changed before you say so. Its first line names the columns: title, due,
    priority, status, assignees, notes, channel, origin, repeat, number; or it has just name, due date and priority,
    and no such line. A row with the number of a task changes that task, any other row is a new one. CSV has to be
    UTF-8. Of a spreadsheet the sheet called Tasks is read, or else the first; formulas count by their last result.

    Args:
        file: the CSV, XLSX or JSON file
        mode: `check` (unless given), `good` to import the valid rows, `all` to import every row or none

    Examples:
        /task import
        /task import mode:good
    """
    from bot.commands.tasks import files

    return await files.TASK_FILES.bring_in(ctx, file, mode)


@task.inverse(TASK_IMPORT)
async def take_back_import(ctx: Context, entry: UndoEntry) -> Reply:
    """Take a whole import back."""
    from bot.commands.tasks import files

    return await files.TASK_FILES.take_back(ctx, entry)


@task.command(role=Role.MEMBER, cost=Cost.JOB, job=EXPORT, overridable=True)
async def export(
    ctx: Context,
    format: Annotated[ExportFormat, Positional()] = ExportFormat.CSV,
    status: Shown = Shown.ALL,
    assign: Annotated[Person, Also("assignee")] = ANYBODY,
    priority: Priority | None = None,
    channel: ChannelArgument | None = None,
) -> Reply:
    """Put tasks into a file.

    All tasks you can see, unless you ask for fewer. CSV, XLSX and JSON can be imported again, unchanged or mended.

    Args:
        format: `csv` (unless given), `xlsx`, `json`, or `text` for a plain list of names and statuses
        status: `open`, `done` or `all` (unless given)
        assign: only those of one person, such as `@me`; `none` for those that nobody has
        priority: only those as pressing as that, such as `urgent`
        channel: only those of one channel, such as `#shop`

    Examples:
        /task export
        /task export xlsx
        /task export json status:open assign:@me
    """
    scope = channel or ChannelScope(None)
    wanted = TaskFilter(status.status, scope.channel_id, None if assign == ANYBODY else assign, priority)
    from bot.commands.tasks import files

    return await files.TASK_FILES.put_out(
        ctx, lambda work, audience: work.of(TASKS).stream(wanted, audience), scope, format
    )
