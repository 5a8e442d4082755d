"""What is added to a database is looked for until it was seen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from adapters.storage import SqlStorage
from adapters.storage.engine.database import DatabaseTransaction
from adapters.storage.engine.dialects.sqlite_database import READERS, SqliteDatabase
from adapters.storage.engine.limits import Limits
from adapters.storage.engine.news import Listener
from adapters.storage.engine.polled_news import MOST, PolledNews
from adapters.storage.schema.tables import events
from core.ports.storage import Committed
from core.shared.events import Event
from tests.contract.storage.world import NOON
from tests.support.patience import patiently
from tests.support.storage import fresh_url, make_storage

"""Seconds after which news that has not come is missing."""


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[SqlStorage]:
    made = await make_storage(url=fresh_url(tmp_path))
    yield made
    await made.close()


@pytest.fixture
async def database(storage: SqlStorage, tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    """The same file, as another process sees it; who waits for a connection there soon gives up."""
    made = SqliteDatabase(f"sqlite+aiosqlite:///{tmp_path / 'quartermaster.db'}", Limits(reader=0.01))
    yield made
    await made.close()


class Told:
    """What was told, in order: the kind of an event, or that something may have been missed."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.changed = asyncio.Event()

    @property
    def listener(self) -> Listener:
        return Listener(self._hear, lambda: self._add("missed"))

    def _hear(self, committed: Committed) -> None:
        for event in committed.events:
            self._add(event.kind)

    def _add(self, word: str) -> None:
        self.words.append(word)
        self.changed.set()

    async def has(self, count: int) -> list[str]:
        async with patiently():
            while len(self.words) < count:
                self.changed.clear()
                await self.changed.wait()
        return self.words


async def followed(tail: PolledNews, count: int) -> list[str]:
    """Follow until so much was told."""
    told = Told()
    following = asyncio.create_task(tail.follow(told.listener))
    try:
        return await told.has(count)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def record(storage: SqlStorage, count: int = 1) -> None:
    workspace = await storage.system.ensure_default_workspace(zone="UTC", currency="EUR", locale="en", at=NOON)
    async with storage.workspace(workspace.id).write() as work:
        for _ in range(count):
            work.events.record(Event("task.added", NOON, 7, 3, {}))
        await work.commit()


def moving(*answers: Callable[[], Awaitable[bool]]) -> Callable[[], Awaitable[bool]]:
    """Answer one after the other, and then that nothing has moved."""
    remaining = iter(answers)

    async def has_moved() -> bool:
        answer = next(remaining, None)
        return await answer() if answer else False

    return has_moved


async def _no() -> bool:
    return False


async def test_a_look_that_failed_is_taken_again_though_nothing_moves_any_more(
    storage: SqlStorage, database: SqliteDatabase
) -> None:
    await record(storage)
    held: list[DatabaseTransaction] = []

    async def added_while_everybody_is_busy() -> bool:
        await record(storage)
        for _ in range(READERS):
            held.append(database.reader())
            await held[-1].run(lambda db: db.execute(events.select().limit(1)).all())
        asyncio.get_running_loop().call_later(0.1, release.set)
        return True

    async def free() -> None:
        await release.wait()
        for transaction in held:
            await transaction.end()

    release = asyncio.Event()
    freeing = asyncio.create_task(free())
    tail = PolledNews(database, moving(_no, added_while_everybody_is_busy), seconds=0.01)
    assert await followed(tail, 2) == ["missed", "task.added"]
    await freeing


@pytest.mark.parametrize("count", [MOST - 1, MOST])
async def test_what_is_too_much_to_tell_is_told_as_missed(
    storage: SqlStorage, database: SqliteDatabase, count: int
) -> None:
    await record(storage)

    async def added() -> bool:
        await record(storage, count)
        return True

    words = await followed(PolledNews(database, moving(_no, added), seconds=0.01), 2)
    assert set(words[1:]) == {"missed" if count == MOST else "task.added"}
