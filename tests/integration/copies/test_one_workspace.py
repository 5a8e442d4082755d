"""What two processes keep in memory of one workspace: each hears of what the other changed, and makes nobody twice."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.relay import Relay
from core.chat.reply import Reply
from core.chat.request import ChannelKind, ChannelRef, Platform, UserRef
from core.chat.text import Code
from core.ports.storage import Committed, Post
from tests.support.clock import HeldClock
from tests.support.databases import DATABASES, STAND_IN, fresh_database
from tests.support.patience import patiently
from tests.support.polling import looked_for_often
from tests.unit.bot.stage import Stage, staged

SHOP = ChannelRef("C1", "shop", ChannelKind.PUBLIC)
SLACK: dict[str, Any] = {"platform": Platform.SLACK, "channel": SHOP}


@pytest.fixture(params=[*DATABASES, STAND_IN])
async def copies(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Stage, Stage]]:
    """Two copies of the application, of which each hears of the other's commits."""
    clock = HeldClock()
    async with (
        fresh_database(request.param, tmp_path) as url,
        staged(tmp_path, clock=clock, database=url) as one,
        staged(tmp_path, clock=clock, database=url) as other,
    ):
        with looked_for_often():
            for stage in (one, other):
                stage.parts.storage.follow()
            await _acquainted(one, other)
        yield one, other


async def _acquainted(one: Stage, other: Stage) -> None:
    """Let both know the workspace, and come back when each surely hears the other."""
    for here, there in ((one, other), (other, one)):
        heard = asyncio.Event()
        there.parts.storage.watch(lambda _, heard=heard: heard.set(), heard.set)  # type: ignore[misc]
        async with patiently():
            while not heard.is_set():
                await here.type("/task add Knock")
                await asyncio.sleep(0.1)


def _news(stage: Stage, kind: str) -> asyncio.Event:
    """An event that is set when a process has heard of something."""
    heard = asyncio.Event()

    def hear(committed: Committed) -> None:
        if any(event.kind == kind for event in committed.events):
            heard.set()

    stage.parts.storage.watch(hear)
    return heard


async def test_somebody_who_comes_to_both_at_once_becomes_one_member(copies: tuple[Stage, Stage]) -> None:
    people = [UserRef(f"U{number}", f"Person {number}") for number in range(5)]
    typed = [
        stage.type("/task add Buy milk", user=person, delivery=f"d{place}-{person.id}", **SLACK)
        for place, stage in enumerate(copies)
        for person in people
    ]
    replies = await asyncio.gather(*typed)
    assert all(reply.ok for reply in replies)
    workspace = (await copies[0].product.identities.all_spaces())[0].workspace_id
    async with copies[0].parts.storage.workspace(workspace).read() as work:
        members, channels = await work.members.all(), await work.channels.all()
    identities = [(one.platform, one.external_id) for member in members for one in member.identities]
    assert len(identities) == len(set(identities))
    assert sum(one.external_id == "C1" for one in channels) == 1
    assert all(member.identities for member in members)


async def test_a_role_that_was_taken_at_one_is_gone_at_the_other(copies: tuple[Stage, Stage]) -> None:
    one, other = copies
    await one.type("/task list", by="ann")
    assert (await one.type("/user role @ann admin")).ok
    assert (await other.type("/qm log", by="ann")).ok
    heard = _news(other, "member.role_changed")
    assert (await one.type("/user role @ann guest")).ok
    async with patiently():
        await heard.wait()
    refused = await other.type("/qm log", by="ann")
    assert refused.problem
    assert refused.problem.code == "forbidden"


async def test_without_any_news_a_role_is_gone_within_a_minute(tmp_path: Path) -> None:
    clock = HeldClock()
    async with (
        fresh_database("postgresql", tmp_path) as url,
        staged(tmp_path, clock=clock, database=url) as one,
        staged(tmp_path, clock=clock, database=url) as deaf,
    ):
        await one.type("/task list", by="ann")
        assert (await one.type("/user role @ann admin")).ok
        assert (await deaf.type("/qm log", by="ann")).ok
        assert (await one.type("/user role @ann guest")).ok
        clock.moment += timedelta(seconds=60)
        assert not (await deaf.type("/qm log", by="ann")).ok


async def test_a_space_that_was_joined_at_one_is_joined_at_the_other(copies: tuple[Stage, Stage]) -> None:
    one, other = copies
    for stage in copies:
        stage.chat.profiles["U8"] = UserRef("U8", "Cem", is_admin=True)
    await one.type("/task list", by="U1", **SLACK)
    there = {**SLACK, "space": "T3"}
    before = await other.product.application.identify(other.request(by="U8", **there))
    offered = await one.type("/qm connect")
    code = next(span.text for span in offered.text if isinstance(span, Code)).split()[-1]
    heard = _news(other, "workspace.space_joined")
    assert (await one.type(f"/qm connect {code}", by="U8", **there)).ok
    async with patiently():
        await heard.wait()
    after = await other.product.application.identify(other.request(by="U8", **there))
    assert after.workspace_id != before.workspace_id
    assert after.workspace_id == (await one.product.application.identify(one.request())).workspace_id


async def test_a_post_to_what_another_process_has_just_made_is_delivered(copies: tuple[Stage, Stage]) -> None:
    one, other = copies
    workspace = (await other.product.application.identify(other.request())).workspace_id
    await other.product.identities.all_spaces()
    await one.type("/task list", by="U1", **SLACK)
    async with one.parts.storage.workspace(workspace).write() as work:
        channels = {channel.external_id: channel.id for channel in await work.channels.all()}
        work.outbox.add(Post(Reply(title="hello"), channel_id=channels["C1"]), one.clock.now())
        await work.commit()
    relay = Relay(other.parts.storage.outbox, other.product.identities, other.parts.messengers, other.clock)
    assert await relay.step()
    await relay.settle(10.0)
    assert [(where.channel, reply.title) for where, reply, _ in other.chat.posts] == [("C1", "hello")]


async def test_what_both_would_remind_of_at_once_is_reminded_of_once(copies: tuple[Stage, Stage]) -> None:
    one, other = copies
    for number in range(10):
        await one.type(f"/task add Task {number} due:in 1h assign:@me", by="U1", **SLACK)
    one.clock.moment += timedelta(hours=2)
    loops = [stage.product.jobs.reminders.step() for stage in copies for _ in range(3)]
    await asyncio.gather(*loops)
    waiting, _ = await other.parts.storage.outbox.backlog()
    # One post of a person's tasks, whoever queued it.
    assert waiting == 1
