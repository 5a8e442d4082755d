"""A Postgres that stops, dies and comes back under the whole product, in the middle of people's work."""

import asyncio
import itertools
import logging
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
from structlog.processors import format_exc_info
from structlog.testing import capture_logs

from adapters.storage import Limits, migrate
from bot.settings.model import ApplicationSettings, ServerSettings, Settings, SlackSettings, StorageSettings
from bot.wiring.bootstrap import Tuning, open_product
from tests.support.clock import RunningClock
from tests.support.discord import DiscordPlatform
from tests.support.discord_product import DiscordShop
from tests.support.patience import patience, patiently, until
from tests.support.postgres_outages import OwnPostgres, own_postgres
from tests.support.product_process import ready
from tests.support.slack import Channel, Exchange, Person, SlackPlatform
from tests.support.slack_product import SlackShop, slack_process
from tests.support.typed import typed
from tests.support.web import Page, Shop, sign_in, visitor

pytestmark = pytest.mark.timeout(240)  # a database server of its own

PEOPLE = 20
ANSWERED_BEFORE = 20
PASSWORD = "hush-hush"
LONG = 30.0
"""Seconds for what begins when the server is back."""


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgres]:
    with own_postgres() as started:
        yield started


@pytest.fixture
async def database(server: OwnPostgres, request: pytest.FixtureRequest) -> str:
    """The name of a migrated database of the test's own."""
    server.start()
    name = f"outage_{abs(hash(request.node.name))}"
    await server.say(f"CREATE DATABASE {name}", "SELECT 1")
    await migrate(server.url(name))
    return name


@pytest.fixture
async def shop(slack: SlackPlatform, tmp_path: Path, server: OwnPostgres, database: str) -> AsyncIterator[SlackShop]:
    opened = SlackShop(slack, tmp_path, url=server.url_as("postgres", PASSWORD, database))
    await opened.start()
    yield opened
    await opened.stop()


def _team(slack: SlackPlatform) -> tuple[list[Person], Channel]:
    users = [slack.world.user(f"user-{number}") for number in range(PEOPLE)]
    channel = slack.world.channel("general", users)
    return [slack.person(user) for user in users], channel


async def _kept(server: OwnPostgres, database: str) -> Counter[str]:
    connection = await asyncpg.connect(server.url(database).replace("+asyncpg", ""))
    try:
        return Counter(row["title"] for row in await connection.fetch("SELECT title FROM tasks"))
    finally:
        await connection.close()


class Rush:
    """People who add tasks, one after the other, until somebody is told that it did not work."""

    def __init__(self, people: Sequence[Person], channel: Channel) -> None:
        self.exchanges: dict[str, Exchange] = {}
        self.answers: dict[str, str] = {}
        self.some_answered = asyncio.Event()
        self._people = people
        self._channel = channel
        self._numbers = itertools.count()
        self._is_over = False

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for person in self._people:
                group.create_task(self._go_on(person))

    async def _go_on(self, person: Person) -> None:
        while not self._is_over:
            await self._add(f"Task {next(self._numbers)}", person)

    async def _add(self, title: str, person: Person) -> None:
        exchange = self.exchanges[title] = await person.command(f"/task add {title}", channel=self._channel)
        if exchange.status == 200:
            await exchange.answer(LONG)
            self.answers[title] = exchange.messages[0].shown
        if "added #" not in self.answers.get(title, ""):
            self._is_over = True
        if len(self.told("added #")) >= ANSWERED_BEFORE:
            self.some_answered.set()

    def told(self, words: str) -> set[str]:
        return {title for title, answer in self.answers.items() if words in answer}

    async def deliver_again(self, titles: Sequence[str]) -> None:
        """Deliver what Slack would deliver again, twice."""
        for _ in range(2):
            await asyncio.gather(*(self.exchanges[title].delivery.repeat(1) for title in titles))


