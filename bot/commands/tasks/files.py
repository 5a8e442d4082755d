"""How tasks come from files and go into them."""

from collections.abc import AsyncIterator, Sequence
from functools import partial

from bot.application.context import Context
from bot.application.transfers import export_file, import_file, undo_import
from bot.grammar.arguments import ChannelScope, ImportChoice, Upload
from bot.texts.tasks.transfer import TASK_WORDS, task_cells
from bot.texts.view import View
from core.chat.reply import Reply
from core.ports.storage import UndoEntry, UnitOfWork
from core.tasks.model import Task, TaskFilter
from core.tasks.repository import TASKS
from core.tasks.sheet import TASK_SHEET
from core.transfer.choices import ExportFormat
from core.workspaces.model import Audience


async def bring_in(ctx: Context, file: Upload, choice: ImportChoice) -> Reply:
    """Check or import a file."""
    shown = partial(task_cells, view=View(ctx.actor, ctx.directory, ctx.now))
    return await import_file(ctx, TASK_SHEET, TASK_WORDS, shown, file, choice)


async def take_back(ctx: Context, entry: UndoEntry) -> Reply:
    """Take a whole import back."""
    return await undo_import(ctx, TASK_SHEET, entry)


async def put_out(ctx: Context, wanted: TaskFilter, scope: ChannelScope, kind: ExportFormat) -> Reply:
    """Put the tasks of a scope that are wanted into a file."""

    def records(work: UnitOfWork, audience: Audience) -> AsyncIterator[Sequence[Task]]:
        return work.of(TASKS).stream(wanted, audience)

    return await export_file(ctx, TASK_SHEET, TASK_WORDS, records, scope, kind)
