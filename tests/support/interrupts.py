"""Ctrl-C in the tests' own process."""

import signal
from types import FrameType


def interrupt_plainly() -> None:
    """End the run on Ctrl-C by a handler of our own, so that asyncio puts in and takes out none.

    To do so it asks for the one in force, and Python words each handler it is asked for: asyncio's with the task and
    with what that returned, in a fixture the whole product, in most of the time of a test.
    """
    signal.signal(signal.SIGINT, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    signal.default_int_handler(number, frame)
