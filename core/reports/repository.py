"""What reports need of storage: figures that the database adds up, never the records themselves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.ports.kept import Kept
from core.reports.model import Cell, DayFigure, Done, Figures, Question
from core.reports.ranges import Range
from core.workspaces.model import Audience


class ReportRepository(Protocol):
    """The figures of one workspace, each from one statement whose rows are no more than what it answers."""

    async def days(self, within: Range) -> Sequence[DayFigure]:
        """Add up what was sold on each day that has sales, in the order of days."""
        ...

    async def groups(self, question: Question) -> Figures:
        """Add up what was sold of each product, to each customer or into each country, the largest first.

        What has no code comes last, whatever its size, and is never left out.
        """
        ...

    async def cells(self, within: Range, products: Sequence[str]) -> Sequence[Cell]:
        """Add up what was sold of some products on each day that has sales of them."""
        ...

    async def tasks_done(self, edges: Sequence[datetime], channel_id: int | None, audience: Audience) -> Sequence[Done]:
        """Count the completed tasks of a channel, or of all, between each two of the instants, which rise.

        Only those count that the audience may see.
        """
        ...

    async def first_done(self, channel_id: int | None, audience: Audience) -> datetime | None:
        """Return when the first of the tasks of a channel, or of all, was completed that the audience may see."""
        ...


REPORTS: Kept[ReportRepository] = Kept("reports")
