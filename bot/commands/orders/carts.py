"""The commands that fill a cart."""

from typing import Annotated

from bot.application.context import Context
from bot.commands.goods import shop_of
from bot.commands.orders.area import ProductNumber, order
from bot.grammar.arguments import Clearable, Percentage, Positional, Rest
from bot.texts.orders import answers as texts
from core.chat.reply import Reply
from core.chat.spec import Undo
from core.orders.carts import CartService
from core.orders.steps import OrderChange
from core.people.model import Role


@order.command(role=Role.CLERK, undo=Undo.INVERSE)
async def new(ctx: Context, customer: Annotated[Rest, Positional()] = "") -> Reply:
    """Begin a cart here, for a customer if you name one.

    A cart is yours in this channel. `/order add` begins one, too.

    Args:
        customer: whom it is for: a registered customer, such as `ann_miller`, or any name, such as `Ann Miller`

    Examples:
        /order new Ann Miller
    """
    service, audience = ctx.services.get(CartService), await ctx.audience(everywhere=False)
    change = await service.new(ctx.actor, audience, shop_of(ctx), customer)
    return texts.begun(_noted(ctx, change))


@order.command(role=Role.CLERK, undo=Undo.INVERSE)
async def add(ctx: Context, product: ProductNumber, quantity: Annotated[int, Positional()] = 1) -> Reply:
    """Put goods into your cart.

    They are set aside only when you check out.

    Args:
        product: its SKU or name, such as `apples`
        quantity: how many, such as `2`; one unless given

    Examples:
        /order add apples 2
    """
    service, audience = ctx.services.get(CartService), await ctx.audience(everywhere=False)
    change = await service.add(ctx.actor, audience, shop_of(ctx), product, quantity)
    return texts.put_in(_noted(ctx, change), product, quantity)


@order.command(role=Role.CLERK, undo=Undo.INVERSE)
async def take(ctx: Context, product: ProductNumber, quantity: Annotated[int | None, Positional()] = None) -> Reply:
    """Take goods out of your cart.

    Args:
        product: its SKU or name, such as `apples`
        quantity: how many, such as `1`; all of it unless given

    Examples:
        /order take apples 1
    """
    service, audience = ctx.services.get(CartService), await ctx.audience(everywhere=False)
    change = await service.take(ctx.actor, audience, shop_of(ctx), product, quantity)
    return texts.taken_out(_noted(ctx, change))


@order.command(role=Role.CLERK)
async def cart(ctx: Context) -> Reply:
    """Show what is in your cart here, and what it comes to.

    Examples:
        /order cart
    """
    service, audience = ctx.services.get(CartService), await ctx.audience(everywhere=False)
    return texts.cart(await service.show(ctx.actor, audience, shop_of(ctx)))


@order.command(role=Role.MANAGER, undo=Undo.INVERSE)
async def discount(
    ctx: Context, percent: Annotated[Percentage, Positional()], product: ProductNumber | None = None
) -> Reply:
    """Take a discount off your cart, or off one product in it.

    Where two discounts meet, the larger one counts. Each line is rounded by itself, half to even.

    Args:
        percent: how much, such as `10`; `0` for none any more
        product: only on this, such as `apples`

    Examples:
        /order discount 10
        /order discount 20 product:apples
    """
    service, audience = ctx.services.get(CartService), await ctx.audience(everywhere=False)
    change = await service.discount(ctx.actor, audience, shop_of(ctx), percent, product)
    return texts.discounted(_noted(ctx, change), product)


@order.command(role=Role.CLERK, undo=Undo.INVERSE)
async def redeem(ctx: Context, code: str) -> Reply:
    """Take the discount of a code off your cart.

    Args:
        code: the word that a manager made with `/order code`, such as `SUMMER10`

    Examples:
        /order redeem SUMMER10
    """
    service, audience = ctx.services.get(CartService), await ctx.audience(everywhere=False)
    change = await service.redeem(ctx.actor, audience, shop_of(ctx), code)
    return texts.discounted(_noted(ctx, change))


@order.command(role=Role.CLERK, undo=Undo.INVERSE)
async def address(
    ctx: Context,
    shipping: Annotated[str | None, Clearable(), Positional()] = None,
    customer: Annotated[str | None, Clearable()] = None,
    billing: Annotated[str | None, Clearable()] = None,
    email: Annotated[str | None, Clearable()] = None,
) -> Reply:
    """Say whom your cart is for, and where it goes.

    What is not given stays as it is; `none` takes it away. Only you see the answer.

    Args:
        shipping: where the goods go, such as `5 Market Street, Springfield`
        customer: whom it is for: a registered customer, such as `ann_miller`, or any name
        billing: where the bill goes, if elsewhere, such as `1 Main Street, Springfield`
        email: where mail goes, such as `ann@example.com`

    Examples:
        /order address "5 Market Street, Springfield" customer:"Ann Miller"
    """
    service, audience = ctx.services.get(CartService), await ctx.audience(everywhere=False)
    change = await service.address(
        ctx.actor, audience, shop_of(ctx), customer=customer, shipping=shipping, billing=billing, email=email
    )
    return texts.addressed(_noted(ctx, change))


def _noted(ctx: Context, change: OrderChange) -> OrderChange:
    if change.undo_id:
        ctx.touched.append(f"#{change.now.order.number}")
    return change
