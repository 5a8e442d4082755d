"""Who waits comes in order, gives up in time, and leaves nothing behind."""

import asyncio

import pytest

from adapters.storage.engine.waiting import Locks, Permits
from core.ports.storage import StorageUnavailableError

A_WHILE = 60.0


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_so_many_at_a_time_come_in_the_order_in_which_they_asked() -> None:
    permits, came = Permits(2, A_WHILE), list[int]()

    async def come(number: int) -> None:
        await permits.enter()
        came.append(number)

    tasks = [asyncio.create_task(come(number)) for number in range(5)]
    await settle()
    assert (came, permits.waiting) == ([0, 1], 3)
    for number in range(2, 5):
        permits.leave()
        await settle()
        assert came == list(range(number + 1))
    await asyncio.gather(*tasks)


async def test_who_waits_too_long_is_told_and_takes_nothing() -> None:
    permits = Permits(1, 0.0)
    await permits.enter()
    with pytest.raises(StorageUnavailableError) as refused:
        await permits.enter()
    assert (refused.value.reason, permits.waiting) == ("busy", 0)
    permits.leave()
    await permits.enter()


async def test_who_stops_waiting_for_a_lock_lets_the_next_one_pass() -> None:
    locks = Locks(A_WHILE)
    await locks.enter("a")
    impatient, patient = (asyncio.create_task(locks.enter("a")) for _ in range(2))
    await settle()
    impatient.cancel()
    await settle()
    locks.leave("a")
    await patient
    assert locks.waiting == 0


async def test_locks_of_different_keys_do_not_wait_for_each_other() -> None:
    locks = Locks(A_WHILE)
    await locks.enter("a")
    await locks.enter("b")
    waiting = asyncio.create_task(locks.enter("a"))
    await settle()
    assert locks.waiting == 1
    locks.leave("b")
    await settle()
    assert not waiting.done()
    locks.leave("a")
    await waiting
