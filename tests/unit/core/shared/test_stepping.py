"""Long work in a thread leaves the interpreter to others now and then; what comes next is made ahead."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from core.shared.stepping import AT_ONCE, PATIENCE, REST, STRETCH, StepThread, ahead, give_way, rested, stretches


def test_items_come_in_order_with_a_rest_after_each_stretch_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    now, rests = 0.0, list[float]()
    monkeypatch.setattr("core.shared.stepping.time.perf_counter", lambda: now)
    monkeypatch.setattr("core.shared.stepping.time.sleep", rests.append)
    seen: list[int] = []
    for some in stretches(range(5 * AT_ONCE + 1)):
        assert len(rests) == len(seen) // (2 * AT_ONCE)
        seen += some
        now += 0.6 * STRETCH
    assert seen == list(range(5 * AT_ONCE + 1))
    assert rests == [REST] * 3


@pytest.mark.parametrize(("seconds", "resting"), [(0.0, REST), (10.5 * REST, 11 * REST), (9.0, PATIENCE)])
async def test_a_rest_lasts_while_somebody_is_being_served_though_not_for_good(
    monkeypatch: pytest.MonkeyPatch, seconds: float, resting: float
) -> None:
    now = 0.0

    def sleep(duration: float) -> None:
        nonlocal now
        now += duration

    def work() -> float:
        nonlocal now
        for _ in stretches(range(AT_ONCE)):
            now = 2 * STRETCH
        return now - 2 * STRETCH

    monkeypatch.setattr("core.shared.stepping.time.perf_counter", lambda: now)
    monkeypatch.setattr("core.shared.stepping.time.sleep", sleep)
    async with StepThread(lambda: now < 2 * STRETCH + seconds) as thread:
        assert await thread.run(work) == pytest.approx(resting, abs=REST)
    now = 0.0
    await give_way(lambda: now < seconds)
    assert now == pytest.approx(resting if seconds else 0.0, abs=REST)


def test_what_is_given_one_by_one_is_taken_some_at_once() -> None:
    assert list(rested(iter(range(AT_ONCE + 1)))) == list(range(AT_ONCE + 1))


class Made:
    """Numbers, and which of them are made by now."""

    def __init__(self, count: int, fails_at: int = -1) -> None:
        self.made: list[int] = []
        self.is_closed = False
        self._count = count
        self._fails_at = fails_at

    async def items(self) -> AsyncGenerator[int]:
        try:
            for number in range(1, self._count + 1):
                await asyncio.sleep(0)
                if number == self._fails_at:
                    raise LookupError
                self.made.append(number)
                yield number
        finally:
            self.is_closed = True


async def test_an_item_is_made_while_the_one_before_is_in_use_and_no_further_one() -> None:
    work, used = Made(4), []
    async for item in ahead(work.items()):
        for _ in range(10):
            await asyncio.sleep(0)
        assert work.made[-1] == min(item + 1, 4)
        used.append(item)
    assert used == [1, 2, 3, 4]
    assert work.is_closed


async def test_who_stops_in_the_middle_ends_what_makes_the_items() -> None:
    work = Made(4)
    async with aclosing(ahead(work.items())) as items:
        assert await anext(items) == 1
    assert work.is_closed
    assert len(work.made) < 4


async def test_what_goes_wrong_ahead_is_told_once_its_turn_has_come() -> None:
    items = ahead(Made(4, fails_at=3).items())
    assert [await anext(items), await anext(items)] == [1, 2]
    with pytest.raises(LookupError):
        await anext(items)
