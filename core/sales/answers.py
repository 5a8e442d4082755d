"""Sums of what was sold, from the cache where the sales are still those that they were made of."""

from collections.abc import Sequence

from core.dates.ranges import Range
from core.ports.cache import Asked, Cache, Cached, remembered
from core.ports.storage import UnitOfWork
from core.sales.figures import Cell, DayFigure, Figures, Question
from core.sales.repository import SALE_FIGURES
from core.shared.value_objects import value_object

_SECONDS = 3600.0
"""For how long: what nobody asks for any more need not lie there."""

_GROUPS: Cached[Figures] = Cached("sales-by", _SECONDS, lambda found: len(found.figures))
_DAYS: Cached[Sequence[DayFigure]] = Cached("sales-of-days", _SECONDS, len)
_CELLS: Cached[Sequence[Cell]] = Cached("sales-of-products", _SECONDS, len)


@value_object
class SalesAnswers:
    """The sums that a unit of work sees, which goes by the version that it read."""

    work: UnitOfWork
    cache: Cache
    version: str

    @classmethod
    async def of(cls, work: UnitOfWork, cache: Cache) -> "SalesAnswers":
        """Return those of a unit of work."""
        return cls(work, cache, await work.of(SALE_FIGURES).version())

    async def groups(self, question: Question) -> Figures:
        """Add up what was sold of each product, to each customer or into each country."""
        asked = Asked(_GROUPS, self.work.workspace_id, question, self.version, _about(question.range, question.by))
        return await remembered(self.cache, asked, lambda: self.work.of(SALE_FIGURES).groups(question))

    async def days(self, within: Range) -> Sequence[DayFigure]:
        """Add up what was sold on each day that has sales."""
        asked = Asked(_DAYS, self.work.workspace_id, within, self.version, _about(within))
        return await remembered(self.cache, asked, lambda: self.work.of(SALE_FIGURES).days(within))

    async def cells(self, within: Range, products: Sequence[str]) -> Sequence[Cell]:
        """Add up what was sold of some products on each day that has sales of them."""
        asked = Asked(_CELLS, self.work.workspace_id, (within, *products), self.version, _about(within))
        return await remembered(self.cache, asked, lambda: self.work.of(SALE_FIGURES).cells(within, products))


def _about(within: Range, by: str = "") -> str:
    days = "all" if within.is_all else f"{within.first}..{within.last}"
    return f"{by}/{days}" if by else days
