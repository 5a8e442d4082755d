"""What is held back after a restore stays until somebody says what is to become of it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.storage import SqlStorage
from adapters.storage.engine.database import Once
from adapters.storage.system.held_back import HeldBack, hold_back
from core.boards.model import Board
from core.chat.reply import Reply
from core.jobs.model import JobState, NewJob
from core.ports.keeping import Held
from core.ports.storage import OutboxState, Post
from core.tasks.repository import TASKS
from tests.contract.storage.world import NOON, Place, build_place
from tests.support.clock import HeldClock
from tests.support.databases import DATABASES, fresh_storage

LATER = NOON + timedelta(hours=1)


@pytest.fixture(params=DATABASES)
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlStorage]:
    async with fresh_storage(request.param, tmp_path, clock=HeldClock(NOON)) as opened:
        yield opened


@pytest.fixture
async def place(storage: SqlStorage) -> Place:
    """A workspace with posts waiting and under way, reminders due and to come, boards settled and not."""
    place = await build_place(storage, "here")
    async with place.writing() as work:
        for channel in (place.general, place.board):
            work.outbox.add(Post(Reply(text=(f"to {channel.name}",)), channel_id=channel.id), NOON)
    await storage.outbox.claim(NOON, 1)
    async with place.writing() as work:
        await work.boards.put(_board(place, place.general.id, "settled", message="M1"))
        await work.boards.put(_board(place, place.board.id, "under way"))
        await work.boards.put(_board(place, place.direct.id, "moved", message="M3", retired=("M2",)))
    await place.add(
        place.task(1, remind_at=NOON - timedelta(days=30)),
        place.task(2, remind_at=NOON),
        place.task(3, remind_at=LATER),
        place.task(4),
    )
    return place


def _board(place: Place, channel_id: int, board_id: str, *, message: str = "", retired: tuple[str, ...] = ()) -> Board:
    return Board(board_id, place.id, channel_id, "task", "status", place.ann, NOON, message=message, retired=retired)


async def _hold(storage: SqlStorage) -> Held:
    return await Once(storage._database).write(lambda db: hold_back(db, NOON))


def _held(storage: SqlStorage) -> HeldBack:
    return HeldBack(storage._database)


async def test_nothing_of_it_happens_and_what_is_new_does(storage: SqlStorage, place: Place) -> None:
    assert await _hold(storage) == Held(posts=2, reminders=2, boards=2) == await _held(storage).count()
    assert not await storage.outbox.claim(LATER, 10)
    assert (await storage.outbox.backlog())[0] == 0
    due = await storage.system.due(TASKS, LATER, 10)
    assert [number for _, number in due] == [3]
    assert [board.id for board in await storage.system.boards()] == ["settled"]
    async with place.writing() as work:
        work.outbox.add(Post(Reply(text=("new",)), channel_id=place.general.id), NOON)
    (item,) = await storage.outbox.claim(LATER, 10)
    assert item.post.reply.text == Reply(text=("new",)).text


async def test_people_are_not_told_of_an_instant_that_never_comes(storage: SqlStorage, place: Place) -> None:
    await _hold(storage)
    task = await place.find(1)
    assert task
    assert task.remind_at is None


async def test_what_is_released_goes_its_way_after_looking_whether_it_arrived(
    storage: SqlStorage, place: Place
) -> None:
    await _hold(storage)
    assert await _held(storage).release(LATER) == Held(posts=2, reminders=2, boards=2)
    assert await _held(storage).count() == Held()
    items = await storage.outbox.claim(LATER, 10)
    assert [(item.state, item.attempts) for item in items] == [(OutboxState.SENDING, 0)] * 2
    due = await storage.system.due(TASKS, LATER, 10)
    assert {number for _, number in due} == {1, 2, 3}
    assert len(await storage.system.boards()) == 3


async def test_what_is_dropped_never_does(storage: SqlStorage, place: Place) -> None:
    await _hold(storage)
    async with place.writing() as work:
        assert await work.boards.of(place.board.id, "task")
    assert await _held(storage).drop(LATER) == Held(posts=2, reminders=2, boards=2)
    assert await _held(storage).count() == Held()
    assert not await storage.outbox.claim(LATER, 10)
    due = await storage.system.due(TASKS, LATER, 10)
    assert [number for _, number in due] == [3]
    async with place.reading() as work:
        assert await work.boards.of(place.board.id, "task") is None
        assert await work.boards.of(place.general.id, "task")


async def test_jobs_that_were_not_over_wait_until_somebody_asks_for_them_again(
    storage: SqlStorage, place: Place
) -> None:
    async with place.writing() as work:
        for seconds in (1, 2):
            await work.jobs.queue(NewJob("wait", {"seconds": seconds}, place.ann, place.general.id), NOON)
        await work.jobs.claim(2, "a run", NOON)
    await _hold(storage)
    assert list(await storage.system.jobs_open(JobState.QUEUED, 10)) == []
    async with place.writing() as work:
        assert [await work.jobs.claim(number, "another", LATER) for number in (1, 2)] == [None, None]
        assert await work.jobs.ask_again(2, LATER, {})
    assert [ref.number for ref, _ in await storage.system.jobs_open(JobState.QUEUED, 10)] == [2]


async def test_where_nothing_is_under_way_nothing_is_held(storage: SqlStorage) -> None:
    assert await _hold(storage) == Held()
