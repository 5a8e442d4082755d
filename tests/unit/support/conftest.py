"""The local Slack and the local Discord, a small app on the real SDK of each, and people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.discord import Channel as Place
from tests.support.discord import DiscordPlatform
from tests.support.discord import Person as Guest
from tests.support.discord.by_hand import Api, caller
from tests.support.discord.sample_app import SampleApp as DiscordApp
from tests.support.discord.sample_app import running as discord_running
from tests.support.patience import patience
from tests.support.slack import Channel, Person, SlackPlatform
from tests.support.slack.sample_app import SampleApp, make_client, running

Anna = Callable[[], Person]


@pytest.fixture
async def slack() -> AsyncIterator[SlackPlatform]:
    async with SlackPlatform() as platform:
        yield platform


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def client(slack: SlackPlatform, session: aiohttp.ClientSession) -> AsyncWebClient:
    return make_client(slack, session)


@pytest.fixture
async def app(slack: SlackPlatform, session: aiohttp.ClientSession) -> AsyncIterator[SampleApp]:
    """The small app, reachable by HTTP."""
    async with running(slack, make_client(slack, session, token=None)) as sample:
        yield sample


@pytest.fixture
async def socket_mode(app: SampleApp, slack: SlackPlatform) -> AsyncIterator[AsyncSocketModeHandler]:
    """The small app, connected by Socket Mode; people act through it."""
    handler: Any = AsyncSocketModeHandler(app.app, app_token=slack.app.app_token, ping_interval=1)
    await handler.connect_async()
    await slack.until(lambda: slack.socket.connections)
    slack.transport = slack.socket
    yield handler
    await handler.close_async()
    leftover = (handler.client.message_processor, handler.client.message_receiver)
    await asyncio.gather(*(task for task in leftover if task), return_exceptions=True)


@pytest.fixture
def anna(slack: SlackPlatform) -> Anna:
    """Anna, over whatever transport is connected when she is called."""
    user = slack.world.user("anna")
    return lambda: slack.person(user)


@pytest.fixture
def general(slack: SlackPlatform, anna: Anna) -> Channel:
    return slack.world.channel("general", [anna().user])


# ---------------------------------------------------------------- Discord


@pytest.fixture
async def discord() -> AsyncIterator[DiscordPlatform]:
    # Longer than Discord waits, since a busy machine is none of these tests' business.
    async with DiscordPlatform(ack_seconds=patience(20.0)) as platform:
        yield platform


@pytest.fixture
def api(discord: DiscordPlatform, session: aiohttp.ClientSession) -> Api:
    """Discord's HTTP API called by hand, with the bot's token."""
    return caller(discord, session)


@pytest.fixture
async def bot(discord: DiscordPlatform, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordApp]:
    """The small app, logged in and connected to the gateway."""
    async with discord_running(discord, monkeypatch) as sample:
        yield sample


@pytest.fixture
def ben(discord: DiscordPlatform) -> Guest:
    return discord.person(discord.world.user("ben"))


@pytest.fixture
def lobby(discord: DiscordPlatform, ben: Guest) -> Place:
    return discord.world.channel("lobby", [ben.user])
