"""Several processes on one database: each hears of the others' commits, and a lease is one process's at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.storage import SqlStorage
from adapters.storage.engine.database import Once
from adapters.storage.engine.statements import Statements
from core.chat.reply import Reply
from core.chat.request import ChannelKind, Platform
from core.jobs.model import NewJob
from core.people.model import Role
from core.ports.storage import Committed, Post
from core.shared.events import Event
from tests.contract.storage.world import NOON
from tests.support.clock import HeldClock
from tests.support.databases import DATABASES, STAND_IN, fresh_database
from tests.support.patience import patiently
from tests.support.polling import looked_for_often
from tests.support.storage import make_storage


@dataclass
class Listener:
    """What a process heard, and how often it may have missed something."""

    heard: list[Committed] = field(default_factory=list)
    missed: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def follow(self, storage: SqlStorage) -> None:
        storage.watch(self._hear, self._miss)
        storage.follow()

    def _hear(self, committed: Committed) -> None:
        self.heard.append(committed)
        self.changed.set()

    def _miss(self) -> None:
        self.missed += 1
        self.changed.set()

    @property
    def kinds(self) -> list[str]:
        return [event.kind for committed in self.heard for event in committed.events]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with patiently():
            while not holds():
                self.changed.clear()
                await self.changed.wait()


@dataclass
class Copies:
    """Two processes' storages on one database, with a workspace and a console channel in it."""

    one: SqlStorage
    other: SqlStorage
    workspace_id: int = 0
    channel_id: int = 0
    member_id: int = 0

    async def make(self) -> None:
        workspace = await self.one.system.ensure_default_workspace(zone="UTC", currency="EUR", locale="en", at=NOON)
        space = await self.one.system.ensure_space(workspace.id, Platform.WEB, "console", "Console", NOON)
        self.workspace_id = workspace.id
        async with self.one.workspace(workspace.id).write() as work:
            channel = await work.channels.ensure(space.id, "general", "general", ChannelKind.PUBLIC, NOON)
            self.member_id = await work.members.add("Ann", Role.MEMBER, at=NOON)
            await work.commit()
        self.channel_id = channel.id

    async def record(self, storage: SqlStorage, *events: Event) -> None:
        async with storage.workspace(self.workspace_id).write() as work:
            for event in events:
                work.events.record(event)
            await work.commit()

    async def listening(self) -> Listener:
        """A listener at the other process that surely hears already."""
        listener = Listener()
        listener.follow(self.other)
        async with patiently():
            while not listener.heard and not listener.missed:
                await self.record(self.one, _event("test.knock"))
                await asyncio.sleep(0.05)
            listener.heard.clear()
            await self.record(self.one, _event("test.begins"))
        await listener.until(lambda: "test.begins" in listener.kinds)
        listener.heard.clear()
        listener.missed = 0
        return listener


def _event(kind: str, number: int = 1, note: str = "") -> Event:
    return Event(kind, NOON, 7, 3, {"number": number, "assignees": [3, 4], "note": note})


@pytest.fixture(params=[*DATABASES, STAND_IN])
async def copies(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Copies]:
    with looked_for_often():
        async with fresh_database(request.param, tmp_path) as url:
            one, other = [await make_storage(url=url, clock=HeldClock(NOON)) for _ in range(2)]
            made = Copies(one, other)
            await made.make()
            yield made
            await other.close()
            await one.close()


async def test_a_process_hears_what_another_one_commits(copies: Copies) -> None:
    listener = await copies.listening()
    async with copies.one.workspace(copies.workspace_id).write() as work:
        work.events.record(_event("task.added", note="it's “quoted” \\ \n €"))
        work.outbox.add(Post(Reply(title="hello"), channel_id=copies.channel_id), NOON)
        await work.messages.post(copies.channel_id, author_id=None, text="hello", at=NOON)
        await work.jobs.queue(NewJob("wait", {}, copies.member_id, copies.channel_id), NOON)
        await work.commit()
    await listener.until(lambda: bool(listener.kinds) and any(committed.channels for committed in listener.heard))
    assert listener.heard[-1] == Committed(
        copies.workspace_id,
        (_event("task.added", note="it's “quoted” \\ \n €"),),
        has_posts=True,
        channels=frozenset({copies.channel_id}),
        has_jobs=True,
    )


async def test_a_process_is_told_that_it_may_have_missed_what_came_before_it_began_to_hear(copies: Copies) -> None:
    listener = Listener()
    listener.follow(copies.other)
    await copies.record(copies.one, _event("task.added"))
    await listener.until(lambda: listener.missed > 0)
    await copies.record(copies.one, _event("task.done"))
    await listener.until(lambda: "task.done" in listener.kinds)
    assert listener.kinds in (["task.done"], ["task.added", "task.done"])


async def test_what_is_rolled_back_is_never_heard_of(copies: Copies) -> None:
    listener = await copies.listening()
    async with copies.one.workspace(copies.workspace_id).write() as work:
        work.events.record(_event("task.added"))
        await work.members.all()
    await copies.record(copies.one, _event("task.done"))
    await listener.until(lambda: bool(listener.heard))
    assert listener.kinds == ["task.done"]


