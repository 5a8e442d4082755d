"""What a stopping process owes: everything it acknowledged is finished and answered first."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.command_line_here import CommandLineHere
from tests.support.slack import SlackPlatform


@pytest.fixture
async def slack() -> AsyncIterator[SlackPlatform]:
    async with SlackPlatform() as platform:
        yield platform


@pytest.fixture
def shell(tmp_path: Path, slack: SlackPlatform) -> CommandLine:
    settings = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.app.signing_secret,
        "SLACK_API_URL": slack.api_url,
    }
    return CommandLine(tmp_path, settings)


@contextmanager
def locked(path: Path) -> Iterator[sqlite3.Connection]:
    """Hold the database's write lock within the block, as another program would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


async def test_what_was_acknowledged_is_answered_before_it_stops(
    shell: CommandLine, here: CommandLineHere, slack: SlackPlatform
) -> None:
    anna = slack.world.user("anna")
    general = slack.world.channel("general", [anna])
    async with shell.serving() as served:
        person = slack.person(anna, slack.connect(f"{served.url}/slack/events"))
        first = await person.command("/task add The first", channel=general)
        assert "The first" in (await first.answer()).text
        with locked(shell.folder / "data" / "quartermaster.db"):
            late = await person.command("/task add While it stops", channel=general)
            assert late.status == 200
            stopping = asyncio.ensure_future(served.stop())
            while not any("Finishing" in line for line in served.lines):
                line = await served.process.stdout.readline()  # type: ignore[union-attr]
                served.lines.append(line.decode())
        assert await stopping == 0
        assert "While it stops" in (await late.answer()).text
    listed = await here.exec("/task list channel:all")
    assert sorted(row["title"] for row in listed.cells) == ["The first", "While it stops"]


async def test_a_killed_process_leaves_what_it_answered(
    shell: CommandLine, here: CommandLineHere, slack: SlackPlatform
) -> None:
    anna = slack.world.user("anna")
    general = slack.world.channel("general", [anna])
    async with shell.serving() as served:
        person = slack.person(anna, slack.connect(f"{served.url}/slack/events"))
        for number in range(3):
            exchange = await person.command(f"/task add Task {number}", channel=general)
            await exchange.answer()
        served.process.kill()
        await served.process.wait()
    async with shell.serving() as served:
        person = slack.person(anna, slack.connect(f"{served.url}/slack/events"))
        exchange = await person.command("/task add After the kill", channel=general)
        await exchange.answer()
        assert await served.stop() == 0
    titles = [row["title"] for row in (await here.exec("/task list channel:all")).cells]
    assert sorted(titles) == ["After the kill", "Task 0", "Task 1", "Task 2"]
