"""What the customer service needs of storage."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from core.customers.erasing import Erased
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

    async def told_of(self, number: int) -> Erased:
        """Return what takes out of texts all that is known of a customer, and what was known of them before."""
        ...

    async def forget(self, number: int, at: datetime, *, since: datetime) -> None:
        """Erase all that is known of a customer wherever it is kept, and from answers that have been kept since.

        What was sold to them names them by their code, and keeps its sums.
        """
        ...


CUSTOMERS: Kept[CustomerRepository] = Kept("customers")
