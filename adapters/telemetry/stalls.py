"""Measures how late the event loop is."""

import asyncio
from collections.abc import Callable

_INTERVAL = 0.05


class StallMeter:
    """Sleeps for a short while, over and over, and reports by how much each sleep was too long.

    Use it as an async context manager: its task lives as long as the block.
    """

    def __init__(self, report: Callable[[float], None], interval: float = _INTERVAL) -> None:
        """Keep where to report; `interval` in seconds."""
        self._report = report
        self._interval = interval
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "StallMeter":
        """Start measuring."""
        self._task = asyncio.create_task(self._measure(), name="event-loop-stalls")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop measuring."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _measure(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + self._interval
            await asyncio.sleep(self._interval)
            self._report(max(0.0, loop.time() - due))
