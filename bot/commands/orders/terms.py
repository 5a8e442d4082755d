"""The commands for the terms on which a shop sells, and for its discount codes."""

from enum import StrEnum
from typing import Annotated

from bot.application.context import Context
from bot.commands.goods import shop_of
from bot.commands.orders.area import order
from bot.grammar.arguments import Clearable, LongText, Percentage, Positional, Price
from bot.texts.orders import terms as texts
from core.chat.reply import Reply
from core.chat.spec import Undo
from core.orders.kind import CODE_KIND, TERMS_KIND
from core.orders.terms import TermsService
from core.people.model import Role
from core.ports.storage import UndoEntry


class Mode(StrEnum):
    """Where the tax is."""

    INCLUDED = "included"
    ADDED = "added"


@order.command(role=Role.MANAGER, undo=Undo.INVERSE)
async def terms(
    ctx: Context,
    tax: Percentage | None = None,
    mode: Mode | None = None,
    shipping: Price | None = None,
    cash_hours: int | None = None,
    transfer_days: int | None = None,
    seller: Annotated[LongText | None, Clearable()] = None,
    tax_id: Annotated[str | None, Clearable()] = None,
) -> Reply:
    """Show the terms of orders, or change them for what is checked out from now on.

    Tax is reckoned after discounts and without shipping, each line rounded by itself, half to even.

    Args:
        tax: the tax in percent, such as `8`; `0` for none
        mode: whether prices have the tax in them (`included`), or it comes upon them (`added`)
        shipping: what sending an order costs, such as `4.90`
        cash_hours: for how many hours the goods of an unpaid order are set aside, such as `24`
        transfer_days: for how many days where a bank transfer or PayPal is waited for, such as `14`
        seller: who sells, as receipts name it, such as `Corner Shop, 5 Market Street`
        tax_id: the tax id that receipts name, such as `DE123456789`

    Examples:
        /order terms
        /order terms tax:8 mode:added shipping:4.90
    """
    service, shop = ctx.services.get(TermsService), shop_of(ctx)
    given = {
        "tax_rate": tax,
        "tax_included": None if mode is None else mode is Mode.INCLUDED,
        "shipping": shipping,
        "cash_hours": cash_hours,
        "transfer_days": transfer_days,
        "seller": seller,
        "tax_id": tax_id,
    }
    values = {name: value for name, value in given.items() if value is not None}
    if not values:
        return texts.shown(await service.show(ctx.actor), shop.currency)
    change = await service.change(ctx.actor, shop, values)
    ctx.touched.extend(["terms"] if change.undo_id else [])
    return texts.changed(change, shop.currency)


@order.command(role=Role.MANAGER, undo=Undo.INVERSE)
async def code(
    ctx: Context, code: Annotated[str, Positional()] = "", percent: Annotated[Percentage | None, Positional()] = None
) -> Reply:
    """Show the discount codes, or make one.

    Clerks take its discount off a cart with `/order redeem`.

    Args:
        code: a word of letters, digits, `-` and `_`, such as `WINTER5`
        percent: the discount that it gives, such as `5`; `0` takes the code away

    Examples:
        /order code
        /order code WINTER5 5
    """
    service, audience = ctx.services.get(TermsService), await ctx.audience(everywhere=False)
    if percent is None:
        return texts.codes(await service.codes(audience, code))
    change = await service.put_code(ctx.actor, audience, code, percent)
    ctx.touched.extend([change.code.code] if change.undo_id else [])
    return texts.code_put(change)


@order.inverse(TERMS_KIND.change)
async def restore_terms(ctx: Context, entry: UndoEntry) -> Reply:
    """Put the terms back as they were."""
    found = await ctx.services.get(TermsService).undo_terms(ctx.actor, entry)
    return texts.restored(found, entry.command, shop_of(ctx).currency, ctx.view)


@order.inverse(CODE_KIND.change)
async def restore_code(ctx: Context, entry: UndoEntry) -> Reply:
    """Put a discount code back as it was."""
    found = await ctx.services.get(TermsService).undo_code(ctx.actor, entry)
    return texts.code_restored(found, entry.command, ctx.view)
