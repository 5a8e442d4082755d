"""What reports tell of the goods of a workspace, each from statements that add up what it answers."""

import asyncio

from core.dates.ranges import Range
from core.ports.storage import Transactions
from core.stock.figures import Margins, StockReport, margins_of
from core.stock.repository import PRODUCTS, STOCK_FIGURES


class StockReports:
    """The goods of one workspace, in figures."""

    def __init__(self, transactions: Transactions, turns: asyncio.Semaphore) -> None:
        """Read by those units of work; whoever adds much up takes `turns`."""
        self._transactions = transactions
        self._turns = turns

    async def stock(self, within: Range, top: int) -> StockReport:
        """Tell what the stock is worth, and at most `top` products that are low, or were not sold in some days."""
        async with self._turns, self._transactions.read() as work:
            figures = work.of(STOCK_FIGURES)
            value, categories = await work.of(PRODUCTS).value(), await figures.categories()
            return StockReport(
                within, value, categories, await figures.sums(within), await figures.attention(within, top)
            )

    async def margins(self, within: Range, currency: str, top: int) -> Margins:
        """Tell what was earned on some days, where costs are in a currency."""
        async with self._turns, self._transactions.read() as work:
            sold = await work.of(STOCK_FIGURES).sold(within)
        return await asyncio.to_thread(margins_of, within, sold, currency, top)
