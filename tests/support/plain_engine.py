"""An engine of jobs that runs them as tasks of this process, and forgets them with it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from core.ports.jobs import EngineState, JobRef, JobRunner, JobStoppedError, Json, Phase
from core.ports.storage import StorageUnavailableError


@dataclass
class PlainSteps:
    """Steps whose results are kept as long as the engine is there."""

    executor: str
    kept: dict[str, Json] = field(default_factory=dict)

    async def step(self, name: str, work: Callable[[], Awaitable[Json]]) -> Json:
        """Do it once."""
        if name not in self.kept:
            self.kept[name] = await work()
        return self.kept[name]


@dataclass
class PlainEngine:
    """Runs each id once."""

    executor: str = "plain"
    ahead: int = 4
    state: EngineState = field(default_factory=lambda: EngineState(Phase.OFF))
    begun: list[str] = field(default_factory=list)
    queued: list[str] = field(default_factory=list)
    tasks: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _run: JobRunner | None = None

    async def start(self, run: JobRunner) -> None:
        """Be ready."""
        self._run, self.state = run, EngineState(Phase.READY)

    async def begin(self, job: JobRef) -> None:
        """Run a job."""
        self.begun.append(job.id)
        self._start(job)

    async def enqueue(self, job: JobRef) -> None:
        """Run a job."""
        self.queued.append(job.id)
        self._start(job)

    async def cancel(self, id: str) -> None:
        """End a job."""
        self.tasks[id].cancel()

    def lose(self, id: str) -> None:
        """Know nothing of a job any more."""
        self.tasks.pop(id).cancel()

    async def look_after(self) -> None:
        """Nothing of it gets lost on the way."""

    async def forget(self, before: datetime) -> int:
        """Keep what is over."""
        return 0

    async def processes(self) -> int:
        """Be the only one."""
        return 1

    async def close(self) -> None:
        """Leave what is under way."""
        self.state = EngineState(Phase.OFF)
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)

    async def all_done(self) -> None:
        """Wait until nothing is under way."""
        await asyncio.gather(*self.tasks.values())

    def _start(self, job: JobRef) -> None:
        if job.id not in self.tasks:
            self.tasks[job.id] = asyncio.create_task(self._go(job))

    async def _go(self, job: JobRef) -> None:
        assert self._run
        steps = PlainSteps(self.executor)
        while True:
            try:
                await self._run(job, steps)
            except JobStoppedError:
                return
            except StorageUnavailableError:
                await asyncio.sleep(0.01)
            else:
                return
