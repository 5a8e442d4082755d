"""What sales need of storage."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Protocol

from core.ports.kept import Kept
from core.sales.model import SaleLine


class SaleRepository(Protocol):
    """The sale lines of one workspace; nothing here begins or commits."""

    def add(self, lines: Sequence[SaleLine]) -> None:
        """Insert lines at the latest when the unit of work commits."""
        ...

    def between(self, first: date, last: date, *, chunk: int = 1000) -> AsyncIterator[Sequence[SaleLine]]:
        """Yield the lines of those days, both included, in the order of days, without holding more than a chunk."""
        ...

    async def remove_batch(self, batch: str, limit: int) -> int:
        """Remove up to so many lines that came in a batch, and return how many there were."""
        ...


SALES: Kept[SaleRepository] = Kept("sales")
