"""The product as a process of its own: told to stop, and killed, in the middle of work."""

import asyncio
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from tests.support.patience import until
from tests.support.slack import Channel, Exchange, Person, SlackPlatform
from tests.support.slack_product import slack_process

ADDS = 1000
KILLED_AFTER = 200
PEOPLE = 25
AT_ONCE = 16


def _titles(folder: Path) -> Counter[str]:
    with closing(sqlite3.connect(folder / "quartermaster.db")) as db:
        return Counter(title for (title,) in db.execute("SELECT title FROM tasks"))


async def _team(slack: SlackPlatform, count: int) -> tuple[list[Person], Channel]:
    users = [slack.world.user(f"user-{number}") for number in range(count)]
    channel = slack.world.channel("general", users)
    return [slack.person(user) for user in users], channel


async def test_what_was_acknowledged_is_answered_before_a_stopping_process_ends(tmp_path: Path) -> None:
    async with SlackPlatform() as slack, slack_process(slack, tmp_path) as product:
        people, channel = await _team(slack, 1)
        await (await people[0].command("/task add First", channel=channel)).answer()
        lock = sqlite3.connect(tmp_path / "quartermaster.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        waiting = await asyncio.gather(
            *(people[0].command(f"/task add Task {number}", channel=channel) for number in range(10))
        )
        assert [exchange.status for exchange in waiting] == [200] * 10
        assert not any(exchange.messages for exchange in waiting)
        ending = asyncio.create_task(product.end(signal.SIGTERM))
        refused = await _until_refused(people[0], channel)
        lock.rollback()
        lock.close()
        assert await ending == 0
        assert refused.error_shown
        assert all("added #" in exchange.messages[0].shown for exchange in waiting)
    assert sum(_titles(tmp_path).values()) == 11


async def _until_refused(person: Person, channel: Channel) -> Exchange:
    """Ask for something harmless until the stopping process does not take it any more."""

    async def ask() -> Exchange | None:
        exchange = await person.command("/qm about", channel=channel)
        return exchange if exchange.status != 200 else None

    return await until(ask, what="the process to take nothing more")


async def test_after_a_kill_in_the_middle_everything_answered_is_there_and_nothing_twice(tmp_path: Path) -> None:
    async with SlackPlatform() as slack, slack_process(slack, tmp_path) as product:
        people, channel = await _team(slack, PEOPLE)
        exchanges: list[Exchange] = []
        is_enough = asyncio.Event()
        numbers = iter(range(ADDS))

        async def add() -> None:
            for number in numbers:
                exchange = await people[number % PEOPLE].command(f"/task add Task {number}", channel=channel)
                exchanges.append(exchange)
                if sum(bool(one.messages) for one in exchanges) >= KILLED_AFTER:
                    is_enough.set()

        adding = [asyncio.create_task(add()) for _ in range(AT_ONCE)]
        await is_enough.wait()
        await product.end(signal.SIGKILL)
        await asyncio.gather(*adding)
        answered = {exchange.payload["text"].removeprefix("add ") for exchange in exchanges if exchange.messages}
        assert KILLED_AFTER <= len(answered) < ADDS
        kept = _titles(tmp_path)
        assert answered <= set(kept)
        assert set(kept.values()) == {1}

        await product.start()
        again = slack.transport
        for exchange in exchanges:
            exchange.delivery._transport = again
        await asyncio.gather(*(_answered_again(exchange) for exchange in exchanges))
        kept = _titles(tmp_path)
        assert set(kept) == {exchange.payload["text"].removeprefix("add ") for exchange in exchanges}
        assert set(kept.values()) == {1}
        assert await product.end(signal.SIGTERM) == 0


async def _answered_again(exchange: Exchange) -> None:
    """Deliver it once more; the answer comes with the acknowledgement or after it."""
    (attempt,) = await exchange.delivery.repeat()
    if "added #" not in attempt.body:
        assert "added #" in (await exchange.answer(seconds=20)).shown
