"""The commands that change what is known of products."""

from decimal import Decimal
from typing import Annotated

from bot.application.context import Context
from bot.commands.goods import shop_of
from bot.commands.stock.area import ProductNumber, stock
from bot.grammar.arguments import Clearable, LongText, Price
from bot.texts.stock import changes as texts
from core.chat.reply import Reply, Visibility
from core.chat.spec import Undo
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.stock.kind import PRODUCT_CHANGE
from core.stock.products import ProductChange, ProductService

_SAME_COST, _SAME_LEVEL = Decimal(-(10**9)), -(10**9)
"""Stand for what is not given, where `none` takes away what is there; neither can be meant."""


@stock.command(role=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def price(ctx: Context, product: ProductNumber, price: Price | None) -> Reply:
    """Set what one piece of a product is sold for.

    Args:
        product: its SKU or name, such as `apples`
        price: what one is sold for now, such as `0.60`; `none` for not at all

    Examples:
        /stock price apples 0.60
    """
    service = ctx.services.get(ProductService)
    change = await service.price(ctx.actor, await ctx.audience(everywhere=False), shop_of(ctx), product, price)
    return texts.priced(_noted(ctx, change), ctx.view)


@stock.command(role=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE, asks=True)
async def edit(
    ctx: Context,
    product: ProductNumber,
    name: str = "",
    sku: str = "",
    category: Annotated[str | None, Clearable()] = None,
    tags: Annotated[str | None, Clearable()] = None,
    reorder: int | None = _SAME_LEVEL,
    cost: Price | None = _SAME_COST,
    discontinued: bool | None = None,
    description: Annotated[LongText | None, Clearable()] = None,
    weight: Annotated[str | None, Clearable()] = None,
    dimensions: Annotated[str | None, Clearable()] = None,
) -> Reply:
    """Change what is known of a product.

    What is not given stays as it is; `none` takes away what may be empty. How many there are changes with
    `/stock restock`, `/stock sell` and `/stock adjust`, the price with `/stock price`.

    Args:
        product: its SKU or name, such as `apples`
        name: what it is called now, such as `Red apples`
        sku: what it goes by now, such as `APL-2`
        category: where it belongs, such as `fruit`
        tags: words to find it by, such as `fresh, organic`
        reorder: when so few are left it counts as low, such as `10`
        cost: what one costs you, such as `0.20`
        discontinued: whether it is no longer sold and restocked
        description: what else there is to know
        weight: what one weighs, such as `1.2 kg`
        dimensions: how large one is, such as `30 x 20 x 10 cm`

    Examples:
        /stock edit apples category:fruit reorder:10
    """
    given = {
        "name": name or None,
        "sku": sku or None,
        "category": category,
        "tags": tags,
        "is_discontinued": discontinued,
        "description": description,
        "weight": weight,
        "dimensions": dimensions,
    }
    values: dict[str, object] = {key: value for key, value in given.items() if value is not None}
    values |= {} if reorder == _SAME_LEVEL else {"reorder_level": reorder}
    values |= {} if cost == _SAME_COST else {"cost": cost}
    service = ctx.services.get(ProductService)
    change = await service.edit(ctx.actor, await ctx.audience(everywhere=False), shop_of(ctx), product, values)
    return texts.edited(_noted(ctx, change), ctx.view)


@stock.command(role=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def remove(ctx: Context, product: ProductNumber) -> Reply:
    """Take a product out of the catalogue.

    Its history stays, and Undo brings it back. One of which some is reserved stays; one that is only sold no longer is
    discontinued with `/stock edit`.

    Args:
        product: its SKU or name, such as `apples`

    Examples:
        /stock remove apples
    """
    change = await ctx.services.get(ProductService).remove(ctx.actor, await ctx.audience(everywhere=False), product)
    return texts.removed(_noted(ctx, change), ctx.view)


@stock.inverse(PRODUCT_CHANGE)
async def take_back(ctx: Context, entry: UndoEntry) -> Reply:
    """Put what is known of a product back as it was."""
    change = await ctx.services.get(ProductService).undo(ctx.actor, entry, await ctx.audience(everywhere=False))
    ctx.touched.append(f"#{change.product.number}")
    return texts.undone(change, entry.command, ctx.view)


def _noted(ctx: Context, change: ProductChange) -> ProductChange:
    """Note for the audit trail what was touched, and keep from the channel that nothing had to be changed."""
    if change.undo_id:
        ctx.touched.append(f"#{change.product.number}")
    else:
        ctx.tells_asker_alone()
    return change
