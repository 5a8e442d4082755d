"""The product as a process of its own, killed in the middle of work that comes from Slack."""

import asyncio
import signal
from collections import Counter
from pathlib import Path

import sqlalchemy as sa

from adapters.storage.schema.tables import tasks
from tests.support.filled import visit
from tests.support.slack import Channel, Exchange, Person, SlackPlatform
from tests.support.slack_product import slack_process
from tests.support.storage import url_of

PEOPLE = 25
AT_ONCE = 16


async def titles(url: str) -> Counter[str]:
    """Return how often each title is in a database."""
    found: Counter[str] = await visit(
        url, lambda db: Counter(row.title for row in db.execute(sa.select(tasks.c.title))), writes=False
    )
    return found


async def team(slack: SlackPlatform, count: int) -> tuple[list[Person], Channel]:
    """Return so many people and a channel they are all in."""
    users = [slack.world.user(f"user-{number}") for number in range(count)]
    channel = slack.world.channel("general", users)
    return [slack.person(user) for user in users], channel


async def assert_a_kill_loses_nothing(folder: Path, *, adds: int, killed_after: int, url: str = "") -> int:
    """Kill it once so many of the adds are answered, start it again and have Slack deliver them all once more.

    Return how many were answered before the kill: all of them were kept.
    """
    url = url or url_of(folder / "quartermaster.db")
    async with SlackPlatform() as slack, slack_process(slack, folder, url) as product:
        people, channel = await team(slack, PEOPLE)
        exchanges: list[Exchange] = []
        is_enough = asyncio.Event()
        numbers = iter(range(adds))

        async def add() -> None:
            for number in numbers:
                exchange = await people[number % PEOPLE].command(f"/task add Task {number}", channel=channel)
                exchanges.append(exchange)
                if sum(bool(one.messages) for one in exchanges) >= killed_after:
                    is_enough.set()

        adding = [asyncio.create_task(add()) for _ in range(AT_ONCE)]
        await is_enough.wait()
        await product.end(signal.SIGKILL)
        await asyncio.gather(*adding)
        answered = {exchange.payload["text"].removeprefix("add ") for exchange in exchanges if exchange.messages}
        assert killed_after <= len(answered) < adds
        kept = await titles(url)
        assert answered <= set(kept)
        assert set(kept.values()) == {1}

        await product.start()
        again = slack.transport
        for exchange in exchanges:
            exchange.delivery._transport = again
        waiting = iter(exchanges)

        async def deliver_again() -> None:
            for exchange in waiting:
                await _answered_again(exchange)

        await asyncio.gather(*(deliver_again() for _ in range(AT_ONCE)))
        kept = await titles(url)
        assert set(kept) == {exchange.payload["text"].removeprefix("add ") for exchange in exchanges}
        assert set(kept.values()) == {1}
        assert await product.end(signal.SIGTERM) == 0
        return len(answered)


async def _answered_again(exchange: Exchange) -> None:
    """Deliver it once more; the answer comes with the acknowledgement or after it."""
    (attempt,) = await exchange.delivery.repeat()
    assert attempt.is_acknowledged, f"Slack tells the person that it failed: {attempt.error or attempt.status}"
    if "added #" not in attempt.body:
        assert "added #" in (await exchange.answer(seconds=20)).shown
