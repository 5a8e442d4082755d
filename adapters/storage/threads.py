"""A thread that owns one connection and does what it is given, in order."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")

_Outcome = Callable[[Any, BaseException | None], None]
_Job = tuple[Callable[[], Any], _Outcome]


class WorkThread:
    """Runs functions one at a time, first come first served; a hop there and back costs tens of microseconds."""

    def __init__(self, name: str) -> None:
        """Start the thread; a daemon, so that a process that dies without closing is not held up."""
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[], T], done: Callable[[T], None] | None = None) -> asyncio.Future[T]:
        """Queue a function and return its result to come; cancelling that does not stop the function.

        `done` is called on the loop with the result of a function that succeeded, whether or not anybody waits.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(result: Any, error: BaseException | None) -> None:
            if error is None and done is not None:
                done(result)
            if future.cancelled():
                return
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

        def outcome(result: Any, error: BaseException | None) -> None:
            try:
                loop.call_soon_threadsafe(settle, result, error)
            except RuntimeError:
                # The loop was closed while the function ran: nobody is left to be told.
                return

        self._jobs.put((work, outcome))
        return future

    async def stop(self, last: Callable[[], None]) -> None:
        """Run what is queued, then `last`, and end the thread."""
        finished = self.submit(last)
        self._jobs.put(None)
        try:
            await finished
        finally:
            self._thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            work, outcome = job
            try:
                result = work()
            except BaseException as error:  # why: whoever waits gets it, whatever it is
                outcome(None, error)
            else:
                outcome(result, None)
            # Neither a result nor an error is kept alive until the next job comes.
            del job, work, outcome
            result = None
