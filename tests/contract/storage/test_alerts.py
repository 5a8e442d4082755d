"""What people know of things that are watched is kept, and each piece of news is told by one process only."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.alerts.model import Alert, AlertState, News, Subject
from core.alerts.repository import ALERTS
from core.alerts.watching import begin_anew, mute, observe, take_due
from core.chat.reply import Reply
from core.ports.storage import Post, Storage
from tests.contract.storage.world import NOON, Place, build_place
from tests.support.clock import HeldClock
from tests.support.databases import DATABASES, fresh_database
from tests.support.storage import make_storage

CUP = Subject("product", 1)
ALERT = Alert(CUP, AlertState.ALERTED, 3, NOON, NOON + timedelta(hours=1))
MANY = 1200


async def kept(place: Place, *numbers: int, kind: str = "product") -> list[Alert]:
    async with place.reading() as work:
        found = await work.of(ALERTS).of(kind, numbers)
    return [found[subject] for subject in sorted(found, key=lambda subject: subject.number)]


async def look(place: Place, wrong: dict[int, bool], *, after: int = 1) -> list[News]:
    async with place.writing() as work:
        return list(await observe(work, "product", wrong, NOON, after=after))


async def test_an_alert_comes_back_as_it_was_kept(here: Place) -> None:
    async with here.writing() as work:
        assert await work.of(ALERTS).keep(ALERT)
        assert await work.of(ALERTS).keep(Alert(Subject("watch", 1)))
    assert await kept(here, 1, 2) == [replace(ALERT, version=1)]
    async with here.writing() as work:
        assert await work.of(ALERTS).keep(replace(ALERT, version=1, since=None, muted_until=None))
    assert await kept(here, 1) == [replace(ALERT, version=2, since=None, muted_until=None)]


async def test_who_read_what_is_no_more_keeps_nothing(here: Place) -> None:
    async with here.writing() as work:
        assert await work.of(ALERTS).keep(ALERT)
        assert not await work.of(ALERTS).keep(replace(ALERT, streak=9))
        assert not await work.of(ALERTS).keep(replace(ALERT, streak=9, version=2))
    assert await kept(here, 1) == [replace(ALERT, version=1)]


async def test_any_number_is_looked_at_at_once_and_what_is_fine_leaves_no_trace(here: Place) -> None:
    news = await look(here, {number: number % 100 == 0 for number in range(1, MANY)})
    assert [one.subject.number for one in news] == list(range(100, MANY, 100))
    assert [alert.subject.number for alert in await kept(here, *range(1, MANY))] == list(range(100, MANY, 100))
    assert await look(here, {100: True, 200: False, 300: False, 101: False}) == [
        News(Subject("product", number), 1, NOON, is_over=True) for number in (200, 300)
    ]


async def test_what_was_rolled_back_was_not_told(here: Place) -> None:
    async with here.storage.workspace(here.id).write() as work:
        assert await observe(work, "product", {1: True}, NOON)
    assert await kept(here, 1) == []
    assert len(await look(here, {1: True})) == 1


async def test_it_is_told_from_so_many_on_unless_it_is_muted(here: Place) -> None:
    assert [len(await look(here, {1: True}, after=3)) for _ in range(4)] == [0, 0, 1, 0]
    async with here.writing() as work:
        await begin_anew(work, CUP)
        await mute(work, CUP, NOON + timedelta(seconds=1))
    assert await look(here, {1: True}) == []
    async with here.writing() as work:
        await mute(work, CUP, None)
    assert await look(here, {1: True}) == [News(CUP, 2, NOON, is_over=False)]
    [alert] = await kept(here, 1)
    async with here.writing() as work:
        await mute(work, CUP, None)
    assert await kept(here, 1) == [alert]


async def test_what_is_put_off_is_taken_once_by_whoever_tells_it(here: Place) -> None:
    async with here.writing() as work:
        assert len(await observe(work, "product", dict.fromkeys(range(1, MANY), True), NOON, later=True)) == MANY - 1
        assert await observe(work, "product", {1: False}, NOON, later=True) == []
        await observe(work, "product", {MANY: True}, NOON + timedelta(seconds=1), later=True)
        await observe(work, "watch", {7: True}, NOON, later=True)
    async with here.writing() as work:
        assert await take_due(work, "product", NOON) == list(range(2, MANY))
        assert await take_due(work, "product", NOON) == []
    assert await look(here, {1: True, 2: True}) == [News(Subject("product", 1), 1, NOON, is_over=False)]
    async with here.writing() as work:
        assert await take_due(work, "product", NOON + timedelta(seconds=1)) == [MANY]


@pytest.fixture(params=DATABASES)
async def copies(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Storage, Storage]]:
    """Two processes' storages on one database."""
    async with fresh_database(request.param, tmp_path) as url:
        one, other = [await make_storage(url=url, clock=HeldClock(NOON)) for _ in range(2)]
        yield one, other
        await other.close()
        await one.close()


async def test_two_processes_that_see_the_same_tell_it_once(copies: tuple[Storage, Storage]) -> None:
    place = await build_place(copies[0], "here")

    async def see(storage: Storage, *, is_wrong: bool) -> None:
        async with storage.workspace(place.id).write() as work:
            for news in await observe(work, "product", {1: is_wrong}, NOON):
                work.outbox.add(Post(Reply(title=f"over: {news.is_over}"), place.general.id), NOON)
            await work.commit()

    for is_wrong in (True, False):
        await asyncio.gather(*(see(storage, is_wrong=is_wrong) for storage in copies * 5))
        assert (await copies[0].outbox.backlog())[0] == (1 if is_wrong else 2)
