"""Reports read in turn, so that connections are left for others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from core.dates.ranges import ALL, Calendar
from core.files.service import FileService
from core.ports.storage import Transactions, UnitOfWork
from core.sales.figures import By, Question
from core.sales.service import Reading, SalesService
from tests.unit.bot.stage import Stage, staged


class Watched:
    """Units of work, of which the most that were open at once are counted."""

    def __init__(self, real: Transactions) -> None:
        self._real = real
        self.most = self._open = 0

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        self._open += 1
        self.most = max(self.most, self._open)
        async with self._real.read() as work:
            yield work
        self._open -= 1

    def write(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return self._real.write()


def service_of(stage: Stage, watched: Watched, width: int) -> SalesService:
    parts = stage.parts
    files = FileService(watched, parts.files, parts.clock)
    return SalesService(watched, parts.clock, parts.analyses, files, Reading(asyncio.Semaphore(width), parts.cache))


async def test_no_more_reports_read_at_once_than_have_a_turn(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.type("/user whoami")
        watched = Watched(stage.parts.storage.workspace(1))
        service = service_of(stage, watched, 2)
        calendar = Calendar(stage.clock.now().date())
        asked = [service.largest(Question(ALL, By.PRODUCT)) for _ in range(6)]
        await asyncio.gather(*asked, *(service.over_time(Question(ALL, By.DAY), calendar) for _ in range(6)))
        assert watched.most == 2
