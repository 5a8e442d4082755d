"""Commands, buttons, modals: a person and an app on the real SDK, through the local Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.discord import Channel, DiscordPlatform, Person
from tests.support.discord.sample_app import SampleApp, running


@pytest.fixture
async def discord() -> AsyncIterator[DiscordPlatform]:
    async with DiscordPlatform(ack_seconds=2.0) as platform:
        yield platform


@pytest.fixture
async def app(discord: DiscordPlatform, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SampleApp]:
    async with running(discord, monkeypatch) as sample:
        yield sample


@pytest.fixture
def anna(discord: DiscordPlatform) -> Person:
    return discord.person(discord.world.user("anna"))


@pytest.fixture
def general(discord: DiscordPlatform, anna: Person) -> Channel:
    return discord.world.channel("general", [anna.user])


# ---------------------------------------------------------------- commands


async def test_a_command_is_answered_by_the_first_response(app: SampleApp, anna: Person, general: Channel) -> None:
    exchange = await anna.command("/task add Buy milk due:tomorrow 9am", channel=general)
    answer = await exchange.answer()
    assert (exchange.status, exchange.response) == (200, 4)
    assert (answer.shown, answer.is_ephemeral, answer.by_bot) == ("added Buy milk, due tomorrow 9am", False, True)
    assert answer.allowed_mentions == {"parse": []}
    assert app.platform.messages(general) == [answer]
    assert not app.platform.calls_of("GET /gateway*")
