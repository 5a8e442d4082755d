"""Imports, and their undo, that a process which is gone left half done become jobs."""

from dataclasses import dataclass

import structlog

from core.jobs.kinds import DELIVERY, IMPORT, LINE
from core.jobs.model import NewJob, key_in, long_key
from core.ports.storage import Storage
from core.shared.clock import Clock, has_passed
from core.transfer.importing import PATIENCE
from core.transfer.model import Import
from core.transfer.stopping import leave

log = structlog.get_logger()


@dataclass(slots=True)
class ImportsGoOn:
    """Lets a job ask again what was asked, as its platform might: the same delivery goes on where it was, and once.

    Where the job came to nothing, an import is left at what was applied, and an undo at what was undone. Either can be
    taken back by hand, as long as any undo; after that nothing is kept of it.
    """

    storage: Storage
    clock: Clock
    process: str
    _has_just_started: bool = True

    def take_over(self) -> None:
        """Begin: on a database that one process uses, whoever else worked on an import is gone."""
        self._has_just_started = True

    async def step(self) -> bool:
        """See to every import that nobody works on, or that was cancelled."""
        under_way = await self.storage.system.imports_under_way()
        alone, self._has_just_started = self._has_just_started and not self.storage.is_shared, False
        for workspace_id, job in under_way:
            is_late = has_passed(PATIENCE, job.touched_at, self.clock.now())
            is_left = is_late or (alone and job.runner != self.process)
            await self._see_to(workspace_id, job, is_left=is_left)
        return False

    async def _see_to(self, workspace_id: int, job: Import, *, is_left: bool) -> None:
        asked, key = job.asked, long_key(job.asked.delivery or job.id)
        transactions = self.storage.workspace(workspace_id)
        async with transactions.read() as work:
            known = await work.jobs.of_key(key) or await work.jobs.of_key(key_in(asked.delivery))
        if known is None and is_left:
            log.info("import_goes_on", state=job.state.value)
            arguments = {LINE: asked.text, DELIVERY: asked.delivery}
            new = NewJob(IMPORT, arguments, asked.member_id or job.member_id, job.channel_id, key)
            async with transactions.write() as work:
                await work.jobs.queue(new, self.clock.now())
                await work.commit()
        elif known and known.state.is_over:
            await self._stop(workspace_id, job)

    async def _stop(self, workspace_id: int, job: Import) -> None:
        """Leave an import at what was applied of it, to be undone, and an undo so that it can be gone on with."""
        log.error("import_stopped", state=job.state.value)
        async with self.storage.workspace(workspace_id).write() as work:
            await leave(work, job, self.clock.now())
            await work.commit()
