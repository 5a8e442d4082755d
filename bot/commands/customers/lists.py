"""The commands that look at customers."""

from dataclasses import replace

from bot.application.context import Context
from bot.commands.customers.area import CustomerNumber, customer
from bot.grammar.arguments import Price, Rest
from bot.texts.customers import answers as texts
from bot.texts.records import Listing
from core.chat.reply import Reply
from core.customers.model import CustomerSort
from core.customers.service import CustomerService
from core.people.model import Role


@customer.command(role=Role.MEMBER)
async def show(ctx: Context, customer: CustomerNumber) -> Reply:
    """Show everything about a customer, to you alone.

    Args:
        customer: their username, e-mail address or number, such as `ann_b`

    Examples:
        /customer show ann_b
        /customer show ann@example.org
    """
    found = await ctx.services.get(CustomerService).show(customer, await ctx.audience(everywhere=False))
    return texts.card(found, ctx.view)


@customer.command(role=Role.MEMBER)
async def list_(ctx: Context, sort: CustomerSort = CustomerSort.NAME, page: str = "") -> Reply:
    """Show the customers, to you alone.

    Args:
        sort: `name` (unless given), `email`, or `newest` for the last ones first
        page: where to go on, as the buttons fill it in

    Examples:
        /customer list
        /customer list sort:newest
    """
    service, audience = ctx.services.get(CustomerService), await ctx.audience(everywhere=False)
    found = await service.list("", audience, sort=sort, cursor=page)
    return texts.customer_list(found, _listing("/customer list", sort, page), ctx.view)


@customer.command(role=Role.MEMBER)
async def find(ctx: Context, words: Rest, sort: CustomerSort = CustomerSort.NAME, page: str = "") -> Reply:
    """Find customers by a part of their username or e-mail address.

    Args:
        words: what is in either, such as `ann`
        sort: `name` (unless given), `email`, or `newest` for the last ones first
        page: where to go on, as the buttons fill it in

    Examples:
        /customer find ann
        /customer find example.org
    """
    service, audience = ctx.services.get(CustomerService), await ctx.audience(everywhere=False)
    found = await service.list(words, audience, sort=sort, cursor=page)
    command = '/customer find "{}"'.format(words.replace('"', ""))
    return texts.customer_list(found, _listing(command, sort, page), ctx.view, is_search=True)


def _listing(command: str, sort: CustomerSort, page: str) -> Listing:
    first_page = command if sort is CustomerSort.NAME else f"{command} sort:{sort.value}"
    return replace(Listing.of(first_page, page), unsorted=command)


@customer.command(role=Role.MEMBER)
async def over(ctx: Context, total: Price) -> Reply:
    """Show who bought for more than a sum, the largest sum first.

    Added up is what the sales here say, in the workspace's currency: those that name, as their customer, somebody's
    username, e-mail address or number (`#12`), letter by letter. Returned goods are taken off.

    Args:
        total: more than how much, such as `150`

    Examples:
        /customer over 150
    """
    currency = ctx.directory.workspace.currency
    found = await ctx.services.get(CustomerService).over(total, currency, await ctx.audience(everywhere=False))
    return texts.over(found, currency, ctx.view)


@customer.command(role=Role.MEMBER)
async def history(ctx: Context, customer: CustomerNumber, page: str = "") -> Reply:
    """Show what was changed about a customer: who, when and what.

    The newest comes first. A removed customer still has their history, by their number.

    Args:
        customer: their username, e-mail address or number, such as `ann_b`
        page: where to go on, as the buttons fill it in

    Examples:
        /customer history ann_b
    """
    service, audience = ctx.services.get(CustomerService), await ctx.audience(everywhere=False)
    return texts.history(await service.history(customer, audience, cursor=page), ctx.view)
