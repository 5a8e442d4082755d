"""The commands for boards: of a channel, or in direct messages of a person."""

from bot.application.context import Context
from bot.commands.tasks.area import task
from bot.texts.boards import boards as texts
from bot.texts.boards import work_boards
from core.boards.model import Grouping
from core.boards.service import BoardService
from core.chat.reply import Reply
from core.chat.request import ChannelKind
from core.chat.spec import Undo
from core.people.model import Role


@task.command(role=Role.MEMBER, undo=Undo.NONE)
async def board(ctx: Context, by: Grouping = Grouping.STATUS) -> Reply:
    """Put up a board that shows the tasks of this channel; in direct messages, your own.

    It is one message that keeps itself up to date, pinned if I may. Where there is one already it moves down.
    In our direct messages it shows your open tasks of all channels, due first, with buttons on each.

    Args:
        by: what the tasks of a channel are grouped by: `status` (unless given) or `assignee`

    Examples:
        /task board
        /task board by:assignee
    """
    moved = await ctx.services.get(BoardService).put_up(ctx.actor, by)
    if ctx.actor.channel_kind is ChannelKind.DIRECT:
        return work_boards.put_up(ctx.actor.platform, moved=moved)
    return texts.put_up(ctx.directory.channel_name(ctx.actor.channel_id), by, moved=moved)


@task.command(role=Role.MEMBER, undo=Undo.NONE)
async def unboard(ctx: Context) -> Reply:
    """Take down the board of this channel, or that of your own tasks in direct messages.

    The tasks stay as they are. `/task board` puts it up again.

    Examples:
        /task unboard
    """
    gone = await ctx.services.get(BoardService).take_down(ctx.actor)
    return texts.taken_down(ctx.directory.channel_name(ctx.actor.channel_id), gone)
