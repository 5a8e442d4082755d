"""What the local Slack and the local Discord have in common."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class NotShownError(AssertionError):
    """The person looked for something that the message, view or modal does not show."""


class Watched:
    """Something that people look at until it shows what they wait for."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def changed(self) -> None:
        """Wake whoever waits for something to happen."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, look: Callable[[], Found | None], timeout: float = 5.0, what: str = "it") -> Found:
        """What `look` finds, as soon as it finds something; it is asked again whenever something changed."""
        try:
            async with asyncio.timeout(timeout):
                while True:
                    changed = self._changed
                    if found := look():
                        return found
                    await changed.wait()
        except TimeoutError:
            raise NotShownError(f"waited {timeout} s for {what}") from None
