"""The commands that say where it is told that products are low, and of which nothing is told."""

from datetime import UTC, datetime
from typing import Annotated

from bot.application.context import Context
from bot.commands.stock.area import ProductNumber, stock
from bot.grammar.arguments import ChannelArgument, ChannelScope, Positional
from bot.texts.stock import alerts as texts
from core.chat.reply import Reply
from core.chat.spec import NOTHING, OFF, Undo
from core.dates.due import Due
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.shared.errors import InvalidArgumentError
from core.stock.kind import ALERT_PLACE_KIND, MUTE
from core.stock.places import AlertPlaceService

_UNSAID = ChannelScope(0)
"""Stands for a channel that is not given, where `off` is none."""
_OTHERS = frozenset({"all", "any", "*"})
"""What stands for all categories without a channel of their own."""
_HERE = frozenset({"here", "this"})
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Until when nothing is told of what is muted without an end."""


@stock.command(role=Role.MANAGER, undo=Undo.INVERSE)
async def alerts(
    ctx: Context,
    category: Annotated[str, Positional()] = "",
    channel: Annotated[ChannelArgument | None, Positional()] = _UNSAID,
) -> Reply:
    """Have it told in a channel when products fall to their reorder level, or show where it is told.

    Of each it is told once, and again only after there was enough of it. Categories may have channels of their own;
    what is discontinued is never told. An import, or an order of several, is told in one post.

    Args:
        category: only products of a category, such as `fruit`; `all` for those without a channel of their own
        channel: where it is told, such as `#shop` or `here`; `off` for nowhere, `all` for where all others are told

    Examples:
        /stock alerts all here
        /stock alerts fruit here
        /stock alerts fruit off
        /stock alerts
    """
    category, scope = _meant(ctx, category, channel)
    service, audience = ctx.services.get(AlertPlaceService), await ctx.audience()
    if scope == _UNSAID:
        found = await service.places(audience)
        shown = [place.told_in for place in found if await ctx.looks_into(place.told_in)]
        return texts.places(found, shown, ctx.view)
    if scope is None or scope.channel_id is not None:
        if scope is not None:
            await ctx.audience_of(scope)
        change = await service.put(ctx.actor, audience, category, scope.channel_id if scope else None)
    else:
        dropped = await service.drop(ctx.actor, audience, category)
        if dropped is None:
            return texts.no_place(category)
        change = dropped
    ctx.touched.extend([change.place.category or "alerts"] if change.undo_id else [])
    return texts.put(change, ctx.view)


def _meant(ctx: Context, category: str, channel: ChannelScope | None) -> tuple[str, ChannelScope | None]:
    """Return a category, empty for all others, and a channel, which may have been typed alone."""
    word = category.casefold()
    if channel != _UNSAID:
        return "" if word in _OTHERS else category, channel
    if word in (OFF, NOTHING):
        return "", None
    if word in _HERE:
        return "", ChannelScope(ctx.actor.channel_id)
    if category.startswith("#"):
        named = ctx.directory.find_channel(category, ctx.actor.space_id)
        if named is None:
            raise InvalidArgumentError("channel", "no_such_channel", value=category)
        return "", ChannelScope(named.id, category)
    if category and word not in _OTHERS:
        raise InvalidArgumentError("channel", "alerts_without_channel", category=category)
    return "", _UNSAID


@stock.command(role=Role.CLERK, undo=Undo.INVERSE)
async def mute(ctx: Context, product: ProductNumber, until: Due | None = None, off: bool = False) -> Reply:
    """Tell nobody that a product is low, for some time or until you say otherwise.

    Args:
        product: its SKU or name, such as `apples`
        until: until when, such as `fri`; without an end unless given
        off: whether it is told again

    Examples:
        /stock mute apples
        /stock mute apples until:fri
        /stock mute apples off
    """
    service, audience = ctx.services.get(AlertPlaceService), await ctx.audience(everywhere=False)
    end = None if off else until.at if until else FOREVER
    if end is not None and end <= ctx.now:
        raise InvalidArgumentError("until", "muted_until_past")
    muted = await service.mute(ctx.actor, audience, product, end)
    ctx.touched.extend([f"#{product}"] if muted.undo_id else [])
    return texts.muted(muted, FOREVER, ctx.view)


@stock.inverse(ALERT_PLACE_KIND.change)
async def restore_place(ctx: Context, entry: UndoEntry) -> Reply:
    """Have it told where it was told before."""
    return texts.restored(await ctx.services.get(AlertPlaceService).undo(ctx.actor, entry), entry.command, ctx.view)


@stock.inverse(MUTE)
async def restore_mute(ctx: Context, entry: UndoEntry) -> Reply:
    """Have a product told of as before."""
    audience = await ctx.audience(everywhere=False)
    muted = await ctx.services.get(AlertPlaceService).undo_mute(ctx.actor, audience, entry)
    ctx.touched.append(f"#{muted.product.number}")
    return texts.mute_restored(muted, entry.command, FOREVER, ctx.view)
