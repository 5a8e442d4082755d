"""The running product: the application with what works beside it, started and stopped in order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.application.application import QuartermasterApplication
from bot.application.upkeep import Upkeep
from bot.identity.identities import Identities
from bot.jobs.operations import OperationLog
from core.ports.files import FileStore
from core.ports.secrets import SecretBox
from core.ports.storage import Storage
from core.shared.clock import Clock

if TYPE_CHECKING:
    from bot.wiring.jobs import Jobs
    from core.ports.jobs import JobEngine

log = structlog.get_logger()

DRAIN_SECONDS = 20.0
"""How long a stopping process finishes what it has acknowledged."""


@dataclass(slots=True)
class Product:
    """Everything wired together but the servers; the jobs are made, and run, only where the process serves."""

    application: QuartermasterApplication
    storage: Storage
    identities: Identities
    files: FileStore
    secrets: SecretBox
    clock: Clock
    operations: OperationLog
    make_jobs: "Callable[[], Jobs]"
    upkeep: Upkeep
    engine: "JobEngine | None" = None
    """What runs jobs, where there is something."""
    _jobs: "Jobs | None" = None

    @property
    def jobs(self) -> "Jobs":
        """Return what the product does by itself, made when it is first asked for."""
        if self._jobs is None:
            self._jobs = self.make_jobs()
        return self._jobs

    async def leave_jobs(self) -> None:
        """Run no more jobs; what is not at its end goes on in the next process, or in another one."""
        if self.engine:
            await self.engine.close()

    async def drain(self, seconds: float = DRAIN_SECONDS) -> None:
        """Take nothing new and finish what was taken."""
        given_up = await self.application.drain(seconds)
        if given_up:
            log.error("requests_given_up", count=given_up)

    async def close(self) -> None:
        """Step down, drain, stop the jobs, write what is left of the operation log, close the database."""
        if self._jobs:
            await self._jobs.step_down()
        await self.leave_jobs()
        await self.drain()
        if self._jobs:
            await self._jobs.stop()
        try:
            await self.operations.close()
        finally:
            await self.storage.close()
