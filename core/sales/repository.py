"""What sales need of storage."""

from collections.abc import AsyncIterator, Mapping, Sequence, Set
from datetime import date
from typing import Protocol

from core.dates.ranges import Range
from core.ports.kept import Kept
from core.sales.figures import Cell, DayFigure, Figures, Question
from core.sales.figures import Total as Total
from core.sales.model import SaleLine, StoredLine


class OtherLinesError(Exception):
    """Lines were added meanwhile that nobody knew of."""


class SaleRepository(Protocol):
    """The sale lines of one workspace; nothing here begins or commits."""

    def add(self, lines: Sequence[SaleLine]) -> None:
        """Insert lines at the latest when the unit of work commits."""
        ...

    def between(self, first: date, last: date, *, chunk: int = 1000) -> AsyncIterator[Sequence[SaleLine]]:
        """Yield the lines of those days, both included, in the order of days, without holding more than a chunk."""
        ...

    async def latest(self, source: str, within: Range, limit: int) -> Sequence[SaleLine]:
        """Return so many lines of an area at most, of some days, the newest first."""
        ...

    def add_stored(self, lines: Sequence[StoredLine], batch: str) -> None:
        """Insert lines of an import at the latest when the unit of work commits."""
        ...

    async def known(self, digests: Sequence[str], batch: str) -> Set[str]:
        """Return those digests that lines have which did not come in that batch."""
        ...

    async def customers_on(self, days: Sequence[date], batch: str) -> Set[tuple[str, date]]:
        """Return the customers who have a line on those days that did not come in that batch, and on which."""
        ...

    async def headings(self) -> Mapping[str, str]:
        """Return the columns that people have said headings of files to be, by heading."""
        ...

    async def remember_headings(self, said: Mapping[str, str]) -> None:
        """Keep what columns are called: headings by column."""
        ...

    async def newest(self) -> int:
        """Return a number that every line added from now on is beyond."""
        ...

    async def newer(self, after: int, batch: str) -> tuple[int, bool]:
        """Return the newest number, if it is beyond that one, and whether a line beyond it came not in that batch."""
        ...

    def expect_no_others(self, after: int, batch: str) -> None:
        """Raise `OtherLinesError` at the latest on commit if a line beyond a number came not in that batch."""
        ...

    async def remove_batch(self, batch: str, after: int, limit: int) -> int:
        """Remove up to so many lines that came in a batch, all of them beyond a number; return how many there were."""
        ...


class SaleFigures(Protocol):
    """What was sold in one workspace, each figure from one statement whose rows are no more than what it answers."""

    async def version(self) -> str:
        """Return what the sales go by as they are: whatever changes them gives them another one, never used before."""
        ...

    async def days(self, within: Range) -> Sequence[DayFigure]:
        """Add up what was sold on each day that has sales, in the order of days."""
        ...

    async def groups(self, question: Question) -> Figures:
        """Add up what was sold of each product, to each customer or into each country, the largest first.

        What has no code comes last, whatever its size, and is never left out.
        """
        ...

    async def of_source(self, source: str, within: Range) -> Sequence[Total]:
        """Add up what an area sold on some days, by currency, most lines first."""
        ...

    async def cells(self, within: Range, products: Sequence[str]) -> Sequence[Cell]:
        """Add up what was sold of some products on each day that has sales of them."""
        ...

    async def last_day(self) -> date | None:
        """Return the last day that has sales, if any has."""
        ...


SALES: Kept[SaleRepository] = Kept("sales")
SALE_FIGURES: Kept[SaleFigures] = Kept("sale_figures")
