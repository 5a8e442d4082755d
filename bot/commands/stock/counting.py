"""The commands by which people count what is there."""

from enum import StrEnum
from typing import Annotated

from bot.application.context import Context
from bot.commands.goods import shop_of
from bot.commands.stock.area import ProductNumber, stock
from bot.grammar.arguments import Positional
from bot.texts.records import Listing
from bot.texts.stock import counting as texts
from core.chat.reply import Reply, Visibility
from core.chat.spec import Undo
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.shared.errors import ForbiddenError
from core.stock.counting import CountService
from core.stock.kind import COUNT_KIND, POSTING, SCAN


class Step(StrEnum):
    """What becomes of a stock-take."""

    SHOW = "show"
    START = "start"
    POST = "post"
    CANCEL = "cancel"


class Missing(StrEnum):
    """What becomes of what was not counted."""

    KEEP = "keep"
    ZERO = "zero"


@stock.command(role=Role.CLERK, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def count(
    ctx: Context,
    step: Annotated[Step, Positional()] = Step.SHOW,
    category: str = "",
    location: str = "",
    missing: Missing = Missing.KEEP,
    page: str = "",
) -> Reply:
    """Begin a stock-take, see how far it is and what differs, and post the differences.

    People count with `/stock scan`, several at a time. What is to be there is what was there at the beginning, and what
    came and went until it was counted. Managers begin, post and cancel; what was not counted stays as it is.

    Args:
        step: `show` (unless given), `start`, `post` what differs, or `cancel`
        category: only products of a category, such as `fruit`
        location: what lies elsewhere, such as `cellar`
        missing: `zero` to post that there is none of what was not counted
        page: where to go on, as the buttons fill it in

    Examples:
        /stock count start category:drinks
        /stock count
        /stock count post category:fruit
    """
    service, audience = ctx.services.get(CountService), await ctx.audience(everywhere=False)
    if step is not Step.SHOW and ctx.actor.role < Role.MANAGER:
        raise ForbiddenError(Role.MANAGER.label, ctx.actor.role.label)
    if step is Step.START:
        change = await service.start(ctx.actor, audience, category, location)
        ctx.touched.append(f"count {change.count.number}")
        return texts.started(change, ctx.view)
    if step is Step.CANCEL:
        change = await service.cancel(ctx.actor, audience, category, location)
        ctx.touched.append(f"count {change.count.number}")
        return texts.cancelled(change, ctx.view)
    if step is Step.POST:
        wants_none = missing is Missing.ZERO
        posted = await service.post(ctx.actor, audience, shop_of(ctx), category, location, missing=wants_none)
        ctx.touched.append(f"count {posted.count.number}")
        return texts.posted(posted, ctx.view)
    found = await service.open(audience)
    meant = [one for one, _ in found if one.is_meant(category, location)]
    if len(meant) != 1:
        return texts.counts(found, ctx.view)
    shown = await service.show(meant[0].number, audience, cursor=page)
    return texts.shown(shown, Listing.of(texts.command_of("", meant[0]), page), ctx.view)


@stock.command(role=Role.CLERK, undo=Undo.INVERSE, repeats=True)
async def scan(
    ctx: Context,
    product: ProductNumber,
    quantity: Annotated[int, Positional()] = 1,
    exactly: int | None = None,
    location: str = "",
) -> Reply:
    """Count some of a product in the stock-take that goes on.

    Each scan counts one more, a quantity so many more. What was mistyped is taken back by Undo, or put right with a
    quantity below 0 or with `exactly`. What others count at the same time counts, too.

    Args:
        product: its SKU or name, such as `apples`, as a scanner types it
        quantity: how many, such as `12`; one unless given
        exactly: how many are counted in all, whatever was counted before, such as `12`
        location: where, if stock is counted at several, such as `cellar`

    Examples:
        /stock scan pears
        /stock scan pears 12
        /stock scan pears exactly:12
    """
    service, audience = ctx.services.get(CountService), await ctx.audience(everywhere=False)
    amount = quantity if exactly is None else exactly
    scanned = await service.scan(ctx.actor, audience, product, amount, location, exactly=exactly is not None)
    ctx.touched.append(f"#{product}")
    return texts.scanned(scanned, ctx.view)


@stock.inverse(COUNT_KIND.change)
async def restore_count(ctx: Context, entry: UndoEntry) -> Reply:
    """Take back that a stock-take began or was cancelled."""
    audience = await ctx.audience(everywhere=False)
    found = await ctx.services.get(CountService).undo(ctx.actor, audience, entry)
    return texts.restored(found, entry.command, ctx.view)


@stock.inverse(SCAN)
async def take_back_scan(ctx: Context, entry: UndoEntry) -> Reply:
    """Count so many fewer as were counted."""
    audience = await ctx.audience(everywhere=False)
    scanned = await ctx.services.get(CountService).undo_scan(ctx.actor, audience, entry)
    ctx.touched.append(f"#{scanned.product.number}")
    return texts.scan_undone(scanned, entry.command, ctx.view)


@stock.inverse(POSTING)
async def take_back_posting(ctx: Context, entry: UndoEntry) -> Reply:
    """Take posted differences back; the stock-take goes on."""
    audience = await ctx.audience(everywhere=False)
    posted = await ctx.services.get(CountService).undo_post(ctx.actor, audience, shop_of(ctx), entry)
    ctx.touched.extend(f"#{product.number}" for product in posted.done.products)
    return texts.posting_undone(posted, entry.command, ctx.view)
