"""Jobs are begun once the command that asked for them has committed: their rows say which wait."""

import asyncio
from dataclasses import dataclass, field

import structlog

from bot.jobs.loop import Loop
from core.jobs.model import JobState
from core.ports.jobs import EngineUnavailableError, JobEngine, JobRef, JobRunner, Phase
from core.ports.storage import Committed, Storage

log = structlog.get_logger()

AT_ONCE = 200
LOOK_SECONDS = 10.0
"""How often it is looked for jobs of which nothing was heard: a process may die between its commit and their start."""
ANEW_SECONDS = 60.0
"""How often the engine is given again what it was given: it may have lost what it knew, with its file or its schema."""


@dataclass(slots=True)
class Launcher:
    """Gives the engine every job that waits: what somebody waits for to run here and now, the rest to any process."""

    storage: Storage
    engine: JobEngine
    anew_seconds: float = ANEW_SECONDS
    loop: Loop = field(init=False)
    _starting: "asyncio.Task[None] | None" = None
    _given: set[str] = field(default_factory=set)
    _anew_at: float = 0.0

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
        """Give the engine what it was not given yet, and all of it now and then; tell whether there is more."""
        if self.engine.state.phase not in (Phase.STARTING, Phase.READY):
            return False
        try:
            await self._give_anew()
            return await self._give_waiting()
        except EngineUnavailableError:
            log.warning("jobs_not_begun")
            return False

    async def _give_anew(self) -> None:
        """Give it what it should have: what it knows is none the worse for it, and what it lost begins again."""
        now = asyncio.get_running_loop().time()
        if now < self._anew_at:
            return
        await self.engine.look_after()
        self._given.clear()
        for ref, is_awaited in await self.storage.system.jobs_open(JobState.RUNNING, AT_ONCE):
            await self._give(ref, is_awaited)
        self._anew_at = now + self.anew_seconds

    async def _give_waiting(self) -> bool:
        waiting = await self.storage.system.jobs_open(JobState.QUEUED, AT_ONCE)
        self._given &= {ref.id for ref, _ in waiting}
        new = [(ref, is_awaited) for ref, is_awaited in waiting if ref.id not in self._given]
        for ref, is_awaited in new:
            await self._give(ref, is_awaited)
            self._given.add(ref.id)
        return bool(new) and len(waiting) == AT_ONCE

    async def _give(self, ref: JobRef, is_awaited: bool) -> None:
        await (self.engine.begin(ref) if is_awaited else self.engine.enqueue(ref))

    async def _start(self, run: JobRunner) -> None:
        await self.engine.start(run)
        self.loop.wake()

    def _committed(self, committed: Committed) -> None:
        if committed.has_jobs:
            self.loop.wake()
