"""Units of work of a workspace, each a transaction of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.storage.engine.database import Database, DatabaseTransaction
from adapters.storage.engine.errors import UnitOfWorkClosedError
from adapters.storage.work.placed import Repositories
from adapters.storage.work.transaction import Notify, Transaction
from adapters.storage.work.unit_of_work import SqlUnitOfWork
from core.ports.storage import UnitOfWork


async def refuse() -> None:
    """Stand for the commit of a unit of work that only reads."""
    raise UnitOfWorkClosedError


class WorkspaceTransactions:
    """Units of work of one workspace, each a transaction of its own."""

    def __init__(self, database: Database, workspace_id: int, notify: Notify, areas: Repositories) -> None:
        """Bind to a workspace and what areas keep in it."""
        self._database = database
        self._workspace_id = workspace_id
        self._notify = notify
        self._areas = areas

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work that only reads, and sees one state of the database throughout."""
        transaction = self._open(self._database.reader())
        try:
            yield SqlUnitOfWork(transaction, refuse, self._areas)
        finally:
            await transaction.end()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work that may write; leaving it without `commit()` rolls back.

        From its first statement to its commit it has the database's write lock: slow work outside comes before.
        """
        transaction = self._open(self._database.writer(self._workspace_id))
        try:
            yield SqlUnitOfWork(transaction, transaction.commit, self._areas)
        finally:
            await transaction.end()

    def _open(self, transaction: DatabaseTransaction) -> Transaction:
        return Transaction(transaction, self._workspace_id, self._database.dialect, self._notify)
