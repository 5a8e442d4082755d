"""Tasks that run to their end, whoever asked for them and whether or not they still wait."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class OwnedTasks:
    """Tasks that are kept until they are done; what went wrong is for those who wait, and nobody else's concern."""

    def __init__(self) -> None:
        """Own none."""
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run something to its end."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)
        return task

    async def ended(self, seconds: float) -> None:
        """Wait until all are done, so long at most."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def _over(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()
