"""What the customer service needs of storage."""

from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from typing import Protocol

from core.customers.model import Customer, CustomerSort, Spending
from core.ports.kept import Kept
from core.ports.numbered import NumberedRepository
from core.shared.paging import Page
from core.workspaces.model import Audience


class CustomerRepository(NumberedRepository[Customer], Protocol):
    """The customers of one workspace; nothing here begins or commits."""

    async def page(
        self,
        holds: str,
        audience: Audience,
        *,
        sort: CustomerSort = CustomerSort.NAME,
        cursor: str = "",
        limit: int = 10,
    ) -> Page[Customer]:
        """Return a page of those whose username or e-mail address has that text in it; nothing is in all.

        Raises `InvalidArgumentError` (`cursor`) for a cursor that no such page has.
        """
        ...

    async def called(self, word: str, audience: Audience) -> Sequence[Customer]:
        """Return whoever has that username or e-mail address, in any case."""
        ...

    def stream(self, audience: Audience, *, chunk: int = 1000) -> AsyncIterator[Sequence[Customer]]:
        """Yield all customers by number, in chunks."""
        ...

    async def spending(self, over: Decimal, currency: str, limit: int) -> Sequence[Spending]:
        """Add up what was sold to each customer, and return the sums that are more than that, the largest first.

        A sale is a customer's if it names, as its customer, their username, e-mail address or code.
        """
        ...


CUSTOMERS: Kept[CustomerRepository] = Kept("customers")
