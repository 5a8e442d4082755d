"""The running product: the application with what works beside it, started and stopped in order."""

import asyncio
from dataclasses import dataclass, field

import structlog

from bot.application import QuartermasterApplication
from bot.identity import Identities
from bot.jobs.loop import Loop
from bot.jobs.operations import OperationLog
from core.ports.files import FileStore
from core.ports.secrets import SecretBox
from core.ports.storage import Committed, Storage
from core.shared.clock import Clock

log = structlog.get_logger()

DRAIN_SECONDS = 20.0
"""How long a stopping process finishes what it has acknowledged."""


@dataclass(slots=True)
class Product:
    """Everything wired together but the servers; `loops` run only where the process serves."""

    application: QuartermasterApplication
    storage: Storage
    identities: Identities
    files: FileStore
    secrets: SecretBox
    clock: Clock
    operations: OperationLog
    relay_loop: Loop
    reminder_loop: Loop
    other_loops: list[Loop] = field(default_factory=list)
    _running: bool = False

    def __post_init__(self) -> None:
        """Let commits that leave posts wake the relay."""
        self.storage.watch(self._committed)

    async def start_jobs(self) -> None:
        """Start the loops; posts that a dead process was sending are taken up first, still in doubt."""
        recovered = await self.storage.outbox.recover(self.clock.now())
        if recovered:
            log.warning("posts_in_doubt", count=recovered)
        for loop in self._loops():
            loop.start()
        self._running = True

    async def drain(self, seconds: float = DRAIN_SECONDS) -> None:
        """Take nothing new and finish what was taken."""
        given_up = await self.application.drain(seconds)
        if given_up:
            log.error("requests_given_up", count=given_up)

    async def close(self) -> None:
        """Drain, stop the loops, write what is left of the operation log, close the database."""
        await self.drain()
        await asyncio.gather(*(loop.stop() for loop in self._loops()))
        try:
            await self.operations.step()
        finally:
            await self.storage.close()

    def _loops(self) -> list[Loop]:
        return [self.relay_loop, self.reminder_loop, *self.other_loops]

    def _committed(self, committed: Committed) -> None:
        if self._running and committed.has_posts:
            self.relay_loop.wake()
