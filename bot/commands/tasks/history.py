"""The commands for what happened to tasks and what is said about them."""

from bot.application.context import Context
from bot.commands.tasks.area import TaskNumber, task
from bot.grammar.arguments import Rest
from bot.texts.tasks import history as texts
from bot.texts.view import View
from core.chat.reply import Reply, Visibility
from core.chat.spec import Undo
from core.people.model import Role
from core.tasks.service import TaskService


@task.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def comment(ctx: Context, task: TaskNumber, text: Rest) -> Reply:
    """Say something about a task, to be found with it.

    `/task show` has the latest comments, `/task history` all of them.

    Args:
        task: the number of the task, such as `12`
        text: what there is to say, such as `The shop is closed on Mondays`; up to 2,000 characters

    Examples:
        /task comment 12 The shop is closed on Mondays
    """
    said = await ctx.services.get(TaskService).comment(ctx.actor, await ctx.audience(), task, text)
    ctx.touched.append(f"#{said.task.number}")
    ctx.tells_of([said.task.channel_id])
    return texts.commented(said, View(ctx.actor, ctx.directory, ctx.now))


@task.command(role=Role.GUEST, overridable=True)
async def history(ctx: Context, task: TaskNumber, page: str = "") -> Reply:
    """Show what happened to a task: who changed what, who said what, and when.

    The newest comes first. A removed task still has its history.

    Args:
        task: the number of the task, such as `12`
        page: where to go on, as the buttons fill it in

    Examples:
        /task history 12
    """
    found = await ctx.services.get(TaskService).history(task, await ctx.audience(), cursor=page)
    command = f"/task history {task}{' override:yes' if ctx.override else ''}"
    return texts.task_history(found, command, View(ctx.actor, ctx.directory, ctx.now))
