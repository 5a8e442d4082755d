"""What the local Slack and the local Discord have in common."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from tests.support.clock import RunningClock
from tests.support.patience import patiently

Found = TypeVar("Found")


class NotShownError(AssertionError):
    """The person looked for something that the message, view or modal does not show."""


class LocalClock:
    """A platform's clock, in seconds since the epoch; `advance` ages what it has given out without waiting."""

    def __init__(self) -> None:
        self._clock = RunningClock()

    def now(self) -> float:
        """Return the platform's time."""
        return self._clock.now().timestamp()

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self._clock.ahead += timedelta(seconds=seconds)


class Watched:
    """Something that people look at until it shows what they wait for."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def changed(self) -> None:
        """Wake whoever waits for something to happen."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, look: Callable[[], Found | None], seconds: float = 30.0, what: str = "it") -> Found:
        """What `look` finds, as soon as it finds something; it is asked again whenever something changed."""
        try:
            async with patiently(seconds):
                while True:
                    changed = self._changed
                    if found := look():
                        return found
                    await changed.wait()
        except TimeoutError:
            raise NotShownError(f"waited {seconds} s and more for {what}") from None
