"""Work that goes on after an acknowledgement: kept track of, bounded, and finished before the process ends."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog

log = structlog.get_logger(__name__)

MOST = 5000
"""Pieces of work under way at once; beyond that something is badly wrong and new ones are dropped with a log line."""


@dataclass(slots=True)
class UnderWay:
    """Counts what is being served just now; used as a context manager around each piece."""

    _count: int = 0
    _is_idle: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Begin idle."""
        self._is_idle.set()

    def __enter__(self) -> None:
        self._count += 1
        self._is_idle.clear()

    def __exit__(self, *_error: object) -> None:
        self._count -= 1
        if not self._count:
            self._is_idle.set()

    async def over(self, seconds: float) -> bool:
        """Wait until nothing is being served, at most so many seconds; tell whether that came about."""
        try:
            async with asyncio.timeout(seconds):
                await self._is_idle.wait()
        except TimeoutError:
            return False
        return True


@dataclass(slots=True)
class FollowUps:
    """Holds the tasks that answer people."""

    _tasks: set["asyncio.Task[Any]"] = field(default_factory=set)
    _standing_by: set["asyncio.Task[Any]"] = field(default_factory=set)

    def __len__(self) -> int:
        """Return how many are under way."""
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, None], name: str) -> "asyncio.Task[None]":
        """Start a piece of work and return its task, which never fails: what goes wrong is logged."""
        if len(self._tasks) >= MOST:
            work.close()
            log.error("follow_up_dropped", work=name)
            work = _nothing()
        task = asyncio.create_task(_guarded(work, name), name=f"follow-up {name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def stand_by(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Start what does something only if another process does not; nobody waits for it in the end."""
        if len(self._standing_by) >= MOST:
            work.close()
            return
        task = asyncio.create_task(_guarded(work, name), name=f"standing by {name}")
        self._standing_by.add(task)
        task.add_done_callback(self._standing_by.discard)

    async def drain(self, seconds: float) -> int:
        """Wait until everything is done, what is started meanwhile too; cancel what is late and return its number."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        # What was only just started begins first, so that its end can be told to it.
        await asyncio.sleep(0)
        while self._tasks and loop.time() < end:
            await asyncio.wait(set(self._tasks), timeout=end - loop.time())
        late = set(self._tasks)
        given_up = late | self._standing_by
        for task in given_up:
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)
        return len(late)


async def _guarded(work: Coroutine[Any, Any, None], name: str) -> None:
    try:
        await work
    except Exception as error:  # one answer that fails must leave a trace and harm no other
        log.exception("follow_up_failed", work=name, kind=type(error).__name__)


async def _nothing() -> None:
    return
