"""What orders need to be seen to by themselves: goods that nobody paid for in time are free again."""

from bot.texts.low import became_low
from bot.texts.orders.answers import let_go
from core.chat.actor import Actor
from core.chat.request import ChannelKind, Platform
from core.orders.model import Order
from core.orders.service import OrderService
from core.people.model import Role
from core.ports.storage import Transactions
from core.shared.clock import Clock
from core.stock.model import Shop
from core.stock.service import LowStock, StockService
from core.workspaces.model import Workspace

BATCH = 50
"""Orders seen to before others have their turn."""


async def see_to_unpaid(transactions: Transactions, workspace: Workspace, clock: Clock) -> bool:
    """Free the goods of orders that were not paid in time; tell whether there may be more of them."""
    service = OrderService(transactions, clock, StockService(clock, LowStock(clock, became_low)))
    shop = Shop(workspace.currency, workspace.zone)
    overdue = await service.overdue(BATCH)
    for order in overdue:
        await service.let_go(_for(order, workspace), shop, order.number, let_go)
    return len(overdue) == BATCH


def _for(order: Order, workspace: Workspace) -> Actor:
    """Return whoever made an order, on whose behalf its goods are let go."""
    place = (order.placed_in, "", ChannelKind.PUBLIC)
    return Actor(
        workspace.id, order.author_id, "", Role.CLERK, workspace.zone, workspace.locale, Platform.WEB, 0, *place
    )
