"""What reports need of storage: figures that the database adds up, never the records themselves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.ports.kept import Kept
from core.reports.model import Done
from core.workspaces.model import Audience


class ReportRepository(Protocol):
    """The figures of one workspace."""

    async def tasks_done(self, edges: Sequence[datetime], channel_id: int | None, audience: Audience) -> Sequence[Done]:
        """Count the completed tasks of a channel, or of all, between each two of the instants, which rise.

        Only those count that the audience may see.
        """
        ...


REPORTS: Kept[ReportRepository] = Kept("reports")
