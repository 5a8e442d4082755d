"""What several processes were told is answered by one of them later, or by acknowledgements, of which one counts."""

import asyncio
from pathlib import Path

import pytest

from adapters.platforms.slack.turns import Turn, Turns
from adapters.storage.system.file_leases import FileLeases
from core.ports.storage import StorageUnavailableError
from tests.support.patience import patience

LONG, SHORT = 60.0, 0.03


def pair(seconds: float = LONG) -> tuple[Turns, Turns]:
    """Two processes that share what decides."""
    leases = FileLeases(Path("none"))
    return Turns(leases, seconds, LONG), Turns(leases, seconds, LONG)


async def test_any_number_may_answer_by_their_acknowledgements_but_then_nobody_later() -> None:
    one, other = pair()
    assert [await turns.at_once("d") for turns in (one, other, one)] == [True, True, True]
    assert [await turns.later("d") for turns in (one, other)] == [Turn.AT_ONCE, Turn.AT_ONCE]


async def test_where_one_answers_later_no_acknowledgement_is_an_answer() -> None:
    one, other = pair()
    assert await one.later("d") is Turn.OURS
    assert await other.later("d") is Turn.OTHERS
    assert [await turns.at_once("d") for turns in (one, other)] == [False, False]
    async with one.kept("d"):
        assert await one.later("d") is Turn.OURS
    assert [await turns.at_once("d") for turns in (one, other)] == [False, False]
    assert await other.later("d") is Turn.ANSWERED


async def test_a_turn_is_prolonged_while_an_answer_is_on_its_way() -> None:
    seconds = patience(0.4)
    one, other = pair(seconds)
    assert await one.later("d") is Turn.OURS
    async with one.kept("d"):
        waiting = asyncio.create_task(other.falls_to_us("d"))
        await asyncio.sleep(2.5 * seconds)
        assert not waiting.done()
    assert not await waiting


async def test_the_turn_of_who_was_killed_falls_to_one_of_those_who_stand_by() -> None:
    one, other = pair(SHORT)
    third = Turns(one.leases, SHORT, LONG)
    assert await one.later("d") is Turn.OURS
    with pytest.raises(asyncio.CancelledError):
        async with one.kept("d"):
            raise asyncio.CancelledError
    assert sorted(await asyncio.gather(answered(other), answered(third))) == [False, True]


async def answered(turns: Turns) -> bool:
    """Stand by, and answer where the turn falls to us; tell whether it did."""
    falls = await turns.falls_to_us("d")
    if falls:
        async with turns.kept("d"):
            pass
    return falls


class Away(FileLeases):
    """No database, or one that does not answer."""

    def __init__(self, hangs: bool) -> None:
        super().__init__(Path("none"))
        self._hangs = hangs

    async def first(self, what: str, by: str, seconds: float, *, instead_of: str = "") -> str:
        if self._hangs:
            await asyncio.Event().wait()
        raise StorageUnavailableError("cannot_connect")


@pytest.mark.parametrize("hangs", [False, True])
async def test_that_there_is_no_database_is_said_in_time_and_rather_twice_than_never(hangs: bool) -> None:
    turns = Turns(Away(hangs), LONG, SHORT)
    assert await turns.at_once("d")
    assert await turns.soon("d") is Turn.OURS
