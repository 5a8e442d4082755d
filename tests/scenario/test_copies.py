"""Two copies of the product on one Postgres: each thing is done by one of them, and what one does the other shows."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.storage import SqlStorage
from core.chat.reply import Reply
from core.chat.request import Platform
from core.chat.text import text
from core.ports.storage import Post
from tests.support.clock import RunningClock
from tests.support.command_line import CommandLine
from tests.support.command_line_here import CommandLineHere
from tests.support.databases import fresh_database
from tests.support.discord import Channel as DiscordChannel
from tests.support.discord import DiscordPlatform
from tests.support.discord import Person as DiscordPerson
from tests.support.patience import patience, until
from tests.support.product_process import ProductProcess
from tests.support.slack import Channel, Person, SlackPlatform
from tests.support.slack.delivery import Attempt, HttpTransport, Kind, Transport
from tests.support.slack.messages import Json
from tests.support.slack.world import BOT_SCOPES
from tests.support.slack_product import SlackShop, brisk
from tests.support.storage import make_storage
from tests.support.web import Page, Shop, sign_in, visitor

LEASE = 2.0
"""Seconds after which a copy that has died is missed; 10 for people."""
TAKEOVER = 60.0
"""Seconds after which a copy that has not taken over never will; it is looked for as soon as it does."""
POSTS, CHANNELS = 100, 5


class ToBoth:
    """Slack delivers the very same thing to two copies at once; an answer that comes at once counts, whosever it is."""

    def __init__(self, *ways: HttpTransport) -> None:
        self.ways = ways

    async def send(self, kind: Kind, payload: Json, retry_num: int = 0, retry_reason: str = "") -> Attempt:
        """Deliver to both and wait for both."""
        found = await asyncio.gather(*(way.send(kind, payload, retry_num, retry_reason) for way in self.ways))
        return next((attempt for attempt in found if attempt.body), found[0])


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[str]:
    async with fresh_database("postgresql", tmp_path) as url:
        yield url


# ---------------------------------------------------------------- Discord


@pytest.fixture
async def discord() -> AsyncIterator[DiscordPlatform]:
    async with DiscordPlatform() as platform:
        yield platform


@pytest.fixture
async def two(discord: DiscordPlatform, database: str, tmp_path: Path) -> AsyncIterator[list[ProductProcess]]:
    """Two started processes on one folder and one database; killed at the end if they still live."""
    settings = {
        "QM_DATABASE_URL": database,
        "DISCORD_BOT_TOKEN": discord.bot_token,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
    }
    program = f"from tests.support.brief_lease import main; main({patience(LEASE)})"
    started = [ProductProcess(tmp_path, settings, program=program) for _ in range(2)]
    try:
        for process in started:
            await process.start()
        yield started
    finally:
        for process in started:
            if process.process is not None and process.process.returncode is None:
                await process.end(signal.SIGKILL)


async def _add(person: DiscordPerson, title: str, channel: DiscordChannel) -> str:
    return (await (await person.command(f"/task add {title}", channel=channel)).answer()).shown


async def test_one_copy_is_connected_to_discord_and_another_takes_over(
    discord: DiscordPlatform, two: list[ProductProcess]
) -> None:
    anna = discord.person(discord.world.user("anna"))
    general = discord.world.channel("general", [anna.user])
    gateway = discord.gateway
    first, second = two
    assert len(gateway.identified) == 1
    assert "added #1" in await _add(anna, "One", general)

    # One that sleeps is taken for dead, and lets go of Discord when it wakes up. It has heard by now that Discord took
    # its first answer: else it would have to look for that, and say it again.
    await (await anna.command("/task list", channel=general)).answer()
    assert first.process is not None
    first.process.send_signal(signal.SIGSTOP)
    await discord.until(lambda: len(gateway.identified) == 2, TAKEOVER, "the second copy's connection")
    first.process.send_signal(signal.SIGCONT)
    await discord.until(lambda: len(gateway.connections) == 1, TAKEOVER, "the end of the first connection")
    assert "added #2" in await _add(anna, "Two", general)

    await second.end(signal.SIGKILL)
    await discord.until(lambda: len(gateway.identified) == 3, TAKEOVER, "the first copy's next connection")
    await discord.until(lambda: anna.commands(general), what="the commands")
    assert len(gateway.connections) == 1
    assert "added #3" in await _add(anna, "Three", general)

    await second.start()
    assert "added #4" in await _add(anna, "Four", general)
    assert len(gateway.identified) == 3

    # One that is told to stop lets another take over without waiting.
    assert await first.end(signal.SIGTERM) == 0
    await discord.until(lambda: len(gateway.identified) == 4, TAKEOVER, "the second copy's next connection")
    assert "added #5" in await _add(anna, "Five", general)
    assert len(gateway.connections) == 1
    answers = [message.shown for message in discord.messages(general) if message.by_bot]
    assert [sum(f"added #{number}" in shown for shown in answers) for number in range(1, 6)] == [1] * 5


# ---------------------------------------------------------------- Slack


@pytest.fixture
async def copies(database: str, slack: SlackPlatform, tmp_path: Path) -> AsyncIterator[list[SlackShop]]:
    """Two copies that serve Slack; nothing of this is about processes, so both are in this one."""
    timings = replace(brisk(), answer=patience(1.0))
    started = [SlackShop(slack, tmp_path, url=database, oauth=True, timings=timings) for _ in range(2)]
    async with AsyncExitStack() as stack:
        for copy in started:
            await copy.start()
            stack.push_async_callback(copy.stop)
        yield started


@pytest.fixture
def ways(slack: SlackPlatform, copies: list[SlackShop]) -> list[HttpTransport]:
    """The way to each of them."""
    return [slack.connect(f"{copy.origin}/slack/events") for copy in copies]


def _team(slack: SlackPlatform, *ways: Transport) -> tuple[list[Person], Channel]:
    """Anna, once for each way to the product, and a channel."""
    anna = slack.world.user("anna")
    channel = slack.world.channel("general", [anna])
    return [slack.person(anna, way) for way in ways], channel


async def test_what_slack_delivers_to_both_copies_at_once_is_done_and_answered_once(
    slack: SlackPlatform, ways: list[HttpTransport], database: str
) -> None:
    slack.transport = both = ToBoth(*ways)
    (anna,), general = _team(slack, both)
    said = []
    for number in range(1, 6):
        # At once or later: that is a matter of how fast this machine is.
        said.append(await anna.command(f"/task add Task {number}", channel=general))
        assert f"added #{number}" in (await said[-1].answer()).shown
    storage = await make_storage(url=database)
    (space,) = [space for space in await storage.system.spaces() if space.platform is Platform.SLACK]
    async with storage.workspace(space.workspace_id).write() as work:
        # Whoever writes to the workspace waits, and so both are late.
        await work.members.set_email(0, "")
        late = await anna.command("/task add Task 6", channel=general)
        assert late.messages == []
    await late.answer()
    async with storage.workspace(space.workspace_id).write() as work:
        await work.members.set_email(0, "")
        pressed = await anna.press(late.messages[-1], "Undo")
    await pressed.answer()
    await storage.close()
    mentioned = await anna.mention("@bot task add Task 7", channel=general)
    assert "added #7" in (await mentioned.answer()).shown
    listed = await (await anna.command("/task list", channel=general)).answer()
    assert "#7" in listed.shown
    assert "#8" not in listed.shown
    answers = [message for message in slack.messages(general) if message.by_bot and "added #7" in message.shown]
    assert len(answers) == 1
    assert [len(exchange.messages) for exchange in (*said, late, pressed)] == [1] * 7


async def test_a_team_that_installs_the_app_at_one_copy_is_served_by_the_other(
    slack: SlackPlatform, copies: list[SlackShop], ways: list[HttpTransport]
) -> None:
    other = slack.world.team("Books")
    carla = slack.world.user("carla", other)
    async with visitor() as browser:
        async with browser.get(f"{copies[0].origin}/slack/install", allow_redirects=False) as response:
            state = parse_qs(urlsplit(response.headers["Location"]).query)["state"][0]
        query = {"code": slack.oauth_code(other, carla, BOT_SCOPES), "state": state}
        async with browser.get(f"{copies[0].origin}/slack/oauth_redirect", params=query) as response:
            assert response.status == 200
    channel, person = slack.world.channel("shelves", [carla]), slack.person(carla, ways[1])

    async def answered() -> str:
        exchange = await person.command("/task add Sort the shelves", channel=channel)
        said = exchange.messages[0].shown if exchange.messages else "not connected"
        return "" if "not connected" in said else said

    # The other copy hears of it soon; until then the app is a stranger there.
    assert "added #1" in await until(answered, 30, "an answer from where it was installed")


async def test_a_board_that_is_changed_by_both_copies_is_one_message(
    slack: SlackPlatform, ways: list[HttpTransport]
) -> None:
    people, general = _team(slack, *ways)
    await (await people[1].command("/task board", channel=general)).answer()
    await slack.until(lambda: general.pinned, 30, "the board")
    board = general.find(general.pinned[-1])
    assert board is not None
    for number in range(1, 7):
        await (await people[number % 2].command(f"/task add Task {number}", channel=general)).answer()
    await slack.until(lambda: all(f"#{number} Task" in board.shown for number in range(1, 7)), 30, "all tasks")
    assert len(general.pinned) == 1
    showing = [message for message in slack.messages(general) if message.by_bot and "#6 Task 6" in message.shown]
    assert [message for message in showing if "#1 Task 1" in message.shown] == [board]


async def test_posts_leave_through_two_relays_once_each_and_in_order(
    slack: SlackPlatform, copies: list[SlackShop], ways: list[HttpTransport], database: str
) -> None:
    anna = slack.world.user("anna")
    channels = [slack.world.channel(f"room-{number}", [anna]) for number in range(CHANNELS)]
    for number, channel in enumerate(channels):
        await (await slack.person(anna, ways[number % 2]).command("/task list", channel=channel)).answer()
    storage = await make_storage(url=database)
    try:
        await _queue_posts(storage, channels)
        await slack.until(lambda: sum(len(_posted(slack, one)) for one in channels) >= POSTS, 120, "all posts")
    finally:
        await storage.close()
    # What were sent twice would come behind the last one, and the copies finish what they have begun.
    for copy in copies:
        await copy.stop()
    wanted = [f"post {number}" for number in range(POSTS // CHANNELS)]
    assert [_posted(slack, channel) for channel in channels] == [wanted] * CHANNELS


async def _queue_posts(storage: SqlStorage, channels: list[Channel]) -> None:
    now = RunningClock().now()
    (space,) = [space for space in await storage.system.spaces() if space.platform is Platform.SLACK]
    async with storage.workspace(space.workspace_id).write() as work:
        known = {channel.external_id: channel.id for channel in await work.channels.all()}
        for number in range(POSTS // CHANNELS):
            for channel in channels:
                work.outbox.add(Post(Reply(text=text(f"post {number}")), channel_id=known[channel.id]), now)
        await work.commit()


def _posted(slack: SlackPlatform, channel: Channel) -> list[str]:
    shown = [message.shown.strip() for message in slack.messages(channel) if message.by_bot]
    return [words for words in shown if words.startswith("post ")]


# ---------------------------------------------------------------- console


@asynccontextmanager
async def _page(shop: Shop) -> AsyncIterator[Page]:
    """A page of a copy that serves within the block."""
    await shop.start()
    try:
        async with visitor() as session:
            await sign_in(session, shop)
            page = await Page.open(session, shop.origin)
            yield page
            await page.close()
    finally:
        await shop.stop()


async def test_what_happens_at_one_copy_shows_on_a_page_of_the_other(database: str, tmp_path: Path) -> None:
    async with _page(Shop(tmp_path, url=database)) as here, _page(Shop(tmp_path, url=database)) as there:
        general = there.channel("general")
        await there.follow(general)
        await here.submit("one", general, text="/task add Buy milk")
        # What was typed may be shown before there is an answer to it.
        await there.until(lambda frame: frame["type"] == "messages" and "#1" in str(frame["items"]))
        assert "Buy milk" in str(there.frames)
        await here.send(type="create_channel", id="two", name="orders")
        listed = await there.until(lambda frame: frame["type"] == "channels" and "orders" in str(frame["items"]))
        assert [channel["name"] for channel in listed["items"]].count("orders") == 1
        shell = CommandLineHere(tmp_path, {"QM_DATABASE_URL": database})
        ended = await shell.exec("/task add Typed in a shell assign:@me")
        assert ended.code == 0, ended.err
        await there.until(lambda frame: frame["type"] == "work_moved")


async def test_what_a_command_line_changes_shows_on_a_page_over_the_same_file(tmp_path: Path) -> None:
    shell = CommandLine(tmp_path, {"QM_DATA_DIR": str(tmp_path)})
    async with _page(Shop(tmp_path)) as page:
        ended = await shell.exec("/task add Typed in a shell assign:@me")
        assert ended.code == 0, ended.err
        await page.frame("work_moved")
