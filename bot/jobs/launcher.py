"""Jobs are begun once the command that asked for them has committed: their rows say which wait."""

import asyncio
from dataclasses import dataclass, field

import structlog

from bot.jobs.loop import Loop
from core.ports.jobs import EngineUnavailableError, JobEngine, JobRunner, Phase
from core.ports.storage import Committed, Storage

log = structlog.get_logger()

AT_ONCE = 200
LOOK_SECONDS = 10.0
"""How often it is looked for jobs of which nothing was heard: a process may die between its commit and their start."""


@dataclass(slots=True)
class Launcher:
    """Gives the engine every job that waits: what somebody waits for to run here and now, the rest to any process."""

    storage: Storage
    engine: JobEngine
    loop: Loop = field(init=False)
    _starting: "asyncio.Task[None] | None" = None
    _given: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Look whenever a commit says that jobs wait."""
        self.loop = Loop("jobs", self.step, LOOK_SECONDS)
        self.storage.watch(self._committed, self.loop.wake)

    def start(self, run: JobRunner) -> None:
        """Let the engine come up behind whatever else begins, and give it what waits as soon as it has."""
        self._starting = asyncio.create_task(self._start(run), name="job engine")
        self.loop.start()

    async def stop(self) -> None:
        """Begin nothing more."""
        await self.loop.stop()
        if self._starting:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)

    async def step(self) -> bool:
        """Give the engine what it was not given yet; tell whether there is more."""
        if self.engine.state.phase not in (Phase.STARTING, Phase.READY):
            return False
        waiting = await self.storage.system.jobs_waiting(AT_ONCE)
        self._given &= {ref.id for ref, _ in waiting}
        new = [(ref, is_awaited) for ref, is_awaited in waiting if ref.id not in self._given]
        for ref, is_awaited in new:
            try:
                await (self.engine.begin(ref) if is_awaited else self.engine.enqueue(ref))
            except EngineUnavailableError:
                log.warning("jobs_not_begun", waiting=len(waiting))
                return False
            self._given.add(ref.id)
        return bool(new) and len(waiting) == AT_ONCE

    async def _start(self, run: JobRunner) -> None:
        await self.engine.start(run)
        self.loop.wake()

    def _committed(self, committed: Committed) -> None:
        if committed.has_jobs:
            self.loop.wake()
