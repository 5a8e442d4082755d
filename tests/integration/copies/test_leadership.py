"""What only one process does is done by one at any time, and by another one as soon as that can't any more."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.storage import SqlStorage
from bot.jobs.leadership import Duty, Leadership
from bot.jobs.loop import Loop
from core.ports.leases import LEAD
from core.ports.storage import StorageUnavailableError
from tests.support.databases import DATABASES, STAND_IN, fresh_database
from tests.support.patience import patiently
from tests.support.storage import make_storage

BRIEF = 1.0
"""Seconds of a lease, where only the order of things matters."""
LONG = 20.0
"""Seconds of a lease that does not end by itself in a test."""


@dataclass
class Book:
    """What began and ended, in order, and whether ever two did it at once."""

    entries: list[str] = field(default_factory=list)
    at_it: set[str] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def duty(self, name: str) -> Duty:
        async def begin() -> None:
            assert not self.at_it
            self.at_it.add(name)
            self._write(f"{name} begins")

        async def end() -> None:
            self.at_it.discard(name)
            self._write(f"{name} ends")

        return Duty(name, begin, end)

    def _write(self, entry: str) -> None:
        self.entries.append(entry)
        self.changed.set()

    async def until(self, entry: str) -> None:
        async with patiently():
            while entry not in self.entries:
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture(params=[*DATABASES, STAND_IN])
async def storages(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[list[SqlStorage]]:
    async with fresh_database(request.param, tmp_path) as url:
        opened = [await make_storage(url=url) for _ in range(2)]
        yield opened
        for storage in opened:
            await storage.close()


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
async def pair(storages: list[SqlStorage], book: Book) -> AsyncIterator[list[Leadership]]:
    """Two processes that would lead; the first one does."""
    names = ("one", "other")
    leaders = [
        Leadership(storage.leases, BRIEF, [book.duty(name)]) for storage, name in zip(storages, names, strict=True)
    ]
    for leader in leaders:
        await leader.start()
    yield leaders
    for leader in leaders:
        await leader.stop()


async def test_the_first_one_leads_and_the_other_takes_over_when_it_stops(pair: list[Leadership], book: Book) -> None:
    assert [leader.leads for leader in pair] == [True, False]
    assert book.entries == ["one begins"]
    await pair[0].stop()
    await book.until("other begins")
    assert book.entries == ["one begins", "one ends", "other begins"]
    await pair[1].stop()
    assert book.entries[-1] == "other ends"


async def test_who_leads_goes_on_for_as_long_as_the_lease_is_renewed(pair: list[Leadership], book: Book) -> None:
    for _ in range(3):
        assert not await pair[1].leases.take(LEAD, BRIEF)
        await asyncio.sleep(BRIEF)
    assert book.entries == ["one begins"]


@pytest.mark.parametrize("storages", ["postgresql"], indirect=True)
async def test_who_has_lost_the_database_ends_before_another_one_begins(
    storages: list[SqlStorage], pair: list[Leadership], book: Book
) -> None:
    await storages[0].close()
    await book.until("other begins")
    assert book.entries == ["one begins", "one ends", "other begins"]


class AwayForAWhile:
    """Leases whose database is away when told so."""

    def __init__(self) -> None:
        self.is_away = False
        self.asked = 0
        self.given_back: list[str] = []

    async def take(self, name: str, seconds: float) -> bool:
        self.asked += 1
        if self.is_away:
            raise StorageUnavailableError("cannot_connect")
        return True

    async def give_back(self, name: str) -> None:
        if self.is_away:
            raise StorageUnavailableError("cannot_connect")
        self.given_back.append(name)

    async def count(self, beginning: str) -> int:
        return 1

    async def first(self, what: str, by: str, seconds: float, *, instead_of: str = "") -> str:
        return by


async def test_a_database_that_is_soon_back_ends_nothing(book: Book) -> None:
    leases = AwayForAWhile()
    leader = Leadership(leases, LONG, [book.duty("one")])
    await leader.start()
    leases.is_away = True
    await leader._turn()
    leases.is_away = False
    await leader._turn()
    assert book.entries == ["one begins"]
    leases.is_away = True
    await leader.stop()
    assert book.entries == ["one begins", "one ends"]


async def test_a_database_that_is_away_at_the_start_is_waited_for(book: Book) -> None:
    leases = AwayForAWhile()
    leases.is_away = True
    leader = Leadership(leases, BRIEF, [book.duty("one")])
    await leader.start()
    assert not leader.leads
    leases.is_away = False
    await book.until("one begins")
    await leader.stop()


async def test_it_never_waits_past_the_moment_when_its_duties_have_to_end(book: Book) -> None:
    leader = Leadership(AwayForAWhile(), LONG, [book.duty("one")])
    await leader.start()
    # As after renewals that took their time to fail.
    leader._asked_at -= LONG * 0.7
    assert leader._pause <= LONG * 0.05
    leader._asked_at -= LONG
    assert leader._pause == 0.0
    await leader.stop()


async def test_one_that_is_stopped_while_its_duties_end_ends_them_and_gives_the_lease_back(book: Book) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def end_slowly() -> None:
        begun.set()
        await may_end.wait()
        await book.duty("slow").end()

    leases = AwayForAWhile()
    leader = Leadership(leases, LONG, [Duty("slow", book.duty("slow").begin, end_slowly)])
    await leader.start()
    leases.is_away = True
    leader._asked_at -= LONG
    leader._task = asyncio.create_task(leader._turn())
    await begun.wait()
    leases.is_away = False
    stopping = asyncio.create_task(leader.stop())
    await asyncio.sleep(0)
    may_end.set()
    await stopping
    assert book.entries == ["slow begins", "slow ends"]
    assert leases.given_back == [LEAD]


async def test_a_duty_that_fails_keeps_no_other_from_being_done(book: Book) -> None:
    async def fail() -> None:
        raise OSError

    leader = Leadership(AwayForAWhile(), BRIEF, [Duty("bad", fail, fail), book.duty("good")])
    await leader.start()
    await leader.stop()
    assert book.entries == ["good begins", "good ends"]


async def test_a_duty_that_comes_later_begins_at_once_where_the_others_are_done(book: Book) -> None:
    leader = Leadership(AwayForAWhile(), BRIEF)
    await leader.start()
    await leader.add(book.duty("late"))
    assert book.entries == ["late begins"]
    await leader.stop()


async def test_a_loop_that_is_prepared_each_time_it_is_started() -> None:
    started: list[str] = []

    async def step() -> bool:
        return False

    loop = Loop("boards", step, 60.0, prepare=lambda: started.append("prepared"))
    for _ in range(2):
        loop.start()
        await loop.stop()
    assert started == ["prepared", "prepared"]
