"""Deliveries to two copies at once, of which one is killed now and then: each is done once and answered once."""

import asyncio
import random
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from core.chat.request import Platform
from core.tasks.model import TaskFilter
from core.tasks.repository import TASKS
from core.workspaces.model import Audience
from tests.support.databases import fresh_database
from tests.support.patience import patience
from tests.support.product_process import ProductProcess
from tests.support.slack import Channel, Exchange, Person, SlackPlatform
from tests.support.slack.delivery import Attempt, HttpTransport, Kind
from tests.support.slack.messages import Json
from tests.support.slack_product import slack_process, tuned
from tests.support.storage import make_storage

ROUNDS, AT_ONCE, KILLS_EVERY = 24, 10, 3
TURN = 1.0
ANSWERED = 60.0
"""Seconds in which everything is answered that is answered at all."""


class ToBoth:
    """Slack delivers to two copies; of their acknowledgements it sees one, the one that says something if any does."""

    def __init__(self, ways: list[HttpTransport]) -> None:
        self.ways = ways

    async def send(self, kind: Kind, payload: Json, retry_num: int = 0, retry_reason: str = "") -> Attempt:
        """Deliver to both and wait for both."""
        found = await asyncio.gather(*(way.send(kind, payload, retry_num, retry_reason) for way in self.ways))
        return max(found, key=lambda attempt: (attempt.is_acknowledged, bool(attempt.body)))


@pytest.mark.timeout(600)
async def test_what_two_copies_are_told_at_once_is_done_and_answered_once(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    moment, exchanges, kills = random.Random(9), list[Exchange](), 0
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database("postgresql", tmp_path))
        slack = await stack.enter_async_context(SlackPlatform())
        program = tuned(turn=patience(TURN))
        copies = [
            await stack.enter_async_context(slack_process(slack, tmp_path, url, program=program)) for _ in range(2)
        ]
        both = ToBoth([slack.connect(f"{copy.origin}/slack/events") for copy in copies])
        user = slack.world.user("anna")
        anna, general = slack.person(user, both), slack.world.channel("general", [user])
        await (await anna.command("/task list", channel=general)).answer(ANSWERED)
        for round_ in range(ROUNDS):
            adding = asyncio.gather(*(_add(anna, general, round_ * AT_ONCE + one) for one in range(AT_ONCE)))
            if round_ % KILLS_EVERY == KILLS_EVERY - 1:
                await asyncio.sleep(moment.uniform(0.0, 0.3))
                kills += 1
                await _killed_and_started(copies[kills % 2], both.ways[kills % 2])
            exchanges += await adding
        for exchange in exchanges:
            await exchange.answer(patience(ANSWERED))
        # Who would answer once more does so before it has ended.
        for copy in copies:
            assert await copy.end(signal.SIGTERM) == 0
        titles = await _titles(url)
    posted = sum(exchange.answers_at.uses for exchange in exchanges if exchange.answers_at)
    record_property("deliveries to both, and kills", f"{len(exchanges)} {kills}")
    record_property("answered later, not by an acknowledgement", posted)
    assert sorted(titles) == sorted(f"Task {number}" for number in range(ROUNDS * AT_ONCE))
    assert [exchange for exchange in exchanges if len(exchange.messages) != 1] == []


async def _add(anna: Person, general: Channel, number: int) -> Exchange:
    return await anna.command(f"/task add Task {number}", channel=general)


async def _killed_and_started(copy: ProductProcess, way: HttpTransport) -> None:
    await copy.end(signal.SIGKILL)
    await copy.start()
    way.url = f"{copy.origin}/slack/events"


async def _titles(url: str) -> list[str]:
    storage = await make_storage(url=url)
    try:
        (space,) = [space for space in await storage.system.spaces() if space.platform is Platform.SLACK]
        async with storage.workspace(space.workspace_id).read() as work:
            every = work.of(TASKS).stream(TaskFilter(), Audience(0, frozenset(), everything=True))
            return [task.title async for chunk in every for task in chunk]
    finally:
        await storage.close()
