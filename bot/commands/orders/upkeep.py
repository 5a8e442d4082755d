"""What orders need to be seen to by themselves: goods that nobody paid for in time, and payments by card."""

from bot.application.services import Supplies
from bot.commands.goods import stock_of
from bot.commands.orders.cards import BATCH, acting, see_to_cards
from bot.texts.orders.answers import let_go
from core.orders.service import OrderService
from core.ports.storage import Transactions
from core.stock.model import Shop
from core.workspaces.model import Workspace


async def see_to_orders(transactions: Transactions, workspace: Workspace, supplies: Supplies) -> bool:
    """See to all that is due; tell whether there may be more."""
    has_unpaid = await see_to_unpaid(transactions, workspace, supplies)
    return await see_to_cards(transactions, workspace, supplies) or has_unpaid


async def see_to_unpaid(transactions: Transactions, workspace: Workspace, supplies: Supplies) -> bool:
    """Free the goods of orders that were not paid in time; tell whether there may be more of them."""
    service = OrderService(transactions, supplies.clock, stock_of(supplies.clock))
    shop = Shop.of(workspace)
    overdue = await service.overdue(BATCH)
    for order in overdue:
        await service.let_go(acting(order.author_id, order.placed_in, workspace), shop, order.number, let_go)
    return len(overdue) == BATCH
