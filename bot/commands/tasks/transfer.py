"""The commands that bring tasks in from files and put them out into files."""

from enum import StrEnum
from functools import partial
from typing import Annotated

from bot.application.context import Context
from bot.commands.tasks.area import task
from bot.commands.tasks.lists import ANYBODY, Shown
from bot.grammar.arguments import ChannelArgument, ChannelScope, FileArgument, Person, Positional
from bot.texts import transfer as texts
from bot.texts.tasks.transfer import TASK_WORDS, task_cells
from bot.texts.view import View
from core.chat.reply import Reply, Visibility
from core.chat.request import Attachment
from core.chat.spec import Cost, Undo
from core.files.model import StoredFile
from core.people.model import Role
from core.tasks.model import Priority, Task, TaskFilter
from core.tasks.transfer import TaskTransfer
from core.transfer.findings import ImportMode
from core.transfer.results import Imported
from core.transfer.writing import ExportFormat


class ImportChoice(StrEnum):
    """What becomes of a file of tasks."""

    CHECK = "check"
    GOOD = "good"
    ALL = "all"
    CANCEL = "cancel"


@task.command(role=Role.MEMBER, visibility=Visibility.PRIVATE, undo=Undo.INVERSE, cost=Cost.JOB)
async def import_(ctx: Context, file: FileArgument, mode: ImportChoice = ImportChoice.CHECK) -> Reply:
    """Bring tasks in from a CSV, XLSX or JSON file.

    The file is checked first and nothing is changed before you say so. Its first line names the columns: title, due,
    priority, status, assignees, notes, channel, origin, repeat, number; or it has just name, due date and priority,
    and no such line. A row with the number of a task changes that task, any other row is a new one. CSV has to be
    UTF-8. Of a spreadsheet the sheet called Tasks is read, or else the first; formulas count by their last result.

    Args:
        file: the CSV, XLSX or JSON file
        mode: `check` (unless given), `good` to import the good rows, `all` to import every row or none

    Examples:
        /task import
        /task import mode:good
    """
    if mode is ImportChoice.CANCEL:
        return texts.cancelled()
    view, wanted = View(ctx.actor, ctx.directory, ctx.now), ImportMode(mode.value)
    result = await (_import_new(ctx, file.attachment, wanted) if file.attachment else _apply(ctx, file.file_id, wanted))
    shown = partial(task_cells, view=view)
    if result.mode is ImportMode.CHECK:
        return texts.checked(TASK_WORDS, result, ctx.actor, shown, asked_for_all=wanted is ImportMode.ALL)
    if result.undo_id:
        ctx.touched.append(f"import {result.undo_id}")
    return texts.imported(TASK_WORDS, result, ctx.actor, shown)


async def _apply(ctx: Context, source: str | StoredFile, mode: ImportMode) -> Imported[Task]:
    return await ctx.services.get(TaskTransfer).apply(
        ctx.actor, await ctx.audience(), source, mode, ctx.report_progress
    )


async def _import_new(ctx: Context, attachment: Attachment, mode: ImportMode) -> Imported[Task]:
    """Take in a file that came with the request, and do with it what is wanted."""
    file = await ctx.services.files.receive(ctx.actor, attachment, only=ctx.actor.member_id)
    try:
        return await _apply(ctx, file, mode)
    except Exception:  # whatever it was: nothing knows of the file, and its bytes are of no use to anybody
        await ctx.services.files.discard(ctx.actor, file)
        raise


@task.command(role=Role.MEMBER, visibility=Visibility.PRIVATE, cost=Cost.JOB, overridable=True)
async def export(
    ctx: Context,
    format: Annotated[ExportFormat, Positional()] = ExportFormat.CSV,
    status: Shown = Shown.ALL,
    assignee: Person = ANYBODY,
    priority: Priority | None = None,
    channel: ChannelArgument | None = None,
) -> Reply:
    """Put tasks into a file.

    All tasks you can see, unless you ask for fewer. CSV, XLSX and JSON can be imported again, unchanged or mended.

    Args:
        format: `csv` (unless given), `xlsx`, `json`, or `text` for a plain list of names and statuses
        status: `open`, `done` or `all` (unless given)
        assignee: only those of one person, such as `@me`; `none` for those that nobody has
        priority: only those as pressing as that, such as `urgent`
        channel: only those of one channel, such as `#shop`

    Examples:
        /task export
        /task export xlsx
        /task export json status:open assignee:@me
    """
    scope = channel or ChannelScope(None)
    wanted = TaskFilter(status.status, scope.channel_id, None if assignee == ANYBODY else assignee, priority)
    audience = await ctx.audience_of(scope)
    exported = await ctx.services.get(TaskTransfer).export(ctx.actor, audience, wanted, format)
    return texts.exported(TASK_WORDS, exported)
