"""What is set for a channel."""

from typing import Annotated

from bot.application.context import Context
from bot.commands.qm.commands import qm
from bot.grammar.arguments import ChannelArgument, ChannelScope, Clearable, Positional
from bot.texts.qm import channels as words
from core.chat.reply import Reply, Visibility
from core.chat.spec import Undo
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.shared.errors import InvalidArgumentError
from core.workspaces.kind import CHANNEL_KIND
from core.workspaces.service import WorkspaceService


@qm.command(role=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def channel(
    ctx: Context,
    zone: Annotated[str | None, Positional(), Clearable()] = None,
    channel: ChannelArgument | None = None,
) -> Reply:
    """Show the time zone of this channel, or give it one of its own.

    What goes to the channel as a whole is told in it: boards, digests, reminders of what is nobody's, and what is
    scheduled here. So are the dates of people who have no time zone of their own.

    Args:
        zone: its time zone, such as `Europe/Berlin`; `none` goes back to the workspace's
        channel: another channel, such as `#shop`

    Examples:
        /qm channel Europe/Berlin
        /qm channel none channel:#general
        /qm channel
    """
    scope = channel or ChannelScope(ctx.actor.channel_id)
    if scope.channel_id is None:
        raise InvalidArgumentError("channel", "no_such_channel", value="all")
    await ctx.audience_of(scope)
    ctx.tells_of([scope.channel_id])
    if zone is None:
        ctx.tells_asker_alone()
        return words.shown(ctx.directory.channels[scope.channel_id], ctx.view)
    changed = await ctx.services.get(WorkspaceService).set_channel_zone(ctx.actor, scope.channel_id, zone)
    if changed.undo_id:
        ctx.touched.append(words.target(changed.channel))
    else:
        ctx.tells_asker_alone()
    return words.changed(changed, ctx.view)


@qm.inverse(CHANNEL_KIND.change)
async def restore_channel(ctx: Context, entry: UndoEntry) -> Reply:
    """Put the time zone of a channel back as it was."""
    restored = await ctx.services.get(WorkspaceService).undo_channel(ctx.actor, entry)
    ctx.touched.append(words.target(restored))
    ctx.tells_of([restored.id])
    return words.restored(restored, ctx.view)
