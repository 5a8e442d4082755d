"""The figures of one workspace."""

from collections.abc import Sequence
from datetime import datetime

from adapters.storage.repositories.reports.tasks_done import done_between
from adapters.storage.work.transaction import Transaction
from core.reports.model import Done
from core.workspaces.model import Audience


class Reports:
    """The repository of figures."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def tasks_done(self, edges: Sequence[datetime], channel_id: int | None, audience: Audience) -> Sequence[Done]:
        """Count the completed tasks of a channel, or of all, between each two of the instants, which rise."""
        return await self._transaction.run(lambda db: done_between(db, edges, channel_id, audience))
