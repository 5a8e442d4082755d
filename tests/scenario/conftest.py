"""The local Slack, the product connected to it, and the people who use it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.support.command_line_here import CommandLineHere
from tests.support.slack import Channel, Person, SlackPlatform
from tests.support.slack_product import SlackShop, Way

By = Callable[[str], Person]


@pytest.fixture
def here(tmp_path: Path) -> CommandLineHere:
    """The program's commands within this process, in a folder of their own; none of them needs one to be proved."""
    return CommandLineHere(tmp_path)


@pytest.fixture
async def slack() -> AsyncIterator[SlackPlatform]:
    async with SlackPlatform() as platform:
        yield platform


@pytest.fixture
def way() -> Way:
    """How Slack reaches the product; tests that matter for both ways ask for both."""
    return "http"


@pytest.fixture
async def shop(slack: SlackPlatform, tmp_path: Path, way: Way) -> AsyncIterator[SlackShop]:
    """The product, serving Slack."""
    opened = SlackShop(slack, tmp_path, way)
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
def by(slack: SlackPlatform, shop: SlackShop) -> By:
    """Whoever is named, made on first mention; over the transport the product is connected by."""
    known = {name: slack.world.user(name) for name in ("anna", "ben")}
    return lambda name: slack.person(known[name])


@pytest.fixture
def general(slack: SlackPlatform, by: By) -> Channel:
    """A channel that Anna, Ben and the bot are in."""
    return slack.world.channel("general", [by("anna").user, by("ben").user])
