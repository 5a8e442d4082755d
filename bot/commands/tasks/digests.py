"""The digest of tasks, once a day for a person or a channel."""

from typing import Annotated

from bot.application.context import Context
from bot.commands.tasks.area import task
from bot.grammar.arguments import Also, ChannelArgument, OnTheClock, Positional, Switch
from core.chat.reply import Reply, Visibility
from core.chat.spec import Undo
from core.people.model import Role


@task.command(role=Role.MEMBER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def digest(
    ctx: Context,
    switch: Annotated[Switch | None, Positional(), OnTheClock()] = None,
    at: Annotated[str, OnTheClock()] = "",
    channel: ChannelArgument | None = None,
    zone: Annotated[str, Also("tz")] = "",
) -> Reply:
    """Be told once a day which tasks are due today or overdue; a channel also hears which nobody has.

    Yours comes in your direct messages, on the clock of your time zone (`/user zone`). Days on which there is nothing
    to look at have none. Without `on` or `off` it shows what is set, and when the next one comes.

    Args:
        switch: `on`, `off`, or `now` to see it at once
        at: the time, with days if not all, such as `8:30`; `weekdays 9:00` unless given
        channel: for everybody in a channel instead, such as `#shop` or `here`
        zone: the time zone of a channel's digest, such as `Europe/Berlin`; the channel's unless given

    Examples:
        /task digest on channel:here
        /task digest on at:weekdays 8:30
        /task digest
        /task digest off
    """
    from bot.application import digests

    return await digests.digest(ctx, task, digests.Asked(switch, at, channel, zone))
