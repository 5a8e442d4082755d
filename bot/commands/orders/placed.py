"""The commands for what was checked out: paid, cancelled, sent back, refunded."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from bot.application.context import Context
from bot.commands.goods import shop_of
from bot.commands.orders.area import OrderNumber, ProductNumber, order
from bot.commands.orders.cards import card_refunds_of, cards_of
from bot.grammar.arguments import LongText, Positional, Price
from bot.texts.orders import answers as texts
from bot.texts.orders import cards as card_texts
from bot.texts.orders import choosing
from bot.texts.prices import money
from core.chat.reply import Reply, Visibility
from core.chat.spec import Undo
from core.orders.card_refunds import is_paid_by_card
from core.orders.charging import chargeable
from core.orders.kind import ORDER_STEP
from core.orders.model import OrderStatus
from core.orders.service import OrderService
from core.orders.settling import checked_refund
from core.orders.steps import check_change
from core.payments.model import Method
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.shared.errors import RefusedError


class PaidBy(StrEnum):
    """How an order is paid: by card on a page of its own, else it is taken down here."""

    CASH = "cash"
    TRANSFER = "transfer"
    PAYPAL = "paypal"
    CARD = "card"


@order.command(role=Role.CLERK, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def checkout(
    ctx: Context, method: Annotated[PaidBy, Positional()] = PaidBy.CASH, order: OrderNumber | None = None
) -> Reply:
    """Make an order of your cart: its goods are set aside until it is paid.

    How long is said by `/order terms`; after that they are free again. What can't be had stays in your cart.

    Args:
        method: how it will be paid: `cash` (unless given), `transfer`, `paypal` or `card`
        order: one that was not paid in time, such as `2`; your cart here unless given

    Examples:
        /order checkout
        /order checkout transfer
    """
    service, audience = ctx.services.get(OrderService), await ctx.audience(everywhere=False)
    if method is PaidBy.CARD and ctx.services.supplies.till is None:
        raise RefusedError("cards_off")
    change = await service.checkout(ctx.actor, audience, shop_of(ctx), Method(method.value), order)
    ctx.touched.append(f"#{change.now.order.number}")
    if change.refused:
        ctx.tells_asker_alone()
    return texts.placed(change, ctx.view)


async def _names_the_charge(ctx: Context, order: int, method: PaidBy | None = None) -> str | None:
    """Return what asking for a payment by card does; nothing has to be confirmed of others, which can be undone."""
    card = await ctx.services.get(OrderService).show(order, await ctx.audience(everywhere=False))
    found = card.filled.order
    if (method or found.method) != Method.CARD:
        return None
    till = ctx.services.supplies.till
    if till is None:
        raise RefusedError("cards_off")
    check_change(found, OrderStatus.COMPLETED)
    return card_texts.charge_consequence(found, chargeable(found, till))


@order.command(
    role=Role.CLERK,
    visibility=Visibility.CHANNEL,
    undo=Undo.INVERSE,
    consequence="The money is asked for by card, and no Undo takes a payment back.",
    check=_names_the_charge,
    in_steps=True,
)
async def pay(ctx: Context, order: OrderNumber, method: Annotated[PaidBy | None, Positional()] = None) -> Reply:
    """Take down that an order was paid, or have it paid by card.

    Its goods are sold, it counts in the reports on sales, and it gets a receipt. For a card you are given a link to a
    page of Stripe's, for whoever pays: the same one as long as it is good, which is 35 minutes.

    Args:
        order: which, such as `2`
        method: `cash`, `transfer` or `paypal`; `card` for a link to pay; as said at checkout unless given

    Examples:
        /order pay 2
        /order pay 2 transfer
    """
    service, audience = ctx.services.get(OrderService), await ctx.audience(everywhere=False)
    if await _is_by_card(ctx, order, method):
        news = await cards_of(ctx).ask(ctx.actor, audience, shop_of(ctx), order)
        ctx.touched.append(f"#{order}")
        ctx.tells_asker_alone()
        return card_texts.card_news(news, ctx.actor.zone)
    await cards_of(ctx).close(ctx.actor, shop_of(ctx), order)
    change = await service.pay(ctx.actor, audience, shop_of(ctx), order, Method(method.value) if method else None)
    ctx.touched.append(f"#{order}")
    return texts.paid(change, ctx.view)


@order.command(role=Role.CLERK, visibility=Visibility.CHANNEL, undo=Undo.INVERSE, in_steps=True)
async def cancel(
    ctx: Context, order: OrderNumber, restock: bool = True, lines: LongText = "", choose: bool = False
) -> Reply:
    """Cancel an order or some of its lines, or drop a cart: your own, or as a manager anybody's.

    What was set aside is free again, and what was sold comes back into stock. Money that was paid is given back with
    `/order refund`.

    Args:
        order: which, such as `2`
        restock: `no` if goods that were sold do not come back into stock
        lines: only these goods, such as `apples 1, pears`; all of one unless a number stands behind it
        choose: `yes` to choose the lines and how many of each in a form

    Examples:
        /order cancel 2
        /order cancel 2 restock:no
        /order cancel 1 lines:"apples 1"
    """
    service, audience = ctx.services.get(OrderService), await ctx.audience(everywhere=False)
    if choose and not lines:
        shown = await service.show(order, audience)
        return choosing.lines_form(shown.filled)
    await cards_of(ctx).close(ctx.actor, shop_of(ctx), order)
    ctx.touched.append(f"#{order}")
    if lines:
        change = await service.cancel_some(ctx.actor, audience, shop_of(ctx), order, lines, restock=restock)
        return texts.taken_from(change, ctx.view, restock=restock)
    change = await service.cancel(ctx.actor, audience, shop_of(ctx), order, restock=restock)
    return texts.cancelled(change, ctx.view, restock=restock)


@order.command(role=Role.CLERK, visibility=Visibility.CHANNEL, undo=Undo.INVERSE, in_steps=True)
async def return_(
    ctx: Context,
    order: OrderNumber,
    product: ProductNumber,
    quantity: Annotated[int | None, Positional()] = None,
    restock: bool = True,
) -> Reply:
    """Take goods of a paid order back, or some out of one that is not paid yet.

    Money that was paid is given back with `/order refund`.

    Args:
        order: which, such as `1`
        product: its SKU or name, such as `apples`
        quantity: how many, such as `1`; all of it unless given
        restock: `no` if they do not come back into stock

    Examples:
        /order return 1 apples 1
    """
    service, audience = ctx.services.get(OrderService), await ctx.audience(everywhere=False)
    await cards_of(ctx).close(ctx.actor, shop_of(ctx), order)
    change = await service.send_back(ctx.actor, audience, shop_of(ctx), order, product, quantity, restock=restock)
    ctx.touched.append(f"#{order}")
    return texts.taken_from(change, ctx.view, restock=restock)


async def _names_the_sum(ctx: Context, order: int, amount: Decimal | None = None) -> str:
    card = await ctx.services.get(OrderService).show(order, await ctx.audience(everywhere=False))
    found = card.filled.order
    return texts.refund_consequence(found, money(checked_refund(found, amount), found.currency))


@order.command(
    role=Role.MANAGER,
    visibility=Visibility.CHANNEL,
    undo=Undo.NONE,
    consequence="The money is given back, and no Undo takes that back.",
    check=_names_the_sum,
    in_steps=True,
)
async def refund(ctx: Context, order: OrderNumber, amount: Annotated[Price | None, Positional()] = None) -> Reply:
    """Give money of a paid order back, to the card if it was paid by one.

    It counts as a negative sale of today. Goods come back with `/order return` or `/order cancel`.

    Args:
        order: which, such as `1`
        amount: how much, such as `20`; all that is left of it unless given

    Examples:
        /order refund 1
        /order refund 1 20
    """
    service, audience = ctx.services.get(OrderService), await ctx.audience(everywhere=False)
    card = await service.show(order, audience)
    if is_paid_by_card(card.payments):
        about = (ctx.actor, audience, shop_of(ctx), order, amount)
        ctx.touched.append(f"#{order}")
        return card_texts.card_news(await card_refunds_of(ctx).refund(*about, ctx.delivery), ctx.actor.zone)
    change = await service.refund(ctx.actor, audience, shop_of(ctx), order, amount)
    ctx.touched.append(f"#{order}")
    return texts.refunded(change, ctx.view)


async def _is_by_card(ctx: Context, order: int, method: PaidBy | None) -> bool:
    if method is None:
        card = await ctx.services.get(OrderService).show(order, await ctx.audience(everywhere=False))
        return card.filled.order.method is Method.CARD
    return method is PaidBy.CARD


@order.inverse(ORDER_STEP)
async def take_back(ctx: Context, entry: UndoEntry) -> Reply:
    """Take the last step of an order back."""
    change = await ctx.services.get(OrderService).undo(ctx.actor, shop_of(ctx), entry)
    ctx.touched.append(f"#{change.now.order.number}")
    return texts.undone(change, entry.command, ctx.view)
