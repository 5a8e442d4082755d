"""What the areas that sell goods have in common: what holds of all goods of a workspace, and what moves them."""

from bot.application.context import Context
from bot.texts.low import became_low
from core.shared.clock import Clock
from core.stock.model import Shop
from core.stock.service import LowStock, StockService


def shop_of(ctx: Context) -> Shop:
    """Return what holds of all goods of the workspace."""
    return Shop.of(ctx.directory.workspace)


def stock_of(clock: Clock, *, later: bool = False) -> StockService:
    """Return what moves goods; that products have become low may be told later."""
    return StockService(clock, LowStock(clock, became_low, later=later))
