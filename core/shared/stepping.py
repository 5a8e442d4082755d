"""Long work in plain, blocking code beside an event loop: a thread of its own does it step by step.

The thread is not one of the loop's own pool, because it waits for the loop when it needs more bytes: a full pool of
such threads would wait for each other.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from contextvars import ContextVar
from itertools import chain, islice
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")

_LONGEST_WAIT = 120.0
"""Seconds that a thread waits for the next bytes; a loop that has stopped gives none any more."""


AT_ONCE = 50
"""Rows, or what is as quickly done, between two looks at the clock."""
STRETCH, REST = 0.0004, 0.0001
"""Seconds that a thread computes without a rest, and those of a rest."""
PATIENCE = 0.004
"""Seconds that long work waits for those who are being served: among many there is always one."""

Serving = Callable[[], bool]
"""Tells whether somebody is being served at the moment, who waits for as long only."""


def nobody() -> bool:
    """Tell that nobody is."""
    return False


_is_serving: ContextVar[Serving] = ContextVar("is_serving", default=nobody)


class StepThread:
    """A thread that runs one step of some work at a time, while the event loop goes on."""

    def __init__(self, is_serving: Serving = nobody) -> None:
        """Prepare; the thread starts with the first step, and rests for those who are being served."""
        self._executor = ThreadPoolExecutor(1, "step", _is_serving.set, (is_serving,))

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


def stretches(items: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """Yield items, some at once, and let the thread rest now and then, so that who waits for the interpreter gets it.

    A thread that only computes gives it up every 5 ms, which whoever hops between threads waits for at each hop.
    """
    left, began = iter(items), time.perf_counter()
    while some := list(islice(left, size)):
        yield some
        if time.perf_counter() - began > STRETCH:
            _rest(_is_serving.get())
            began = time.perf_counter()


def _rest(is_serving: Serving) -> None:
    """Rest, and go on resting while somebody is being served."""
    end = time.perf_counter() + PATIENCE
    time.sleep(REST)
    while is_serving() and time.perf_counter() < end:
        time.sleep(REST)


async def give_way(is_serving: Serving) -> None:
    """Wait while somebody is being served, before they are kept from what only one can have."""
    if is_serving():
        await asyncio.to_thread(_rest, is_serving)


def rested(items: Iterable[T]) -> Iterator[T]:
    """Yield the items of `stretches` one by one."""
    return chain.from_iterable(stretches(items))


async def ahead(items: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """Yield items, each of them made while the one before is in use."""
    async with aclosing(items):
        coming = asyncio.ensure_future(_next_of(items))
        try:
            while (item := await coming) is not None:
                coming = asyncio.ensure_future(_next_of(items))
                yield item
        finally:
            coming.cancel()
            await asyncio.wait([coming])


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


async def _next_of(items: AsyncIterator[T]) -> T | None:
    return await anext(items, None)
