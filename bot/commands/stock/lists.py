"""The commands that look at stock."""

from enum import StrEnum
from typing import Annotated

from bot.application.context import Context
from bot.commands.goods import shop_of
from bot.commands.stock.area import ProductNumber, stock
from bot.grammar.arguments import Positional, Price, Rest
from bot.grammar.tokens import quoted
from bot.texts.records import Listing
from bot.texts.stock import lists as texts
from core.chat.reply import Reply
from core.people.model import Role
from core.shared.searching import sought
from core.stock.model import ProductFilter
from core.stock.products import ProductService
from core.stock.rules import checked_price, clean_category


class About(StrEnum):
    """What of a product's history is shown."""

    GOODS = "goods"
    DETAILS = "details"


class Shown(StrEnum):
    """Which products a list shows."""

    ALL = "all"
    IN_STOCK = "in-stock"


@stock.command(role=Role.MEMBER)
async def show(ctx: Context, product: ProductNumber) -> Reply:
    """Show everything about a product.

    Args:
        product: its SKU or name, such as `apples`

    Examples:
        /stock show apples
    """
    found = await ctx.services.get(ProductService).show(product, await ctx.audience(everywhere=False))
    return texts.card(found, ctx.view)


@stock.command(role=Role.MEMBER)
async def list_(
    ctx: Context,
    show: Shown = Shown.ALL,
    category: str = "",
    min_: Price | None = None,
    max_: Price | None = None,
    page: str = "",
) -> Reply:
    """Show the products by name, with their prices and how many there are.

    Args:
        show: `all` (unless given) or `in-stock` for those that can be had
        category: only those of a category, such as `fruit`
        min_: only those from that price up, such as `5`
        max_: only those up to that price, such as `20`
        page: where to go on, as the buttons fill it in

    Examples:
        /stock list
        /stock list in-stock category:fruit
        /stock list min:5 max:20
    """
    currency = shop_of(ctx).currency
    least, most = (checked_price(one, currency, name) for one, name in ((min_, "min"), (max_, "max")))
    wanted = ProductFilter(clean_category(category), least, most, show is Shown.IN_STOCK)
    found = await ctx.services.get(ProductService).list(wanted, await ctx.audience(everywhere=False), cursor=page)
    return texts.product_list(found, Listing.of(_list_command(wanted), page), ctx.view)


@stock.command(role=Role.MEMBER)
async def search(ctx: Context, text: Rest, page: str = "") -> Reply:
    """Find products by their name, SKU, category, tags and description, the likeliest first.

    Every word has to be there; their beginnings are enough, in any case and without accents. Where nothing has them
    all, what comes near is shown: with a letter or two mistyped, or with some of the words.

    Args:
        text: what to look for, such as `green tea`
        page: where to go on, as the buttons fill it in

    Examples:
        /stock search green tea
        /stock search choc
    """
    audience = await ctx.audience(everywhere=False)
    found = await ctx.services.get(ProductService).search(sought(text), audience, cursor=page)
    return texts.found(found, Listing.of(f"/stock search text:{quoted(text)}", page), ctx.view)


def _list_command(wanted: ProductFilter) -> str:
    parts = ["/stock list"]
    parts += ["in-stock"] if wanted.in_stock else []
    parts += [f'category:"{wanted.category}"'] if wanted.category else []
    parts += [f"min:{wanted.least:f}"] if wanted.least is not None else []
    parts += [f"max:{wanted.most:f}"] if wanted.most is not None else []
    return " ".join(parts)


@stock.command(role=Role.MEMBER)
async def low(ctx: Context, level: Annotated[int | None, Positional()] = None, page: str = "") -> Reply:
    """Show what is low, and how much to order.

    A product is low at its reorder level and below; what is discontinued is left out. To order is what is missing to
    the level, less what is on order.

    Args:
        level: how few are few, whatever the reorder level, such as `5`
        page: where to go on, as the buttons fill it in

    Examples:
        /stock low
        /stock low 5
    """
    audience = await ctx.audience(everywhere=False)
    found = await ctx.services.get(ProductService).low(level, audience, cursor=page)
    command = "/stock low" if level is None else f"/stock low {level}"
    return texts.low(found, level, Listing.of(command, page), ctx.view)


@stock.command(role=Role.MEMBER)
async def value(ctx: Context) -> Reply:
    """Tell what everything in stock is worth at its price.

    Examples:
        /stock value
    """
    return texts.value(await ctx.services.get(ProductService).value(), ctx.view)


@stock.command(role=Role.MEMBER)
async def history(ctx: Context, product: ProductNumber, about: About = About.GOODS, page: str = "") -> Reply:
    """Show what came and went of a product, or what was changed about it: who, when and why.

    The newest comes first. A removed product still has its history, by its number.

    Args:
        product: its SKU or name, such as `apples`
        about: `goods` that came and went (unless given), or `details` such as its price
        page: where to go on, as the buttons fill it in

    Examples:
        /stock history apples
        /stock history apples about:details
    """
    service, audience = ctx.services.get(ProductService), await ctx.audience(everywhere=False)
    command = f"/stock history #{product}"
    if about is About.DETAILS:
        found = await service.history(product, audience, cursor=page)
        return texts.details(found, f"{command} about:details", ctx.view)
    return texts.ledger(await service.ledger(product, audience, cursor=page), Listing.of(command, page), ctx.view)
