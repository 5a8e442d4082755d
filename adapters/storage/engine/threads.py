"""Threads that own a connection each and serve callers' turns at it, first come first served.

A caller's functions run in the thread one after another, and between two turns no event loop is waited for: while one
caller learns that its commit is on the disk, the next one's statements are already running.
"""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, Protocol, TypeVar

from core.ports.storage import StorageUnavailableError

T = TypeVar("T")


class Lane(Protocol):
    """What a thread owns."""

    def close(self) -> None:
        """Close it, in the thread."""
        ...


L = TypeVar("L", bound=Lane)

_Job = Callable[[L], bool]
"""Done in the thread; tells whether the turn is over."""


class Turn(Generic[L]):
    """One caller's turn: it begins with the first function and is over after the last."""

    def __init__(self, line: "Line[L]") -> None:
        """Prepare to stand in line, which the first function does."""
        self._line = line
        self._jobs: SimpleQueue[_Job[L]] = SimpleQueue()
        # Whoever takes it out decides: a thread, that the turn begins; the caller, that it never will.
        self._ticket = [True]
        self._in_line = False

    def submit(
        self, work: Callable[[L], T], *, is_last: bool = False, done: Callable[[], None] | None = None
    ) -> asyncio.Future[T]:
        """Queue a function and return its result to come; cancelling that does not stop the function.

        `is_last`: the turn is over if it succeeds. `done` is called on the loop if it does, whether or not anybody
        waits. The first function fails with `StorageUnavailableError` when its turn does not come in time.
        """
        if not self._in_line:
            self._line.require_open()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def job(lane: L) -> bool:
            try:
                result = work(lane)
            except BaseException as error:  # why: whoever waits gets it, whatever it is
                _post(loop, _fail, future, error)
                return False
            _post(loop, _settle, future, result, done)
            return is_last

        self._jobs.put(job)
        if not self._in_line:
            self._in_line = True
            timer = loop.call_later(self._line.seconds, self._give_up, future)
            future.add_done_callback(lambda _: timer.cancel())
            self._line.enter(self)
        return future

    def end(self, last: Callable[[L], None]) -> None:
        """Have a function end the turn, unless it is over or never began; nothing is waited for."""

        def job(lane: L) -> bool:
            last(lane)
            return True

        if self._in_line and not self.claim():
            self._jobs.put(job)

    def claim(self) -> bool:
        """Take the ticket, and tell whether it was still there."""
        try:
            return self._ticket.pop()
        except IndexError:
            return False

    def serve(self, lane: L) -> None:
        """Run the turn's functions, in the thread."""
        while not self._jobs.get()(lane):
            pass

    def _give_up(self, future: "asyncio.Future[T]") -> None:
        if self.claim() and not future.done():
            future.set_exception(StorageUnavailableError("busy"))


class Line(Generic[L]):
    """Turns waiting for, or at, one of a few lanes; their threads are started when first needed."""

    def __init__(self, name: str, count: int, seconds: float, open_lane: Callable[[], L]) -> None:
        """Prepare for `count` threads; a turn waits so many seconds at most."""
        self.seconds = seconds
        self.count = count
        self._name = name
        self._open_lane = open_lane
        self._turns: SimpleQueue[Turn[L] | None] = SimpleQueue()
        self._servants: list[_Servant[L]] = []
        self._closed = False

    @property
    def in_use(self) -> int:
        """Return how many lanes somebody is at."""
        return sum(servant.is_busy for servant in self._servants)

    @property
    def waiting(self) -> int:
        """Return how many turns wait."""
        return self._turns.qsize()

    @property
    def served(self) -> int:
        """Return how many turns have begun."""
        return sum(servant.served for servant in self._servants)

    def require_open(self) -> None:
        """Raise `StorageUnavailableError` once closed."""
        if self._closed:
            raise StorageUnavailableError("closed")

    def enter(self, turn: Turn[L]) -> None:
        """Let a turn wait for the next free lane."""
        everybody_busy = self.waiting > 0 or self.in_use == len(self._servants)
        if everybody_busy and len(self._servants) < self.count:
            name = f"{self._name}-{len(self._servants) + 1}"
            self._servants.append(_Servant(name, self._turns, self._open_lane))
        self._turns.put(turn)

    async def close(self) -> None:
        """Serve those in line, within reason, then close the lanes."""
        self._closed = True
        for _ in self._servants:
            self._turns.put(None)
        if self._servants:
            await asyncio.wait([servant.ended for servant in self._servants], timeout=self.seconds)


class _Servant(Generic[L]):
    """A thread with its lane; a daemon, so that a process that ends without closing is not held up."""

    def __init__(self, name: str, turns: "SimpleQueue[Turn[L] | None]", open_lane: Callable[[], L]) -> None:
        self.is_busy = False
        self.served = 0
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[None] = self._loop.create_future()
        threading.Thread(target=self._work, args=(turns, open_lane), name=name, daemon=True).start()

    def _work(self, turns: "SimpleQueue[Turn[L] | None]", open_lane: Callable[[], L]) -> None:
        lane = open_lane()
        try:
            while (turn := turns.get()) is not None:
                if not turn.claim():
                    continue
                self.is_busy = True
                self.served += 1
                turn.serve(lane)
                self.is_busy = False
        finally:
            lane.close()
            _post(self._loop, _settle, self.ended, None, None)


async def in_thread(work: Callable[[], T], name: str) -> T:
    """Run a function in a thread of its own and return its result."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # why: whoever waits gets it, whatever it is
            _post(loop, _fail, future, error)
        else:
            _post(loop, _settle, future, result, None)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await future


def _post(loop: asyncio.AbstractEventLoop, tell: Callable[..., None], *arguments: object) -> None:
    try:
        loop.call_soon_threadsafe(tell, *arguments)
    except RuntimeError:
        # The loop was closed while the function ran: nobody is left to be told.
        return


def _settle(future: "asyncio.Future[T]", result: T, done: Callable[[], None] | None) -> None:
    if done is not None:
        done()
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[T]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
