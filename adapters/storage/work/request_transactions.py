"""The units of work of one request, joined in one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.storage.engine.database import Database
from adapters.storage.engine.errors import UnitOfWorkClosedError
from adapters.storage.system import deliveries
from adapters.storage.work.codec import reply_text
from adapters.storage.work.placed import Repositories
from adapters.storage.work.transaction import First, Notify, Transaction
from adapters.storage.work.unit_of_work import SqlUnitOfWork
from adapters.storage.work.workspace_transactions import WorkspaceTransactions, refuse
from core.chat.reply import Reply
from core.ports.storage import UnitOfWork


class _Joined:
    """One `write()` of a request: whether it committed decides what becomes of the request."""

    def __init__(self, transaction: Transaction, areas: Repositories) -> None:
        self.work = SqlUnitOfWork(transaction, self._commit, areas)
        self.committed = False

    async def _commit(self) -> None:
        self.committed = True


class SqlRequestTransactions:
    """The units of work of one request, joined in one transaction that `settle` commits.

    The transaction, and with it the write lock, begins with the first statement of the first `write()` and ends with
    `settle` or `abandon`; a service does what is slow and outside before it. Units of work that only read use a
    connection of their own until there is a transaction to join. Leaving a `write()` without its commit rolls back
    everything the request wrote so far; what it writes afterwards starts anew.
    """

    def __init__(
        self,
        database: Database,
        workspace_id: int,
        delivery: deliveries.Delivery,
        notify: Notify,
        areas: Repositories,
    ) -> None:
        """Bind to a workspace, the delivery that asks, and what areas keep."""
        self._database = database
        self._workspace_id = workspace_id
        self._delivery = delivery
        self._notify = notify
        self._areas = areas
        self._alone = WorkspaceTransactions(database, workspace_id, notify, areas)
        self._transaction: Transaction | None = None
        self._changed = False
        self._lost = False
        self._settled = False

    @property
    def changed(self) -> bool:
        """Tell whether a unit of work has committed, so that there is something to settle, or to refuse to."""
        return self._changed or self._lost

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work that reads: within the transaction, once there is one."""
        if self._transaction is not None:
            yield SqlUnitOfWork(self._transaction, refuse, self._areas)
            return
        async with self._alone.read() as work:
            yield work

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work in the request's transaction."""
        transaction = self._begun()
        unit = _Joined(transaction, self._areas)
        try:
            yield unit.work
        except BaseException:  # why: whatever ends the unit of work, cancellation too, takes its writes along
            await self._roll_back()
            raise
        if unit.committed and self._transaction is transaction:
            self._changed = True
        elif unit.committed:
            # A unit of work within this one was left without a commit, and took this one's writes along.
            raise UnitOfWorkClosedError
        else:
            await self._roll_back()

    async def settle(self, reply: Reply) -> None:
        """Keep the reply as the delivery's result and commit, in one visit to the database.

        Raises `AlreadyDeliveredError` too, if nothing before had to go to the database.
        """
        if self._lost and reply.ok:
            # The reply may tell of what an earlier unit of work did and a later one took along.
            raise UnitOfWorkClosedError
        transaction = self._transaction
        if transaction is None or not self._changed:
            await self._roll_back()
            return
        self._settled = True
        text = reply_text(reply) if self._delivery.id else ""
        try:
            await transaction.commit(lambda scoped: deliveries.answer(scoped, self._delivery, text))
        finally:
            await self._roll_back()

    async def abandon(self) -> None:
        """Roll everything back; harmless after `settle`. What is written afterwards starts anew."""
        await self._roll_back()
        self._lost = False

    def _begun(self) -> Transaction:
        if self._settled:
            raise UnitOfWorkClosedError
        if self._transaction is None:
            first: First | None = self._delivery.keep if self._delivery.id else None
            writer = self._database.writer(self._workspace_id)
            self._transaction = Transaction(writer, self._workspace_id, self._database.dialect, self._notify, first)
        return self._transaction

    async def _roll_back(self) -> None:
        transaction, self._transaction = self._transaction, None
        self._lost = self._lost or (self._changed and not self._settled)
        self._changed = False
        if transaction is not None:
            await transaction.end()
