"""The commands by which goods come and go."""

from typing import Annotated

from bot.application.context import Context
from bot.commands.goods import shop_of
from bot.commands.stock.area import ProductNumber, stock
from bot.grammar.arguments import Also, LongText, Positional, Price, Rest
from bot.texts.stock import changes as texts
from core.chat.reply import Reply, Visibility
from core.chat.spec import Undo
from core.dates.due import Due
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.stock.kind import MOVEMENT
from core.stock.model import NewProduct
from core.stock.products import AlreadyThere, ProductService


@stock.command(role=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def add(
    ctx: Context,
    name: str,
    quantity: int,
    price: Price | None,
    sku: str = "",
    category: str = "",
    tags: str = "",
    reorder: int | None = None,
    cost: Price | None = None,
    description: LongText = "",
    weight: str = "",
    dimensions: str = "",
) -> Reply:
    """Add a product with what there is of it.

    What is there already, by its SKU or its name, is not added twice: you are offered to restock it.

    Args:
        name: what it is called, such as `Apples`
        quantity: how many there are, such as `50`; `0` for none yet
        price: what one is sold for, such as `0.50`; `none` for no price yet
        sku: what it goes by, such as `APL-1`; made up from the name unless given
        category: where it belongs, such as `fruit`
        tags: words to find it by, such as `fresh, organic`
        reorder: when so few are left it counts as low, such as `10`
        cost: what one costs you, such as `0.20`; only managers are told
        description: what else there is to know, up to 4,000 characters
        weight: what one weighs, such as `1.2 kg`
        dimensions: how large one is, such as `30 x 20 x 10 cm`

    Examples:
        /stock add Green apples 50 0.50
        /stock add Mint tea 20 4.80 sku:TEA-2 category:drinks reorder:5
    """
    new = NewProduct(
        name, quantity, price, sku, description, category, tags, cost, reorder, weight=weight, dimensions=dimensions
    )
    service, audience = ctx.services.get(ProductService), await ctx.audience(everywhere=False)
    found = await service.add(ctx.actor, audience, shop_of(ctx), new)
    if isinstance(found, AlreadyThere):
        ctx.tells_asker_alone()
        return texts.already_there(found, ctx.view)
    ctx.touched.append(f"#{found.product.number}")
    return texts.added(found, ctx.view)


@stock.command(role=Role.CLERK, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def sell(ctx: Context, product: ProductNumber, quantity: int) -> Reply:
    """Sell some of a product.

    It counts in the reports on sales at its price. More than there is can't be sold.

    Args:
        product: its SKU or name, such as `apples`
        quantity: how many, such as `3`

    Examples:
        /stock sell apples 3
        /stock sell TEA-1 1
    """
    moved = await ctx.services.get(ProductService).sell(ctx.actor, shop_of(ctx), product, quantity)
    ctx.touched.append(f"#{product}")
    return texts.sold(moved, ctx.view)


@stock.command(role=Role.CLERK, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def restock(
    ctx: Context, product: ProductNumber, quantity: int, reference: Annotated[str, Also("ref")] = ""
) -> Reply:
    """Take in new goods of a product.

    What was on order of it is so much less.

    Args:
        product: its SKU or name, such as `apples`
        quantity: how many came, such as `30`
        reference: what they came with, such as `PO-7`; the history of the product tells it

    Examples:
        /stock restock apples 30
        /stock restock apples 20 reference:PO-7
    """
    service = ctx.services.get(ProductService)
    audience = await ctx.audience(everywhere=False)
    moved = await service.restock(ctx.actor, audience, shop_of(ctx), product, quantity, reference)
    ctx.touched.append(f"#{product}")
    return texts.restocked(moved, ctx.view)


@stock.command(role=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def adjust(
    ctx: Context, product: ProductNumber, change: int, reason: Annotated[Rest, Positional()] = ""
) -> Reply:
    """Put right how many of a product there are.

    Args:
        product: its SKU or name, such as `apples`
        change: how many more there are than was thought, or fewer, such as `-2`
        reason: why, such as `two were rotten`

    Examples:
        /stock adjust apples -2 two were rotten
    """
    service = ctx.services.get(ProductService)
    moved = await service.adjust(ctx.actor, shop_of(ctx), product, change, reason)
    ctx.touched.append(f"#{product}")
    return texts.adjusted(moved, ctx.view)


@stock.command(role=Role.CLERK, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def ordered(ctx: Context, product: ProductNumber, quantity: int, by: Due | None = None) -> Reply:
    """Note how many of a product are on order.

    `/stock low` counts them as if they were there; what is restocked is taken off.

    Args:
        product: its SKU or name, such as `apples`
        quantity: how many are to come, such as `40`; `0` for none any more
        by: the day on which they are expected, such as `fri`

    Examples:
        /stock ordered apples 40 by:fri
    """
    day = by.in_zone(ctx.actor.zone).date if by else None
    service = ctx.services.get(ProductService)
    change = await service.ordered(ctx.actor, await ctx.audience(everywhere=False), product, quantity, day)
    ctx.touched.extend([f"#{product}"] if change.undo_id else [])
    return texts.ordered(change, ctx.view)


@stock.command(role=Role.CLERK, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def transfer(
    ctx: Context, product: ProductNumber, quantity: int, to: Annotated[str, Also("location")] = "", from_: str = ""
) -> Reply:
    """Bring some of a product to another place, such as a store room.

    What lies there still counts as stock, but is sold only once it is back: say from where, and not where to.

    Args:
        product: its SKU or name, such as `apples`
        quantity: how many, such as `5`
        to: where to, such as `cellar`; where things are sold unless given
        from_: where from, such as `cellar`; where things are sold unless given

    Examples:
        /stock transfer apples 5 to:cellar
    """
    moved = await ctx.services.get(ProductService).transfer(ctx.actor, shop_of(ctx), product, quantity, from_, to)
    ctx.touched.append(f"#{product}")
    return texts.transferred(moved, ctx.view)


@stock.inverse(MOVEMENT)
async def take_back_goods(ctx: Context, entry: UndoEntry) -> Reply:
    """Take goods back that came or went."""
    done = await ctx.services.get(ProductService).undo_goods(ctx.actor, shop_of(ctx), entry)
    ctx.touched.extend(f"#{product.number}" for product in done.products)
    return texts.goods_undone(done, entry.command, ctx.view)
