"""What stock needs to be seen to by itself: what an import could not tell any more is told all the same."""

from datetime import timedelta

from bot.application.services import Supplies
from bot.texts.low import became_low
from core.ports.storage import Transactions
from core.stock.low import LowStock
from core.workspaces.model import Workspace

PATIENCE = timedelta(minutes=10)
"""How long whoever imports has time to tell by itself."""


async def see_to_untold(transactions: Transactions, _workspace: Workspace, supplies: Supplies) -> bool:
    """Tell what has been low for a while and was to be told by an import that came to no end; nothing is left then."""
    clock = supplies.clock
    low, until = LowStock(clock, became_low), clock.now() - PATIENCE
    async with transactions.read() as work:
        if not await low.is_due(work, until):
            return False
    async with transactions.write() as work:
        await low.tell_due(work, until)
        await work.commit()
    return False
