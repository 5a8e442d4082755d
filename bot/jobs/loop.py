"""A loop that runs a step again and again, woken early when there is something to do, and never dies of one failure."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from core.ports.storage import StorageUnavailableError

log = structlog.get_logger()

PAUSE_AFTER_FAILURE = 5.0
"""Seconds before a failed step is tried again."""
PAUSE_WITHOUT_DATABASE = 1.0
"""Seconds before a step that the database did not let do its work is tried again: it is soon noticed to be back."""


@dataclass(slots=True)
class Loop:
    """Runs `step` every `seconds`, at once after `wake()`, and at once again while the step says that more waits."""

    name: str
    step: Callable[[], Awaitable[bool]]
    seconds: float
    on_failure: Callable[[str], None] | None = None
    """Told the loop's name after each failed step."""
    is_alone: bool = False
    """Whether only one of several processes runs it."""
    prepare: Callable[[], None] | None = None
    """Called each time it is started."""
    can_wait: bool = False
    """Whether its first step comes after the first `seconds`, since a start has more urgent things to do."""
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _task: "asyncio.Task[None] | None" = None

    def start(self) -> None:
        """Start the loop in a task of its own."""
        if self.prepare:
            self.prepare()
        self._task = asyncio.create_task(self._run(), name=f"loop {self.name}")

    def wake(self) -> None:
        """Let the next step begin now."""
        self._wake.set()

    def wake_in(self, seconds: float) -> None:
        """Let a step begin in so many seconds at the latest."""
        asyncio.get_running_loop().call_later(seconds, self.wake)

    async def stop(self) -> None:
        """End the loop, the step under way included."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        if self.can_wait:
            await self._pause(self.seconds)
        while True:
            self._wake.clear()
            try:
                if await self.step():
                    continue
                pause = self.seconds
            except StorageUnavailableError as error:
                log.warning("loop_without_database", loop=self.name, reason=error.reason)
                pause = self._failed(PAUSE_WITHOUT_DATABASE)
            except Exception as error:  # a loop outlives any one failure; the cause is in the log
                log.exception("loop_failed", loop=self.name, kind=type(error).__name__)
                pause = self._failed(PAUSE_AFTER_FAILURE)
            await self._pause(pause)

    def _failed(self, pause: float) -> float:
        if self.on_failure:
            self.on_failure(self.name)
        return pause

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return
