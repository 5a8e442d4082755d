"""Long work in plain, blocking code beside an event loop: a thread of its own does it step by step.

The thread is not one of the loop's own pool, because it waits for the loop when it needs more bytes: a full pool of
such threads would wait for each other.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")

_LONGEST_WAIT = 120.0
"""Seconds that a thread waits for the next bytes; a loop that has stopped gives none any more."""


AT_A_STRETCH = 100
"""Rows, or what is as quickly done, between two rests."""
REST = 0.0001
"""Seconds."""


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


def rested(items: Iterable[T]) -> Iterator[T]:
    """Yield items, and let the thread rest now and then, so that those who wait for the interpreter get it.

    A thread that only computes gives it up every 5 ms, which whoever hops between threads waits for at each hop.
    """
    for count, item in enumerate(items, 1):
        yield item
        if not count % AT_A_STRETCH:
            time.sleep(REST)


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
