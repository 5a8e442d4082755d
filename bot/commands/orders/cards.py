"""Payments of orders by card: made for a request or for the upkeep, and gone on with by that."""

import asyncio
from collections.abc import Awaitable, Sequence
from functools import partial
from typing import TypeVar

import structlog

from bot.application.context import Context
from bot.application.services import Supplies
from bot.commands.goods import stock_of
from bot.texts.orders.cards import card_news
from core.chat.actor import Actor
from core.chat.request import ChannelKind, Platform
from core.orders.card_refunds import CardRefundService
from core.orders.cards import CardNews, CardOutcome
from core.orders.charging import CardService
from core.orders.desk import CardDesk
from core.people.model import Role
from core.ports.storage import Transactions
from core.stock.model import Shop
from core.workspaces.model import Workspace

log = structlog.get_logger(__name__)

Desk = TypeVar("Desk", bound=CardDesk)

BATCH = 50
"""Payments gone on with before others have their turn."""
AT_ONCE = 8
"""Of them so many are asked about at once: each may be waited for."""

_ODD = frozenset({CardOutcome.AWAITED, CardOutcome.DIFFERS, CardOutcome.NOT_REFUNDED, CardOutcome.REFUND_AWAITED})


def cards_of(ctx: Context) -> CardService:
    """Return the payments by card of a request, whose units of work are their own."""
    return _at_request(CardService, ctx)


def card_refunds_of(ctx: Context) -> CardRefundService:
    """Return the refunds to cards of a request, whose units of work are their own."""
    return _at_request(CardRefundService, ctx)


async def see_to_cards(transactions: Transactions, workspace: Workspace, supplies: Supplies) -> bool:
    """Go on with payments and refunds that are due; tell whether there may be more of them."""
    if supplies.till is None:
        return False
    shop, about = Shop.of(workspace), (transactions, supplies, workspace)
    cards, refunds = _desk(CardService, *about), _desk(CardRefundService, *about)
    attempts = await cards.due(BATCH)
    await _each([cards.go_on(acting(one.author_id, one.channel_id, workspace), shop, one) for one in attempts])
    owed = await refunds.due(BATCH)
    await _each([refunds.go_on(acting(one.author_id, 0, workspace), shop, one) for one in owed])
    return BATCH in (len(attempts), len(owed))


def acting(member_id: int, channel_id: int, workspace: Workspace) -> Actor:
    """Return whoever began something, on whose behalf it is gone on with."""
    place = (channel_id, "", ChannelKind.PUBLIC)
    return Actor(workspace.id, member_id, "", Role.CLERK, workspace.zone, workspace.locale, Platform.WEB, 0, *place)


async def _each(steps: Sequence[Awaitable[CardNews | None]]) -> None:
    """Take steps, several at once; one that fails leaves the others alone, and is raised at the end."""
    turns, errors = asyncio.Semaphore(AT_ONCE), list[Exception]()

    async def take(step: Awaitable[CardNews | None]) -> None:
        try:
            async with turns:
                news = await step
        except Exception as error:  # why: the other payments have to be seen to all the same
            errors.append(error)
            return
        if news and news.outcome in _ODD:
            log.warning("card_payment", order=news.order.number, outcome=news.outcome.value, code=news.reason)

    await asyncio.gather(*map(take, steps))
    if errors:
        raise ExceptionGroup("payments by card failed", errors)


def _at_request(kind: type[Desk], ctx: Context) -> Desk:
    transactions = ctx.services.supplies.storage.workspace(ctx.actor.workspace_id)
    return _desk(kind, transactions, ctx.services.supplies, ctx.directory.workspace)


def _desk(kind: type[Desk], transactions: Transactions, supplies: Supplies, workspace: Workspace) -> Desk:
    word = partial(card_news, zone=workspace.zone)
    return kind(transactions, supplies.clock, stock_of(supplies.clock), supplies.till, word)
