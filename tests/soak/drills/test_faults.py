"""Imports, a backup and reports of every minute while processes are killed or stopped, and what they need is away."""

import asyncio
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, closing, suppress
from pathlib import Path

import pytest

from adapters.storage import migrate
from tests.scenario.test_workers import worker
from tests.support.command_line_here import CommandLineHere
from tests.support.every_minute import (
    ANSWERED,
    assert_each_minute_came,
    assert_each_posted_once,
    begun,
    now,
    posts_of,
    scheduled,
    settled,
)
from tests.support.local_platform import NotShownError
from tests.support.patience import patiently, until
from tests.support.postgres_outages import own_postgres
from tests.support.product_process import ProductProcess
from tests.support.slack import Channel, Exchange, Person, SlackPlatform
from tests.support.slack_product import slack_process
from tests.support.storage import url_of

AWAY = float(os.environ.get("SOAK_AWAY_SECONDS", "60"))
"""For how long Slack takes no posts, and then the database nothing at all."""
LINES, PART = 30_000, 5_000
IMPORTED = f"{LINES:,} rows: {LINES:,} new."
SECONDS, BETWEEN_KILLS = 75.0, (2.0, 12.0)
"""For how long the process on a file is killed: so that minutes come and go."""
A_MINUTE, WAITED = 60.0, 90
"""For how long the database is away without anything else, and how long a job takes meanwhile, in seconds."""
TAKEN_OVER = 180.0
"""Seconds in which an import goes on elsewhere that nobody works on."""
LATE = 10.0
"""Seconds in which a process that goes on has found out what others did meanwhile."""


def sales(first: int) -> bytes:
    """Return a file in which no two lines are alike."""
    rows = (
        f"{number},Ann {number % 97},{number % 500}.25,2026-{1 + number % 12:02}-{1 + number % 28:02}"
        for number in range(first, first + LINES)
    )
    return "\n".join(["customer_id,customer_name,amount_spent,transaction_date", *rows, ""]).encode()


async def import_begun(slack: SlackPlatform, channel: Channel, first: int = 0) -> None:
    """Hand a file in, and press what imports it once it was checked."""
    # Whoever is there now: what a person does goes where Slack delivered when they came.
    person = slack.person(channel.members[0])
    asked = await _asked(person, channel)
    view = await asked.view()
    await person.submit(view, {"File": [person.upload("sales.csv", sales(first))]})

    def checked() -> str | None:
        return next((label for one in asked.messages for label in one.labels if "Import" in label), None)

    await person.press(asked, await until(checked, ANSWERED, what="what the check found"))


async def _asked(person: Person, channel: Channel) -> Exchange:
    """Ask until the form is there: where the machine is busy Slack gives up on one that takes three seconds."""
    while True:
        asked = await person.command("/report import", channel=channel)
        with suppress(NotShownError):
            await asked.view(10.0)
            return asked


def assert_told_once(slack: SlackPlatform, imports: int) -> None:
    """Assert that so many imports were answered, each by one message."""
    shown = [message.shown for channel in slack.world.channels.values() for message in channel.messages]
    assert sum(IMPORTED in words for words in shown) == imports


async def followed(slack: SlackPlatform, product: ProductProcess) -> None:
    """Start a process again, and let Slack deliver there."""
    await product.start()
    slack.connect(f"{product.origin}/slack/events")