@pytest.mark.parametrize("how", ["stopped", "killed", "crashed"])
async def test_a_database_that_goes_in_the_middle_of_work_and_comes_back(
    slack: SlackPlatform,
    shop: SlackShop,
    server: OwnPostgres,
    database: str,
    how: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    people, channel = _team(slack)
    rush = Rush(people, channel)
    with capture_logs([format_exc_info]) as logs, caplog.at_level(logging.WARNING):
        running = asyncio.create_task(rush.run())
        await rush.some_answered.wait()
        await _take_away(server, how)
        await running
        if how != "crashed":
            # After a crash of one of its processes the server comes back by itself, perhaps before anybody looks.
            await _until_not_ready(shop)
        assert await _status(shop, "healthz") == 200
        await asyncio.to_thread(server.start)
        await _until_open(server, database)
        await ready(shop.origin, LONG)

        added, unsure = rush.told("added #"), rush.told("don't know whether")
        refused = rush.told("Nothing was changed; try again")
        assert _loud(logs) == []
        assert set(rush.answers) == added | unsure | refused
        assert refused | unsure
        kept = await _kept(server, database)
        assert added <= set(kept)
        assert not refused & set(kept)

        # Slack delivers again what it got no good answer to, and so does this for what people were refused.
        await rush.deliver_again(sorted(set(rush.exchanges) - added))
        await _until_kept(server, database, len(rush.exchanges))
        assert await _kept(server, database) == Counter(dict.fromkeys(rush.exchanges, 1))
        # What runs by itself goes on too: somebody is told of what was given to them.
        await (await people[0].command(f"/task add Sweep assign:<@{people[1].user.id}>", channel=channel)).answer()
        await slack.until(lambda: slack.direct_messages(people[1].user), LONG, "the notice")
    assert _loud(logs) == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info] == []
    assert PASSWORD not in str(logs) + caplog.text


async def _until_open(server: OwnPostgres, database: str) -> None:
    """Return once the server lets people in, which it does not while it recovers."""

    async def look() -> bool:
        try:
            await _kept(server, database)
        except asyncpg.CannotConnectNowError:
            return False
        return True

    await until(look, LONG)


async def _take_away(server: OwnPostgres, how: str) -> None:
    if how == "crashed":
        ours = "SELECT pid FROM pg_stat_activity WHERE application_name = 'quartermaster' AND state <> 'idle' LIMIT 1"
        while (pid := await server.say(ours)) is None:
            pass
        os.kill(pid, signal.SIGKILL)
    else:
        await asyncio.to_thread(server.kill if how == "killed" else server.stop)


