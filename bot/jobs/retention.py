"""What is kept only for a time is removed once a day."""

from contextlib import suppress
from datetime import timedelta

import structlog

from core.files.service import file_key
from core.ports.files import UPLOADS, FileStore
from core.ports.jobs import EngineUnavailableError, JobEngine
from core.ports.storage import SystemStore
from core.shared.clock import Clock
from core.shared.ids import is_older
from core.shared.value_objects import value_object

log = structlog.get_logger()

DELIVERIES = timedelta(days=7)
OUTBOX = timedelta(days=30)
OPERATIONS = timedelta(days=90)
EVENTS = timedelta(days=30)
FILES = timedelta(days=30)
"""Longer than any button that works on a file."""
JOBS = timedelta(days=7)
"""For so long the engine knows that it has run a job."""
ABANDONED = timedelta(days=1)
"""Age of an upload that no line came for, and that a process which is gone left behind."""

_BATCH = 100
"""Files removed before it is looked for more."""


@value_object
class Retention:
    """Removes what is older than it is kept, and what has expired; the audit trail stays."""

    system: SystemStore
    files: FileStore
    clock: Clock
    engine: JobEngine | None = None

    async def step(self) -> bool:
        """Remove what is too old."""
        now = self.clock.now()
        removed = await self.system.purge(
            deliveries_before=now - DELIVERIES,
            outbox_before=now - OUTBOX,
            operations_before=now - OPERATIONS,
            events_before=now - EVENTS,
            now=now,
        )
        if removed:
            log.info("retention", rows=removed)
        await self._remove_files()
        await self._remove_uploads()
        await self._forget_jobs()
        return False

    async def _remove_files(self) -> None:
        """Remove old files: bytes first, so that a death in between leaves a row by which they are found again."""
        before, removed = self.clock.now() - FILES, 0
        while old := await self.system.files_before(before, _BATCH):
            for workspace_id, file_id in old:
                await self.files.delete(file_key(workspace_id, file_id))
            await self.system.forget_files(old)
            removed += len(old)
        if removed:
            log.info("retention_files", files=removed)

    async def _forget_jobs(self) -> None:
        """Let the engine forget what is over; the jobs' rows still say so. One that is not ready does so tomorrow."""
        with suppress(EngineUnavailableError):
            forgotten = await self.engine.forget(self.clock.now() - JOBS) if self.engine else 0
            if forgotten:
                log.info("retention_jobs", jobs=forgotten)

    async def _remove_uploads(self) -> None:
        before = self.clock.now() - ABANDONED
        old = [key async for key in self.files.keys(UPLOADS) if is_older(key.rpartition("/")[2], before)]
        for key in old:
            await self.files.delete(key)
        if old:
            log.info("retention_uploads", files=len(old))
