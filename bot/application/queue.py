"""The bounded queue in which every request runs to its end, whether or not its platform still waits."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter

import structlog

log = structlog.get_logger()

MOMENT = 0.01
"""Seconds in which most commands are done; one that takes longer waits for something that nobody here can hurry."""

Work = Callable[[], Awaitable[object]]


class QueueFullError(RuntimeError):
    """So much is waiting that another request would wait too long."""


@dataclass(slots=True)
class Lane:
    """Runs at most `width` pieces of work at once and lets at most `depth` wait."""

    width: int
    depth: int
    _slots: asyncio.Semaphore = field(init=False)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _latest: float = 0.0

    def __post_init__(self) -> None:
        """Make the slots."""
        self._slots = asyncio.Semaphore(self.width)

    @property
    def waiting(self) -> int:
        """Return how many pieces of work run or wait."""
        return len(self._tasks)

    def is_serving(self) -> bool:
        """Tell, in any thread, whether work is under way of which some was begun a moment ago."""
        return bool(self._tasks) and perf_counter() - self._latest < MOMENT

    def start(self, work: Work, name: str) -> "asyncio.Task[None]":
        """Queue a piece of work, which handles its own errors, and return its task; raises `QueueFullError`."""
        if len(self._tasks) >= self.width + self.depth:
            raise QueueFullError
        task = asyncio.create_task(self._run(work), name=name)
        self._tasks.add(task)
        self._latest = perf_counter()
        task.add_done_callback(self._tasks.discard)
        return task

    async def drain(self, seconds: float) -> int:
        """Wait until all is done, at most so many seconds; cancel the rest and return how many that were."""
        tasks = set(self._tasks)
        if not tasks:
            return 0
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    async def _run(self, work: Work) -> None:
        async with self._slots:
            try:
                await work()
            except Exception as error:  # work answers its own failures; this keeps the lane alive if it does not
                log.exception("work_failed", kind=type(error).__name__)
