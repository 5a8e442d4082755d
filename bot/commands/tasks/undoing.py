"""How changes of tasks are taken back."""

from bot.application.context import Context
from bot.commands.tasks.area import task
from bot.texts.tasks import changes as texts
from core.chat.reply import Reply
from core.ports.storage import UndoEntry
from core.tasks.service import TaskService
from core.tasks.undo import TASK_CHANGE


@task.inverse(TASK_CHANGE)
async def take_back(ctx: Context, entry: UndoEntry) -> Reply:
    """Put tasks back as they were."""
    undone = await ctx.services.get(TaskService).undo(ctx.actor, entry, await ctx.audience())
    ctx.touched.extend(f"#{record.number}" for record in undone.records)
    ctx.tells_of(task.channel_id for task in undone.records)
    return texts.undone(undone, ctx.view)
