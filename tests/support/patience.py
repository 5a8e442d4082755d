"""How long tests wait for what has to come: longer where the machine is slow or busy.

A limit is there to end what hangs; it says nothing of speed, which is the benchmarks' subject. It is written down as
what is generous on a quiet machine, and grows with how much slower this one is found to be.
"""

import asyncio
import inspect
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

Found = TypeVar("Found")

_PIECE_SECONDS = 0.005
"""What the piece of work below takes on a quiet core of the machine that the limits were written on."""
_FRESH_SECONDS = 5.0
"""How long a finding is good."""
_MOST = 20.0

_found = (float("-inf"), 1.0)
"""When the machine was looked at last, and how slow it was."""


def patience(seconds: float) -> float:
    """Return a limit for what takes `seconds` at most on a quiet machine."""
    return seconds * slowness()


def patiently(seconds: float = 30.0) -> asyncio.Timeout:
    """Let the block take `seconds`, on a quiet machine."""
    return asyncio.timeout(patience(seconds))


@overload
async def until(look: Callable[[], Awaitable[Found | None]], seconds: float = 30.0, what: str = "it") -> Found: ...
@overload
async def until(look: Callable[[], Found | None], seconds: float = 30.0, what: str = "it") -> Found: ...
async def until(look: Callable[[], Any], seconds: float = 30.0, what: str = "it") -> Any:
    """Return what `look` finds as soon as it finds something; for what nothing tells of when it happens."""
    limit = patience(seconds)
    try:
        async with asyncio.timeout(limit):
            while True:
                found = look()
                if inspect.isawaitable(found):
                    found = await found
                if found:
                    return found
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"waited {limit:.0f} s for {what}") from None


def slowness() -> float:
    """Return how many times longer things take here and now than on a quiet machine; 1 at least."""
    global _found
    looked_at, slow = _found
    if time.monotonic() - looked_at > _FRESH_SECONDS:
        slow = min(max(_measured(), 1.0), _MOST)
        _found = time.monotonic(), slow
    return slow


def _measured() -> float:
    """Measure a piece of work: by the clock, and by its processor time times how many wait for each processor."""
    began, begun = time.perf_counter(), time.process_time()
    sum(number * number for number in range(100_000))
    taken, worked = time.perf_counter() - began, time.process_time() - begun
    return max(taken, worked * max(_crowd(), 1.0)) / _PIECE_SECONDS


def _crowd() -> float:
    """Return how many processes want each processor, now or in the last minute."""
    try:
        waiting = max(os.getloadavg()[0], _runnable())
    except OSError:
        return 1.0
    return waiting / (os.cpu_count() or 1)


def _runnable() -> float:
    """Return how many processes could run at this moment, where the system tells."""
    try:
        with open("/proc/loadavg", encoding="ascii") as file:
            return float(file.read().split()[3].partition("/")[0])
    except (OSError, ValueError, IndexError):
        return 0.0