@pytest.mark.timeout(900)
async def test_what_a_killed_process_was_doing_on_a_file_the_next_one_ends(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    moment, database = random.Random(10), tmp_path / "quartermaster.db"

    def ask(statement: str) -> int:
        with closing(sqlite3.connect(database, timeout=30)) as connection:
            return int(connection.execute(statement).fetchone()[0])

    async with SlackPlatform() as slack, slack_process(slack, tmp_path) as product:
        channels = await scheduled(slack, 2, 2)
        here = CommandLineHere(tmp_path, {"QM_DATA_DIR": str(tmp_path)})
        assert (await here.exec("--no-wait", "/job run backup")).code == 0
        await import_begun(slack, channels[0])
        kills, end = 0, time.monotonic() + SECONDS
        await until(lambda: ask("SELECT count(*) FROM sale_lines") > PART, what="some lines")
        while time.monotonic() < end:
            await product.end(signal.SIGKILL)
            await followed(slack, product)
            kills += 1
            await asyncio.sleep(moment.uniform(*BETWEEN_KILLS))
        jobs = await settled(slack, channels[0], 4, url_of(database))
        backup = "SELECT count(*) FROM jobs WHERE kind = 'backup' AND state = 'completed'"
        await until(lambda: ask(backup), ANSWERED, what="the backup")
        assert await product.end(signal.SIGTERM) == 0
    posts = posts_of(channels)
    record_property("kills, posts", f"{kills} {posts.total()}")
    record_property("times that the backup was begun", ask("SELECT attempts FROM jobs WHERE kind = 'backup'"))
    record_property("lines", ask("SELECT count(*) FROM sale_lines"))
    assert ask("SELECT count(*) FROM sale_lines") == ask("SELECT count(DISTINCT customer) FROM sale_lines") == LINES
    assert_told_once(slack, 1)
    assert_each_posted_once(jobs, posts)
    assert_each_minute_came(jobs)


@pytest.mark.timeout(1200)
async def test_what_one_of_three_processes_was_doing_the_others_end_whatever_is_away(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with AsyncExitStack() as stack:
        server = stack.enter_context(own_postgres())
        await server.say("CREATE DATABASE shop", "SELECT 1")
        await migrate(url := server.url("shop"))

        async def lines(least: int, *, in_all: bool = False) -> bool:
            found = int(await server.say("SELECT count(*) FROM sale_lines", database="shop"))
            return found == least if in_all else found > least

        slack = await stack.enter_async_context(SlackPlatform())
        steady, struck = [await stack.enter_async_context(slack_process(slack, tmp_path, url)) for _ in range(2)]
        settings = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.app.signing_secret}
        settings |= {"SLACK_API_URL": slack.api_url, "QM_DATA_DIR": str(tmp_path), "QM_DATABASE_URL": url}
        third = await stack.enter_async_context(worker(settings))
        channels = await scheduled(slack, 4, 2)
        await import_begun(slack, channels[0])
        await until(lambda: lines(PART), what="some lines")
        await struck.end(signal.SIGKILL)
        limited = slack.faults.add("chat.postMessage", status=429, retry_after=round(AWAY / 2), times=None)
        async with patiently(2 * ANSWERED):
            await limited.reached.wait()
        await asyncio.sleep(AWAY)
        slack.faults.clear()
        await until(lambda: lines(LINES, in_all=True), TAKEN_OVER, what="all lines of the killed one")
        await followed(slack, struck)
        await import_begun(slack, channels[1], LINES)
        await until(lambda: lines(LINES + PART), what="some more lines")
        assert struck.process
        struck.process.send_signal(signal.SIGSTOP)
        slack.connect(f"{steady.origin}/slack/events")
        await until(lambda: lines(2 * LINES, in_all=True), TAKEN_OVER, what="all lines of the stopped one")
        struck.process.send_signal(signal.SIGCONT)
        await asyncio.sleep(LATE)
        server.stop()
        await asyncio.sleep(AWAY)
        server.start()
        jobs = await settled(slack, channels[0], 8, url)
        different = int(await server.say("SELECT count(DISTINCT customer) FROM sale_lines", database="shop"))
        assert await lines(2 * LINES, in_all=True)
        assert [await one.end(signal.SIGTERM) for one in (steady, struck, third)] == [0, 0, 0]
    posts = posts_of(channels)
    record_property("seconds away each", AWAY)
    record_property("posts, refused for a while", f"{posts.total()} {limited.hits}")
    record_property("jobs begun more than once", sum(job.attempts > 1 for job in jobs))
    assert different == 2 * LINES
    assert_told_once(slack, 2)
    assert_each_posted_once(jobs, posts)
    assert_each_minute_came(jobs)


@pytest.mark.timeout(600)
async def test_a_minute_without_its_database_loses_no_run_and_ends_no_job(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with AsyncExitStack() as stack:
        server = stack.enter_context(own_postgres())
        await server.say("CREATE DATABASE shop", "SELECT 1")
        await migrate(url := server.url("shop"))
        slack = await stack.enter_async_context(SlackPlatform())
        copies = [await stack.enter_async_context(slack_process(slack, tmp_path, url)) for _ in range(2)]
        channels = await scheduled(slack, 4, 2)
        running = await begun(slack, channels[0], WAITED)
        # So that all come due once while it is away, and none as it goes or comes back.
        await asyncio.sleep(0.0 if 10 <= now().second < 50 else 20.0)
        before = posts_of(channels).total()
        server.kill()
        await asyncio.sleep(A_MINUTE)
        assert posts_of(channels).total() == before
        server.start()
        await until(lambda: posts_of(channels).total() >= before + 8, ANSWERED, "the posts of that minute")
        jobs = await settled(slack, channels[0], 8, url)
        assert [await copy.end(signal.SIGTERM) for copy in copies] == [0, 0]
    posts = posts_of(channels)
    record_property("posts, jobs begun more than once", f"{posts.total()} {sum(job.attempts > 1 for job in jobs)}")
    assert_each_posted_once(jobs, posts)
    assert_each_minute_came(jobs)
    assert len([message for message in channels[0].messages if running in message.shown]) == 1
