"""The product as a process of its own: told to stop, and killed, in the middle of work."""

import asyncio
import signal
import sqlite3
from pathlib import Path

from tests.support.killed_slack import assert_a_kill_loses_nothing, team, titles
from tests.support.patience import until
from tests.support.slack import Channel, Exchange, Person, SlackPlatform
from tests.support.slack_product import slack_process
from tests.support.storage import url_of


async def test_what_was_acknowledged_is_answered_before_a_stopping_process_ends(tmp_path: Path) -> None:
    async with SlackPlatform() as slack, slack_process(slack, tmp_path) as product:
        people, channel = await team(slack, 1)
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
        assert "Finishing what is under way" in product.log
        assert refused.error_shown
        assert all("added #" in exchange.messages[0].shown for exchange in waiting)
    assert sum((await titles(url_of(tmp_path / "quartermaster.db"))).values()) == 11


async def _until_refused(person: Person, channel: Channel) -> Exchange:
    """Ask for something harmless until the stopping process does not take it any more."""

    async def ask() -> Exchange | None:
        exchange = await person.command("/qm about", channel=channel)
        return exchange if exchange.status != 200 else None

    return await until(ask, what="the process to take nothing more")


async def test_after_a_kill_in_the_middle_everything_answered_is_there_and_nothing_twice(tmp_path: Path) -> None:
    await assert_a_kill_loses_nothing(tmp_path, adds=100, killed_after=20)
