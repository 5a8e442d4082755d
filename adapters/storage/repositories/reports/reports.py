"""The figures of one workspace."""

from collections.abc import Sequence
from datetime import datetime

from adapters.storage.repositories.reports import sales
from adapters.storage.repositories.reports.tasks_done import done_between, first_done
from adapters.storage.work.transaction import Transaction
from core.reports.model import Cell, DayFigure, Done, Figures, Question
from core.reports.ranges import Range
from core.workspaces.model import Audience


class Reports:
    """The repository of figures."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def days(self, within: Range) -> Sequence[DayFigure]:
        """Add up what was sold on each day that has sales, in the order of days."""
        return await self._transaction.run(lambda db: sales.days(db, within))

    async def groups(self, question: Question) -> Figures:
        """Add up what was sold of each product, to each customer or into each country, the largest first."""
        return await self._transaction.run(lambda db: sales.groups(db, question))

    async def cells(self, within: Range, products: Sequence[str]) -> Sequence[Cell]:
        """Add up what was sold of some products on each day that has sales of them."""
        return await self._transaction.run(lambda db: sales.cells(db, within, products))

    async def tasks_done(self, edges: Sequence[datetime], channel_id: int | None, audience: Audience) -> Sequence[Done]:
        """Count the completed tasks of a channel, or of all, between each two of the instants, which rise."""
        return await self._transaction.run(lambda db: done_between(db, edges, channel_id, audience))

    async def first_done(self, channel_id: int | None, audience: Audience) -> datetime | None:
        """Return when the first of the tasks of a channel, or of all, was completed that the audience may see."""
        return await self._transaction.run(lambda db: first_done(db, channel_id, audience))
