"""The running product: the application with what works beside it, started and stopped in order."""

import asyncio
from dataclasses import dataclass, field

import structlog

from bot.application.application import QuartermasterApplication
from bot.identity.identities import Identities
from bot.jobs.leadership import Leadership, running
from bot.jobs.loop import Loop
from bot.jobs.operations import OperationLog
from core.ports.files import FileStore
from core.ports.secrets import SecretBox
from core.ports.storage import Committed, Storage, StorageUnavailableError
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
    leadership: Leadership = field(init=False)
    """What only one of several processes does."""
    _running: bool = False

    def __post_init__(self) -> None:
        """Let commits that leave posts wake the relay."""
        self.storage.watch(self._committed, self._missed)
        duties = [running(loop) for loop in self.other_loops if loop.is_alone]
        self.leadership = Leadership(self.storage.leases, duties=duties)

    async def start_jobs(self) -> None:
        """Start the loops, and the duties if no other process does them.

        Posts that a dead process was sending are taken up first, still in doubt. Where another process may be alive and
        sending them, they come back by themselves.
        """
        self.storage.follow()
        await self.leadership.start()
        if self.leadership.leads and not self.storage.is_shared:
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

    async def step_down(self) -> None:
        """End what only one process does.

        Where others serve too, one of them can begin at once. A file's next process takes what is being posted for a
        dead one's: it has to wait until this one posts nothing any more.
        """
        await (self.leadership.stop() if self.storage.is_shared else self.leadership.rest())

    async def close(self) -> None:
        """Step down, drain, stop the loops, write what is left of the operation log, close the database."""
        await self.step_down()
        await self.drain()
        await asyncio.gather(*(loop.stop() for loop in self._loops()))
        await self.leadership.stop()
        try:
            await self.operations.step()
        except StorageUnavailableError as error:
            # What was asked for is answered: an answer is not lost over the record of it.
            log.warning("operations_not_recorded", reason=error.reason)
        finally:
            await self.storage.close()

    def _loops(self) -> list[Loop]:
        return [self.relay_loop, self.reminder_loop, *(loop for loop in self.other_loops if not loop.is_alone)]

    def _committed(self, committed: Committed) -> None:
        if self._running and committed.has_posts:
            self.relay_loop.wake()

    def _missed(self) -> None:
        if self._running:
            self.relay_loop.wake()