async def test_of_very_much_at_once_it_is_heard_that_there_is_more(copies: Copies) -> None:
    listener = await copies.listening()
    await copies.record(copies.one, *(_event("task.added", number, "x" * 50) for number in range(800)))
    await listener.until(lambda: listener.missed > 0)
    assert listener.kinds == []
    await copies.record(copies.one, _event("task.done"))
    await listener.until(lambda: "task.done" in listener.kinds)


async def test_a_process_is_told_of_its_own_commits_at_once_and_does_not_wait_for_news(copies: Copies) -> None:
    own = Listener()
    copies.one.watch(own._hear)
    await copies.record(copies.one, _event("task.added"))
    assert own.kinds == ["task.added"]


async def test_many_commits_of_many_writers_are_all_heard(copies: Copies) -> None:
    listener = await copies.listening()
    await asyncio.gather(*(copies.record(copies.one, _event("task.added", number)) for number in range(100)))
    await listener.until(lambda: len(listener.kinds) >= 100)
    numbers = {event.payload["number"] for committed in listener.heard for event in committed.events}
    assert numbers == set(range(100))


# ---------------------------------------------------------------- leases


async def test_a_lease_is_one_process_s_until_it_gives_it_back(copies: Copies) -> None:
    one, other = copies.one.leases, copies.other.leases
    assert await one.take("lead", 60)
    assert await one.take("lead", 60)
    assert not await other.take("lead", 60)
    await other.give_back("lead")
    assert not await other.take("lead", 60)
    await one.give_back("lead")
    assert await other.take("lead", 60)
    assert not await one.take("lead", 60)


async def test_of_many_who_want_a_lease_at_once_one_gets_it(copies: Copies) -> None:
    takes = [leases.take("lead", 60) for leases in (copies.one.leases, copies.other.leases) for _ in range(5)]
    got = await asyncio.gather(*takes)
    assert len({any(got[:5]), any(got[5:])}) == 2
    assert sum(got) == 5


@pytest.mark.parametrize("copies", ["postgresql", STAND_IN], indirect=True)
async def test_a_lease_that_is_not_renewed_goes_to_whoever_asks_next(copies: Copies) -> None:
    assert await copies.one.leases.take("lead", -1)
    assert await copies.other.leases.take("lead", 60)
    assert not await copies.one.leases.take("lead", 60)


@pytest.mark.parametrize("copies", ["postgresql", STAND_IN], indirect=True)
async def test_leases_of_a_kind_are_counted_whoever_has_them(copies: Copies) -> None:
    one, other = copies.one.leases, copies.other.leases
    await one.take("executor:1", 60)
    await other.take("executor:2", 60)
    await other.take("executor:3", -1)
    await one.take("executors", 60)
    assert [await leases.count("executor:") for leases in (one, other)] == [2, 2]


@pytest.mark.parametrize("copies", ["postgresql", STAND_IN], indirect=True)
async def test_one_process_is_the_first_at_something_and_the_others_are_told_which(copies: Copies) -> None:
    one, other = copies.one.leases, copies.other.leases
    told = await asyncio.gather(one.first("answer d1", "one", 60), other.first("answer d1", "other", 60))
    assert told[0] == told[1]
    assert await one.first("answer d2" * 100, "one", 60) == "one"
    assert await other.first("answer d2" * 100, "other", 60) == "one"


async def test_who_is_first_is_so_for_a_while_and_may_hand_it_on(copies: Copies) -> None:
    leases = copies.one.leases
    assert await leases.first("answer d3", "one", -1) == "one"
    assert await leases.first("answer d3", "other", 60) == "other"
    assert await leases.first("answer d3", "other", 60) == "other"
    assert await leases.first("answer d3", "one", 60, instead_of="somebody") == "other"
    assert await leases.first("answer d3", "done", 60, instead_of="other") == "done"
    assert await leases.first("answer d3", "other", 60) == "done"


# ---------------------------------------------------------------- when the connection is lost


@pytest.mark.parametrize("copies", ["postgresql"], indirect=True)
async def test_after_its_connection_was_lost_a_process_is_told_that_it_may_have_missed_news(
    copies: Copies,
) -> None:
    listener = await copies.listening()
    cut = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%LISTEN%' AND pid <> :own")
    own = sa.text("SELECT pg_backend_pid()")

    def cut_off(db: Statements) -> None:
        db.execute(cut, {"own": db.execute(own).scalar()}).all()

    await Once(copies.one._database).write(cut_off)
    await listener.until(lambda: listener.missed > 0)
    await copies.record(copies.one, _event("task.done"))
    await listener.until(lambda: bool(listener.heard))
    assert listener.kinds == ["task.done"]


@pytest.mark.parametrize("copies", ["postgresql"], indirect=True)
async def test_letters_that_are_no_news_are_taken_for_news_that_was_missed(copies: Copies) -> None:
    listener = await copies.listening()
    tell = sa.text("SELECT pg_notify('quartermaster', :letters)")
    for letters in ("", "no news", "W10=", "bnVsbA==", "WyJhIiwgMSwgMiwgMywgNF0="):
        already = listener.missed
        await Once(copies.one._database).write(partial(_said, tell.bindparams(letters=letters)))
        await listener.until(partial(_is_more, listener, already))
    assert listener.heard == []


def _said(words: sa.TextClause, db: Statements) -> None:
    db.execute(words)


def _is_more(listener: Listener, already: int) -> bool:
    return listener.missed > already
