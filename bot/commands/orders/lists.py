"""The commands that look at orders."""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

from bot.application.context import Context
from bot.application.discussing import discuss
from bot.application.printing import printed
from bot.commands.goods import shop_of
from bot.commands.orders.area import OrderNumber, order
from bot.grammar.arguments import Positional
from bot.grammar.tokens import quoted
from bot.texts.orders import lists as texts
from bot.texts.orders.words import TOLD
from bot.texts.records import Listing
from core.chat.reply import Reply
from core.orders.model import OrderFilter, OrderStatus, PaymentState
from core.orders.service import OrderService
from core.people.model import Role
from core.shared.errors import RefusedError


class Shown(StrEnum):
    """Which orders a list shows."""

    ALL = "all"
    PENDING = "pending"
    COMPLETED = "completed"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Format(StrEnum):
    """How a receipt is handed over."""

    TEXT = "text"
    PDF = "pdf"


_STATUS = {
    Shown.PENDING: OrderStatus.PENDING,
    Shown.COMPLETED: OrderStatus.COMPLETED,
    Shown.UNPAID: OrderStatus.PAYMENT_FAILED,
    Shown.CANCELLED: OrderStatus.CANCELLED,
    Shown.FAILED: OrderStatus.FAILED,
}


@order.command(role=Role.MEMBER)
async def show(ctx: Context, order: OrderNumber) -> Reply:
    """Show everything about an order; only you see the answer.

    Args:
        order: which, such as `2`

    Examples:
        /order show 2
    """
    audience = await ctx.audience(everywhere=False)
    return texts.card(await ctx.services.get(OrderService).show(order, audience), ctx.view)


@order.command(role=Role.MEMBER)
async def list_(
    ctx: Context, status: Annotated[Shown, Positional()] = Shown.ALL, customer: str = "", page: str = ""
) -> Reply:
    """Show the orders, the newest first.

    Args:
        status: `all` (unless given), `pending`, `completed`, `unpaid` in time, `cancelled`, `failed` to check out
        customer: only those of a customer, by a part of the name, such as `miller`
        page: where to go on, as the buttons fill it in

    Examples:
        /order list
        /order list pending
    """
    wanted = OrderFilter(_STATUS.get(status), customer.strip())
    found = await ctx.services.get(OrderService).list(wanted, await ctx.audience(everywhere=False), cursor=page)
    command = "/order list" if status is Shown.ALL else f"/order list {status.value}"
    command += f" customer:{quoted(wanted.customer)}" if wanted.customer else ""
    return texts.order_list(found, Listing.of(command, page), ctx.view)


@order.command(role=Role.MEMBER)
async def receipt(ctx: Context, order: OrderNumber, format: Annotated[Format, Positional()] = Format.TEXT) -> Reply:
    """Show the receipt of a paid order; only you see the answer.

    Args:
        order: which, such as `1`
        format: `text` (unless given), or `pdf` for a file besides, to be printed or sent to whoever bought

    Examples:
        /order receipt 1
        /order receipt 1 pdf
    """
    audience = await ctx.audience(everywhere=False)
    card = await ctx.services.get(OrderService).show(order, audience)
    if card.filled.order.payment is PaymentState.UNPAID:
        raise RefusedError("no_receipt", field="order", number=order)
    told = texts.receipt(card, shop_of(ctx))
    if format is Format.TEXT:
        return replace(told, actions=(texts.pdf_action(order),))
    on_paper = await printed(ctx, f"receipt-{card.filled.order.receipt}", told)
    if on_paper is None:
        raise RefusedError("not_printed")
    return on_paper


discuss(order, OrderService, TOLD, "To be picked up on Friday", reader=Role.MEMBER)
