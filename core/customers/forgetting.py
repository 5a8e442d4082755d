"""Customers forgotten for good: what they bought stays and counts, who they were does not."""

from datetime import timedelta

from core.chat.actor import Actor
from core.customers.kind import CUSTOMER_KIND, CUSTOMER_NAMES, CUSTOMER_UNDO
from core.customers.model import Customer
from core.customers.repository import CUSTOMERS
from core.history.model import ChangeEntry, FieldChange
from core.ports.storage import SystemStore, Transactions, UnitOfWork
from core.shared.clock import Clock
from core.shared.errors import NotFoundError
from core.shared.events import Event
from core.workspaces.model import Audience

_SKEW = timedelta(minutes=1)
"""By how much the clocks of several copies may differ."""


class CustomerForgetting:
    """Forgets customers of one workspace, removed ones too."""

    def __init__(self, transactions: Transactions, system: SystemStore, clock: Clock) -> None:
        """Bind to the workspace's units of work, to what was answered in it, and to the time."""
        self._transactions = transactions
        self._system = system
        self._clock = clock

    async def check(self, number: int, audience: Audience) -> None:
        """Raise what `forget` does, and leave the customer as they are."""
        async with self._transactions.read() as work:
            await self._find(work, number, audience)

    async def forget(self, actor: Actor, number: int, audience: Audience) -> None:
        """Erase all that is known of a customer; it can't be taken back.

        Sales and orders keep their sums and name the customer by number. Raises `NotFoundError`, also for one who is
        forgotten already.
        """
        began = self._clock.now()
        async with self._transactions.read() as work:
            await self._find(work, number, audience)
            told = await work.of(CUSTOMERS).told_of(number)
        # What was kept until now is much, and is gone through while others may write; what is kept meanwhile is little.
        await self._system.rewrite(actor.workspace_id, told)
        async with self._transactions.write() as work:
            await self._find(work, number, audience)
            now = self._clock.now()
            await work.of(CUSTOMERS).forget(number, now, since=began - _SKEW)
            change = FieldChange("forgotten", None, True)
            entry = ChangeEntry(
                CUSTOMER_KIND.name, number, now, actor.member_id, f"{CUSTOMER_NAMES.area} forget", (change,)
            )
            work.changes.add(entry)
            work.events.record(
                Event(f"{CUSTOMER_NAMES.area}.forgotten", now, None, actor.member_id, {"number": number})
            )
            await work.commit()

    async def _find(self, work: UnitOfWork, number: int, audience: Audience) -> Customer:
        customer = await CUSTOMER_UNDO.find_for(work, work.of(CUSTOMERS), number, audience)
        if customer.is_forgotten:
            raise NotFoundError(CUSTOMER_KIND.name, number)
        return customer