def _loud(logs: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return what was logged as an error or with a stack trace: nobody made a mistake."""
    return [entry for entry in logs if entry["log_level"] in {"error", "critical"} or "exception" in entry]


async def _until_kept(server: OwnPostgres, database: str, count: int) -> None:
    async def look() -> bool:
        return sum((await _kept(server, database)).values()) >= count

    await until(look, LONG)


async def _until_not_ready(shop: SlackShop) -> None:
    """Return once the product says that it can't serve; a look at the database is good for a moment."""

    async def look() -> bool:
        return await _status(shop, "readyz") == 503

    await until(look, LONG)


async def _status(shop: SlackShop, page: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"{shop.origin}/{page}") as response:
        return response.status


async def test_after_process_and_database_are_killed_everything_answered_is_there_and_nothing_twice(
    slack: SlackPlatform, tmp_path: Path, server: OwnPostgres, database: str
) -> None:
    url = server.url_as("postgres", PASSWORD, database)
    async with slack_process(slack, tmp_path, url) as product:
        people, channel = _team(slack)
        rush = Rush(people, channel)
        running = asyncio.create_task(rush.run())
        await rush.some_answered.wait()
        await asyncio.to_thread(server.kill)
        await product.end(signal.SIGKILL)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        answered = {
            title for title, one in rush.exchanges.items() if one.messages and "added #" in one.messages[0].shown
        }
        await asyncio.to_thread(server.start)
        await product.start()
        kept = await _kept(server, database)
        assert answered <= set(kept)
        assert set(kept.values()) <= {1}
        transport = slack.transport
        for exchange in rush.exchanges.values():
            exchange.delivery._transport = transport
        await rush.deliver_again(sorted(rush.exchanges))
        await _until_kept(server, database, len(rush.exchanges))
        assert await _kept(server, database) == Counter(dict.fromkeys(rush.exchanges, 1))
        assert await product.end(signal.SIGTERM) == 0
        # The places of an exception would stand below their line, further in.
        assert "\n    " not in product.log
        assert PASSWORD not in product.log


async def test_buttons_mentions_and_forms_are_answered_without_a_database(
    slack: SlackPlatform, shop: SlackShop, server: OwnPostgres, database: str
) -> None:
    people, channel = _team(slack)
    anna = people[0]
    added = await (await anna.command("/task add First", channel=channel)).answer()
    await asyncio.to_thread(server.stop)
    with capture_logs([format_exc_info]) as logs:
        for exchange in (await anna.press(added, "Done"), await anna.mention("@bot task add Second", channel)):
            assert "Nothing was changed; try again" in (await exchange.answer(LONG)).shown
        await (await anna.command("/task add", channel=channel)).view(LONG)
    assert _loud(logs) == []
    await asyncio.to_thread(server.start)
    assert "completed #1" in (await (await anna.press(added, "Done")).answer(LONG)).shown


async def test_the_console_outlives_its_database(
    tmp_path: Path, server: OwnPostgres, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    shop = Shop(tmp_path, url=server.url_as("postgres", PASSWORD, database))
    await shop.start()
    try:
        async with visitor() as session:
            await sign_in(session, shop)
            page = await Page.open(session, shop.origin)
            general = page.channel("general")
            assert (await page.submit("one", general, text="/task add First"))["type"] == "done"
            await asyncio.to_thread(server.stop)
            await page.submit("two", general, text="/task add Second")
            for address in ("/", "/files/01ABC"):
                async with session.get(shop.origin + address) as response:
                    assert response.status in {200, 404, 503}
                    assert "Traceback" not in await response.text()
            await asyncio.to_thread(server.start)
            await ready(shop.origin, LONG)
            if page.socket.closed:
                page = await Page.open(session, shop.origin, "page-2")
            ended = await page.submit("three", general, text="/task add Third")
            assert ended["type"] == "done", ended
            assert {"First", "Third"} <= set(await _kept(server, database))
            assert PASSWORD not in caplog.text
    finally:
        await shop.stop()


async def test_a_database_that_says_nothing_any_more_is_given_up(
    tmp_path: Path, server: OwnPostgres, database: str
) -> None:
    settings = Settings(
        StorageSettings(data_dir=tmp_path, database_url=server.url(database)),
        ServerSettings(port=0),
        ApplicationSettings(),
        SlackSettings(),
    )
    brief = patience(0.5)
    impatient = Limits(writer=brief, reader=brief, connect=brief, statement=brief, silence=0.0)
    async with open_product(settings, clock=RunningClock(), tuning=Tuning(storage=impatient)) as (product, _):
        handle = product.application.handle
        assert (await handle(typed("/task add First"))).problem is None
        with server.frozen():
            async with patiently(LONG):
                refused = await asyncio.gather(*(handle(typed(f"/task add Lost {number}")) for number in range(20)))
            assert {reply.problem.code for reply in refused if reply.problem} == {"busy"}
            assert all(reply.problem for reply in refused)

        async def added() -> bool:
            return (await handle(typed("/task add Second"))).problem is None

        await until(added, LONG)
        assert await _kept(server, database) == {"First": 1, "Second": 1}


async def test_who_can_not_reach_the_database_leaves_discord_and_comes_back_with_it(
    tmp_path: Path, server: OwnPostgres, database: str
) -> None:
    async with DiscordPlatform() as discord:
        anna = discord.person(discord.world.user("anna"))
        general = discord.world.channel("general", [anna.user])
        shop = DiscordShop(discord, tmp_path, database=server.url(database), lease_seconds=patience(1.0))
        await shop.start()
        try:
            # As nobody can tell whether another copy has the lease by now, the connection is not kept past its end.
            with server.frozen():
                await discord.until(lambda: not discord.gateway.connections, LONG, "the end of the connection")
            await discord.until(lambda: discord.gateway.connections, LONG, "the next connection")
            added = await (await anna.command("/task add One", channel=general)).answer()
            assert "added #1" in added.shown
        finally:
            await shop.stop()
