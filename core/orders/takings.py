"""The money that came and went: by method, on its own day, and what was sold besides without an order."""

import asyncio
import datetime as dt
from collections.abc import Sequence

from core.dates.ranges import Range
from core.orders.model import Taking
from core.orders.repository import ORDERS
from core.ports.storage import Transactions
from core.sales.repository import SALE_FIGURES, Total
from core.shared.value_objects import value_object
from core.shared.zones import instant, zone

WITHOUT_ORDER = ("stock", "book")
"""The sources of sales that nobody said of how they were paid."""
_DAY = dt.timedelta(days=1)


@value_object
class Takings:
    """What was taken in a range of days, and what was sold besides without an order, by currency."""

    range: Range
    by_method: Sequence[Taking]
    unnoted: Sequence[Total] = ()

    @property
    def currencies(self) -> Sequence[str]:
        """Return the currencies in which anything was taken or given back."""
        return list(dict.fromkeys(one.currency for one in self.by_method))

    def of(self, currency: str) -> Sequence[Taking]:
        """Return what was taken in one currency, by method."""
        return [one for one in self.by_method if one.currency == currency]


class TakingsService:
    """What was taken in one workspace, in figures."""

    def __init__(self, transactions: Transactions, turns: asyncio.Semaphore) -> None:
        """Read by those units of work; whoever adds much up takes `turns`."""
        self._transactions = transactions
        self._turns = turns

    async def over(self, within: Range, zone_name: str) -> Takings:
        """Add up what came and went in a range of days, which are those of a zone."""
        where = zone(zone_name)
        since, until = (instant(day, dt.time(), where) for day in (within.first, within.last + _DAY))
        async with self._turns, self._transactions.read() as work:
            by_method = await work.of(ORDERS).takings(since, until)
            figures = work.of(SALE_FIGURES)
            unnoted = [total for source in WITHOUT_ORDER for total in await figures.of_source(source, within)]
        return Takings(within, by_method, _put_together(unnoted))


def _put_together(totals: Sequence[Total]) -> Sequence[Total]:
    """Return one total for each currency."""
    found: dict[str, Total] = {}
    for one in totals:
        other = found.get(one.currency)
        found[one.currency] = one if other is None else _sum(one, other)
    return [found[currency] for currency in sorted(found)]


def _sum(one: Total, other: Total) -> Total:
    amount, quantity = one.amount + other.amount, one.quantity + other.quantity
    return Total(one.currency, amount, quantity, one.lines + other.lines, None)
