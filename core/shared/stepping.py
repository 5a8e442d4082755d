"""Long work in plain, blocking code beside an event loop: a thread of its own does it step by step.

The thread is not one of the loop's own pool, because it waits for the loop when it needs more bytes: a full pool of
such threads would wait for each other.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")

_LONGEST_WAIT = 120.0
"""Seconds that a thread waits for the next bytes; a loop that has stopped gives none any more."""


class StepThread:
    """A thread that runs one step of some work at a time, while the event loop goes on."""

    def __init__(self) -> None:
        """Prepare; the thread starts with the first step."""
        self._executor = ThreadPoolExecutor(1, "step")

    async def __aenter__(self) -> Self:
        """Open for steps."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the thread end; nobody waits for a step that was given up."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def run(self, step: Callable[[], T]) -> T:
        """Run a step in the thread and return its result; what it raises is raised here."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, step)


def pulled(chunks: AsyncIterator[bytes], taken: Callable[[int], None] = lambda _size: None) -> Iterator[bytes]:
    """Return an iterator for a thread over chunks that the running event loop reads; `taken` hears the size of each."""
    loop = asyncio.get_running_loop()

    def pull() -> Iterator[bytes]:
        while True:
            chunk = asyncio.run_coroutine_threadsafe(_next_of(chunks), loop).result(_LONGEST_WAIT)
            if chunk is None:
                return
            taken(len(chunk))
            yield chunk

    return pull()


async def _next_of(chunks: AsyncIterator[bytes]) -> bytes | None:
    return await anext(chunks, None)
