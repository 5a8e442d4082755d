"""The job engine in tests: the real one, on a file or a Postgres, with a job that does what the test says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.jobs import DurableEngine, JobsPlace, place_of
from core.ports.jobs import JobRef, Json, Steps
from core.ports.leases import Leases
from core.shared.ids import new_id
from tests.support.clock import RunningClock
from tests.support.patience import patiently

Work = Callable[[JobRef, Steps], Awaitable[None]]


class OwnLeases:
    """Leases where nobody else is."""

    async def take(self, name: str, seconds: float) -> bool:
        """Have it."""
        return True

    async def give_back(self, name: str) -> None:
        """Let go of it."""

    async def count(self, beginning: str) -> int:
        """Know of no other."""
        return 1

    async def first(self, what: str, by: str, seconds: float, *, instead_of: str = "") -> str:
        """Be first."""
        return by


def job(id: str = "command:1", number: int = 1, kind: str = "wait") -> JobRef:
    """Return a job."""
    return JobRef(id, 1, number, kind)


@dataclass
class Book:
    """What was done, in order."""

    entries: list[str] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def write(self, entry: str) -> None:
        """Write down that something was done."""
        self.entries.append(entry)
        self._changed.set()

    def doing(self, entry: str, result: Json = None) -> Callable[[], Awaitable[Json]]:
        """Return the work of a step that is written down."""

        async def work() -> Json:
            self.write(entry)
            return result

        return work

    async def until(self, *entries: str) -> None:
        """Return when all of that was done."""
        async with patiently():
            while not set(entries) <= set(self.entries):
                self._changed.clear()
                await self._changed.wait()


def make_engine(
    place: JobsPlace, leases: Leases | None = None, *, seconds: float = 10.0, after: float = 0.0
) -> DurableEngine:
    """Return an engine, as a process that nobody has seen before."""
    clock = RunningClock()
    return DurableEngine(place, leases or OwnLeases(), lambda: new_id(clock.now()), lease_seconds=seconds, after=after)


@asynccontextmanager
async def closing_engine(engine: DurableEngine) -> AsyncIterator[DurableEngine]:
    """Close an engine at the end of the block, however it ends."""
    try:
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def running(place: JobsPlace, work: Work, leases: Leases | None = None) -> AsyncIterator[DurableEngine]:
    """Run an engine in the block."""
    async with closing_engine(make_engine(place, leases)) as engine:
        await engine.start(work)
        assert engine.state.is_ready, engine.state
        yield engine


def file_place(folder: Path) -> JobsPlace:
    """Return a place in a folder."""
    return place_of("", "", folder)
