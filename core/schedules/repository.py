"""What schedules need of storage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.ports.kept import Kept
from core.ports.numbered import NumberedRepository
from core.schedules.model import Schedule, ScheduleCounts, ScheduleFilter
from core.shared.paging import Page
from core.workspaces.model import Audience


class ScheduleRepository(NumberedRepository[Schedule], Protocol):
    """The schedules of one workspace."""

    async def due(self, numbers: Sequence[int], now: datetime) -> Sequence[Schedule]:
        """Return those of the schedules (any count) whose time has come."""
        ...

    async def of_job(self, number: int) -> Schedule | None:
        """Return the schedule that made a job, for whoever runs that; None for one that was removed."""
        ...

    async def counts(self, late_before: datetime) -> ScheduleCounts:
        """Return how many there are; those whose time came before then are late."""
        ...

    async def page(
        self, wanted: ScheduleFilter, audience: Audience, *, cursor: str = "", limit: int = 10
    ) -> Page[Schedule]:
        """Return a page by number; raises `InvalidArgumentError` (`cursor`) for a cursor that is none."""
        ...

    async def named(self, title: str, area: str, audience: Audience) -> Sequence[Schedule]:
        """Return the schedules of an area that are called so, whatever the case of letters."""
        ...

    async def has(self, title: str, area: str) -> bool:
        """Tell whether a schedule of an area is called so, whoever may see it."""
        ...

    async def only(
        self, title: str, area: str, *, author_id: int | None = None, channel_id: int | None = None
    ) -> Schedule | None:
        """Return the personal schedule of a title that somebody has in an area, or the one of a channel that is not."""
        ...

    async def personal(self, author_id: int) -> Sequence[Schedule]:
        """Return the personal schedules of somebody."""
        ...


SCHEDULES: Kept[ScheduleRepository] = Kept("schedules")
