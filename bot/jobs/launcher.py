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
FULL_SECONDS = 1.0
"""How often it is looked whether other processes have begun some of what they were given, while more waits for that."""
ANEW_SECONDS = 60.0
"""How often the engine is given again what it was given: it may have lost what it knew, with its file or its schema."""


@dataclass(slots=True)
class Launcher:
    """Gives the engine every job that waits: what somebody waits for to run here and now, the rest to any process.

    Of the rest it has only a few ahead, however much there is: they would be in the way of what comes to be waited for.
    """

    storage: Storage
    engine: JobEngine
    anew_seconds: float = ANEW_SECONDS
    loop: Loop = field(init=False)
    _starting: "asyncio.Task[None] | None" = None
    _given: set[str] = field(default_factory=set)
    _anew_at: float = 0.0
    _ahead: set[str] = field(default_factory=set)
    """What nobody waits for, given and not begun as far as is known."""
    _is_full: bool = False
    """Whether more waits than is given."""

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

    def begun(self, ref: JobRef) -> None:
        """Hear that a job has begun here, and give more before none is ahead any longer."""
        self._ahead.discard(ref.id)
        if self._is_full and self._has_room:
            self.loop.wake()

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
        self._ahead &= self._given
        new = [(ref, is_awaited) for ref, is_awaited in waiting if ref.id not in self._given]
        for ref, is_awaited in new:
            # What somebody may be waiting for was before the first of the others.
            if not is_awaited and len(self._ahead) >= self.engine.ahead:
                break
            await self._give(ref, is_awaited)
        is_left = not self._given.issuperset(ref.id for ref, _ in new)
        self._is_full = is_left or len(waiting) == AT_ONCE
        self.loop.seconds = FULL_SECONDS if self._is_full else LOOK_SECONDS
        return bool(new) and self._is_full and self._has_room

    async def _give(self, ref: JobRef, is_awaited: bool) -> None:
        if is_awaited:
            await self.engine.begin(ref)
        else:
            # It may have begun before this knows that it was given.
            self._ahead.add(ref.id)
            await self.engine.enqueue(ref)
        self._given.add(ref.id)

    @property
    def _has_room(self) -> bool:
        return len(self._ahead) <= self.engine.ahead // 2

    async def _start(self, run: JobRunner) -> None:
        await self.engine.start(run)
        self.loop.wake()

    def _committed(self, committed: Committed) -> None:
        if committed.has_jobs:
            self.loop.wake()
