"""Ctrl-C ends a run, and costs nothing while nobody presses it."""

import asyncio
import signal

import pytest


class Worded:
    """What counts how often it was put into words."""

    times = 0

    def __repr__(self) -> str:
        self.times += 1
        return "worded"


def test_what_a_loop_returns_is_not_put_into_words() -> None:
    worded = Worded()

    async def found() -> Worded:
        return worded

    with asyncio.Runner() as runner:
        assert runner.run(found()) is worded
    assert worded.times == 0


def test_an_interrupt_ends_what_runs() -> None:
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
