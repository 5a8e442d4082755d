"""What the commands of all areas do to have a board put up or taken down."""

from typing import TYPE_CHECKING

from bot.application.context import Context
from bot.texts import boards as texts
from core.chat.reply import Reply
from core.chat.request import ChannelKind

if TYPE_CHECKING:
    from bot.grammar.declaration import Area


async def put_up_board(ctx: Context, area: "Area", grouping: str = "") -> Reply:
    """Put up the board of an area in this channel, or move it down; the same way for all areas."""
    is_own = area.boards is not None and area.boards.person is not None
    moved = await ctx.services.boards.put_up(ctx.actor, area.name, grouping, is_own=is_own)
    if is_own and ctx.actor.channel_kind is ChannelKind.DIRECT:
        return texts.put_up_own(area, ctx.actor.platform, moved=moved)
    return texts.put_up(area, ctx.directory.channel_name(ctx.actor.channel_id), grouping, moved=moved)


async def take_down_board(ctx: Context, area: "Area") -> Reply:
    """Take down the board of an area in this channel."""
    gone = await ctx.services.boards.take_down(ctx.actor, area.name)
    return texts.taken_down(area, ctx.directory.channel_name(ctx.actor.channel_id), gone)
