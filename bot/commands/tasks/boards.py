"""The commands for boards: of a channel, or in direct messages of a person."""

from enum import StrEnum

from bot.application.boards import put_up_board, take_down_board
from bot.application.context import Context
from bot.commands.tasks.area import task
from core.chat.reply import Reply
from core.chat.spec import Undo
from core.people.model import Role
from core.tasks.boards import Grouping


class By(StrEnum):
    """What people call the ways in which a board is grouped."""

    STATUS = "status"
    PERSON = "person"

    @classmethod
    def _missing_(cls, value: object) -> "By | None":
        """Understand the word that was said before."""
        return cls.PERSON if value == Grouping.ASSIGNEE else None


_GROUPINGS = {By.STATUS: Grouping.STATUS, By.PERSON: Grouping.ASSIGNEE}


@task.command(role=Role.MEMBER, undo=Undo.NONE)
async def board(ctx: Context, by: By = By.STATUS) -> Reply:
    """Put up a board that shows the tasks of this channel; in direct messages, your own.

    It is one message that keeps itself up to date, pinned if I may. Where there is one already it moves down.
    In our direct messages it shows your open tasks of all channels, due first, with buttons on each.

    Args:
        by: what the tasks of a channel are grouped by: `status` (unless given) or `person`

    Examples:
        /task board
        /task board by:person
    """
    return await put_up_board(ctx, task, _GROUPINGS[by].value)


@task.command(role=Role.MEMBER, undo=Undo.NONE)
async def unboard(ctx: Context) -> Reply:
    """Take down the board of this channel, or that of your own tasks in direct messages.

    The tasks stay as they are. `/task board` puts it up again.

    Examples:
        /task unboard
    """
    return await take_down_board(ctx, task)
