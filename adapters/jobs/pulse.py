"""The life signs of processes that share a place: who stops giving them counts as dead, and its jobs go on elsewhere.

DBOS never takes over from a dead process. Each process has a lease of its own, under the clock of the application's
database. To have another one's is to find it dead: of several who look one gets it, and enqueues what was left. A
process that could not renew its lease finds out at the next try, stops what it runs, and begins anew. Until then it may
run what another one runs too; of two only the later keeps results, and it is for a job's row to see to its effects.
"""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from core.ports.jobs import EngineUnavailableError
from core.ports.leases import EXECUTOR, Leases
from core.ports.storage import StorageUnavailableError

if TYPE_CHECKING:
    from adapters.jobs.engine import DurableEngine

log = structlog.get_logger()

RENEWAL = 0.25
"""The part of a lease after which it is renewed, and the others are looked at."""


class Pulse:
    """Renews the lease of one process, and looks after those of the others."""

    def __init__(self, engine: "DurableEngine", leases: Leases, executor: str, seconds: float) -> None:
        """Give signs for an executor; without one for so many seconds it counts as dead."""
        self._engine = engine
        self._leases = leases
        self._executor = executor
        self._seconds = seconds
        self._is_alive = True
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Give the first sign; raises `StorageUnavailableError`."""
        await self._leases.take(_lease(self._executor), self._seconds)

    def start(self) -> None:
        """Go on giving signs until stopped."""
        self._task = asyncio.create_task(self._run(), name="jobs-pulse")

    async def stop(self) -> None:
        """Give no more signs."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def alive(self) -> int:
        """Return how many processes give signs; raises `StorageUnavailableError`."""
        return await self._leases.count(_lease(""))

    async def give_back(self) -> None:
        """Let another process take up at once what this one left."""
        with suppress(StorageUnavailableError):
            await self._leases.give_back(_lease(self._executor))

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._seconds * RENEWAL)
            try:
                await self._beat()
                if self._is_alive:
                    await self._look()
                    self._engine.found("")
            except (StorageUnavailableError, EngineUnavailableError) as error:
                log.warning("pulse_missed", kind=type(error).__name__)
                self._engine.found("cannot_connect")
            except Exception as error:  # why: without signs of life its jobs would be run twice
                log.exception("pulse_failed", kind=type(error).__name__)

    async def _beat(self) -> None:
        has_it = await self._leases.take(_lease(self._executor), self._seconds)
        if not has_it and self._is_alive:
            log.warning("taken_for_dead", executor=self._executor)
            self._is_alive = False
            await self._engine.pause()
        elif has_it and not self._is_alive:
            # What it took in between, and was stopped, nobody else knows to be left.
            await self._recover(self._executor)
            self._is_alive = True
            self._engine.resume()

    async def _look(self) -> None:
        """Take over from those who are dead."""
        for other in await self._engine.ask(lambda transact: transact.executors()) - {self._executor}:
            if await self._leases.take(_lease(other), self._seconds):
                await self._recover(other)
                await self._leases.give_back(_lease(other))

    async def _recover(self, executor: str) -> None:
        count = await self._engine.ask(lambda transact: transact.recover(executor), even_if_not_ready=True)
        log.warning("jobs_taken_over", executor=executor, count=count)


def _lease(executor: str) -> str:
    return f"{EXECUTOR}{executor}"
