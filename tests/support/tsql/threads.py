"""The threads in which the stand-in is used: what waits for nobody is not sent there and back, for that is dear."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from tests.support.tsql.driver import waits_for_nobody


class Threads(ThreadPoolExecutor):
    """Does at once, for whoever asks, what waits for nobody; the answer comes by the loop's next turn all the same."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        """Do a call of aioodbc's, or have a thread do it."""
        if not (isinstance(work, partial) and waits_for_nobody(work.func, work.args)):
            return super().submit(work, *args, **named)
        done: Future[Any] = Future()
        try:
            done.set_result(work())
        except Exception as error:  # whatever it was: it is the asker's, as from a thread
            done.set_exception(error)
        return done
